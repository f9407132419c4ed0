// What people really drop: other framings, archives, duplicates, folders with litter, and files that are none of ours.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { counts, drop, launch, openPage, reached, report, tempFolder, unbalanced, whenScanned } from './harness.mjs';
import { zip } from './zip.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const PEOPLE = ['ann', 'ben', 'cat'];
const customer = (/** @type {string} */ who) => ({
  customerName: who,
  email: `${who}@example.org`,
  phone: '8015551212',
  birthDay: '1970-01-01',
  serialNumber: `serial-${who}`,
  registrationDate: 1000,
  lastUpdateDate: 1000,
  shareWithResearchAsOfDate: who === 'cat' ? null : 1000,
});
const reading = (/** @type {string} */ who, /** @type {number} */ time) => ({
  user: `${who}@example.org`,
  timestamp: time,
  x: 1,
  y: -0.5,
  z: 0,
});
const step = (/** @type {string} */ who, /** @type {number} */ time) => ({
  sensorReadingTime: time,
  serialNumber: `serial-${who}`,
  distanceFromObject: 200,
});
const lines = (/** @type {object[]} */ records) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

const CUSTOMERS = lines(PEOPLE.map(customer));
const READINGS = lines(PEOPLE.map((who) => reading(who, 2000)));
const STEPS = lines(PEOPLE.map((who) => step(who, 2000)));

/**
 * Writes files into a folder and returns their paths.
 * @param {string} folder
 * @param {Record<string, string | Buffer>} files
 */
function write(folder, files) {
  return Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  });
}

/** The status and the words of each input, as the page shows them. @param {import('playwright-core').Page} page */
async function shownInputs(page) {
  return Object.fromEntries(
    await page.$$eval('#inputs tbody tr', (rows) =>
      rows.map((row) => {
        const [name, status, words] = [...row.children].map((cell) => cell.textContent ?? '');
        return [name, `${status}: ${words}`];
      }),
    ),
  );
}

test('other framings and bad files among good ones: good rows are there, bad things are named', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.setInputFiles(
    '#files',
    write(tempFolder(t), {
      'customers.json': CUSTOMERS,
      'readings.json': READINGS,
      'steps.json': STEPS,
      'commas.json': `${JSON.stringify(reading('ann', 2001))},\n${JSON.stringify(reading('ben', 2001))},\n`,
      'no-separator.json': JSON.stringify(step('ann', 2001)) + JSON.stringify(step('ben', 2001)),
      'array.json': JSON.stringify([reading('ann', 2002), reading('cat', 2002)], null, 2),
      'cut.json': `${JSON.stringify(reading('ben', 2003))}\n{"user":"ann@exam`,
      'wrong.json': lines([step('ben', 2003), { ...step('ann', 2004), distanceFromObject: 'far' }]),
      'empty.json': '',
      'picture.png': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      'other.json': '{"colour":"red"}\n',
    }),
  );
  await reached(page, 'done');

  assert.deepEqual(await counts(page), {
    customer_landing: { in: 3, rows: 3, rejected: 0 },
    accelerometer_landing: { in: 9, rows: 8, rejected: 1 },
    step_trainer_landing: { in: 7, rows: 6, rejected: 1 },
    customer_trusted: { in: 3, rows: 2, rejected: 0 },
    accelerometer_trusted: { in: 8, rows: 6, rejected: 0 },
    customer_curated: { in: 2, rows: 2, rejected: 0 },
    step_trainer_trusted: { in: 6, rows: 5, rejected: 0 },
    machine_learning_curated: { in: 6, rows: 5, rejected: 0 },
  });
  const inputs = await shownInputs(page);
  for (const name of ['empty.json', 'picture.png', 'other.json']) assert.match(inputs[name], /^refused: \S/, name);
  assert.match(inputs['commas.json'], /^used: accelerometer_landing/);
  assert.equal(Object.keys(inputs).length, 11);

  const rejects = await page.$$eval('#rejects tbody tr', (rows) =>
    rows.map((row) => [...row.children].slice(0, 4).map((cell) => cell.textContent)),
  );
  const cutAt = JSON.stringify(reading('ben', 2003)).length + 1;
  const wrongAt = JSON.stringify(step('ben', 2003)).length + 1;
  assert.deepEqual(rejects, [
    ['cut.json', '2', String(cutAt), ''],
    ['wrong.json', '2', String(wrongAt), 'distancefromobject'],
  ]);
  assert.match(await page.innerText('#rejects'), /ann@exam/, 'the page shows the text');

  const saved = await report(page);
  assert.deepEqual(unbalanced(saved), []);
  assert.equal(JSON.stringify(saved).includes('ann@'), false, 'the report holds no value of a record');
  assert.deepEqual(errors, []);
});

