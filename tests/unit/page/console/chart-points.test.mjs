// What a chart of a result is drawn from: numbers, dates and texts across.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointsOf, timeOf } from '../../../../www/page/console/chart-points.js';

const DAY = Date.UTC(2022, 5, 18);
const [NUMBER, TEXT] = [false, true].map((isText) => ({ at: 0, isText }));

/** @type {[string, number][]} */
const TIMES = [
  ['2022-06-18', DAY],
  ['2022-06-18T00:00:00', DAY],
  ['2022-06-18 00:00:01.250', DAY + 1250],
  ['2022-06-18T00:00:00.000123456', DAY],
  ['2022-06-18T02:00:00+02:00', DAY],
  ['2022-06-18T00:00:00Z', DAY],
];

for (const [text, time] of TIMES) test(`${text} is a time`, () => assert.equal(timeOf(text), time));

for (const text of ['', '2022', '18.06.2022', '2022-06-18 day', '2022-13-45', 'ann@example.org'])
  test(`${JSON.stringify(text)} is no time`, () => assert.ok(Number.isNaN(timeOf(text))));

test('numbers are drawn in the order of the first, and rows without both are not drawn', () => {
  const rows = [
    ['3', '30'],
    ['1', '10'],
    [null, '5'],
    ['2', null],
  ];
  assert.deepEqual(pointsOf(rows, NUMBER, 1), {
    points: [
      [1, 10],
      [3, 30],
    ],
    isTime: false,
  });
});

test('without a column across it is the number of the row', () => {
  assert.deepEqual(pointsOf([['7'], ['8']], { at: -1, isText: false }, 0).points, [
    [1, 7],
    [2, 8],
  ]);
});

test('whole numbers of milliseconds since 1973 are times, if all are', () => {
  const all = [
    [String(DAY), '1'],
    [String(DAY + 1), '2'],
  ];
  assert.equal(pointsOf(all, NUMBER, 1).isTime, true);
  assert.equal(pointsOf([...all, ['5', '3']], NUMBER, 1).isTime, false);
  assert.equal(pointsOf([], NUMBER, 1).isTime, false);
});

test('texts that are all dates are drawn by time, whatever their order', () => {
  const rows = [
    ['2022-06-19T00:00:00', '2'],
    ['2022-06-18T00:00:00', '1'],
    [null, '9'],
  ];
  assert.deepEqual(pointsOf(rows, TEXT, 1), {
    points: [
      [DAY, 1],
      [DAY + 86_400_000, 2],
    ],
    isTime: true,
  });
});

test('other texts are drawn by rank, in the order of the result; equal texts share theirs', () => {
  const rows = [
    ['b', '1'],
    ['a', '2'],
    ['b', '3'],
    ['2022-06-18', '4'],
    [null, '5'],
  ];
  assert.deepEqual(pointsOf(rows, TEXT, 1), {
    points: [
      [1, 1],
      [1, 3],
      [2, 2],
      [3, 4],
    ],
    isTime: false,
    texts: ['b', 'a', '2022-06-18'],
  });
  assert.deepEqual(pointsOf([[null, '1']], TEXT, 1), { points: [], isTime: false });
});
