// The whole job in the other engines: the same counts, and byte for byte the files of the command line.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parquetReadObjects } from 'hyparquet';
import { ENGINES, until } from './driver.mjs';
import { SAVED, cli, filesUnder, pageFile, realData, serve, tempFolder, today, unbalanced } from './harness.mjs';
import { listen } from './listen.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('./driver.mjs').Engine} Engine */

const BOTH = ENGINES.flatMap((engine) => ['http', 'file'].map((by) => ({ engine, by })));

/** @param {import('node:test').TestContext} t @param {Engine} engine @param {string} by */
async function open(t, engine, by) {
  const folder = tempFolder(t);
  mkdirSync(join(folder, 'saved'));
  const browser = await engine.start(t, join(folder, 'saved'));
  const server = by === 'http' ? await serve() : undefined;
  t.after(() => server?.close());
  await browser.go(server?.url ?? pathToFileURL(pageFile).href);
  return { folder, browser, requests: server?.requests ?? [] };
}

for (const { engine, by } of BOTH) {
  test(`${engine.name} over ${by}: the counts of the ledger, and the command line’s bytes`, {
    skip: engine.missing,
  }, async (t) => {
    const program = cli();
    if (!program) return t.skip('the command line program is not built');
    const { folder, browser, requests } = await open(t, engine, by);
    let inputs = realData;
    if (!existsSync(realData)) {
      t.diagnostic(`on sample data: no folder ${realData}`);
      inputs = join(folder, 'export');
      program(['sample', '--scale', '0.1', '--out', inputs]);
    }
    const key = join(folder, 'key');
    writeFileSync(key, 'one key for both\n');
    program(['run', inputs, '--out', join(folder, 'lake'), '--key-file', key]);
    const written = JSON.parse(readFileSync(join(folder, 'lake/report.json'), 'utf8'));

    await browser.run(
      "const key = document.querySelector('[name=key]'); key.value = 'file'; key.dispatchEvent(new Event('input', " +
        '{ bubbles: true }))',
    );
    await browser.type('#key-file', key);
    await browser.type('#files', filesUnder(inputs).join('\n'));
    await browser.reached('done');
    const rows = await browser.run(
      "return Object.fromEntries([...document.querySelectorAll('[data-table]')].map(({ dataset }) => " +
        '[dataset.table, Number(dataset.rows)]))',
    );
    const expected = Object.fromEntries(
      Object.entries(written.tables).map(([table, { rows_out: out }]) => [table, out]),
    );
    assert.deepEqual(rows, expected);

    const report = JSON.parse(String(await browser.save('report', 'report.json')));
    assert.deepEqual(unbalanced(report), []);
    assert.deepEqual(report.tables, written.tables);
    const folders = filesUnder(join(folder, 'lake')).filter((path) => path.endsWith('.parquet'));
    for (const table of SAVED) {
      const bytes = await browser.save(table, `${table}.parquet`);
      assert.equal((await parquetReadObjects({ file: Uint8Array.from(bytes).buffer })).length, expected[table]);
      assert.equal(
        folders.filter((path) => readFileSync(path).equals(bytes)).length,
        1,
        `${table} differs from the command line's`,
      );
    }
    // The icon is a data: URL; nothing but the page is asked for.
    assert.deepEqual(requests, by === 'http' ? ['GET /'] : []);
  });

  test(`${engine.name} over ${by}: a worker that is killed is seen, and the next run is right`, {
    skip: engine.missing,
  }, async (t) => {
    const { folder, browser } = await open(t, engine, by);
    const files = makeExport(join(folder, 'export'));
    await browser.run(`
      // A script of the driver has a global object of its own, in front of the page's.
      // The worker may have been there before this script.
      let struck = false;
      const { postMessage } = window.Worker.prototype;
      window.Worker.prototype.postMessage = function (message, transfer) {
        if (message.method === 'run') {
          this.addEventListener('message', ({ data }) => {
            if (data.progress?.phase !== 'readings' || struck) return;
            struck = true;
            this.terminate();
          });
        }
        postMessage.call(this, message, transfer);
      };`);
    await browser.type('#files', files.join('\n'));
    await browser.reached('failed');
    assert.match(
      await browser.run("return document.querySelector('#status').textContent"),
      /worker of this page ended/,
    );
    await browser.run("document.querySelector('#again').click()");
    await browser.reached('done');
    assert.equal(
      await browser.run("return document.querySelector('[data-table=machine_learning_curated]').dataset.rows"),
      '4000',
    );
  });
}

