// What the tests of lakes share: a lake that the command line has made, and what the page says of it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cli, filesUnder } from './harness.mjs';
import { makeExport } from './made.mjs';
import { zip } from './zip.mjs';

/** In the lake, and not in it. */
export const [IN, OUT] = ['person0@example.org', 'person1@example.org'];

/**
 * A lake of a small export, as a folder and as a zip.
 * @param {string} folder
 * @param {string[]} [more] of the command line
 */
export function makeLake(folder, more = []) {
  const program = cli();
  if (!program) return undefined;
  const [raw, lake, key, packed] = ['raw', 'lake', 'one.key', 'lake.zip'].map((name) => join(folder, name));
  const files = makeExport(raw);
  writeFileSync(key, 'a key that is long enough\n');
  program(['run', raw, '--out', lake, '--key-file', key, ...more]);
  writeFileSync(packed, zipOf(lake));
  const report = JSON.parse(readFileSync(join(lake, 'report.json'), 'utf8'));
  return { program, files, lake, key, packed, report };
}

/** A folder as a zip, deflated. @param {string} folder */
export const zipOf = (folder) =>
  zip(Object.fromEntries(filesUnder(folder).map((path) => [relative(folder, path), readFileSync(path)])));

/** Rows out of the tables of a report that are in its lake. @param {any} report */
export const rowsOf = (report) =>
  Object.fromEntries(
    report.outputs.map((/** @type {{ table: string, rows: number }} */ { table, rows }) => [table, rows]),
  );

/** Evidence without the time at which it was made. @param {string} evidence */
export function untimed(evidence) {
  const parts = evidence.split(/Made on \d{4}-\d\d-\d\d, \d\d:\d\d:\d\d UTC from/);
  assert.equal(parts.length, 2, 'it has one time of its own');
  return parts.join('Made on TIME from');
}

/** In the page: what it says of rows by table, below a selector. @param {string} selector */
export const ROWS = (selector) =>
  `Object.fromEntries([...document.querySelectorAll('${selector} [data-rows-of]')].map((row) =>
    [row.dataset.rowsOf, row.querySelector('td').textContent.replaceAll(',', '')]))`;
