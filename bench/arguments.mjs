// The options of the bench.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './place.mjs';

const USAGE = `usage: make bench BENCH="[options]"
  --scales 0.1,1,10   sizes, relative to the original's
  --big               also scale 100 (9 GB), where only some engines take part
  --runs 5            timed rounds, after one round to warm up; 3 from scale 10 on, 1 from 100 on, at most
  --only a,b          of: ENGINES, start-up, decode
  --spark             also Spark, which is slow
  --name latest       bench/results/NAME.json
  --page FILE         the page to measure
  --cli FILE          the command line program to measure`;

/** In the order of a round. */
export const ENGINES = /** @type {const} */ (['page', 'io-stream', 'io-slice', 'js', 'duckdb-wasm', 'cli', 'duckdb', 'polars', 'spark']);
/** The others hold the landing rows or whole tables in a browser's memory, or take minutes. */
const BIG = ['page', 'io-stream', 'io-slice', 'cli', 'duckdb', 'polars'];

/** @typedef {typeof ENGINES[number]} EngineName */

/** @param {string[]} given */
export function readArguments(given) {
  const { values } = parseArgs({
    args: given,
    options: {
      scales: { type: 'string', default: '0.1,1,10' },
      big: { type: 'boolean', default: false },
      runs: { type: 'string', default: '5' },
      only: { type: 'string' },
      spark: { type: 'boolean', default: false },
      name: { type: 'string', default: 'latest' },
      page: { type: 'string', default: join(root, 'dist/stedi-lakehouse.html') },
      cli: { type: 'string', default: join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'release/stedi-lakehouse') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE.replace('ENGINES', ENGINES.join(', ')));
    process.exit();
  }
  const scales = [...list(values.scales).map(Number), ...(values.big ? [100] : [])];
  if (!scales.every((scale) => scale > 0 && scale <= 1000)) throw new Error(`--scales ${values.scales}: not sizes above 0`);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: not a count`);
  if (!/^[\w.-]+$/.test(values.name)) throw new Error(`--name ${values.name}: letters, digits, dot and dash only`);

  /** @type {string[]} */
  const known = [...ENGINES, 'start-up', 'decode'];
  const only = values.only === undefined ? known.filter((name) => name !== 'spark' || values.spark) : list(values.only);
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join(',')}: there is only ${known.join(', ')}`);

  return {
    ...values,
    scales: [...new Set(scales)].sort((a, b) => a - b),
    startUp: only.includes('start-up'),
    decode: only.includes('decode'),
    runs,
    /** @param {number} scale */
    runsAt: (scale) => Math.min(runs, scale >= 100 ? 1 : scale >= 10 ? 3 : runs),
    /** @param {number} scale @returns {EngineName[]} */
    enginesAt: (scale) => ENGINES.filter((name) => only.includes(name) && (scale < 100 || BIG.includes(name))),
  };
}

/** @param {string} text */
function list(text) {
  return text.split(',').map((part) => part.trim()).filter(Boolean);
}
