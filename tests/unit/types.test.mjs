// The page's types say what things are: none of them is `any`.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const www = fileURLToPath(new URL('../../www', import.meta.url));

/** The types in a text: what stands in braces in a JSDoc comment, without the strings in it. @param {string} text */
function types(text) {
  const found = [];
  for (const [comment] of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    let depth = 0;
    let from = 0;
    for (const [at, letter] of [...comment].entries()) {
      if (letter === '{' && depth++ === 0) from = at;
      if (letter === '}' && --depth === 0) found.push([...comment].slice(from, at + 1).join(''));
    }
  }
  return found.map((type) => type.replace(/'[^']*'/g, "''"));
}

/** @param {string} text */
const anys = (text) => types(text).filter((type) => /\bany\b/.test(type));

test('any is found wherever a type stands, and not in prose or strings', () => {
  const text = `
    /** Says any word. @param {Map<string, any>} map @returns {'any' | 'latest'} */
    /**
     * @typedef {{
     *   a: any[] }} A
     */`;
  assert.equal(anys(text).length, 2);
});

/**
 * Lines of declarations that say `any`; but for what a module of WASM gives by itself, which no script uses.
 * @param {string} text
 */
function declaredAnys(text) {
  const code = text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    .replace(/^export interface InitOutput \{[^}]*\}/m, '')
    .replace(/'[^']*'|"[^"]*"/g, "''");
  return code.split('\n').filter((line) => /\bany\b/.test(line));
}

test('any is found in declarations, and not in prose, strings or what a module gives by itself', () => {
  const text = `
    /** Takes any word. */
    export type Records = "any" | 'latest';
    export function open(table: any, name: string): number; // any
    jobs(): any;
    export type Rows = Array<any>;
export interface InitOutput {
    readonly run_jobs: (a: number) => [any, number];
}
export function version(): string;`;
  assert.equal(declaredAnys(text).length, 3);
});

test('no type of the page is any', () => {
  const files = readdirSync(www, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('pkg'));
  const found = files
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) => anys(readFileSync(join(www, name), 'utf8')).map((type) => `${name}: ${type}`));
  const declared = files
    .filter((name) => name.endsWith('.d.ts'))
    .flatMap((name) => declaredAnys(readFileSync(join(www, name), 'utf8')).map((line) => `${name}: ${line}`));
  assert.deepEqual([...found, ...declared], []);
});

test('the modules of WASM declare no any', () => {
  const pkg = join(www, 'pkg');
  const made = readdirSync(pkg).filter((name) => /^\w+\.d\.ts$/.test(name));
  assert.ok(made.includes('stedi_lakehouse.d.ts'), 'make dist makes it');
  const found = made.flatMap((name) =>
    declaredAnys(readFileSync(join(pkg, name), 'utf8')).map((line) => `${name}: ${line}`),
  );
  assert.deepEqual(found, []);
});
