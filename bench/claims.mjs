// What the project claims of its speed, held against one run of the bench.
import { median } from './figures.mjs';

/**
 * @typedef {import('./arguments.mjs').EngineName} EngineName
 * @typedef {import('./rounds.mjs').ScaleResult} ScaleResult
 * @typedef {{ scales: Record<string, ScaleResult>, startUp: number[], decode: import('./decode.mjs').Rate[] }} Measured
 * @typedef {{ claim: string, target: string, measured: string, met: boolean | null }} Claim `met` is null where it was not measured
 */

/** The original's size, at which engines are compared. */
const REFERENCE = '1';

/** @param {Measured} measured @returns {Claim[]} */
export function claims(measured) {
  const { scales, startUp, decode } = measured;
  const time = (/** @type {EngineName} */ name, scale = REFERENCE) => {
    const times = scales[scale]?.engines[name]?.times;
    return times?.length ? median(times) : undefined;
  };
  const floor = lowest(time('io-stream'), time('io-slice'));
  const wasm = scales['100']?.engines.page?.peak.wasm;
  const rates = (/** @type {boolean} */ unseen) => decode.filter((rate) => rate.whole && rate.unseen === unseen).map(({ bytes, times }) => bytes / median(times) / 1e9);

  return [
    faster('the page against plain JavaScript', 8, time('page'), time('js')),
    faster('the page against DuckDB-WASM', 20, time('page'), time('duckdb-wasm')),
    faster('the page against native DuckDB', 1.5, time('page'), time('duckdb')),
    faster('the page against native Polars', 1.5, time('page'), time('polars')),
    faster('the command line against native DuckDB', 1.5, time('cli'), time('duckdb')),
    faster('the command line against native Polars', 1.5, time('cli'), time('polars')),
    faster('the page against warm Spark', 30, time('page'), time('spark')),
    atMost('the page against reading only', 3, ratio(time('page'), floor), times),
    atLeast('decoding in one worker, own shape (slower kind)', 1.5, lowest(...rates(false)), gigabytes),
    atLeast('decoding in one worker, other shapes (slowest)', 0.4, lowest(...rates(true)), gigabytes),
    atMost('time(scale 10) / time(scale 1), the page', 10.5, ratio(time('page', '10'), time('page')), times),
    atMost('all WASM memories together at scale 100', 1, wasm && wasm / 1e9, (value) => `${value.toFixed(2)} GB`),
    atMost('page opened to ready for a drop', 300, startUp.length ? median(startUp) : undefined, (value) => `${value.toFixed(0)} ms`),
  ];
}

/** @param {string} claim @param {number} target @param {number} [ours] @param {number} [theirs] */
function faster(claim, target, ours, theirs) {
  return atLeast(claim, target, ratio(theirs, ours), times);
}

/** @param {string} claim @param {number} target @param {number | undefined} value @param {(value: number) => string} say @returns {Claim} */
function atLeast(claim, target, value, say) {
  return { claim, target: `at least ${say(target)}`, measured: value === undefined ? '' : say(value), met: value === undefined ? null : value >= target };
}

/** @param {string} claim @param {number} target @param {number | undefined} value @param {(value: number) => string} say @returns {Claim} */
function atMost(claim, target, value, say) {
  return { claim, target: `at most ${say(target)}`, measured: value === undefined ? '' : say(value), met: value === undefined ? null : value <= target };
}

/** @param {number | undefined} a @param {number | undefined} b */
function ratio(a, b) {
  return a === undefined || b === undefined ? undefined : a / b;
}

/** @param {...(number | undefined)} values */
function lowest(...values) {
  const known = values.filter((value) => value !== undefined);
  return known.length ? Math.min(...known) : undefined;
}

/** @param {number} value */
function times(value) {
  return `${value.toFixed(2)} ×`;
}

/** @param {number} value */
function gigabytes(value) {
  return `${value.toFixed(2)} GB/s`;
}
