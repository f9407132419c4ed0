// The lake handed over as one, by zip, kept between visits, and in another compression.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import {
  SAVED,
  choose,
  cli,
  download,
  explore,
  filesUnder,
  launch,
  openPage,
  part,
  reached,
  realData,
  report,
  rowsOut,
  tempFolder,
  today,
} from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const TABLE = 'data/train-00000-of-00001.parquet';
const RULES = 'dqdl/machine_learning_curated.dqdl';
const RESEARCH = ['README.md', 'SHA256SUMS', 'contract.yaml', 'croissant.json', TABLE, RULES, 'report.json'];

/** Every file below a folder, by its path. @param {string} folder */
function tree(folder) {
  return new Map(
    filesUnder(folder)
      .sort()
      .map((path) => [relative(folder, path), readFileSync(path)]),
  );
}

/** Runs with a key that is known. @param {Page} page @param {string[]} files none for the sample */
async function run(page, files = []) {
  await choose(page, { key: 'file' });
  await page.setInputFiles('#key-file', { name: 'key', mimeType: 'text/plain', buffer: Buffer.from('one key') });
  if (files.length > 0) await page.setInputFiles('#files', files);
  else await page.click('#sample');
  await reached(page, 'done');
}

/**
 * Saves the chosen export and unpacks it by a program that is not ours.
 * @param {import('node:test').TestContext} t
 * @param {Page} page
 */
async function unpacked(t, page) {
  await page.waitForSelector('#export-zip:enabled');
  const saved = page.waitForEvent('download');
  await page.press('#export-zip', 'Enter');
  const folder = tempFolder(t);
  const zip = join(folder, (await saved).suggestedFilename());
  await (await saved).saveAs(zip);
  execFileSync('python3', ['-m', 'zipfile', '-e', zip, join(folder, 'out')]);
  return { name: relative(folder, zip), files: tree(join(folder, 'out')) };
}

test('the research export comes first and holds nothing that leads to people', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await run(page);
  const { name, files } = await unpacked(t, page);
  assert.equal(name, `stedi-research-${today()}.zip`);
  assert.deepEqual([...files.keys()], RESEARCH);
  const told = JSON.parse(String(files.get('report.json')));
  assert.deepEqual(
    told.outputs.map((/** @type {any} */ { file }) => file),
    [TABLE],
    'what is not there is not listed',
  );
  for (const { name: input, table, sha256 } of told.inputs) {
    assert.match(input, /^input \d+$/);
    assert.equal(sha256 === null, table === 'customer_landing', 'hashes of customer files can be tried');
  }
  assert.equal(told.inputs.length, (await report(page)).inputs.length);
  assert.equal(await page.isVisible('#export-raw'), false, 'landing files are no part of it');
  assert.deepEqual(errors, []);
});

for (const by of /** @type {const} */ (['http', 'file'])) {
  test(`the whole lake, over ${by}, is the one that the command line writes`, async (t) => {
    const program = cli();
    if (!program) return t.skip('the command line program is not built');
    const { page, errors } = await openPage(t, browser, by);
    const folder = tempFolder(t);
    /** @type {string} */
    let inputs = join(folder, 'export');
    if (existsSync(realData)) inputs = realData;
    else {
      t.diagnostic(`on sample data: no folder ${realData}`);
      program(['sample', '--scale', '0.02', '--out', inputs]);
    }
    await run(page, filesUnder(inputs));
    await page.check('#export-lake');
    const { name, files } = await unpacked(t, page);
    assert.equal(name, `stedi-lake-${today()}.zip`);

    writeFileSync(join(folder, 'key'), 'one key');
    program(['run', inputs, '--out', join(folder, 'lake'), '--key-file', join(folder, 'key')]);
    const written = tree(join(folder, 'lake'));
    assert.deepEqual([...files.keys()], [...written.keys()]);
    for (const [path, bytes] of written) {
      // These tell of the build and of the time; the rest is equal byte for byte.
      if (/^(report|lineage|croissant)\.json$/.test(path)) JSON.parse(String(files.get(path)));
      else assert.ok(files.get(path)?.equals(bytes), path);
    }
    const outputs = (/** @type {Map<string, Buffer>} */ lake) => JSON.parse(String(lake.get('report.json'))).outputs;
    assert.deepEqual(outputs(files), outputs(written), 'names, rows and hashes');
    assert.ok(isNamed(files) && isNamed(written), 'the report names all files');
    assert.deepEqual(errors, []);
  });
}

