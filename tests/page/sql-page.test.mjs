// The SQL console as a part of the page: its look, and what the edition without it does not have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axeCheck } from './axe.mjs';
import { pageFile, part, reached, sqlPageFile } from './harness.mjs';
import { ask, cells, launch, openConsole, openSqlPage, run, write } from './sql-harness.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`axe-core finds nothing in the console, ${colorScheme}, and it fits 360 and 1440 pixels`, async (t) => {
    const { page } = await openSqlPage(t, browser, 'file', { colorScheme });
    const check = await axeCheck(page, '#console', async (where) =>
      assert.equal(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        0,
        `${where}: the page scrolls sideways`,
      ),
    );
    await page.click('#sample');
    await reached(page, 'done');
    await part(page, 'sql');
    await check('closed');
    await openConsole(page);
    await check('idle');
    await ask(page, 'SELECT subject, 1.5 AS number, NULL AS nothing FROM machine_learning_curated -- words');
    await cells(page);
    await check('a result');
    await write(page, 'SELECT nope FROM customer_trusted');
    await run(page);
    await check('an error');
    await ask(page, 'CREATE TABLE mine AS SELECT * FROM customer_landing');
    await ask(page, 'SELECT * FROM mine');
    await check('a raw result and a table');
    await ask(page, 'EXPLAIN SELECT * FROM mine');
    await page.locator('#console-plan', { hasText: 'logical_plan' }).waitFor();
    await check('a plan');
  });
}

test('the edition without the console has neither its code nor its engine, and the same policy but for hashes', () => {
  const [small, large] = [pageFile, sqlPageFile].map((file) => readFileSync(file, 'utf8'));
  for (const part of ['engine-gz', 'sql-worker-source', 'cm-editor', 'console-run']) {
    assert.ok(!small.includes(part), part);
    assert.ok(large.includes(part), part);
  }
  const policy = (/** @type {string} */ html) =>
    /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1].replace(/'sha256-[^']*'/g, 'HASH');
  assert.match(policy(small) ?? '', /connect-src 'none'/);
  assert.equal(policy(large), policy(small));
});
