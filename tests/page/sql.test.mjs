// The SQL console in the built page: all tables, over http and from the disk, ready queries, errors, files, manners.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { LANDING, TABLES, choose, download, part, reached, report, rowsOut, today } from './harness.mjs';
import {
  ask,
  cells,
  launch,
  openConsole,
  openSqlPage,
  resultRows,
  reveal,
  run,
  runSample,
  settled,
  write,
} from './sql-harness.mjs';
import { zip } from './zip.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** What is marked as wrong in the editor. @param {Page} page */
const marked = (page) => page.locator('#console .cm-lintRange-error').allInnerTexts();

for (const by of /** @type {const} */ (['http', 'file'])) {
  test(`over ${by}: all eight tables answer, landing ones raw, and nothing is asked for`, async (t) => {
    const { page, errors, urls, requests } = await openSqlPage(t, browser, by);
    await runSample(page);
    const rows = await rowsOut(page);
    /** @type {Record<string, number>} */
    const took = {};
    for (const table of TABLES) {
      await ask(page, `SELECT * FROM ${table.toUpperCase()}`);
      const words = await ask(page, `SELECT * FROM ${table}`);
      took[table] = Number(/in ([\d.]+)/.exec(words)?.[1]);
      assert.equal(await resultRows(page), rows[table], table);
      assert.equal(await page.isVisible('#console-raw'), LANDING.includes(table), table);
      assert.equal(await page.isVisible('#console-grid'), !LANDING.includes(table), table);
      await reveal(page);
      const [first] = await cells(page);
      assert.ok(first.length > 2 && first.some((cell) => /\d/.test(cell)), `${table}: ${first}`);
    }
    await ask(page, 'SELECT count(*) AS readings FROM accelerometer_landing');
    assert.ok(await page.isVisible('#console-grid'), 'a count shows nobody’s rows');
    assert.ok(await page.isVisible('#console-raw .rawmark'), 'and is marked all the same');
    assert.equal((await cells(page))[0][0], rows.accelerometer_landing.toLocaleString('en-US'));
    t.diagnostic(`SELECT * of each table, once loaded: ${JSON.stringify(took)}`);
    assert.deepEqual(errors, []);
    assert.deepEqual(urls.filter((url) => !url.startsWith('blob:')).slice(1), [], 'the page alone');
    assert.deepEqual(requests, by === 'http' ? ['GET /'] : []);
  });
}

test('a result is drawn as a chart of any two of its columns', async (t) => {
  const { page, errors } = await openSqlPage(t, browser, 'file');
  await runSample(page);
  await ask(page, "SELECT 'one' AS words");
  assert.equal(await page.isVisible('#console-as-chart'), false, 'there is no number in it');
  const made = 'SELECT subject, count(*) AS readings, avg(x) AS x, min(sensorreadingtime) AS start';
  await ask(page, `${made} FROM machine_learning_curated GROUP BY subject`);
  const subjects = await resultRows(page);
  await page.press('#console-as-chart', 'Enter');
  await page.waitForSelector('#console-chart canvas');
  assert.equal(await page.isVisible('#console-grid'), false);
  const words = () => page.innerText('#console-chart [role="status"]');
  assert.equal(await words(), `x by readings: ${subjects} points.`);
  assert.match((await page.getAttribute('#console-chart [role="img"]', 'aria-label')) ?? '', /x by readings/);
  await page.selectOption('#console-chart [aria-label="Across"]', 'start');
  await page.selectOption('#console-chart [aria-label="Up"]', 'readings');
  await page.waitForFunction(
    (wanted) => document.querySelector('#console-chart [role="status"]')?.textContent === wanted,
    `readings by start: ${subjects} points.`,
  );
  await page.press('#console-as-chart', 'Enter');
  assert.equal(await page.isVisible('#console-grid'), true);
  assert.equal(await page.locator('#console-chart canvas').count(), 0);
  assert.deepEqual(errors, []);
});