/** Whether the report of a lake names just its files, with their hashes. @param {Map<string, Buffer>} lake */
function isNamed(lake) {
  const { files, outputs } = JSON.parse(String(lake.get('report.json')));
  const named = new Map([...files, ...outputs].map(({ path, file, sha256 }) => [path ?? file, sha256]));
  const hash = (/** @type {Buffer} */ bytes) => createHash('sha256').update(bytes).digest('hex');
  return (
    named.size === lake.size - 1 &&
    [...lake].every(([path, bytes]) => path === 'report.json' || named.get(path) === hash(bytes))
  );
}

test('as Delta Lake tables, the lake is the one that the command line writes, and it can be checked', async (t) => {
  const program = cli();
  if (!program) return t.skip('the command line program is not built');
  const { page, errors } = await openPage(t, browser, 'http');
  const folder = tempFolder(t);
  const [inputs, key, lake, zip] = ['export', 'key', 'lake', 'saved.zip'].map((name) => join(folder, name));
  program(['sample', '--scale', '0.02', '--out', inputs]);
  await run(page, filesUnder(inputs));
  assert.equal(await page.isVisible('#export-delta'), false, 'a research export is plain Parquet');
  await page.check('#export-lake');
  await page.check('#export-delta');
  const { files } = await unpacked(t, page);
  writeFileSync(key, 'one key');
  program(['run', inputs, '--out', lake, '--key-file', key, '--format', 'delta']);
  const written = tree(lake);
  assert.deepEqual([...files.keys()], [...written.keys()]);
  const logs = [...written].filter(([path]) => path.includes('/_delta_log/'));
  assert.equal(logs.length, 5);
  for (const [path, bytes] of written) {
    if (!/^(report|lineage|croissant)\.json$/.test(path)) assert.ok(files.get(path)?.equals(bytes), path);
  }
  const said = (/** @type {Map<string, Buffer>} */ lake) => {
    const { table_format, outputs } = JSON.parse(String(lake.get('report.json')));
    return { table_format, outputs };
  };
  assert.deepEqual(said(files), said(written));
  assert.ok(isNamed(files), 'the report names all files');

  // Versions that the command line adds are checked too.
  const more = ['--format', 'delta', '--compression', 'gzip'];
  program(['run', inputs, '--from', lake, '--out', lake, '--key-file', key, ...more]);
  assert.equal([...tree(lake)].filter(([path]) => path.includes('/_delta_log/')).length, 10);
  execFileSync('python3', ['-m', 'zipfile', '-c', zip, lake]);
  await page.setInputFiles('#files', zip);
  await page.waitForFunction(() => document.querySelector('#found-lake-title')?.textContent === 'Lake: saved.zip');
  await page.click('#lake-check [data-act="begin"]');
  await page.waitForSelector('#lake-check .found .hint');
  assert.match(await page.innerText('#lake-check [role="status"]'), /^Nothing differs\./);
  assert.deepEqual(errors, []);
});

test('landing files come along only when that is asked for', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  await run(page);
  await page.check('#export-lake');
  const without = await unpacked(t, page);
  assert.deepEqual(
    [...without.files.keys()].filter((path) => path.includes('/landing/')),
    [],
  );
  await page.check('#export-landing');
  const { files } = await unpacked(t, page);
  const landing = [...files].filter(([path]) => path.includes('/landing/'));
  const { inputs } = await report(page);
  assert.equal(landing.length, inputs.length);
  assert.ok(isNamed(files) && isNamed(without.files), 'the report names all files');
  assert.equal(
    landing.reduce((sum, [, { length }]) => sum + length, 0),
    inputs.reduce((/** @type {number} */ sum, /** @type {any} */ { bytes }) => sum + bytes, 0),
  );
});