for (const { engine, by } of BOTH) {
  test(`${engine.name} over ${by}: the self-test finds every way refused, and listeners see nothing`, {
    skip: engine.missing,
  }, async (t) => {
    const { browser, requests } = await open(t, engine, by);
    const { seen, host } = await listen(t);
    await browser.run("location.hash = 'part=privacy'");
    await browser.run("document.querySelector('#self-test-target').value = ''");
    await browser.type('#self-test-target', host);
    await browser.run("document.querySelector('#self-test button').click()");
    await until('the verdict', () =>
      browser.run("return /attempt|could not/.test(document.querySelector('#self-test-verdict').textContent)"),
    );
    const left = await browser.run(
      "return [...document.querySelectorAll('#self-test-results tr')].filter((row) => " +
        "row.querySelector('[data-by=nobody]')).map((row) => row.textContent)",
    );
    assert.deepEqual(left, []);
    // It does not say of every way in a worker that the policy refused it: the listeners know.
    const unsaid = await browser.run(
      "return [...document.querySelectorAll('#self-test-results [data-by=unsaid]')].map((cell) => " +
        'cell.parentElement.dataset.way)',
    );
    assert.deepEqual(
      unsaid.filter((/** @type {string} */ way) => !engine.unsaid.includes(way)),
      [],
    );
    assert.match(
      await browser.run("return document.querySelector('#self-test-verdict').textContent"),
      /all refused|none got through/,
    );
    assert.deepEqual(seen, []);
    assert.deepEqual(requests, by === 'http' ? ['GET /'] : []);
  });
}

for (const { engine, by } of BOTH) {
  test(`${engine.name} over ${by}: the sample, rows, raw rows, charts, a zip of ours read again, and the zip export`, {
    skip: engine.missing,
  }, async (t) => {
    const { folder, browser, requests } = await open(t, engine, by);
    const click = (/** @type {string} */ selector) =>
      browser.run('document.querySelector(arguments[0]).click()', selector);
    await click('#sample');
    await browser.reached('done');
    for (const table of ['accelerometer_trusted', 'accelerometer_landing', 'machine_learning_curated']) {
      // Rows are made when they are seen.
      await browser.run("location.hash = 'part=explore'");
      await click(`[data-pick="${table}"]`);
      await until(`rows of ${table}`, () =>
        browser.run(
          `const grid = document.querySelector('.grid[aria-label*="${table}"][aria-busy=false]');
          return grid !== null && grid.querySelectorAll('.body [role=gridcell]').length > 5;`,
        ),
      );
    }
    await click('[data-pick="charts"]');
    await until('charts', () => browser.run("return document.querySelectorAll('#charts canvas').length === 6"));
    await until('the measures', () =>
      browser.run("return document.querySelectorAll('#charts .measures tbody tr').length > 0"),
    );

    await browser.run("location.hash = 'part=result'");
    await until('the zip', () => browser.run("return !document.querySelector('#export-zip').disabled"));
    await click('#export-zip');
    const zip = join(folder, `saved/stedi-research-${today()}.zip`);
    await until(
      'the saved zip',
      async () => existsSync(zip) && readFileSync(zip).subarray(-22).toString('latin1', 0, 2) === 'PK',
    );
    const listed = execFileSync('python3', ['-m', 'zipfile', '-t', zip], { encoding: 'utf8' });
    assert.match(listed, /Done testing/);

    const [customers, ...readings] = makeExport(join(folder, 'export'));
    execFileSync('python3', ['-m', 'zipfile', '-c', join(folder, 'readings.zip'), ...readings]);
    await browser.run(`
      new MutationObserver(() => { window.ran ||= document.documentElement.dataset.state === 'running'; })
        .observe(document.documentElement, { attributeFilter: ['data-state'] });`);
    await browser.type('#files', [customers, join(folder, 'readings.zip')].join('\n'));
    await until('the run', () => browser.run("document.querySelector('#replace-yes')?.click(); return window.ran"));
    await browser.reached('done');
    assert.equal(
      await browser.run("return document.querySelector('[data-table=machine_learning_curated]').dataset.rows"),
      '4000',
    );
    assert.deepEqual(requests, by === 'http' ? ['GET /'] : []);
  });
}