test('the ready queries give what the report says', async (t) => {
  const { page, errors } = await openSqlPage(t, browser, 'file');
  await page.check('#defects');
  await runSample(page);
  const { tables, privacy } = await report(page);
  const choices = await page.$$eval('#console-queries option', (options) =>
    options.map((option) => option.textContent ?? '').slice(1),
  );
  /** @type {Record<string, string[][]>} */
  const answers = {};
  for (const name of choices) {
    await part(page, 'sql');
    await page.selectOption('#console-queries', { label: name });
    const { failed, words } = await run(page);
    assert.ok(!failed, `${name}: ${words}`);
    if (name === 'A table of your own') continue;
    await reveal(page);
    answers[name] = (await resultRows(page)) === 0 ? [] : await cells(page);
    if (name === 'Rows of each subject') assert.equal(await resultRows(page), privacy.subjects);
    if (name === 'Readings of each customer') assert.equal(await resultRows(page), privacy.owners);
  }
  const plain = (/** @type {string[][]} */ rows) =>
    Object.fromEntries(rows.map(([name, count]) => [name, Number(count.replace(/\D/g, ''))]));
  assert.deepEqual(
    plain(answers['Rows of all eight tables']),
    Object.fromEntries(TABLES.map((name) => [name, tables[name].rows_out])),
  );
  assert.deepEqual(
    Number(answers['Customers without consent'][0][0].replace(/\D/g, '')),
    tables.customer_trusted.filtered.no_consent,
  );
  assert.deepEqual(answers['Consent that should not be in customer_trusted'], []);
  assert.equal(await page.locator('[data-session="steps_by_subject"]').count(), 1);
  assert.deepEqual(errors, []);
});

test('an error is marked where it is, in a selection and under Explain too; the next statement runs', async (t) => {
  const { page } = await openSqlPage(t, browser, 'file');
  await runSample(page);
  await write(page, 'SELECT subject,\n  nope\nFROM machine_learning_curated');
  const { failed, words } = await run(page);
  assert.ok(failed);
  assert.match(words, /No field named nope/);
  assert.deepEqual(await marked(page), ['nope']);
  await page.locator('#console-explain').press('Enter');
  assert.ok((await settled(page)).failed);
  assert.deepEqual(await marked(page), ['nope']);
  await write(page, 'SELECT 1 FRM customer_trusted WHERE');
  assert.ok((await run(page)).failed);
  assert.deepEqual(await marked(page), ['customer_trusted']);
  await write(page, 'SELECT count(*) FROM customer_trusted WHERE');
  assert.ok((await run(page)).failed);
  assert.deepEqual(await marked(page), ['E'], 'the end of the text');
  await page.keyboard.type(' 1 = 1');
  assert.deepEqual(await marked(page), [], 'a change takes the mark away');
  await write(page, 'SELECT 1;\nSELECT nope2 FROM customer_trusted');
  await page.locator('#console .cm-content').press('Control+End');
  await page.keyboard.press('Shift+Home');
  assert.ok((await run(page)).failed);
  assert.deepEqual(await marked(page), ['nope2'], 'of the selected line alone');
  for (const [sql, why] of [
    ['DELETE FROM customer_trusted', /only reads/],
    ['DROP TABLE customer_trusted', /only read/],
    ['SELECT 1; SELECT 2', /One statement/],
    ['', /no statement/i],
  ]) {
    await write(page, String(sql));
    assert.match((await run(page)).words, /** @type {RegExp} */ (why));
  }
  await ask(page, 'SELECT count(*) FROM customer_trusted');
  assert.equal(await resultRows(page), 1);
  await ask(page, 'EXPLAIN SELECT count(*) FROM customer_trusted');
  // A plan is asked for once its statement is over.
  await page.waitForFunction(() => document.querySelector('#console-plan')?.textContent);
  assert.match(await page.innerText('#console-plan'), /physical_plan/);
});

test('cancel ends a statement; the tables, those of the session too, are there for the next', async (t) => {
  const { page, errors } = await openSqlPage(t, browser, 'file');
  await runSample(page);
  await ask(page, 'CREATE TABLE mine AS SELECT subject FROM machine_learning_curated LIMIT 7');
  await ask(page, 'SELECT 1');
  await write(
    page,
    'SELECT count(*) FROM machine_learning_curated a JOIN machine_learning_curated b ON a.x + b.x > 100',
  );
  await page.locator('#console .cm-content').press('Control+Enter');
  await page.locator('#console-cancel:enabled').press('Enter');
  assert.match((await settled(page)).words, /Cancelled/);
  await ask(page, 'SELECT * FROM mine');
  assert.equal(await resultRows(page), 7);
  await ask(page, 'SELECT * FROM customer_landing');
  assert.equal(await resultRows(page), (await rowsOut(page)).customer_landing);
  const history = await page.$$eval('#console-history option', (options) =>
    options.map((option) => option.textContent),
  );
  assert.deepEqual(history.slice(0, 3), ['History', 'SELECT * FROM customer_landing', 'SELECT * FROM mine']);
  await page.selectOption('#console-history', '1');
  await run(page);
  assert.equal(await resultRows(page), 7);
  assert.deepEqual(errors, []);
});

