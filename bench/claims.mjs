// What the project claims of its speed, held against one run of the bench.
import { median } from './figures.mjs';

/**
 * @typedef {import('./arguments.mjs').EngineName} EngineName
 * @typedef {import('./rounds.mjs').ScaleResult} ScaleResult
 * @typedef {{ scales: Record<string, ScaleResult>, startUp: number[], decode: import('./decode.mjs').Rate[],
 *   people?: ScaleResult }} Measured
 *
 * @typedef {object} Claim
 * @property {string} claim
 * @property {string} target
 * @property {string} measured
 * @property {boolean | null} reached null where it was not measured
 * @property {string} [first] the same of first runs, which no claim is about
 */

/** The original's size, at which engines are compared. */
const REFERENCE = '1';

/** @param {Measured} measured @returns {Claim[]} */
export function claims({ scales, startUp, decode, people }) {
  /** @param {EngineName} name @param {'times' | 'first'} which */
  const time = (name, which = 'times', scale = REFERENCE) => of(scales[scale], name, which);
  /** @param {EngineName} ours @param {EngineName} theirs */
  const ofPeople = (ours, theirs) => ratio(of(people, theirs, 'times'), of(people, ours, 'times'));
  /** @param {string} claim @param {number} target @param {EngineName} ours @param {EngineName} theirs */
  const faster = (claim, target, ours, theirs) => {
    const first = ratio(time(theirs, 'first'), time(ours, 'first'));
    return {
      ...atLeast(claim, target, ratio(time(theirs), time(ours)), times),
      first: first === undefined ? '' : times(first),
    };
  };
  const slowest = (/** @type {boolean} */ unseen) => {
    const rates = decode
      .filter((rate) => rate.claimed && rate.unseen === unseen)
      .map(({ bytes, times }) => bytes / median(times) / 1e9);
    return rates.length > 0 ? Math.min(...rates) : undefined;
  };
  const wasm = scales['100']?.engines.page?.peak.wasm;

  return [
    faster('page, faster than plain JavaScript', 8, 'page', 'js'),
    faster('page, faster than DuckDB-WASM', 20, 'page', 'duckdb-wasm'),
    faster('page, faster than native DuckDB', 1.5, 'page', 'duckdb'),
    faster('page, faster than native Polars', 1.5, 'page', 'polars'),
    faster('command line, faster than native DuckDB', 1.5, 'cli', 'duckdb'),
    faster('command line, faster than native Polars', 1.5, 'cli', 'polars'),
    atMost('Python package, time over the command line', 1.2, ratio(time('wheel'), time('cli')), times),
    faster('page, faster than warm Spark', 30, 'page', 'spark'),
    atMost('page, time over reading only', 3, ratio(time('page'), time('io')), times),
    atLeast('decoding in one worker, own shape, slower kind', 1.5, slowest(false), gigabytes),
    atLeast('decoding in one worker, slowest of other shapes', 0.4, slowest(true), gigabytes),
    atMost('page, time(scale 10) over time(scale 1)', 10.5, ratio(time('page', 'times', '10'), time('page')), times),
    atMost('page, all WASM memories together at scale 100', 1, wasm && wasm / 1e9, (value) => `${value.toFixed(2)} GB`),
    atLeast('many customers, command line, faster than native DuckDB', 1.5, ofPeople('cli', 'duckdb'), times),
    atLeast('many customers, command line, faster than native Polars', 1.5, ofPeople('cli', 'polars'), times),
    atLeast('many customers, page, faster than native DuckDB', 1, ofPeople('page', 'duckdb'), times),
    atMost(
      'page, opened to ready for a drop',
      300,
      startUp.length ? median(startUp) * 1000 : undefined,
      (value) => `${value.toFixed(0)} ms`,
    ),
  ];
}

/**
 * @param {string} claim
 * @param {number} target
 * @param {number | undefined} value
 * @param {(value: number) => string} say
 * @returns {Claim}
 */
function atLeast(claim, target, value, say) {
  return {
    claim,
    target: `at least ${say(target)}`,
    measured: value === undefined ? '' : say(value),
    reached: value === undefined ? null : value >= target,
  };
}

/**
 * @param {string} claim
 * @param {number} target
 * @param {number | undefined} value
 * @param {(value: number) => string} say
 * @returns {Claim}
 */
function atMost(claim, target, value, say) {
  return {
    claim,
    target: `at most ${say(target)}`,
    measured: value === undefined ? '' : say(value),
    reached: value === undefined ? null : value <= target,
  };
}

/** @param {ScaleResult | undefined} result @param {EngineName} name @param {'times' | 'first'} which */
function of(result, name, which) {
  const outcome = result?.engines[name];
  return outcome && median(outcome[which]);
}

/** @param {number | undefined} a @param {number | undefined} b */
function ratio(a, b) {
  return a === undefined || b === undefined ? undefined : a / b;
}

/** @param {number} value */
function times(value) {
  return `${value.toFixed(2)} ×`;
}

/** @param {number} value */
function gigabytes(value) {
  return `${value.toFixed(2)} GB/s`;
}
