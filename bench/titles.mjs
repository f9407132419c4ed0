// What each engine is called in tables and in the plot, in the order of both.

/** @type {Record<import('./arguments.mjs').EngineName, string>} */
export const TITLES = {
  page: 'this page',
  'page-before': 'the page before',
  'page-serve': 'the page of make serve',
  'page-zip': 'this page, a zip',
  'page-gz': 'this page, gz files',
  firefox: 'this page in Firefox',
  webkit: 'this page in WebKit',
  io: 'reading only',
  js: 'plain JavaScript',
  'duckdb-wasm': 'DuckDB-WASM',
  cli: 'this command line',
  'cli-before': 'the command line before',
  musl: 'the static command line',
  'cli-zip': 'this command line, a zip',
  'cli-gz': 'this command line, gz files',
  wheel: 'this package in Python',
  duckdb: 'DuckDB, native',
  polars: 'Polars, native',
  clickhouse: 'ClickHouse, native',
  pyarrow: 'pyarrow, native',
  spark: 'Spark, local',
};
