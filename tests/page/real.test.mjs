// The real export: the counts of ../shared/data/README.md, and the same bytes as the command line's.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import {
  SAVED,
  choose,
  cli,
  counts,
  download,
  drop,
  filesUnder,
  launch,
  longestTask,
  noRealData,
  openPage,
  reached,
  realData,
  report,
  rowsOut,
  tempFolder,
  today,
  unbalanced,
} from './harness.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** @param {number[]} rows in the order of the pipeline */
const tables = ([customers, accelerometer, steps, trusted, accelerometerTrusted, curated, stepsTrusted, learning]) => ({
  customer_landing: customers,
  accelerometer_landing: accelerometer,
  step_trainer_landing: steps,
  customer_trusted: trusted,
  accelerometer_trusted: accelerometerTrusted,
  customer_curated: curated,
  step_trainer_trusted: stepsTrusted,
  machine_learning_curated: learning,
});
const SEED_RULE = tables([956, 81273, 28680, 482, 40981, 482, 14460, 40981]);
const TIME_ONLY = tables([956, 81273, 28680, 482, 40981, 482, 14460, 43681]);
const AS_OF = tables([956, 81273, 28680, 482, 32025, 464, 11297, 32025]);
/** The course's extra task; its own 14,460 step readings are counted by another table. */
const AS_OF_PHONE = tables([956, 81273, 28680, 482, 32025, 464, 13920, 34437]);

/** Where the command line writes each table, as in the original lake. @type {Record<string, string>} */
const FOLDERS = {
  customer_trusted: 'customer/trusted',
  customer_curated: 'customer/curated',
  accelerometer_trusted: 'accelerometer/trusted',
  step_trainer_trusted: 'step_trainer/trusted',
  machine_learning_curated: 'step_trainer/curated',
};

describe('the real export', { skip: noRealData }, () => {
  for (const by of /** @type {const} */ (['http', 'file'])) {
    test(`over ${by}: the counts of each set of options`, async (t) => {
      const { page, errors } = await openPage(t, browser, by);
      await page.setInputFiles('#files', filesUnder(realData));
      await reached(page, 'done');
      assert.deepEqual(await rowsOut(page), SEED_RULE);

      await choose(page, { join: 'time' });
      await page.waitForFunction(() => document.documentElement.dataset.following === undefined);
      assert.deepEqual(await rowsOut(page), TIME_ONLY, 'at once, from what the run holds');
      assert.match(await page.innerText('#warnings'), /2,700/, 'the pairs of different people are counted');

      await choose(page, { join: 'owner', consent: 'as-of' });
      await page.click('#again');
      await reached(page, 'done');
      assert.deepEqual(await rowsOut(page), AS_OF);

      const saved = await report(page);
      assert.deepEqual(unbalanced(saved), []);
      assert.equal(saved.options.consent, 'as-of');

      await choose(page, { consent: 'as-of-phone', join: 'time' });
      await page.click('#again');
      await reached(page, 'done');
      assert.deepEqual(await rowsOut(page), AS_OF_PHONE);
      assert.deepEqual(unbalanced(await report(page)), []);
      assert.equal(await page.isVisible('#warnings [data-warning="consent_as_of_phone"]'), true);
      assert.deepEqual(errors, []);
      const longest = await longestTask(page);
      t.diagnostic(`longest task of the main thread: ${longest ? `${longest} ms` : 'none over 50 ms'}`);
    });
  }

  test('dropped as a folder: files have their paths, and the counts are the same', async (t) => {
    const { page } = await openPage(t, browser, 'http');
    await drop(page, [realData]);
    await reached(page, 'done');
    assert.deepEqual(await rowsOut(page), SEED_RULE);
    const all = await counts(page);
    assert.deepEqual(all.accelerometer_landing, { rows: 81273, in: 81273, rejected: 0 });
    assert.equal(all.customer_trusted.in, 956);
    assert.match(await page.innerText('#inputs'), /stedi\/customer\/landing\/customer-1691348231425\.json/);
  });

  test('the five files: sound Parquet, and byte for byte those of the command line', async (t) => {
    const folder = tempFolder(t);
    const keyFile = join(folder, 'a.key');
    writeFileSync(keyFile, 'one key for both\n');
    const { page } = await openPage(t, browser, 'file');
    await choose(page, { key: 'file' });
    await page.setInputFiles('#key-file', keyFile);
    await page.setInputFiles('#files', filesUnder(realData));
    await reached(page, 'done');
    assert.equal((await report(page)).options.key, 'given');
    assert.equal(await page.isVisible('[data-download="key"]'), false, 'a given key is not offered again');

    /** @type {Record<string, Record<string, any>[]>} */
    const rows = {};
    /** @type {Record<string, Buffer>} */
    const files = {};
    for (const table of SAVED) {
      const { name, bytes } = await download(page, table);
      assert.match(name, new RegExp(`^stedi-${table}-${today()}.*\\.parquet$`));
      const file = Uint8Array.from(bytes).buffer;
      assert.equal(Number(parquetMetadata(file).num_rows), SEED_RULE[/** @type {keyof typeof SEED_RULE} */ (table)]);
      rows[table] = await parquetReadObjects({ file });
      files[table] = bytes;
    }
    assert.deepEqual(sums(rows), expectedSums());
    const subjects = new Set(rows.machine_learning_curated.map(({ subject }) => subject));
    assert.ok(
      [...subjects].every((subject) => /^[0-9a-f]{32}$/.test(subject)),
      'a subject is 128 bits in hex',
    );

    const run = cli();
    if (!run) return t.diagnostic('SKIPPED: the command line program is not built, so its files were not compared');
    run(['run', realData, '--out', folder, '--key-file', keyFile]);
    for (const table of SAVED) {
      const [written, ...more] = filesUnder(join(folder, FOLDERS[table])).filter((path) => path.endsWith('.parquet'));
      assert.deepEqual(more, []);
      assert.ok(readFileSync(written).equals(files[table]), `${table} differs from the command line's`);
    }
  });

  test('a saved random key, given to the command line, gives the same pseudonyms', async (t) => {
    const folder = tempFolder(t);
    const { page } = await openPage(t, browser, 'http');
    await page.setInputFiles('#files', filesUnder(realData));
    await reached(page, 'done');
    assert.equal((await report(page)).options.key, 'random');
    const { bytes: key } = await download(page, 'key');
    assert.match(key.toString(), /^[0-9a-f]{64}\n$/);
    const { bytes } = await download(page, 'machine_learning_curated');

    const run = cli();
    if (!run) return t.skip('the command line program is not built');
    writeFileSync(join(folder, 'saved.key'), key);
    run(['run', realData, '--out', folder, '--key-file', join(folder, 'saved.key')]);
    const [written] = filesUnder(join(folder, FOLDERS.machine_learning_curated)).filter((path) =>
      path.endsWith('.parquet'),
    );
    assert.ok(readFileSync(written).equals(bytes));
  });
});

