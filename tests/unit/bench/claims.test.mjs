// What is claimed of a run of the bench, and what is not measured.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claims } from '../../../bench/claims.mjs';

/** @typedef {import('../../../bench/claims.mjs').Measured} Measured */
/** @typedef {Measured['scales'][string]} ScaleResult */

/** @type {Measured} */
const NOTHING = { scales: {}, people: {}, original: {}, startUp: [], decode: [] };

/**
 * Engines by their times, each of three runs with this median, and by a peak of WASM memory and of the process.
 * @param {Record<string, number>} seconds
 * @param {number} [peak]
 * @returns {ScaleResult}
 */
function measured(seconds, peak = 0) {
  const outcome = (/** @type {number} */ time) => ({
    version: '1',
    first: [2 * time],
    times: [time, time / 2, 9 * time],
    cpu: [],
    peak: { wasm: peak, resident: peak },
  });
  return {
    bytes: 300e6,
    files: 1,
    rounds: 3,
    counts: {},
    engines: Object.fromEntries(Object.entries(seconds).map(([name, time]) => [name, outcome(time)])),
    failed: {},
  };
}

/** Claims that were measured, by whether they hold. @param {Partial<Measured>} given */
function held(given) {
  const all = claims({ ...NOTHING, ...given }).filter(({ reached }) => reached !== null);
  return Object.fromEntries(all.map(({ claim, reached, measured }) => [claim, `${measured}${reached ? '' : ', not'}`]));
}

test('what was not measured is neither reached nor missed', () => {
  const all = claims(NOTHING);
  assert.ok(all.length > 25);
  for (const { claim, reached, measured, target } of all) {
    assert.deepEqual([reached, measured], [null, ''], claim);
    assert.match(target, /^at (least|most) [\d.]+ /);
  }
  assert.equal(new Set(all.map(({ claim }) => claim)).size, all.length);
});

test('engines are compared by the medians of one scale', () => {
  const one = measured({ page: 1, js: 8, duckdb: 1.9, 'page-zip': 1.25, firefox: 2.5, webkit: 2.6, cli: 0.5, io: 0.5 });
  assert.deepEqual(held({ scales: { 1: one } }), {
    'page, faster than plain JavaScript': '8.00 ×',
    'page, faster than native DuckDB': '1.90 ×, not',
    'command line, faster than native DuckDB': '3.80 ×',
    'page, time over reading only': '2.00 ×, not',
    'page, speed on a zip over plain files': '0.80 ×',
    'page in Firefox, time over Chromium': '2.50 ×',
    'page in WebKit, time over Chromium': '2.60 ×, not',
  });
});

test('what is built sooner, or to run anywhere, is held against the plain build', () => {
  const one = measured({ page: 1, 'page-serve': 1.1, cli: 0.5, musl: 0.6 });
  assert.deepEqual(held({ scales: { 1: one } }), {
    'static command line, time over the plain build': '1.20 ×, not',
    'page of make serve, time over that of make dist': '1.10 ×',
  });
});

test('each workload has claims of its own', () => {
  assert.deepEqual(held({ scales: { 100: measured({ page: 21 }, 600e6) } }), {
    'scale 100, page': '21.0 s, not',
    'scale 100, page, all WASM memories together': '600 MB',
  });
  const people = {
    2000000: measured({ page: 2, cli: 1, duckdb: 2, polars: 1.4 }, 1.1e9),
    10000000: measured({ page: 9, cli: 4 }, 1.4e9),
  };
  assert.deepEqual(held({ people }), {
    '2 million customers, command line, faster than native DuckDB': '2.00 ×',
    '2 million customers, command line, faster than native Polars': '1.40 ×, not',
    '2 million customers, command line, peak memory': '1.10 GB, not',
    '2 million customers, page, faster than native DuckDB': '1.00 ×',
    '10 million customers, page, all WASM memories together': '1.40 GB',
  });
  assert.deepEqual(held({ original: { 0.1: measured({ page: 0.1 }) } }), {});
  assert.deepEqual(held({ original: { 1: measured({ page: 1, cli: 0.1 }) } }), {
    'the first public export’s shape, page': '300 MB/s',
  });
});
