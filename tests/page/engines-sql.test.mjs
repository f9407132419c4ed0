// The SQL console in the other engines: it starts, answers over all eight tables, and stops when it is told to.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { ENGINES, until } from './driver.mjs';
import { serve, sqlPageFile, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';
import { zip } from './zip.mjs';

/** @typedef {import('./driver.mjs').Driven} Driven */

/** Waits until a statement has come to its end; gives what the page says of it. @param {Driven} browser */
async function settled(browser) {
  await until('the statement', () =>
    browser.run("return !document.querySelector('#console').hasAttribute('aria-busy')"),
  );
  return browser.run("return document.querySelector('#console-status').textContent");
}

/** The editor, which is in a shadow tree. */
const EDITOR = "document.querySelector('#console-editor').shadowRoot?.querySelector('.cm-content')";

/** Types into the empty editor. @param {Driven} browser @param {string} sql */
async function write({ driver, run }, sql) {
  await run(`${EDITOR}.focus()`);
  await driver.actions().sendKeys(sql).perform();
  assert.equal(await run(`return ${EDITOR}.textContent`), sql);
}

/**
 * Runs the statement in the editor and waits for the first row of its result.
 * @param {Driven} browser
 * @param {string[]} row of whole numbers
 */
async function ask(browser, row) {
  await browser.run("document.querySelector('#console-run').click()");
  assert.match(await settled(browser), /^Done in/);
  await browser.run("document.querySelector('#console-reveal:not([hidden])')?.click()");
  await browser.run("document.querySelector('#console-grid').scrollIntoView()");
  // The grid draws a little later than it is told to.
  await until(`the row ${row}`, async () => {
    const cells = await browser.run(
      "return [...document.querySelector('#console-grid .body .row')?.querySelectorAll('[role=gridcell]') ?? []]" +
        // Each browser writes numbers by its own language.
        ".map((cell) => cell.textContent.replace(/[^0-9]/g, ''))",
    );
    return isDeepStrictEqual(cells, row);
  });
}

for (const { engine, by } of ENGINES.flatMap((engine) => ['http', 'file'].map((by) => ({ engine, by })))) {
  test(`${engine.name} over ${by}: the SQL console answers over all tables, of a zip too, and can be cancelled`, {
    skip: engine.missing,
    timeout: 240_000,
  }, async (t) => {
    const folder = tempFolder(t);
    mkdirSync(join(folder, 'saved'));
    const [customers, readings, steps] = makeExport(join(folder, 'export'));
    const packed = join(folder, 'readings.zip');
    writeFileSync(packed, zip({ [basename(readings)]: readFileSync(readings), 'steps.json': readFileSync(steps) }));
    const server = by === 'http' ? await serve(sqlPageFile) : undefined;
    t.after(() => server?.close());
    const browser = await engine.start(t, join(folder, 'saved'));
    await browser.go(server?.url ?? pathToFileURL(sqlPageFile).href);
    await browser.type('#files', [customers, packed].join('\n'));
    await browser.reached('done');
    await browser.run("location.hash = 'part=sql'");
    await browser.run("document.querySelector('#console-open').click()");
    await until('the editor', () => browser.run(`return ${EDITOR} !== undefined`));

    const since = performance.now();
    await write(
      browser,
      'SELECT (SELECT count(*) FROM customer_landing) AS a, (SELECT count(*) FROM accelerometer_landing) AS b, ' +
        '(SELECT count(*) FROM step_trainer_landing) AS c, (SELECT count(*) FROM machine_learning_curated) AS d',
    );
    const row = ['20', '8000', '8000', '4000'];
    await ask(browser, row);
    t.diagnostic(`the first answer took ${((performance.now() - since) / 1000).toFixed(1)} s`);

    // Both in one task, so that the answer cannot come between them.
    await browser.run(
      "document.querySelector('#console-run').click(); document.querySelector('#console-cancel').click()",
    );
    assert.match(await settled(browser), /^Cancelled/);
    await ask(browser, row);
    assert.deepEqual(server?.requests ?? ['GET /'], ['GET /']);
  });
}