/** Sums over columns of what was downloaded. @param {Record<string, Record<string, any>[]>} rows */
function sums(rows) {
  const sum = (/** @type {string} */ table, /** @type {string} */ column) =>
    rows[table].reduce((total, row) => total + BigInt(Math.round(Number(row[column]))), 0n);
  return {
    users: new Set(rows.accelerometer_trusted.map(({ user }) => user)).size,
    accelerometerTimes: sum('accelerometer_trusted', 'timestamp'),
    x: sum('accelerometer_trusted', 'x'),
    steps: sum('step_trainer_trusted', 'distancefromobject'),
    stepTimes: sum('step_trainer_trusted', 'sensorreadingtime'),
    consentDates: sum('customer_trusted', 'sharewithresearchasofdate'),
  };
}

/** The same sums, read naively from the export, which is clean and has one record a line. */
function expectedSums() {
  const read = (/** @type {string} */ kind) =>
    filesUnder(join(realData, kind)).flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    );
  const customers = read('customer').filter((customer) => customer.shareWithResearchAsOfDate > 0);
  const emails = new Set(customers.map(({ email }) => email));
  const readings = read('accelerometer').filter(({ user }) => emails.has(user));
  const users = new Set(readings.map(({ user }) => user));
  const serials = new Set(customers.filter(({ email }) => users.has(email)).map(({ serialNumber }) => serialNumber));
  const steps = read('step_trainer').filter(({ serialNumber }) => serials.has(serialNumber));
  const sum = (/** @type {any[]} */ rows, /** @type {string} */ field) =>
    rows.reduce((total, row) => total + BigInt(Math.round(row[field])), 0n);
  return {
    users: users.size,
    accelerometerTimes: sum(readings, 'timestamp'),
    x: sum(readings, 'x'),
    steps: sum(steps, 'distanceFromObject'),
    stepTimes: sum(steps, 'sensorReadingTime'),
    consentDates: sum(customers, 'shareWithResearchAsOfDate'),
  };
}
