// The borders of the page's threads: `page/` and `worker/` know only themselves and `shared/`, in types too.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const www = fileURLToPath(new URL('../../www', import.meta.url));

/** What a folder may import from, itself included. `pkg` is what the core's build gives, for workers alone. */
const ALLOWED = {
  shared: ['shared'],
  page: ['page', 'shared'],
  worker: ['worker', 'shared', 'pkg'],
};

/** Files of a folder, from `www/`. @param {string} folder @returns {string[]} */
const scripts = (folder) =>
  readdirSync(join(www, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name));

/**
 * What a file imports, from `www/`: by statements, at run time, and in types.
 * @param {string} file
 * @param {string} [text]
 * @returns {string[]}
 */
function imports(file, text = readFileSync(join(www, file), 'utf8')) {
  const named = [...text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*(['"])(\.[^'"]+)\1/g)];
  return named.map(([, , path]) => relative(www, join(www, dirname(file), path)));
}

for (const [folder, allowed] of Object.entries(ALLOWED)) {
  test(`${folder}/ imports from ${allowed.join(', ')} only`, () => {
    const files = scripts(folder);
    const edges = files.flatMap((file) => imports(file).map((path) => ({ file, path })));
    assert.ok(files.length > 0 && edges.length > 0);
    assert.deepEqual(
      edges.filter(({ path }) => !allowed.includes(path.split('/')[0])),
      [],
    );
  });
}

test('what is in shared/ is used by both threads', () => {
  const users = (/** @type {string} */ folder) => {
    const seen = new Set(scripts(folder).flatMap((file) => imports(file)));
    // Through other files of shared/ too.
    for (const file of seen) if (file.startsWith('shared/')) for (const path of imports(file)) seen.add(path);
    return seen;
  };
  const [page, worker] = [users('page'), users('worker')];
  assert.deepEqual(
    scripts('shared').filter((file) => !page.has(file) || !worker.has(file)),
    [],
  );
});

test('every kind of import is seen', () => {
  const text = [
    "import { a } from '../worker/a.js';",
    "import '../worker/b.js';",
    "export { c } from '../worker/c.js';",
    "const d = await import('../worker/d.js');",
    "/** @type {import('../worker/e.js').E} */",
  ];
  assert.deepEqual(
    imports('page/x.js', text.join('\n')),
    ['a', 'b', 'c', 'd', 'e'].map((name) => `worker/${name}.js`),
  );
});
