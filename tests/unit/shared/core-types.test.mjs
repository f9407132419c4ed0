// The page's types and words of the report against its schema, to which the core's own tests hold the core.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CHOICES } from '../../../www/page/ui/text.js';
import { REASONS, RULES } from '../../../www/shared/core.js';
import { TABLES } from '../../../www/shared/tables.js';

const read = (/** @type {string} */ path) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/**
 * A part of the schema.
 * @typedef {{ properties?: Record<string, Schema>, required?: string[], enum?: string[], oneOf?: Schema[] }} Schema
 */
/** @type {Schema & { properties: Record<string, Schema>, $defs: Record<string, Schema> }} */
const schema = JSON.parse(read('docs/report.schema.json'));
const types = read('www/shared/core-types.js');

/**
 * The properties of a type, and whether each is always there.
 * @param {string} name
 * @returns {Record<string, boolean>}
 */
function typed(name) {
  const [, body = ''] =
    new RegExp(`@typedef \\{object\\} ${name}\\b([\\s\\S]*?)\\n \\*(?:/| @typedef)`).exec(types) ?? [];
  const found = [...body.matchAll(/@property \{[^\n]*\} (\[?)(\w+)/g)];
  assert.ok(found.length > 0, `there is no type ${name}`);
  return Object.fromEntries(found.map(([, bracket, property]) => [property, bracket === '']));
}

/**
 * The same of a part of the schema, which may have several shapes.
 * @param {Schema[]} shapes
 * @returns {Record<string, boolean>}
 */
function described(...shapes) {
  const names = new Set(shapes.flatMap(({ properties = {} }) => Object.keys(properties)));
  return Object.fromEntries(
    [...names].map((name) => [name, shapes.every(({ required = [] }) => required.includes(name))]),
  );
}

/** Those of `all` that `part` has too. @param {Record<string, boolean>} all @param {Record<string, boolean>} part */
const among = (all, part) => Object.fromEntries(Object.entries(all).filter(([name]) => name in part));

const { landing, written, paired, input, filtered, rejected } = schema.$defs;

test('the ledger of a table and what is said of people have every property of the schema', () => {
  assert.deepEqual(typed('TableReport'), described(landing, written, paired));
  assert.deepEqual(typed('Privacy'), described(schema.properties.privacy));
});

test('what the page shows of inputs and of the report is in the schema', () => {
  assert.deepEqual(typed('ReportInput'), among(described(...(input.oneOf ?? [])), typed('ReportInput')));
  const { incomplete, ...report } = typed('Report');
  assert.equal(incomplete, false, 'earlier versions do not have it');
  assert.deepEqual(report, among(described(schema), report));
});

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
