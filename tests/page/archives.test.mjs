// Zips of many entries, the same records in several packings, and inputs that change unseen.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cli, counts, holdHashing, launch, openPage, reached, report, tempFolder, unbalanced } from './harness.mjs';
import { zip } from './zip.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const CUSTOMER = '{"email":"ann@example.org","serialNumber":"serial-ann","shareWithResearchAsOfDate":1000}\n';
const reading = (/** @type {number} */ time) => `{"user":"ann@example.org","timestamp":${time},"x":1,"y":-0.5,"z":0}\n`;
const step = (/** @type {number} */ time) =>
  `{"sensorReadingTime":${time},"serialNumber":"serial-ann","distanceFromObject":200}\n`;
const many = (/** @type {(time: number) => string} */ record, /** @type {number} */ number) =>
  Array.from({ length: number }, (_, time) => record(time));

/** @param {string} folder @param {Record<string, string | Buffer>} files */
function write(folder, files) {
  return Object.entries(files).map(([name, content]) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  });
}

/**
 * Runs a zip of so many readings and as many steps, each an entry of its own; how many milliseconds that takes.
 * @param {import('node:test').TestContext} t
 * @param {Page} page
 * @param {number} number
 */
async function runEntries(t, page, number) {
  const files = Object.fromEntries(
    many(reading, number).flatMap((record, at) => [
      [`r/${at}.json`, record],
      [`s/${at}.json`, step(at)],
    ]),
  );
  const paths = write(tempFolder(t), { 'export.zip': zip({ 'c.json': CUSTOMER, ...files }) });
  await page.waitForLoadState();
  const since = performance.now();
  await page.setInputFiles('#files', paths);
  await reached(page, 'done');
  const took = performance.now() - since;
  const entries = 2 * number + 1;
  t.diagnostic(`${entries} entries: ${(took / 1000).toFixed(1)} s, ${(took / entries).toFixed(2)} ms an entry`);
  return took;
}

test('a zip of 8,000 entries: every one is read, and in milliseconds for many', async (t) => {
  const { page: first } = await openPage(t, browser, 'http');
  const quarter = await runEntries(t, first, 1000);
  await first.close();
  const { page, errors } = await openPage(t, browser, 'http');
  const took = await runEntries(t, page, 4000);
  // Reading the directory again for each entry took 148 s, which grows with the square of their number.
  assert.ok(took < Math.max(30_000, 8 * quarter), `${took} ms, a quarter of it ${quarter} ms`);
  const all = await counts(page);
  assert.deepEqual(
    [all.accelerometer_landing.rows, all.step_trainer_landing.rows, all.machine_learning_curated.rows],
    [4000, 4000, 4000],
  );
  const saved = await report(page);
  assert.equal(saved.inputs.length, 8001);
  assert.deepEqual(
    saved.archives.map((/** @type {any} */ { sha256 }) => typeof sha256),
    ['string'],
  );
  assert.deepEqual(unbalanced(saved), []);
  assert.deepEqual(errors, []);
});

test('what is packed beside its files is used once, the first by name, as on the command line', async (t) => {
  const folder = tempFolder(t);
  const [readings, steps] = [many(reading, 3000).join(''), many(step, 3000).join('')];
  const entries = { 'c.json': CUSTOMER, 'r.json': readings, 'r.json.gz': gzipSync(readings), 's.json': steps };
  const other = zip({ 'deep/s.json': steps, 'deep/more.json': reading(3000) });
  const half = readings.length / 2;
  const paths = write(folder, {
    'a.zip': zip(entries),
    'b.zip': zip(entries),
    'c.zip': other,
    'c.json': CUSTOMER,
    'r.json': readings,
    'r.json.gz': Buffer.concat([gzipSync(readings.slice(0, half)), gzipSync(readings.slice(half))]),
    // As long as the steps, and other only at the end.
    's2.json': `${steps.slice(0, -5)}1}\n\n\n`,
  });
  const { page, errors } = await openPage(t, browser, 'file');
  await page.setInputFiles('#files', paths);
  await reached(page, 'done');
  const all = await counts(page);
  assert.deepEqual(
    [all.customer_landing.rows, all.accelerometer_landing.rows, all.step_trainer_landing.rows],
    [1, 3001, 6000],
  );
  const saved = await report(page);
  const originals = (/** @type {any} */ { inputs }, /** @type {string} */ root) =>
    Object.fromEntries(
      inputs.map((/** @type {any} */ { name, of }) => [name.replace(root, ''), of?.replace(root, '')]),
    );
  assert.deepEqual(originals(saved, ''), {
    'a.zip/c.json': undefined,
    'a.zip/r.json': undefined,
    'a.zip/r.json.gz': 'a.zip/r.json',
    'a.zip/s.json': undefined,
    'b.zip': 'a.zip',
    'c.json': 'a.zip/c.json',
    'c.zip/deep/s.json': 'a.zip/s.json',
    'c.zip/deep/more.json': undefined,
    'r.json': 'a.zip/r.json',
    'r.json.gz': 'a.zip/r.json',
    's2.json': undefined,
  });
  assert.match(await page.innerText('#inputs'), /The same bytes as a\.zip\/r\.json, which is used once/);
  assert.deepEqual(unbalanced(saved), []);
  assert.deepEqual(errors, []);

  const program = cli();
  if (!program) return t.diagnostic('the command line program is not built');
  const onDisk = join(tempFolder(t), 'report.json');
  program(['run', folder, '--out', join(tempFolder(t), 'lake'), '--report', onDisk]);
  assert.deepEqual(originals(JSON.parse(readFileSync(onDisk, 'utf8')), `${folder}/`), originals(saved, ''));
});

test('inputs that change after reading, with the same size and time, have no hash, and are named', async (t) => {
  const folder = tempFolder(t);
  const paths = write(folder, {
    'c.json': CUSTOMER,
    'r.json': reading(1),
    's.zip': zip({ 's.json': step(1) }),
    'same.json': reading(2),
  });
  const setTime = (/** @type {string} */ path) => utimesSync(path, 1_700_000_000, 1_700_000_000);
  paths.forEach(setTime);
  const { page, errors } = await openPage(t, browser, 'file');
  await holdHashing(page);
  await page.setInputFiles('#files', paths);
  await reached(page, 'done');
  await page.waitForFunction(() => 'hash' in globalThis);
  writeFileSync(paths[1], reading(7));
  writeFileSync(paths[2], zip({ 's.json': step(7) }));
  // The browser tells a changed file by its time, and does not see this.
  paths.forEach(setTime);
  await page.evaluate(() => /** @type {any} */ (globalThis).hash());
  const saved = await report(page);
  const sha256 = (/** @type {string} */ content) => createHash('sha256').update(content).digest('hex');
  assert.deepEqual(
    saved.inputs.map((/** @type {any} */ input) => input.sha256),
    [sha256(CUSTOMER), null, null, sha256(reading(2))],
  );
  assert.deepEqual(
    saved.archives.map((/** @type {any} */ archive) => archive.sha256),
    [null],
  );
  const told = saved.warnings.filter((/** @type {any} */ { code }) => ['input_changed', 'unhashed'].includes(code));
  assert.deepEqual(
    told.map((/** @type {any} */ { code, count }) => [code, count]),
    [['input_changed', 2]],
  );
  assert.match(await page.innerText('#hashing'), /Changed after reading: r\.json, s\.zip\./);
  assert.deepEqual(errors, []);
});