test('CREATE TABLE adds a table with its file; what a landing table is behind is raw, at any remove', async (t) => {
  const { page } = await openSqlPage(t, browser, 'file');
  await runSample(page);
  await ask(
    page,
    'CREATE TABLE people AS SELECT subject, count(*) AS readings FROM machine_learning_curated GROUP BY subject',
  );
  await ask(page, 'CREATE TABLE all_people AS SELECT email FROM customer_landing');
  await ask(page, 'CREATE TABLE again AS SELECT count(*) AS people FROM all_people');
  const listed = await page.$$eval('[data-session]', (rows) =>
    rows.map((row) => [row.getAttribute('data-session'), row.textContent?.includes('RAW')]),
  );
  assert.deepEqual(listed, [
    ['people', false],
    ['all_people', true],
    ['again', true],
  ]);
  await ask(page, 'WITH c AS (SELECT people FROM again) SELECT 1 FROM customer_trusted WHERE EXISTS (SELECT 1 FROM c)');
  assert.ok(await page.isVisible('#console-raw'));
  assert.ok(!(await page.isVisible('#console-grid')));
  await ask(page, 'SELECT * FROM people');
  assert.ok(!(await page.isVisible('#console-raw')));
  const { name, bytes } = await download(page, 'session-people');
  assert.equal(name, `stedi-people-${today()}.parquet`);
  assert.equal((await parquetReadObjects({ file: new Uint8Array(bytes).buffer })).length, await resultRows(page));
  assert.equal((await download(page, 'session-again')).name, `stedi-raw-again-${today()}.parquet`);
  await page.locator('[data-session="again"] .quiet').press('Enter');
  await settled(page);
  assert.equal(await page.locator('[data-session]').count(), 2);
  await write(page, 'SELECT * FROM again');
  assert.ok((await run(page)).failed);
  await write(page, 'CREATE TABLE people AS SELECT 1 AS one');
  assert.match((await run(page)).words, /already/);
});

test('a result is saved as CSV, JSON and Parquet, a raw one under a name that says so', async (t) => {
  const { page } = await openSqlPage(t, browser, 'file');
  await runSample(page);
  const sql =
    'SELECT \'a "b", c\' AS words, CAST(NULL AS DOUBLE) AS nothing, 1.5 AS number, 9007199254740993 AS large, ' +
    "TIMESTAMP '2024-05-06T07:08:09' AS instant";
  await ask(page, sql);
  const csv = await download(page, 'result-csv');
  assert.equal(csv.name, `stedi-result-${today()}.csv`);
  assert.equal(
    csv.bytes.toString(),
    'words,nothing,number,large,instant\n"a ""b"", c",,1.5,9007199254740993,2024-05-06T07:08:09\n',
  );
  const json = await download(page, 'result-ndjson');
  assert.equal(json.name, `stedi-result-${today()}.ndjson`);
  assert.equal(
    json.bytes.toString(),
    '{"words":"a \\"b\\", c","nothing":null,"number":1.5,"large":9007199254740993,"instant":"2024-05-06T07:08:09"}\n',
  );
  const parquet = await download(page, 'result-parquet');
  assert.equal(parquet.name, `stedi-result-${today()}.parquet`);
  const [row] = await parquetReadObjects({ file: new Uint8Array(parquet.bytes).buffer });
  assert.deepEqual([row.words, row.nothing, row.number, row.large], ['a "b", c', null, 1.5, 9007199254740993n]);
  assert.equal(new Date(row.instant).toISOString(), '2024-05-06T07:08:09.000Z');
  await ask(page, 'SELECT * FROM step_trainer_landing');
  assert.equal((await download(page, 'result-csv')).name, `stedi-raw-result-${today()}.csv`);
});

test('a narrower option brings its tables, and those made of the earlier ones go; so does a new run', async (t) => {
  const { page } = await openSqlPage(t, browser, 'file');
  await runSample(page);
  await ask(page, 'CREATE TABLE mine AS SELECT * FROM accelerometer_trusted');
  const before = await rowsOut(page);
  await choose(page, { consent: 'as-of' });
  await page.waitForFunction(() => document.documentElement.dataset.following === undefined);
  const now = await rowsOut(page);
  assert.notEqual(now.accelerometer_trusted, before.accelerometer_trusted);
  assert.equal(await page.locator('[data-session]').count(), 0);
  await ask(page, 'SELECT * FROM accelerometer_trusted');
  assert.equal(await resultRows(page), now.accelerometer_trusted);
  await write(page, 'SELECT * FROM mine');
  assert.ok((await run(page)).failed);
  await part(page, 'result');
  await page.click('#again');
  await reached(page, 'done');
  await part(page, 'sql');
  assert.ok(!(await page.isVisible('#console-result')));
  await ask(page, 'SELECT * FROM accelerometer_trusted');
  assert.equal(await resultRows(page), now.accelerometer_trusted);
});

