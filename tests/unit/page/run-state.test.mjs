// The machine of the page's states.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRunState, inputOf, resultsOf, setSaved } from '../../../www/page/run-state.js';

/** @typedef {import('../../../www/page/run-state.js').State} State */

const settings = /** @type {import('../../../www/page/run-state.js').RunSettings} */ ({});
const results = /** @type {import('../../../www/page/run-state.js').Results} */ ({});
const key = /** @type {import('../../../www/page/run-state.js').Key} */ ({});
const input = { inputs: [], refusals: [], random: key };
/** @type {State} */
const done = { name: 'done', settings, input, key, results, milliseconds: 1, saved: new Set() };

test('a run goes from idle to its results, and what is not possible is refused', () => {
  const runState = createRunState();
  assert.throws(() => runState.set(done), /cannot go from idle to done/);
  runState.set({ name: 'running', settings });
  runState.set({ name: 'running', settings, input });
  assert.throws(() => runState.set({ name: 'idle' }), /cannot go from running to idle/);
  runState.set(done);
  assert.equal(resultsOf(runState.get()), results);
  assert.throws(() => runState.set({ name: 'cancelled', input }), /cannot go from done to cancelled/);
  runState.set({ name: 'failed', input, failure: { code: 'panic', message: 'it stopped' } });
  assert.equal(inputOf(runState.get()), input);
  assert.equal(resultsOf(runState.get()), undefined);
});

test('a view is called when its part of the state changes, in the order of watching', () => {
  const runState = createRunState();
  /** @type {string[]} */
  const seen = [];
  runState.watch(
    ({ name }) => name,
    (name) => seen.push(`name ${name}`),
  );
  runState.watch(inputOf, (now) => seen.push(`input ${now === input}`));
  runState.set({ name: 'running', settings });
  runState.set({ name: 'running', settings, input });
  runState.set({ name: 'cancelled', input });
  assert.deepEqual(seen, ['name running', 'input true', 'name cancelled']);
});

test('what was saved belongs to results, and is forgotten with them', () => {
  const runState = createRunState();
  setSaved(runState, 'export', true);
  assert.equal(runState.get().name, 'idle', 'there is nothing to save');
  runState.set({ name: 'running', settings });
  runState.set(done);
  setSaved(runState, 'export', true);
  setSaved(runState, 'lake:1', true);
  setSaved(runState, 'lake:1', false);
  const state = runState.get();
  assert.deepEqual('saved' in state && [...state.saved], ['export']);
  assert.deepEqual([...done.saved], []);
});