test('a lake is kept when that is asked for, found at the next visit, and removed with one click', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await run(page);
  const rows = await rowsOut(page);
  assert.equal(await page.isVisible('#saved-lakes'), false, 'nothing is kept by itself');
  const stored = () =>
    page.evaluate(async () => {
      const names = /** @type {string[]} */ ([]);
      const walk = async (/** @type {any} */ folder) => {
        for await (const [name, entry] of folder.entries()) {
          if (entry.kind === 'directory') await walk(entry);
          else names.push(name);
        }
      };
      await walk(await navigator.storage.getDirectory());
      return names.sort();
    });
  assert.deepEqual(await stored(), []);
  await page.waitForSelector('#save-lake:enabled');
  await page.press('#save-lake', 'Enter');
  await page.waitForSelector('#saved-lakes li');
  assert.deepEqual(
    await stored(),
    [...SAVED.map((table) => `${table}.parquet`), 'index.json'].sort(),
    'no landing file',
  );
  const { bytes } = await download(page, 'machine_learning_curated');

  await page.reload();
  await page.press('#saved-lakes button:has-text("Open")', 'Enter');
  await reached(page, 'done');
  assert.deepEqual(await rowsOut(page), rows);
  assert.ok((await download(page, 'machine_learning_curated')).bytes.equals(bytes));
  assert.equal((await report(page)).tables.machine_learning_curated.rows_out, rows.machine_learning_curated);
  const { files } = await unpacked(t, page);
  assert.ok(files.get(TABLE)?.equals(bytes));

  await page.press('#saved-lakes button:has-text("Remove")', 'Enter');
  await page.waitForSelector('#saved-lakes', { state: 'hidden' });
  assert.deepEqual(await stored(), []);
  assert.deepEqual(errors, []);
});

test('a research export kept by an earlier version names no input either', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await run(page);
  await page.waitForSelector('#save-lake:enabled');
  await page.press('#save-lake', 'Enter');
  await page.waitForSelector('#saved-lakes li');
  // As it was kept: the report of the whole run.
  const names = await page.evaluate(async () => {
    const lakes = await (await navigator.storage.getDirectory()).getDirectoryHandle('lakes');
    for await (const lake of /** @type {any} */ (lakes).values()) {
      const file = await lake.getFileHandle('index.json');
      const index = JSON.parse(await (await file.getFile()).text());
      const told = index.audit.trees.research.documents.find(
        (/** @type {[string, string]} */ [path]) => path === 'report.json',
      );
      told[1] = index.audit.files.report;
      const writer = await file.createWritable();
      await writer.write(JSON.stringify(index));
      await writer.close();
      return JSON.parse(told[1]).inputs.map((/** @type {any} */ { name }) => name);
    }
  });
  assert.ok(names.length > 2 && names.every((/** @type {string} */ name) => name.includes('/')), String(names));
  await page.reload();
  await page.press('#saved-lakes button:has-text("Open")', 'Enter');
  await reached(page, 'done');
  const { files } = await unpacked(t, page);
  for (const [path, bytes] of files) {
    for (const name of names) assert.ok(!bytes.includes(name), `${path} holds ${name}`);
  }
  assert.match(JSON.parse(String(files.get('report.json'))).inputs[0].name, /^input 1$/);
  assert.deepEqual(errors, []);
});

test('gzip is chosen after the run, without the files, and its rows are shown', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await run(page);
  const before = await download(page, 'accelerometer_trusted');
  await choose(page, { compression: 'gzip' });
  await page.waitForFunction(() => document.documentElement.dataset.following === undefined);
  assert.equal(await page.isVisible('#stale'), false);
  const { bytes } = await download(page, 'accelerometer_trusted');
  assert.ok(bytes.length < before.bytes.length, `${bytes.length} bytes, by snappy ${before.bytes.length}`);
  await explore(page, 'accelerometer_trusted');
  await page.waitForSelector('.grid[aria-label="Rows of accelerometer_trusted"][aria-busy="false"]');
  assert.match(await page.innerText('.grid'), /@/);
  await part(page, 'result');
  const { files } = await unpacked(t, page);
  const { bytes: packed } = await download(page, 'machine_learning_curated');
  assert.ok(packed.equals(/** @type {Buffer} */ (files.get(TABLE))));
  assert.deepEqual(errors, []);
});
