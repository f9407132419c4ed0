// The research export as training and test data, and one row for each person and time: with the program's bytes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { followed } from './form.mjs';
import { choose, cli, download, filesUnder, launch, openPage, reached, report, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('playwright-core').Page} Page */

const SPLITS = ['data/test-00000-of-00001.parquet', 'data/train-00000-of-00001.parquet'];

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A page with a run under a given key. @param {import('node:test').TestContext} t */
async function withRun(t) {
  const folder = tempFolder(t);
  const files = makeExport(join(folder, 'export'), 12, 50);
  const key = join(folder, 'key');
  writeFileSync(key, 'one key for page and program\n');
  const opened = await openPage(t, browser, 'http');
  await choose(opened.page, { key: 'file' });
  await opened.page.setInputFiles('#key-file', key);
  await opened.page.setInputFiles('#files', files);
  await reached(opened.page, 'done');
  return { ...opened, folder, key };
}

/**
 * The files of a research export with a share, by path.
 * @param {Page} page
 * @param {string} folder
 * @param {string} share
 */
async function packed(page, folder, share) {
  await page.waitForSelector('#export-zip:enabled');
  await page.fill('#test-share', share);
  const saved = page.waitForEvent('download');
  await page.click('#export-zip');
  const zip = join(folder, `${share}.zip`);
  await (await saved).saveAs(zip);
  execFileSync('python3', ['-m', 'zipfile', '-e', zip, join(folder, `out-${share}`)]);
  return tree(join(folder, `out-${share}`));
}

/** @param {string} folder */
const tree = (folder) => new Map(filesUnder(folder).map((path) => [relative(folder, path), readFileSync(path)]));

test('a share gives training and test data with the bytes of the program, and what describes them', async (t) => {
  const program = cli();
  if (!program) return t.skip('the command line program is not built');
  const { page, errors, folder, key } = await withRun(t);
  // As Germans write it.
  const ours = await packed(page, folder, '0,5');
  const lake = join(folder, 'research');
  const share = ['--export', 'research', '--test-share', '0.5'];
  program(['run', join(folder, 'export'), '--out', lake, '--key-file', key, ...share]);
  const theirs = tree(lake);
  assert.deepEqual([...ours.keys()].sort(), [...theirs.keys()].sort());
  for (const path of SPLITS) assert.ok(theirs.get(path)?.equals(ours.get(path) ?? Buffer.of()), path);
  const [told, expected] = [ours, theirs].map((files) => JSON.parse(String(files.get('report.json'))));
  assert.deepEqual(told.splits, expected.splits);
  assert.deepEqual(told.outputs, expected.outputs);
  assert.match(String(ours.get('README.md')), /below 0\.5 × 2\^64/);
  program(['verify', join(folder, 'out-0,5')]);
  assert.deepEqual(
    [...(await packed(page, folder, '')).keys()].filter((path) => path.startsWith('data/')),
    [SPLITS[1]],
  );
  assert.deepEqual(errors, []);
});

test('a share that is none is said, and the field is there where it can be used alone', async (t) => {
  const { page, errors } = await withRun(t);
  await page.waitForSelector('#export-zip:enabled');
  await page.fill('#test-share', '1');
  await page.click('#export-zip');
  await page.waitForFunction(() =>
    /above 0 and below 1/.test(document.querySelector('#export-status')?.textContent ?? ''),
  );
  await page.check('#export-lake');
  assert.equal(await page.isVisible('#test-share'), false, 'it is for research');
  await page.check('#export-research');
  assert.equal(await page.isVisible('#test-share'), true);
  await choose(page, { identity: 'serial' });
  await followed(page);
  await page.waitForSelector('#export-zip:enabled');
  assert.equal(await page.isVisible('#test-share'), false, 'a serial number may be of several people');
  assert.deepEqual(errors, []);
});

test('one row for each person and time is followed from what the run holds, and back', async (t) => {
  const program = cli();
  if (!program) return t.skip('the command line program is not built');
  const { page, errors, folder, key } = await withRun(t);
  const table = async () => (await download(page, 'machine_learning_curated')).bytes;
  const all = await table();
  await choose(page, { 'one-per-instant': 'on' });
  await followed(page);
  assert.equal(await page.isVisible('#stale'), false, 'the files are not needed');
  assert.equal((await report(page)).options.one_per_instant, 'on');
  const lake = join(folder, 'lake');
  program(['run', join(folder, 'export'), '--out', lake, '--key-file', key, '--one-per-instant']);
  const written = readFileSync(join(lake, 'step_trainer/curated/part-00000.snappy.parquet'));
  assert.ok(written.equals(await table()));
  await choose(page, { 'one-per-instant': 'off' });
  await followed(page);
  assert.ok((await table()).equals(all));
  assert.deepEqual(errors, []);
});
