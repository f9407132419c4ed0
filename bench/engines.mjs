// What can do the job, by name.
import { benchPage } from './engines/bench-page.mjs';
import { cli, python } from './engines/native.mjs';
import { page } from './engines/page.mjs';

/**
 * @typedef {import('./arguments.mjs').EngineName} EngineName
 * @typedef {import('./browser/types.js').Counts} Counts
 * @typedef {import('./browser/types.js').Result} Result
 *
 * Peak memory in bytes; what each figure is stands in README.md.
 * @typedef {{ resident?: number, browser?: number, wasm?: number }} Peak
 *
 * @typedef {object} Engine started, and not yet run
 * @property {string} version
 * @property {number} [startSeconds] until it could take a job
 * @property {() => Promise<Result>} run
 * @property {() => Promise<Result>} [runFresh] a first run again, where it takes no new process
 * @property {() => Promise<Peak>} peak asked after the last run
 * @property {() => Promise<void>} stop
 *
 * @typedef {{ sample: import('./samples.mjs').Sample, url: string, cli: string, cliBefore?: string,
 *   out: string }} Context
 */

/** @type {Record<EngineName, (context: Context) => Promise<Engine>>} */
export const start = {
  page,
  'page-before': ({ url, ...context }) => page({ ...context, url: `${url}/before` }),
  io: (context) => benchPage(context, 'io'),
  js: (context) => benchPage(context, 'js'),
  'duckdb-wasm': (context) => benchPage(context, 'duckdb'),
  cli,
  'cli-before': ({ cliBefore = '', out, ...context }) => cli({ ...context, cli: cliBefore, out: `${out}/before` }),
  wheel: (context) => python(context, 'wheel'),
  duckdb: (context) => python(context, 'duckdb'),
  polars: (context) => python(context, 'polars'),
  spark: (context) => python(context, 'spark'),
};

/** What each does, for the tables. @type {Record<EngineName, string>} */
export const TITLES = {
  page: 'this page',
  'page-before': 'the page before',
  io: 'reading only',
  js: 'plain JavaScript',
  'duckdb-wasm': 'DuckDB-WASM',
  cli: 'this command line',
  'cli-before': 'the command line before',
  wheel: 'this package in Python',
  duckdb: 'DuckDB, native',
  polars: 'Polars, native',
  spark: 'Spark, local',
};
