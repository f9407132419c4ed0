// The page's words of the report against its schema, to which the core's own tests hold the core.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CHOICES } from '../../../www/page/settings/choices.js';
import { REASONS, RULES } from '../../../www/shared/core.js';
import { TABLES } from '../../../www/shared/tables.js';

const read = (/** @type {string} */ path) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/**
 * A part of the schema.
 * @typedef {{
 *   properties?: Record<string, Schema>, items?: Schema, required?: string[], enum?: string[], oneOf?: Schema[],
 * }} Schema
 */
/** @type {Schema & { properties: Record<string, Schema>, $defs: Record<string, Schema> }} */
const schema = JSON.parse(read('docs/report.schema.json'));
const { filtered, rejected } = schema.$defs;

test('the form offers the values of the schema, but for what only the command line has', () => {
  const { properties: options = {} } = schema.properties.options;
  for (const { name, choices } of CHOICES.filter(({ name }) => name !== 'key')) {
    const wanted = options[name.replaceAll('-', '_')].enum?.filter((value) => value !== 'zstd');
    assert.deepEqual(
      choices.map(({ value }) => value),
      wanted,
      name,
    );
  }
});

test('every table, rule and reason of the schema has its words', () => {
  assert.deepEqual(TABLES.map(({ name }) => name).sort(), [...(schema.properties.tables.required ?? [])].sort());
  assert.deepEqual(Object.keys(RULES).sort(), Object.keys(filtered.properties ?? {}).sort());
  assert.deepEqual(Object.keys(REASONS).sort(), Object.keys(rejected.properties ?? {}).sort());
});

test('the schema lists every code of a warning, and of what makes a run incomplete', () => {
  const source = (/** @type {string} */ file) => read(`src/${file}`).split('#[cfg(test)]')[0];
  const codesOf = (/** @type {string} */ part) => schema.properties[part].items?.properties?.code.enum;
  const codes = (/** @type {string} */ file, /** @type {RegExp} */ call) =>
    [...source(file).matchAll(call)].flatMap(([, ...codes]) => codes.filter(Boolean));
  const made = /Warning::new\(\s*"(\w+)"/g;
  const warned = [
    ...codes('report/warnings.rs', /(?:warn\(\s*|Warning::new\(\s*|=> \(\s*)"(\w+)"/g),
    ...codes('report/empty.rs', made),
    ...codes('audit/report_file.rs', /\[\("(\w+)", unhashed|INPUT_CHANGED: &str = "(\w+)"/g),
  ];
  assert.ok(warned.length > 25, `${warned.length}`);
  assert.deepEqual([...(codesOf('warnings') ?? [])].sort(), [...new Set(warned)].sort());
  assert.deepEqual(codesOf('incomplete')?.sort(), codes('report/incomplete.rs', made).sort());
});
