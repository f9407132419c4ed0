// The files that tell of a run, and the comparison with an earlier one.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import {
  SAVED,
  choose,
  cli,
  download,
  filesUnder,
  holdHashing,
  launch,
  longestTask,
  openPage,
  part,
  reached,
  report,
  tempFolder,
  today,
  unbalanced,
  beyondWidth,
} from './harness.mjs';
import { zip } from './zip.mjs';

/** @typedef {import('playwright-core').Page} Page */

const pictures = fileURLToPath(new URL('../../test-results', import.meta.url));

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const line = (/** @type {object} */ record) => `${JSON.stringify(record)}\n`;
const customer = (/** @type {string} */ who) =>
  line({ email: `${who}@example.org`, serialNumber: `serial-${who}`, shareWithResearchAsOfDate: 1000 });
const reading = (/** @type {string} */ who, /** @type {number} */ time) =>
  line({ user: `${who}@example.org`, timestamp: time, x: 1, y: -0.5, z: 0 });
const step = (/** @type {string} */ who, /** @type {number} */ time) =>
  line({ sensorReadingTime: time, serialNumber: `serial-${who}`, distanceFromObject: 200 });
const CUSTOMERS = ['ann', 'ben'].map(customer).join('');
const READINGS = ['ann', 'ben'].flatMap((who) => [reading(who, 2000), reading(who, 2001)]).join('');
const STEPS = ['ann', 'ben'].map((who) => step(who, 2000)).join('');

/** @param {string | Buffer} content */
const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/** Writes files and returns their paths. @param {string} folder @param {Record<string, string | Buffer>} files */
function write(folder, files) {
  return Object.entries(files).map(([name, content]) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  });
}

/** Answers what is asked before results of an earlier run are replaced. @param {Page} page @param {string[]} files */
async function run(page, files) {
  await page.setInputFiles('#files', files);
  if (await page.isVisible('#replace')) await page.click('#replace-yes');
  await page.waitForFunction(() => document.documentElement.dataset.state !== 'running');
  await reached(page, 'done');
}

/**
 * Chooses an earlier report and gives what the page says at last.
 * @param {Page} page
 * @param {string | { name: string, mimeType: string, buffer: Buffer }} file
 */
async function compareWith(page, file) {
  await page.setInputFiles('#earlier', file);
  await page.waitForFunction(
    () => !/^(Comparing|$)/.test(document.querySelector('#compare-verdict')?.textContent ?? ''),
  );
  return page.innerText('#compare-verdict');
}

/** The cells of a table's line. @param {Page} page @param {string} table */
async function changes(page, table) {
  return page.$$eval(`[data-changed="${table}"] td`, (cells) => cells.map((cell) => cell.textContent));
}

