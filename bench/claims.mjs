// What the project claims of its speed, held against one run of the bench.
import { median } from './figures.mjs';

/**
 * @typedef {import('./arguments.mjs').EngineName} EngineName
 * @typedef {import('./rounds.mjs').ScaleResult} ScaleResult
 *
 * @typedef {object} Measured
 * @property {Record<string, ScaleResult>} scales
 * @property {Record<string, ScaleResult>} people by how many customers
 * @property {Record<string, ScaleResult>} original by scale, in the shape of the first public export
 * @property {number[]} startUp in seconds
 * @property {import('./decode.mjs').Rate[]} decode
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
export function claims({ scales, people, original, startUp, decode }) {
  return [
    ...ofEngines(scales[REFERENCE]),
    ...ofDecoding(decode),
    ...ofGrowth(scales),
    ...ofPeople(people),
    atLeast('the first public export’s shape, page', 300, speed(original[REFERENCE], 'page'), unit('MB/s', 0)),
    atMost('page, opened to ready for a drop', 300, startUp.length ? median(startUp) * 1000 : undefined, unit('ms', 0)),
  ];
}

/** @param {ScaleResult | undefined} result */
function ofEngines(result) {
  /** @param {EngineName} name @param {'times' | 'first'} which */
  const time = (name, which = 'times') => of(result, name, which);
  /** @param {string} claim @param {number} target @param {EngineName} ours @param {EngineName} theirs */
  const faster = (claim, target, ours, theirs) => {
    const first = ratio(time(theirs, 'first'), time(ours, 'first'));
    return {
      ...atLeast(claim, target, ratio(time(theirs), time(ours)), times),
      first: first === undefined ? '' : times(first),
    };
  };
  return [
    faster('page, faster than plain JavaScript', 8, 'page', 'js'),
    faster('page, faster than DuckDB-WASM', 20, 'page', 'duckdb-wasm'),
    faster('page, faster than warm Spark', 20, 'page', 'spark'),
    faster('page, faster than native DuckDB', 2, 'page', 'duckdb'),
    faster('page, faster than native Polars', 2, 'page', 'polars'),
    faster('page, faster than native ClickHouse', 3, 'page', 'clickhouse'),
    faster('command line, faster than native DuckDB', 3, 'cli', 'duckdb'),
    faster('command line, faster than native Polars', 3, 'cli', 'polars'),
    faster('command line, faster than native ClickHouse', 5, 'cli', 'clickhouse'),
    atMost('Python package, time over the command line', 1.2, ratio(time('wheel'), time('cli')), times),
    atMost('static command line, time over the plain build', 1.1, ratio(time('musl'), time('cli')), times),
    atMost('page of make serve, time over that of make dist', 1.1, ratio(time('page-serve'), time('page')), times),
    atMost('page, time over reading only', 1.8, ratio(time('page'), time('io')), times),
    atLeast('page, speed on a zip over plain files', 0.8, ratio(time('page'), time('page-zip')), times),
    atMost('page in Firefox, time over Chromium', 2.5, ratio(time('firefox'), time('page')), times),
    atMost('page in WebKit, time over Chromium', 2.5, ratio(time('webkit'), time('page')), times),
  ];
}

/** @param {import('./decode.mjs').Rate[]} decode */
function ofDecoding(decode) {
  const slowest = (/** @type {boolean} */ unseen) => {
    const rates = decode
      .filter((rate) => rate.claimed && rate.unseen === unseen)
      .map(({ bytes, times }) => bytes / median(times) / 1e9);
    return rates.length > 0 ? Math.min(...rates) : undefined;
  };
  return [
    atLeast('decoding in one worker, own shape, slower kind', 1.5, slowest(false), unit('GB/s', 2)),
    atLeast('decoding in one worker, slowest of other shapes', 0.4, slowest(true), unit('GB/s', 2)),
  ];
}

/** @param {Record<string, ScaleResult>} scales */
function ofGrowth(scales) {
  const time = (/** @type {string} */ scale) => of(scales[scale], 'page', 'times');
  const memory = part(scales['100']?.engines.page?.peak.wasm, 1e6);
  return [
    atMost('page, time(scale 10) over time(scale 1)', 10.5, ratio(time('10'), time(REFERENCE)), times),
    atMost('scale 100, page', 20, time('100'), unit('s', 1)),
    atMost('scale 100, page, all WASM memories together', 600, memory, unit('MB', 0)),
  ];
}

/** @param {Record<string, ScaleResult>} people */
function ofPeople(people) {
  const two = people['2000000'];
  /** @param {EngineName} ours @param {EngineName} theirs */
  const faster = (ours, theirs) => ratio(of(two, theirs, 'times'), of(two, ours, 'times'));
  const program = part(two?.engines.cli?.peak.resident, 1e9);
  const page = part(people['10000000']?.engines.page?.peak.wasm, 1e9);
  return [
    atLeast('2 million customers, command line, faster than native DuckDB', 1.5, faster('cli', 'duckdb'), times),
    atLeast('2 million customers, command line, faster than native Polars', 1.5, faster('cli', 'polars'), times),
    atMost('2 million customers, command line, peak memory', 1, program, unit('GB', 2)),
    atLeast('2 million customers, page, faster than native DuckDB', 1, faster('page', 'duckdb'), times),
    atMost('10 million customers, page, all WASM memories together', 1.5, page, unit('GB', 2)),
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

/** Megabytes of input a second. @param {ScaleResult | undefined} result @param {EngineName} name */
function speed(result, name) {
  const time = of(result, name, 'times');
  return result && ratio(result.bytes / 1e6, time);
}

/** @param {number | undefined} a @param {number | undefined} b */
function ratio(a, b) {
  return a === undefined || b === undefined ? undefined : a / b;
}

/** An amount in a larger unit; 0 was not measured. @param {number | undefined} amount @param {number} unit */
function part(amount, unit) {
  return amount ? amount / unit : undefined;
}

/** @param {number} value */
function times(value) {
  return `${value.toFixed(2)} ×`;
}

/** @param {string} name @param {number} digits */
function unit(name, digits) {
  return (/** @type {number} */ value) => `${value.toFixed(digits)} ${name}`;
}
