// What can do the job, by name.
import { cli, python } from './engines/native.mjs';
import { benchPage } from './engines/bench-page.mjs';
import { page } from './engines/page.mjs';

/**
 * @typedef {import('./samples.mjs').Sample} Sample
 * @typedef {Record<string, number>} Counts rows of each of the five tables
 * @typedef {{ seconds: number, counts?: Counts }} Result
 *
 * Peak memory in bytes; what each figure is stands in README.md.
 * @typedef {{ resident?: number, browser?: number, wasm?: number }} Peak
 *
 * @typedef {object} Engine started, and not yet run
 * @property {string} version
 * @property {number} startSeconds until it could take a job
 * @property {() => Promise<Result>} run
 * @property {() => Promise<Peak>} peak asked after the last run
 * @property {() => Promise<void>} stop
 *
 * @typedef {{ sample: Sample, url: string, cli: string, out: string }} Context
 */

/** @type {Record<import('./arguments.mjs').EngineName, (context: Context) => Promise<Engine>>} */
export const start = {
  page,
  'io-stream': (context) => benchPage(context, 'io#stream'),
  'io-slice': (context) => benchPage(context, 'io#slice'),
  js: (context) => benchPage(context, 'js'),
  'duckdb-wasm': (context) => benchPage(context, 'duckdb'),
  cli,
  duckdb: (context) => python(context, 'duckdb'),
  polars: (context) => python(context, 'polars'),
  spark: (context) => python(context, 'spark'),
};

/** What each does, for the tables. @type {Record<import('./arguments.mjs').EngineName, string>} */
export const TITLES = {
  page: 'this page',
  'io-stream': 'reading only, by stream()',
  'io-slice': 'reading only, by slice()',
  js: 'plain JavaScript',
  'duckdb-wasm': 'DuckDB-WASM',
  cli: 'this command line',
  duckdb: 'DuckDB, native',
  polars: 'Polars, native',
  spark: 'Spark local',
};
