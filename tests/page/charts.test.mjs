// Charts: what they are drawn from, that each can be read without being seen, and one subject over time.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { binTimes, findOwner, findOwners, readSeries, sumOwners } from '../../www/series.js';
import { launch, openPage, reached, rowsOut } from './harness.mjs';
import { longest } from './trace.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** @type {import('../../www/types.js').Column[]} */
const COLUMNS = [
  { name: 'subject', type: 'string', key: true, meaning: '' },
  { name: 'time', type: 'bigint', key: true, meaning: '' },
  { name: 'x', type: 'double', key: false, meaning: '' },
];

/** A table in memory, read in parts of three rows. @param {[string, number, number | null][]} rows */
const tableOf = (rows) => ({
  rows: rows.length,
  columns: COLUMNS.map(({ name }) => name),
  /** @param {string[]} wanted @param {number} start @param {number} end */
  async *read(wanted, start, end) {
    for (let at = start; at < end; at += 3) {
      const part = rows.slice(at, Math.min(end, at + 3));
      yield {
        start: at,
        end: at + part.length,
        values: wanted.map((name) =>
          part.map((row) =>
            name === 'time' ? BigInt(row[1]) : row[COLUMNS.findIndex((column) => column.name === name)],
          ),
        ),
      };
    }
  },
});

test('times go into bins of a width that has a name; nothing is lost', async () => {
  const day = 86_400_000;
  const times = Array.from({ length: 1000 }, (_, n) => 3 * day + n * 700_000);
  const table = tableOf(times.map((time) => ['a', time, 0]));
  const bins = await binTimes([
    { name: 'one', table, columns: COLUMNS },
    { name: 'none', table: tableOf([]), columns: COLUMNS },
  ]);
  assert.equal(bins.width, 3_600_000);
  assert.equal(bins.start, 3 * day);
  assert.equal(
    bins.counts[0].reduce((a, b) => a + b),
    1000,
  );
  assert.ok(bins.counts[0].length <= 240 && bins.counts[0].length === bins.counts[1].length);
  assert.deepEqual((await binTimes([{ name: 'none', table: tableOf([]), columns: COLUMNS }])).counts, [[]]);
});

test('subjects are counted over the seams of parts, and found by their first letters', async () => {
  const table = tableOf([
    ['ab', 1, 0],
    ['ab', 2, 0],
    ['ac', 1, 0],
    ['ac', 2, 0],
    ['ac', 3, 0],
    ['b', 1, 0],
  ]);
  const owners = await findOwners(table, COLUMNS);
  assert.deepEqual(owners, [
    { subject: 'ac', start: 2, rows: 3 },
    { subject: 'ab', start: 0, rows: 2 },
    { subject: 'b', start: 5, rows: 1 },
  ]);
  const { listed, ...sums } = sumOwners(owners);
  assert.deepEqual(sums, {
    count: 3,
    most: 3,
    median: 2,
    least: 1,
    curve: [
      [1, 3],
      [2, 2],
      [3, 1],
    ],
  });
  assert.equal(findOwner(owners, 'b')?.subject, 'b');
  assert.equal(findOwner(owners, 'a'), undefined);
  assert.equal(findOwner(owners, ''), undefined);
  assert.equal(sumOwners([]).count, 0);
});

test('what is drawn of a long series has every peak, and no more points than the screen', async () => {
  const rows = Array.from(
    { length: 50_000 },
    (_, n) =>
      /** @type {[string, number, number | null]} */ (['a', n, n === 31_234 ? 99 : n === 7 ? null : Math.sin(n)]),
  );
  const table = tableOf(rows);
  const [owner] = await findOwners(table, COLUMNS);
  const series = await readSeries(table, COLUMNS, owner);
  assert.equal(series.rows, 50_000);
  assert.ok(series.times.length < 1300, `${series.times.length}`);
  assert.deepEqual(
    [...series.times].sort((a, b) => a - b),
    series.times,
  );
  assert.equal(series.measures[0].most, 99);
  assert.ok(series.measures[0].values.includes(99));
  const part = await readSeries(table, COLUMNS, owner, 100, 199);
  assert.deepEqual([part.rows, part.times[0], part.times.at(-1)], [100, 100, 199]);
});