test('report, lineage and Croissant are offered with the hashes of all inputs and outputs', async (t) => {
  const packed = zip({ 'deep/steps.json': STEPS, 'notes.txt': 'nothing' });
  const { page, errors } = await openPage(t, browser, 'file');
  await run(
    page,
    write(tempFolder(t), {
      'c.json': CUSTOMERS,
      'copy of c.json': CUSTOMERS,
      'r.json': READINGS,
      's.zip': packed,
      'x.png': 'no JSON',
    }),
  );
  const saved = await report(page);
  assert.equal(saved.version, 3);
  assert.deepEqual(saved.files, [], 'a report that is saved alone names no files of a lake');
  assert.match(saved.tool.commit, /^[0-9a-f]{12}(-dirty)?$/);
  assert.equal(saved.tool.wasm_sha256, await page.innerText('#wasm-sha256'));
  const hashes = Object.fromEntries(
    saved.inputs.map((/** @type {any} */ { name, sha256: hash, archive }) => [name, hash ?? archive]),
  );
  assert.deepEqual(hashes, {
    'c.json': sha256(CUSTOMERS),
    'copy of c.json': sha256(CUSTOMERS),
    'r.json': sha256(READINGS),
    'x.png': sha256('no JSON'),
    's.zip/deep/steps.json': 's.zip',
    's.zip/notes.txt': 's.zip',
  });
  assert.deepEqual(saved.archives, [{ name: 's.zip', bytes: packed.length, sha256: sha256(packed) }]);
  for (const output of saved.outputs) {
    const { name, bytes } = await download(page, output.table);
    assert.deepEqual([output.file, output.bytes, output.sha256], [name, bytes.length, sha256(bytes)]);
  }
  assert.equal(saved.privacy.owners, 2);
  assert.equal(saved.privacy.timestamps_of_one_subject, 0);
  assert.equal(await page.innerText('#meaning'), saved.privacy.meaning);
  assert.equal(saved.quality.tables.machine_learning_curated.subjects, 2);
  assert.match(saved.quality.verdict, /no labels: steps cannot be learned from this\./);
  // As the core says it, but for numbers, which are the reader's.
  const verdict = saved.quality.verdict.replaceAll(/\d{4,}/g, (/** @type {string} */ number) =>
    Number(number).toLocaleString('en'),
  );
  assert.equal(await page.innerText('#quality'), verdict);

  const { name, bytes } = await download(page, 'lineage');
  const lineage = JSON.parse(bytes.toString());
  assert.equal(name, `stedi-lineage-${today()}.json`);
  assert.match(lineage.run.runId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(Math.abs(Date.parse(lineage.eventTime) - Date.now()) < 60_000);
  assert.deepEqual(
    lineage.outputs.map((/** @type {any} */ output) => output.name),
    SAVED,
  );
  const croissant = JSON.parse((await download(page, 'croissant')).bytes.toString());
  assert.equal(croissant.distribution[0].contentUrl, `stedi-machine_learning_curated-${today()}.parquet`);
  assert.equal(croissant.distribution[0].sha256, saved.outputs[4].sha256);
  assert.deepEqual(errors, []);
});

test('the audit of a run is the command line’s, but for names, key and build', async (t) => {
  const program = cli();
  if (!program) return t.skip('the command line program is not built');
  const folder = tempFolder(t);
  mkdirSync(join(folder, 'in'));
  write(join(folder, 'in'), { 'c.json': CUSTOMERS, 'r.json': READINGS, 's.json': STEPS });
  const { page } = await openPage(t, browser, 'http');
  await choose(page, { key: 'file' });
  const [key] = write(folder, { key: 'a key' });
  await page.setInputFiles('#key-file', key);
  await run(page, filesUnder(join(folder, 'in')));
  const onPage = join(folder, 'page.json');
  writeFileSync(onPage, (await download(page, 'report')).bytes);
  const onDisk = join(folder, 'disk.json');
  program(['run', join(folder, 'in'), '--out', join(folder, 'lake'), '--report', onDisk, '--key-file', key]);

  const difference = JSON.parse(program(['diff', onDisk, onPage, '--json']));
  assert.deepEqual([difference.options, difference.privacy], [[], []]);
  assert.equal(difference.inputs.renamed.length, 3, 'the same files under other names');
  for (const table of SAVED) assert.equal(difference.tables[table].same_bytes, true, table);
  assert.match(await compareWith(page, onDisk), /^disk\.json: nothing differs/);
});

test('an earlier report: rows gained and lost, and why; options; inputs', async (t) => {
  const folder = tempFolder(t);
  const [customers, readings, steps, more, other] = write(folder, {
    'c.json': CUSTOMERS,
    'r.json': READINGS,
    's.json': STEPS,
    'more.json': `${reading('ann', 2000)}rubbish`,
    'other.json': reading('ben', 5),
  });
  const { page, errors } = await openPage(t, browser, 'file');
  await run(page, [customers, readings, steps, other]);
  const earlier = join(folder, 'report.json');
  writeFileSync(earlier, (await download(page, 'report')).bytes);
  assert.match(await compareWith(page, earlier), /^report\.json: nothing differs/);

  await page.fill('#withdrawals', 'ben@example.org');
  await run(page, [customers, readings, steps, more]);
  assert.equal(await page.innerText('#compare-verdict'), '', 'a comparison is of its run');
  assert.match(await compareWith(page, earlier), /6 tables, 1 option and 2 inputs differ/);
  assert.deepEqual(await changes(page, 'customer_trusted'), ['2', '–', '−1', '1', '1 more left out (withdrawn)']);
  assert.deepEqual(await changes(page, 'accelerometer_landing'), [
    '5',
    '+1',
    '−1',
    '5',
    'rows in +1, 1 more rejected (not valid JSON)',
  ]);
  assert.deepEqual(await changes(page, 'accelerometer_trusted'), ['5', '–', '−2', '3', '2 more left out (withdrawn)']);
  await part(page, 'compare');
  const words = await page.innerText('#compare-result');
  for (const wanted of [
    /^Before: the run whose report is report\.json\. Now: the run on this page\./,
    /Withdrawals\s+0 → 1/,
    /3 inputs the same, by SHA-256/,
    /Added: 1\s+more\.json/,
    /Removed: 1\s+other\.json/,
    /People with a customer record\s+in customer_trusted\s+2 → 1\s+left out\s+0 → 1/,
    /people\s+2 → 1/,
    /random key/,
  ]) {
    assert.match(words, wanted);
  }
  assert.deepEqual(errors, []);

  mkdirSync(pictures, { recursive: true });
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    assert.equal(await beyondWidth(page), 0, `${width}`);
    await page.locator('#compare').screenshot({ path: join(pictures, `compare-${width}.png`) });
  }
});

