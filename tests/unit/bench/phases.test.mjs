// What of a run is serial, and what more cores would gain.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf, phasesOf, secondsOn } from '../../../bench/phases.mjs';

const SAID = `option key: random (default)
phase inputs: 0.004 s, CPU 0.003 s of the first thread
phase readings: 0.262 s, CPU 0.012 s of the first thread, 0.250 + 0.240 s of others
phase plan: 0.003 s
used: a.json: 1 records of customer_landing, 0 rejected
`;

test('the phases that the command line tells are read', () => {
  assert.deepEqual(phasesOf(SAID), [
    { name: 'inputs', wall: 0.004, cpu: [0.003] },
    { name: 'readings', wall: 0.262, cpu: [0.012, 0.25, 0.24] },
    { name: 'plan', wall: 0.003, cpu: [] },
  ]);
  assert.deepEqual(phasesOf('phased out: 1 s'), []);
});

/** @param {number} wall @param {number[]} cpu */
const parts = (wall, cpu) => {
  const { serial, parallel, waiting } = partsOf({ name: '', wall, cpu }, 2);
  return [serial, parallel, waiting].map((one) => Number(one.toFixed(6)));
};

test('what one thread works alone is serial, what all work is parallel, and the rest is waiting', () => {
  assert.deepEqual(parts(1, [1]), [1, 0, 0]);
  assert.deepEqual(parts(1, [0, 1, 1]), [0, 2, 0]);
  assert.deepEqual(parts(1, [0.5, 0.5, 0.5]), [0.5, 1, 0]);
  assert.deepEqual(parts(1, [0.4]), [0.4, 0, 0.6]);
  assert.deepEqual(parts(1, []), [0, 0, 1]);
  // Clocks differ: no phase is better than parallel.
  assert.deepEqual(parts(1, [1.1, 1.1]), [0, 2.2, 0]);
});

test('more cores take from what is parallel alone', () => {
  const phases = [
    { name: 'a', wall: 1, cpu: [0.5, 0.5, 0.5] },
    { name: 'b', wall: 2, cpu: [0.4] },
  ];
  assert.equal(secondsOn(phases, 2, 2), 3);
  assert.equal(secondsOn(phases, 2, 4), 2.75);
  assert.equal(secondsOn(phases, 2, 1000).toFixed(2), '2.50');
  assert.equal(secondsOn([{ name: 'a', wall: 1, cpu: [1] }], 1, 8), 1, 'one core says nothing of more');
});