test('every chart is there, says its words, and has a table; a subject is chosen and zoomed into', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  assert.equal(await page.locator('#charts canvas').count(), 0, 'nothing is drawn before it is seen');
  const drawing = await longest(browser, page, async () => {
    await page.locator('#charts').scrollIntoViewIfNeeded();
    await page.waitForSelector('#charts .measures tbody tr');
    await page.waitForTimeout(300);
  });
  t.diagnostic(`longest task while the charts are made: ${drawing.cpu} ms (by the clock ${drawing.wall} ms)`);
  assert.ok(drawing.cpu > 0);

  const rows = await rowsOut(page);
  const funnel = await page.innerText('.funnel');
  for (const table of [
    'customer_landing',
    'customer_trusted',
    'customer_curated',
    'accelerometer_trusted',
    'step_trainer_trusted',
    'machine_learning_curated',
  ]) {
    assert.ok(funnel.includes(rows[table].toLocaleString('en-US')), table);
  }
  assert.match(funnel, /Joined: [\d,]+ rows of \d+ subjects/);
  const names = await page.$$eval('#charts [role="img"]', (plots) =>
    plots.map((plot) => plot.getAttribute('aria-label') ?? ''),
  );
  assert.equal(names.length, 6);
  assert.match(
    names[0],
    new RegExp(
      `Readings over time.*machine_learning_curated ${rows.machine_learning_curated.toLocaleString('en-US')} rows`,
    ),
  );
  assert.match(names[1], /Rows per subject\. \d+ subjects: \d+ to \d+ rows/);
  assert.match(names[2], /distancefromobject from -?[\d.]+ to [\d.]+/);
  assert.equal(await page.locator('#charts canvas').count(), 6);

  for (const details of await page.locator('#charts details').all()) await details.locator('summary').click();
  const bins = await page.$$eval('[aria-label="Readings over time"] tbody tr', (all) =>
    all.map((row) => Number(row.lastElementChild?.textContent?.replaceAll(',', ''))),
  );
  assert.equal(
    bins.reduce((a, b) => a + b, 0),
    rows.machine_learning_curated,
    'the table has all that the chart has',
  );

  const words = () => page.innerText('[aria-label="One subject"] [role="status"]');
  const first = await words();
  const count = (/** @type {string} */ text) => Number(/([\d,]+) rows?/.exec(text)?.[1].replaceAll(',', ''));
  const changed = (/** @type {string} */ from) =>
    page.waitForFunction(
      (text) =>
        /** @type {HTMLElement} */ (document.querySelector('[aria-label="One subject"] [role="status"]')).innerText !==
        text,
      from,
    );
  await page.selectOption('[aria-label="Subject"]', { index: 3 });
  await changed(first);
  const whole = await words();
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await changed(whole);
  const half = await words();
  assert.ok(count(half) < count(whole) * 0.7, `${half} of ${whole}`);
  const over = await page.locator('[aria-label="One subject"] .u-over').nth(1).boundingBox();
  assert.ok(over);
  await page.mouse.move(over.x + over.width * 0.4, over.y + 20);
  assert.notEqual(
    await page.innerText('.measures tbody tr:first-child td:last-child'),
    '–',
    'the pointer is on every chart at once',
  );
  await page.mouse.down();
  await page.mouse.move(over.x + over.width * 0.6, over.y + 20, { steps: 4 });
  await page.mouse.up();
  await changed(half);
  assert.ok(count(await words()) < count(half) * 0.5, await words());
  await page.getByRole('button', { name: 'Whole time' }).click();
  await page.waitForFunction(
    (text) =>
      /** @type {HTMLElement} */ (document.querySelector('[aria-label="One subject"] [role="status"]')).innerText ===
      text,
    whole,
  );
  assert.deepEqual(errors, []);
});
