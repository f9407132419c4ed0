// What charts are drawn from.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  binTimes,
  findOwner,
  findOwners,
  readSeries,
  readSubject,
  sumOwners,
} from '../../../../www/worker/explore/series.js';

/** @type {import('../../../../www/shared/core.js').Column[]} */
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
  const part = await readSeries(table, COLUMNS, owner, { from: 100, to: 199 });
  assert.deepEqual([part.rows, part.times[0], part.times.at(-1)], [100, 100, 199]);
});

test('all rows of a subject are read by columns, over the seams of parts, and a null is no number', async () => {
  const table = tableOf([
    ['a', 1, 7],
    ['b', 5, 0.5],
    ['b', 5, null],
    ['b', 9, -2],
    ['b', 12, 3],
    ['c', 1, 8],
  ]);
  const { times, measured } = await readSubject(table, COLUMNS, { subject: 'b', start: 1, rows: 4 });
  assert.deepEqual([...times], [5n, 5n, 9n, 12n]);
  assert.deepEqual([...measured], [0.5, Number.NaN, -2, 3]);
});
