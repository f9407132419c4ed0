// The options of the bench.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './place.mjs';

const USAGE = `usage: make bench BENCH="[options]", or node bench/run.mjs [options]
  --scales 0.1,1,10   sizes, relative to the original's
  --big               also scale 100 (8.5 GB): BIG only
  --people 2000000    customers of one more workload each, nearly all without readings; 0 for none. PEOPLE only
  --original 1        size of one more workload, in the shape of the first public export; 0 for none. ORIGINAL only
  --rounds 5          timed rounds, after one round to warm up; at most 3 from scale 10 on, 1 from 100 on
  --engines a,b       of: ENGINES, start-up, decode. REFERENCE at scale 1 only, unless they are named here
  --spark             also Spark, which is slow
  --wheel             also the Python package, which is built first
  --name latest       bench/results/NAME.json
  --page FILE         the page to measure
  --cli FILE          the command line program to measure
  --page-before FILE  another page to measure beside it, as that of the commit before
  --cli-before FILE   another program, likewise
  --page-serve FILE   also a page that make serve has built
  --musl FILE         also the static program of a release`;

/** In the order of the table. */
const ENGINES = /** @type {const} */ ([
  'page',
  'page-before',
  'page-serve',
  'page-zip',
  'page-gz',
  'firefox',
  'webkit',
  'io',
  'js',
  'duckdb-wasm',
  'cli',
  'cli-before',
  'musl',
  'cli-zip',
  'cli-gz',
  'wheel',
  'duckdb',
  'polars',
  'clickhouse',
  'pyarrow',
  'spark',
]);
const BIG = ['page', 'cli'];
/** What plain JavaScript and the like take for it is known to be long. */
const PEOPLE = ['page', 'page-before', 'cli', 'cli-before', 'duckdb', 'polars', 'clickhouse', 'pyarrow'];
/** The others read line by line. */
const ORIGINAL = ['page', 'page-before', 'io', 'cli', 'cli-before'];
/** They are compared with the row of plain files in Chromium, which one size is enough for. */
const REFERENCE = ['page-zip', 'page-gz', 'firefox', 'webkit', 'cli-zip', 'cli-gz'];

/** What is measured if its file is given. */
const OF_FILES = /** @type {const} */ (['page-before', 'page-serve', 'cli-before', 'musl']);

/** @typedef {typeof ENGINES[number]} EngineName */

/** @param {string[]} given */
export function readArguments(given) {
  const { values } = parseArgs({
    args: given,
    options: {
      scales: { type: 'string', default: '0.1,1,10' },
      big: { type: 'boolean', default: false },
      people: { type: 'string', default: '0' },
      original: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '5' },
      engines: { type: 'string' },
      spark: { type: 'boolean', default: false },
      wheel: { type: 'boolean', default: false },
      name: { type: 'string', default: 'latest' },
      page: { type: 'string', default: join(root, 'dist/stedi-lakehouse.html') },
      cli: {
        type: 'string',
        default: join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'release/stedi-lakehouse'),
      },
      'page-before': { type: 'string' },
      'cli-before': { type: 'string' },
      'page-serve': { type: 'string' },
      musl: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    const groups = { ENGINES, BIG, PEOPLE, ORIGINAL, REFERENCE };
    console.log(Object.entries(groups).reduce((text, [word, names]) => text.replace(word, names.join(', ')), USAGE));
    process.exit();
  }
  const scales = [...list(values.scales).map(Number), ...(values.big ? [100] : [])];
  if (!scales.every((scale) => scale > 0 && scale <= 1000))
    throw new Error(`--scales ${values.scales}: not sizes above 0`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds}: not a count`);
  const people = list(values.people).map(Number);
  if (!people.every((count) => Number.isInteger(count) && count >= 0))
    throw new Error(`--people ${values.people}: not counts`);
  const original = Number(values.original);
  if (!(original >= 0 && original <= 1000)) throw new Error(`--original ${values.original}: not a size`);
  if (!/^[\w.-]+$/.test(values.name)) throw new Error(`--name ${values.name}: letters, digits, dot and dash only`);

  /** @type {string[]} */
  const known = [...ENGINES, 'start-up', 'decode'];
  /** @type {string[]} */
  const unasked = ['spark', 'wheel', ...OF_FILES];
  const engines = values.engines === undefined ? known.filter((name) => !unasked.includes(name)) : list(values.engines);
  const unknown = engines.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`--engines ${unknown.join(',')}: there is only ${known.join(', ')}`);
  if (values.spark) engines.push('spark');
  if (values.wheel) engines.push('wheel');
  engines.push(...OF_FILES.filter((name) => values[name]));
  const without = OF_FILES.find((name) => engines.includes(name) && !values[name]);
  if (without) throw new Error(`--engines ${without}: it needs --${without} FILE`);

  return {
    ...values,
    files: [values.page, values.cli, ...OF_FILES.flatMap((name) => values[name] ?? [])],
    scales: [...new Set(scales)].sort((a, b) => a - b),
    startUp: engines.includes('start-up'),
    decode: engines.includes('decode'),
    rounds,
    people: [...new Set(people)].filter((count) => count > 0).sort((a, b) => a - b),
    original,
    enginesOfPeople: ENGINES.filter((name) => engines.includes(name) && PEOPLE.includes(name)),
    enginesOfOriginal: ENGINES.filter((name) => engines.includes(name) && ORIGINAL.includes(name)),
    /** @param {number} count of people */
    roundsOf: (count) => Math.min(rounds, count >= 5_000_000 ? 1 : 3),
    /** @param {number} scale */
    roundsAt: (scale) => Math.min(rounds, scale >= 100 ? 1 : scale >= 10 ? 3 : rounds),
    /** @param {number} scale @returns {EngineName[]} */
    enginesAt: (scale) =>
      ENGINES.filter(
        (name) =>
          engines.includes(name) &&
          (scale < 100 || BIG.includes(name)) &&
          (scale === 1 || values.engines !== undefined || !REFERENCE.includes(name)),
      ),
  };
}

/** @param {string} text */
function list(text) {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
