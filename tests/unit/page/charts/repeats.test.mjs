// Whether times repeat: then their values are points, and not joined by a line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeats } from '../../../../www/page/charts/repeats.js';

/** @type {[boolean, (number | null)[]][]} */
const CASES = [
  [false, []],
  [false, [5]],
  [false, [0, 1, 2]],
  [true, [0, 0]],
  [true, [1, 2, 3, 3]],
  [true, [1, 1, 2]],
];

for (const [is, times] of CASES)
  test(`${JSON.stringify(times)} ${is ? 'repeats' : 'does not repeat'} a time`, () => {
    assert.equal(repeats(times), is);
    assert.equal(repeats(Float64Array.from(times, Number)), is);
  });