test('a report of version 1 is understood, and another file is refused without a word of it', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  await run(page, write(tempFolder(t), { 'c.json': CUSTOMERS }));
  const { bytes } = await download(page, 'report');
  const { archives, outputs, files, privacy, ...old } = JSON.parse(bytes.toString());
  for (const input of old.inputs) delete input.sha256;
  old.version = 1;
  old.tool = { name: old.tool.name, version: old.tool.version };
  const file = (/** @type {string} */ text) => ({
    name: 'old.json',
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  });
  await compareWith(page, file(JSON.stringify(old)));
  assert.match(await page.innerText('#compare-result'), /1 input the same, by name and size/);

  for (const text of [
    '',
    CUSTOMERS,
    '{"format":"stedi-lakehouse-report","version":9}',
    bytes.toString().slice(0, 300),
  ]) {
    const verdict = await compareWith(page, file(text));
    assert.match(verdict, /^old\.json: this is no report of stedi-lakehouse/);
    assert.doesNotMatch(verdict, /example/);
    assert.equal(await page.innerText('#compare-result'), '');
  }
});

test('a run is shown before it is hashed, and the hashing ends with it', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  // Hashing takes as long as the test wants: what its worker says of the end waits.
  await page.addInitScript(() => {
    const own = /** @type {any} */ (globalThis);
    own.ended = 0;
    own.Worker = class extends Worker {
      /** @param {any} message @param {any} transfer */
      postMessage(message, transfer) {
        /** @type {any} */ (this).hashes ||= message.method === 'audit';
        super.postMessage(message, transfer);
      }
      terminate() {
        if (/** @type {any} */ (this).hashes) own.ended += 1;
        super.terminate();
      }
      get onmessage() {
        return super.onmessage;
      }
      set onmessage(listener) {
        super.onmessage =
          listener &&
          ((event) => {
            if (event.data?.result?.files?.lineage === undefined) return listener.call(this, event);
            own[own.goOn ? 'second' : 'goOn'] = () => listener.call(this, event);
          });
      }
    };
  });
  await page.reload();
  const files = write(tempFolder(t), { 'c.json': CUSTOMERS, 'r.json': READINGS, 's.json': STEPS });
  await run(page, files);
  assert.match(await page.innerText('#hashing'), /Hashing inputs: /);
  assert.equal(await page.isDisabled('[data-download="report"]'), true);
  assert.equal(await page.isEnabled('[data-download="machine_learning_curated"]'), true);
  await page.waitForFunction(() => 'goOn' in globalThis);
  await run(page, files);
  await page.waitForFunction(() => /** @type {any} */ (globalThis).ended === 1);
  await page.evaluate(() => /** @type {any} */ (globalThis).goOn());
  assert.equal(await page.isDisabled('[data-download="report"]'), true, 'what comes of the earlier run is too late');
  await page.waitForFunction(() => 'second' in globalThis);
  await page.evaluate(() => /** @type {any} */ (globalThis).second());
  assert.deepEqual(unbalanced(await report(page)), []);
  assert.equal(await page.innerText('#hashing'), '');
  assert.deepEqual(errors, []);
});

test('a file that is gone when it is hashed has no hash, and the report says so', async (t) => {
  const folder = tempFolder(t);
  const files = write(folder, { 'c.json': CUSTOMERS, 'r.json': READINGS });
  const { page } = await openPage(t, browser, 'file');
  await holdHashing(page);
  await run(page, files);
  await page.waitForFunction(() => 'hash' in globalThis);
  writeFileSync(files[1], `${READINGS}\n`);
  await page.evaluate(() => /** @type {any} */ (globalThis).hash());
  const saved = await report(page);
  assert.deepEqual(
    saved.inputs.map((/** @type {any} */ input) => input.sha256),
    [sha256(CUSTOMERS), null],
  );
  assert.equal(saved.warnings.find((/** @type {any} */ { code }) => code === 'unhashed').count, 1);
});

test('the sample is hashed', async (t) => {
  const { page } = await openPage(t, browser, 'http');
  await page.click('#sample');
  await reached(page, 'done');
  const since = Date.now();
  const saved = await report(page);
  t.diagnostic(
    `hashed ${saved.inputs.reduce((/** @type {number} */ sum, /** @type {any} */ { bytes }) => sum + bytes, 0)} ` +
      `bytes in ${Date.now() - since} ms`,
  );
  assert.ok(saved.inputs.every((/** @type {any} */ input) => /^[0-9a-f]{64}$/.test(input.sha256)));
  t.diagnostic(`the page was busy for ${Math.round(await longestTask(page))} ms at most`);
});
