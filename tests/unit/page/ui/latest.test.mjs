// Only the latest of several pieces of work counts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLatest } from '../../../../www/page/ui/latest.js';

test('what began earlier is aborted, and neither its result nor its error is seen', async () => {
  const latest = createLatest();
  /** @type {unknown[]} */
  const seen = [];
  const see = (/** @type {unknown} */ value) => seen.push(value);
  /** @type {AbortSignal[]} */
  const signals = [];
  const work = (/** @type {() => number} */ make) => (/** @type {AbortSignal} */ signal) => {
    signals.push(signal);
    return new Promise((resolve) => setTimeout(resolve)).then(make);
  };
  const fail = () => {
    throw new Error('an earlier error');
  };
  await Promise.all([
    latest.run(
      work(() => 1),
      see,
      see,
    ),
    latest.run(work(fail), see, see),
    latest.run(
      work(() => 3),
      see,
      see,
    ),
  ]);
  assert.deepEqual(seen, [3]);
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true, false],
  );
});

test('the error of the latest is seen, and nothing after it was cancelled', async () => {
  const latest = createLatest();
  /** @type {string[]} */
  const seen = [];
  const see = (/** @type {unknown} */ error) => seen.push(String(error));
  await latest.run(() => Promise.reject(new Error('no')), see, see);
  assert.deepEqual(seen, ['Error: no']);
  const running = latest.run(async () => 'late', see, see);
  latest.cancel();
  await running;
  assert.deepEqual(seen, ['Error: no']);
});