test('landing rows of gzip and zip are read too, and only the valid ones', async (t) => {
  const { page } = await openSqlPage(t, browser, 'file');
  const readings = (/** @type {string} */ user, /** @type {number} */ count) =>
    Array.from(
      { length: count },
      (_, at) => `${JSON.stringify({ user, timestamp: at + 1, x: 0.5, y: at, z: null })}\n`,
    ).join('');
  const customer = JSON.stringify({
    customerName: 'Ann',
    email: 'ann',
    serialNumber: 's',
    shareWithResearchAsOfDate: 'yes',
  });
  await page.setInputFiles('#files', [
    {
      name: 'a.json.gz',
      mimeType: '',
      buffer: Buffer.concat([gzipSync(readings('ann', 3)), gzipSync(readings('bob', 2))]),
    },
    {
      name: 'export.zip',
      mimeType: '',
      buffer: zip({ 'x/b.json': readings('cid', 4), 'customers.json': `${customer}\n{"email":"no serial"}\n` }),
    },
  ]);
  await reached(page, 'done');
  await openConsole(page);
  await ask(
    page,
    'SELECT a.user, count(*), sum(y), count(z) FROM accelerometer_landing a GROUP BY a.user ORDER BY a.user',
  );
  await reveal(page);
  assert.deepEqual(await cells(page), [
    ['ann', '3', '3', '0'],
    ['bob', '2', '1', '0'],
    ['cid', '4', '6', '0'],
  ]);
  await ask(page, 'SELECT email, sharewithresearchasofdate FROM customer_landing');
  await reveal(page);
  assert.deepEqual(await cells(page), [['ann', 'null']], 'the valid record alone, its unreadable consent as null');
});

test('table and column names are completed', async (t) => {
  const { page } = await openSqlPage(t, browser, 'file');
  await runSample(page);
  await write(page, 'SELECT ');
  await page.keyboard.type('distancef');
  await page.locator('#console .cm-tooltip-autocomplete li', { hasText: 'distancefromobject' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.type(' FROM machine_l');
  await page.locator('#console .cm-tooltip-autocomplete li', { hasText: 'machine_learning_curated' }).waitFor();
});

test('while the form has other settings than the run, no result and no table of the session is saved', async (t) => {
  const { page, errors } = await openSqlPage(t, browser, 'file');
  await runSample(page);
  await ask(page, 'CREATE TABLE mine AS SELECT * FROM customer_trusted');
  await ask(page, 'SELECT * FROM mine');
  const names = ['session-mine', 'result-csv', 'result-ndjson', 'result-parquet'];
  const open = () => Promise.all(names.map((name) => page.isEnabled(`[data-download="${name}"]`)));
  assert.deepEqual(await open(), [true, true, true, true]);
  await page.focus('#withdrawals');
  await page.keyboard.type('a@example.org');
  assert.deepEqual(await open(), [false, false, false, false]);
  await page.click('#undo');
  assert.deepEqual(await open(), [true, true, true, true]);
  const named = (await download(page, 'session-mine')).name;
  assert.match(named, /^stedi-mine-\d{4}-\d\d-\d\d.*\.parquet$/);
  assert.equal((await download(page, 'result-csv')).name, named.replace('mine', 'result').replace('.parquet', '.csv'));

  // A file that is still being made when the settings change.
  await page.evaluate(() => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ transfer) {
      post.call(this, message, transfer);
      if (message?.method !== 'file') return;
      const list = /** @type {HTMLTextAreaElement} */ (document.querySelector('#withdrawals'));
      list.value = 'a@example.org';
      list.dispatchEvent(new Event('input', { bubbles: true }));
    };
  });
  let taken = 0;
  page.on('download', () => {
    taken += 1;
  });
  await page.locator('[data-download="result-csv"]').press('Enter');
  await page.locator('#console-status', { hasText: 'The settings were changed' }).waitFor();
  assert.equal(taken, 0);
  assert.deepEqual(errors, []);
});

test('tables in gzip answer too, and so does a saved lake, but for its landing files', async (t) => {
  const { page, errors } = await openSqlPage(t, browser, 'http');
  await choose(page, { compression: 'gzip' });
  await runSample(page);
  const rows = await rowsOut(page);
  await ask(page, 'SELECT * FROM machine_learning_curated');
  assert.equal(await resultRows(page), rows.machine_learning_curated);
  await part(page, 'result');
  await page.waitForSelector('#save-lake:enabled');
  await page.press('#save-lake', 'Enter');
  await page.waitForSelector('#saved-lakes li');

  await page.reload();
  await page.press('#saved-lakes button:has-text("Open")', 'Enter');
  await reached(page, 'done');
  await openConsole(page);
  await ask(page, 'SELECT * FROM customer_curated');
  assert.equal(await resultRows(page), rows.customer_curated);
  await write(page, 'SELECT count(*) FROM customer_landing');
  const { failed, words } = await run(page);
  assert.ok(failed && /saved lake has no landing files/.test(words), words);
  assert.deepEqual(errors, []);
});