test('gzip and zip: members and entries are inputs of their own', async (t) => {
  const { page } = await openPage(t, browser, 'http');
  await page.setInputFiles(
    '#files',
    write(tempFolder(t), {
      'readings.json.gz': Buffer.concat([gzipSync(READINGS), gzipSync(lines([reading('ann', 2001)]))]),
      'export.zip': zip({
        'customer/landing/customers.json': CUSTOMERS,
        'step_trainer/landing/steps.json': STEPS,
        '__MACOSX/._steps.json': 'x',
        'readme.txt': 'nothing',
      }),
      'broken.zip': Buffer.from('PK\x03\x04 and no more', 'latin1'),
    }),
  );
  await reached(page, 'done');
  const all = await counts(page);
  assert.equal(all.customer_landing.rows, 3);
  assert.equal(all.accelerometer_landing.rows, 4);
  assert.equal(all.step_trainer_landing.rows, 3);
  assert.equal(all.machine_learning_curated.rows, 2);
  const inputs = await shownInputs(page);
  assert.match(inputs['export.zip/step_trainer/landing/steps.json'], /^used: step_trainer_landing/);
  assert.match(inputs['export.zip/readme.txt'], /^refused/);
  assert.match(inputs['export.zip/__MACOSX/._steps.json'], /^skipped: hidden files/);
  assert.match(inputs['broken.zip'], /^refused: \S/);
});

test('a folder: paths are names, a file that is there twice is used once, litter is listed', async (t) => {
  const folder = tempFolder(t);
  write(join(folder, 'lake'), {
    'customer/a.json': CUSTOMERS,
    'accelerometer/a.json': READINGS,
    'accelerometer/copy of a.json': READINGS,
    'step_trainer/a.json': STEPS,
    'step_trainer/.DS_Store': 'litter',
  });
  const { page } = await openPage(t, browser, 'http');
  await drop(page, [join(folder, 'lake')]);
  await reached(page, 'done');
  assert.equal((await counts(page)).accelerometer_landing.rows, 3);
  const inputs = await shownInputs(page);
  assert.match(inputs['lake/accelerometer/copy of a.json'], /^duplicate: .*lake\/accelerometer\/a\.json/);
  assert.match(inputs['lake/step_trainer/.DS_Store'], /^skipped: hidden files/);
  assert.match(inputs['lake/customer/a.json'], /^used/);

  await page.setInputFiles('#folder', join(folder, 'lake'));
  await page.click('#replace-yes');
  await reached(page, 'done');
  assert.equal((await counts(page)).accelerometer_landing.rows, 3);
  assert.match((await shownInputs(page))['lake/customer/a.json'], /^used/);
});

test('withdrawals: who is listed is out everywhere, and the report says only how many', async (t) => {
  const { page } = await openPage(t, browser, 'http');
  await page.fill('#withdrawals', '  ANN@example.org \n\nnobody@example.org');
  await page.setInputFiles(
    '#files',
    write(tempFolder(t), { 'c.json': CUSTOMERS, 'r.json': READINGS, 's.json': STEPS }),
  );
  await reached(page, 'done');
  const all = await counts(page);
  assert.equal(all.customer_trusted.rows, 1);
  assert.equal(all.machine_learning_curated.rows, 1);
  const saved = await report(page);
  assert.equal(saved.options.withdrawals, 2);
  assert.equal(JSON.stringify(saved).toLowerCase().includes('ann@'), false);
});

