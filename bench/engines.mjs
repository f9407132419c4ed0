// What can do the job, by name.
import { noFirefox, noWebKit } from '../tests/page/driver.mjs';
import { benchPage } from './engines/bench-page.mjs';
import { cli, python } from './engines/native.mjs';
import { page } from './engines/page.mjs';
import { webDriverPage } from './engines/webdriver.mjs';
import { packed } from './samples.mjs';

/**
 * @typedef {import('./arguments.mjs').EngineName} EngineName
 * @typedef {import('./browser/types.js').Counts} Counts
 *
 * Seconds, of the wall and of all processors (absent where they are not counted), and rows by table.
 * @typedef {import('./browser/types.js').Result & { cpu?: number }} Result
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
 * @property {() => Promise<import('./phases.mjs').Phase[]>} [phases] of one more run, which is not timed
 * @property {() => Promise<void>} stop
 *
 * @typedef {{ sample: import('./samples.mjs').Sample, url: string, cli: string, cliBefore?: string,
 *   musl?: string, out: string }} Context
 */

/** @param {Context} context @param {import('./samples.mjs').Packing} packing @returns {Context} */
const of = (context, packing) => ({
  ...context,
  sample: packed(context.sample, packing),
  out: `${context.out}/${packing}`,
});

/** @type {Record<EngineName, (context: Context) => Promise<Engine>>} */
export const start = {
  page,
  'page-before': ({ url, ...context }) => page({ ...context, url: `${url}/before` }),
  'page-serve': ({ url, ...context }) => page({ ...context, url: `${url}/serve` }),
  'page-zip': (context) => page(of(context, 'zip')),
  'page-gz': (context) => page(of(context, 'gz')),
  firefox: (context) => webDriverPage(context, 'Firefox'),
  webkit: (context) => webDriverPage(context, 'WebKit'),
  io: (context) => benchPage(context, 'io'),
  js: (context) => benchPage(context, 'js'),
  'duckdb-wasm': (context) => benchPage(context, 'duckdb'),
  cli,
  'cli-before': ({ cliBefore = '', out, ...context }) => cli({ ...context, cli: cliBefore, out: `${out}/before` }),
  musl: ({ musl = '', out, ...context }) => cli({ ...context, cli: musl, out: `${out}/musl` }),
  'cli-zip': (context) => cli(of(context, 'zip')),
  'cli-gz': (context) => cli(of(context, 'gz')),
  wheel: (context) => python(context, 'wheel'),
  duckdb: (context) => python(context, 'duckdb'),
  polars: (context) => python(context, 'polars'),
  clickhouse: (context) => python(context, 'clickhouse'),
  pyarrow: (context) => python(context, 'pyarrow'),
  spark: (context) => python(context, 'spark'),
};

/** Why an engine cannot be started on this machine: a browser that is not installed. @param {EngineName} name */
export function missing(name) {
  if (name === 'firefox') return noFirefox;
  return name === 'webkit' && noWebKit;
}
