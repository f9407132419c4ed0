// A lake in Firefox and in Safari’s engine, where the page reads for its workers from file://: chosen as a zip,
// checked, searched, left without somebody who is erased, and continued from.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { ENGINES, until } from './driver.mjs';
import { pageFile, serve, tempFolder } from './harness.mjs';
import { IN, ROWS, makeLake, rowsOf } from './made-lake.mjs';

for (const { name, start, missing } of ENGINES)
  for (const by of ['http', 'file'])
    test(`${name} over ${by}: a lake is shown, checked and searched, left without somebody, and continued from`, {
      skip: missing,
    }, async (t) => {
      const folder = tempFolder(t);
      const made = makeLake(folder);
      if (!made) return t.skip('the command line program is not built');
      mkdirSync(join(folder, 'saved'));
      const browser = await start(t, join(folder, 'saved'));
      const server = by === 'http' ? await serve() : undefined;
      t.after(() => server?.close());
      await browser.go(server?.url ?? pathToFileURL(pageFile).href);
      await browser.type('#files', made.packed);
      await until('the lake', () => browser.run("return !document.querySelector('#found-lake').hidden"));
      assert.equal(await browser.run('return document.documentElement.dataset.state'), 'idle');

      const said = (/** @type {string} */ place) =>
        browser.run(`return document.querySelector('${place} [role="status"]').textContent`);
      await browser.run(`document.querySelector('#lake-check [data-act="begin"]').click()`);
      await until('the check', () => browser.run("return document.querySelector('#lake-check .found .hint') !== null"));
      assert.match(await said('#lake-check'), /^Nothing differs\./);

      await browser.type('#lake-key', made.key);
      await browser.type('#lake-person-entry', IN);
      await browser.run(`document.querySelector('#lake-person [data-act="begin"]').click()`);
      await until('the search', () =>
        browser.run("return document.querySelector('#lake-person .found table') !== null"),
      );
      assert.equal(await said('#lake-person'), `“${IN}” is in this lake.`);
      const { rows } = JSON.parse(
        made.program(['verify', made.lake, '--person', IN, '--key-file', made.key, '--json']),
      );
      assert.deepEqual(
        await browser.run(`return ${ROWS('#lake-person')}`),
        Object.fromEntries(Object.entries(rows).map(([table, count]) => [table, String(count)])),
      );

      await browser.type('#withdrawals', IN);
      await browser.run(`document.querySelector('#lake-erase [data-act="begin"]').click()`);
      await until('the erasure', () =>
        browser.run(`return document.querySelector('#lake-erase [data-act="begin"]:not([hidden])') !== null`),
      );
      assert.match(await said('#lake-erase'), /^Erased: all whom the list names \(1 entry\)\./);

      await browser.run("document.querySelector('#lake-new-key').click()");
      await browser.type('#lake-new-files', made.files.join('\n'));
      await browser.reached('done');
      const after = await browser.run(
        `return Object.fromEntries([...document.querySelectorAll('[data-table]')].map(({ dataset }) =>
          [dataset.table, Number(dataset.rows)]))`,
      );
      // Withdrawn, who was erased; all others are those of the lake, whose files were not read again.
      const before = rowsOf(made.report);
      assert.equal(after.customer_trusted, before.customer_trusted - 1);
      assert.equal(after.machine_learning_curated, before.machine_learning_curated - 400);
      assert.equal(after.accelerometer_landing, 0);
    });