test('nothing of use: the run fails, and each input is named with its reason', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  await page.setInputFiles('#files', write(tempFolder(t), { 'picture.png': Buffer.from('89504e470d0a1a0a', 'hex') }));
  await reached(page, 'failed');
  assert.match(await page.innerText('#status'), /No input could be used/);
  assert.match((await shownInputs(page))['picture.png'], /^refused.*no JSON/);
});

test('a file that changed after it was chosen is refused by name, and the others run', async (t) => {
  const folder = tempFolder(t);
  const paths = write(folder, { 'c.json': CUSTOMERS, 'r.json': READINGS, 's.json': STEPS });
  const { page } = await openPage(t, browser, 'http');
  await page.setInputFiles('#files', paths);
  await reached(page, 'done');
  // The page still holds the file as it was; the browser refuses to read another one in its place.
  writeFileSync(paths[1], `${READINGS}${READINGS}`);
  await page.click('#again');
  await reached(page, 'done');
  assert.match((await shownInputs(page))['r.json'], /^refused: .*(changed|read)/);
  assert.equal((await counts(page)).customer_trusted.rows, 2);
  assert.match(await page.innerText('#warnings'), /accelerometer/);
});

test('a file that changes in the middle of a run fails it, by name; without that file the others run', async (t) => {
  const folder = tempFolder(t);
  // Of nobody known, so that reading them takes a while and no memory.
  const many = lines([reading('zoe', 1)]).repeat(3_500_000);
  const paths = write(folder, { 'a.json': many, 'b.json': READINGS, 'c.json': CUSTOMERS, 's.json': STEPS });
  const { page } = await openPage(t, browser, 'http');
  // All files have been looked at then, and the large one comes before the one that changes.
  const scanned = await whenScanned(page);
  await page.setInputFiles('#files', paths);
  await scanned();
  writeFileSync(paths[1], lines([reading('ann', 3000), reading('ann', 3001)]));
  await page.waitForSelector('html[data-state="failed"]', { timeout: 120_000 });
  assert.match(await page.innerText('#status'), /^b\.json: .*changed/);
  assert.equal(
    await page.getAttribute('[data-table="customer_trusted"]', 'data-rows'),
    null,
    'nothing of it is shown as a result',
  );

  await page.click('#without');
  await reached(page, 'done');
  assert.match((await shownInputs(page))['b.json'], /^refused: Left out/);
  assert.equal((await counts(page)).accelerometer_landing.rows, 3_500_000);
});

test('a large file whose records span lines is read right, though no range suits it', async (t) => {
  const { page } = await openPage(t, browser, 'http');
  // The second line of each record looks like the first of another.
  const record = `{"user":"zoe@example.org","timestamp":1,"x":1.0,"y":1.0,"z":1.0,"extra":\n{"a":1}}\n`;
  await page.setInputFiles('#files', write(tempFolder(t), { 'a.json': record.repeat(150_000), 'c.json': CUSTOMERS }));
  await reached(page, 'done');
  assert.deepEqual((await counts(page)).accelerometer_landing, { rows: 150_000, in: 150_000, rejected: 0 });
});

test('a key file that is missing, empty or too large is asked about before the run', async (t) => {
  const [empty, large] = write(tempFolder(t), { 'empty.key': '\n', 'large.key': 'k'.repeat(70_000) });
  const { page } = await openPage(t, browser, 'http');
  await page.selectOption('[name="key"]', 'file');
  await page.click('#sample');
  assert.match(await page.innerText('#notice'), /key file/);
  assert.equal(await page.getAttribute('html', 'data-state'), 'idle');
  await page.setInputFiles('#key-file', large);
  await page.click('#sample');
  assert.match(await page.innerText('#notice'), /too large/);
  await page.setInputFiles('#key-file', empty);
  await page.click('#sample');
  await page.waitForSelector('html[data-state="failed"]');
  assert.match(await page.innerText('#status'), /empty/);
});
