// Times as the research table releases them: followed at once from what a run holds, with the program's bytes, and
// refused where a subject's rows are not one person's.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { followed } from './form.mjs';
import {
  SAVED,
  choose,
  cli,
  download,
  explore,
  filesUnder,
  launch,
  openPage,
  reached,
  report,
  tempFolder,
} from './harness.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A page with a run under a given key. @param {import('node:test').TestContext} t */
async function withRun(t) {
  const folder = tempFolder(t);
  const files = makeExport(join(folder, 'export'), 8, 50);
  const key = join(folder, 'key');
  writeFileSync(key, 'one key for page and program\n');
  const opened = await openPage(t, browser, 'http');
  await choose(opened.page, { key: 'file' });
  await opened.page.setInputFiles('#key-file', key);
  await opened.page.setInputFiles('#files', files);
  await reached(opened.page, 'done');
  return { ...opened, folder, key };
}

/** @param {Page} page @param {Record<string, string>} options */
async function follow(page, options) {
  await choose(page, options);
  await followed(page);
}

/** @param {Page} page */
const table = async (page) => (await download(page, 'machine_learning_curated')).bytes;

test('each choice of times is followed from what the run holds, and back, with the bytes of the program', async (t) => {
  const program = cli();
  if (!program) return t.skip('the command line program is not built');
  const { page, errors, folder, key } = await withRun(t);
  const exact = await table(page);
  const seen = [exact];
  for (const times of ['shifted', 'relative']) {
    await follow(page, { times });
    assert.equal(await page.isVisible('#stale'), false, 'the files are not needed');
    assert.equal((await report(page)).options.times, times);
    assert.match(await page.innerText('#meaning'), /not the times of measurement.*not by gait/s);
    await page.waitForSelector('#effect [data-note="times_undone"]');
    const lake = join(folder, times);
    program(['run', join(folder, 'export'), '--out', lake, '--key-file', key, '--times', times]);
    const written = filesUnder(lake)
      .filter((path) => path.endsWith('.parquet'))
      .map((path) => readFileSync(path));
    for (const name of SAVED) {
      const { bytes } = await download(page, name);
      assert.equal(written.filter((file) => file.equals(bytes)).length, 1, `${name}, ${times}`);
    }
    seen.push(await table(page));
  }
  assert.ok(seen.every((bytes, at) => seen.slice(at + 1).every((other) => !bytes.equals(other))));
  await follow(page, { times: 'exact' });
  assert.ok((await table(page)).equals(exact), 'the times of measurement were not lost');
  assert.doesNotMatch(await page.innerText('#meaning'), /gait/);
  assert.deepEqual(errors, []);
});

test('moved times without one person behind a subject are refused beside the choice, and no run starts', async (t) => {
  const { page, errors } = await withRun(t);
  await follow(page, { times: 'shifted' });
  const shifted = await table(page);
  for (const [name, wrong, right] of [
    ['identity', 'serial', 'pseudonym'],
    ['join', 'time', 'owner'],
  ]) {
    await choose(page, { [name]: wrong });
    const hint = page.locator('#times-hint');
    assert.match(await hint.innerText(), /Moved times need “Owner and time” and “Pseudonym”/);
    assert.equal(await hint.getAttribute('class'), 'hint problem');
    assert.equal(await page.getAttribute('#option-times', 'aria-invalid'), 'true');
    assert.equal(await page.isVisible('#stale'), true, 'what is shown is not what the form says');
    await page.click('#stale-again');
    assert.match(await page.innerText('#notice'), /Moved times need/);
    assert.equal(await page.getAttribute('html', 'data-state'), 'done', 'the results stay');
    await follow(page, { [name]: right });
    assert.doesNotMatch(await hint.innerText(), /Moved times need/);
    assert.ok((await table(page)).equals(shifted));
  }
  // A link may ask for it too.
  await page.goto(`${page.url().split('#')[0]}#times=relative&identity=serial`);
  assert.match(await page.innerText('#times-hint'), /Moved times need/);
  await page.click('#undo');
  assert.equal(await page.inputValue('[name="times"]'), 'shifted');
  assert.deepEqual(errors, []);
});

test('relative times are shown as what they are', async (t) => {
  const { page, errors } = await withRun(t);
  await follow(page, { times: 'relative' });
  await explore(page, 'machine_learning_curated');
  await page.waitForSelector('#grid [role="gridcell"]');
  assert.equal(await page.isVisible('#dates'), false, 'they are no dates');
  assert.doesNotMatch(await page.innerText('#grid'), /1970/);
  await explore(page, 'accelerometer_trusted');
  await page.waitForSelector('#dates', { state: 'visible' });
  await explore(page, 'charts');
  await page.waitForSelector('#charts .measures');
  const charts = await page.innerText('#charts');
  assert.match(charts, /machine_learning_curated is not in this chart/);
  assert.match(charts, /from 0 ms to 49,000 ms/);
  assert.doesNotMatch(charts, /1970/);
  assert.deepEqual(errors, []);
});
