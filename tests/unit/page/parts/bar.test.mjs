// How a run stands, in the word that the bar says: each state has one, and none is another's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labels } from '../../../../www/page/labels/labels.js';
import { standingOf } from '../../../../www/page/parts/bar.js';

/** @typedef {import('../../../../www/page/run-state.js').State} State */

/** @param {{ incomplete?: unknown[], warnings?: unknown[] }} [report] */
const results = ({ incomplete = [], warnings = [] } = {}) => ({ results: { report: { incomplete, warnings } } });
const some = [{ code: 'a', count: 1, message: 'b' }];

/** @type {[standing: string, state: object, outOfDate?: boolean][]} */
const CASES = [
  ['idle', { name: 'idle' }],
  ['running', { name: 'running' }],
  ['running', { name: 'running', input: { inputs: [] } }, true],
  ['done', { name: 'done', ...results() }],
  ['warned', { name: 'done', ...results({ warnings: some }) }],
  ['incomplete', { name: 'done', ...results({ incomplete: some }) }],
  ['incomplete', { name: 'done', ...results({ incomplete: some, warnings: some }) }],
  ['outdated', { name: 'done', ...results() }, true],
  ['outdated', { name: 'done', ...results({ incomplete: some, warnings: some }) }, true],
  ['opened', { name: 'opened', ...results() }],
  ['warned', { name: 'opened', ...results({ warnings: some }) }],
  ['incomplete', { name: 'opened', ...results({ incomplete: some }) }],
  ['outdated', { name: 'opened', ...results() }, true],
  ['failed', { name: 'failed' }],
  ['failed', { name: 'failed', unusable: results().results }, true],
  ['cancelled', { name: 'cancelled' }],
];

test('each state of a run has its word', () => {
  const found = CASES.map(([, state, outOfDate = false]) => standingOf(/** @type {State} */ (state), outOfDate));
  assert.deepEqual(
    found,
    CASES.map(([standing]) => standing),
  );
  assert.deepEqual([...new Set(found)].sort(), Object.keys(labels.states).sort(), 'every word is used');
  const words = Object.values(labels.states);
  assert.equal(new Set(words).size, words.length);
});
