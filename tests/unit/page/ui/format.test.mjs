// Numbers and times for people. Without a browser they are in English.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, count, duration, inWords, instant, shortly } from '../../../../www/page/ui/format.js';

test('numbers of four digits and more are grouped, in a sentence of the core as beside it', () => {
  assert.deepEqual([0, 999, 1234, 40_981].map(count), ['0', '999', '1,234', '40,981']);
  for (const [said, words] of [
    ['Of these people 1234 are in the trusted tables.', 'Of these people 1,234 are in the trusted tables.'],
    ['The fewest rows are 12345.', 'The fewest rows are 12,345.'],
    ['1234 of 56789', '1,234 of 56,789'],
    ['such a date is in seconds, or before 1973, and', 'such a date is in seconds, or before 1973, and'],
    ['ist in Sekunden oder vor 1973 und', 'ist in Sekunden oder vor 1973 und'],
    ['below 100,000,000,000', 'below 100,000,000,000'],
    ['by SHA-2562, at 0.12345 Hz', 'by SHA-2562, at 0.12345 Hz'],
    ['on 2022-06-18, x1234, 1234x', 'on 2022-06-18, x1234, 1234x'],
  ])
    assert.equal(inWords(said), words);
});

test('durations and sizes have the unit that fits them', () => {
  assert.deepEqual([449, 940, 9949, 60_000, 90_000].map(duration), [
    '0.4\u00a0s',
    '0.9\u00a0s',
    '9.9\u00a0s',
    '60\u00a0s',
    '1.5\u00a0min',
  ]);
  assert.deepEqual([12.4, 2500].map(shortly), ['12\u00a0ms', '2.5\u00a0s']);
  assert.deepEqual([1, 1500, 123_456_789].map(bytes), ['1 byte', '1.5 kB', '123 MB']);
});

test('a time is a date in UTC, to the second or to the millisecond', () => {
  const time = Date.UTC(2023, 10, 14, 22, 13, 20, 5);
  assert.match(instant(time), /^Nov 14, 2023, 10:13:20\sPM$/);
  assert.match(instant(time, true), /^Nov 14, 2023, 10:13:20\.005\sPM$/);
});
