// The SQL console as a part of the page: its look, and what the edition without it does not have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axeCheck } from './axe.mjs';
import { TABLES, openPage, pageFile, part, reached, sqlPageFile, beyondWidth } from './harness.mjs';
import { ask, cells, launch, openConsole, openSqlPage, resultRows, run, runSample, write } from './sql-harness.mjs';

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
      assert.equal(await beyondWidth(page), 0, `${where}: the page scrolls sideways`),
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
    await ask(page, 'SELECT subject, count(*) AS readings FROM machine_learning_curated GROUP BY subject');
    await page.press('#console-as-chart', 'Enter');
    await page.waitForSelector('#console-chart canvas');
    await check('a chart');
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

test('beside the editor are the tables and their columns: a name that is pressed is written into it', async (t) => {
  const { page, errors } = await openSqlPage(t, browser, 'file');
  await runSample(page);
  await page.waitForSelector('#console-tables summary');
  assert.equal(await page.locator('#console-absent').count(), 0);
  const names = await page.$$eval('#console-tables summary', (all) => all.map((one) => one.textContent ?? ''));
  assert.deepEqual(names.sort(), [...TABLES].sort());
  await write(page, 'SELECT ');
  await page.locator('#console-tables summary', { hasText: 'customer_trusted' }).click();
  await page.click('#console-tables [data-name="birthday"]:visible');
  assert.match(await page.locator('#console .cm-content').innerText(), /^SELECT birthday\s*$/);
  assert.deepEqual(errors, []);
});

test('a result is drawn by time where its texts are dates, else by its texts in their order', async (t) => {
  const { page, errors } = await openSqlPage(t, browser, 'file');
  await runSample(page);
  const words = (/** @type {string} */ wanted) =>
    page.waitForFunction(
      (text) => document.querySelector('#console-chart [role="status"]')?.textContent === text,
      wanted,
    );
  // As the ready query does by day, of which the sample has few.
  const minute = "date_trunc('minute', to_timestamp_millis(sensorreadingtime)) AS minute";
  await ask(page, `SELECT ${minute}, count(*) AS rows FROM machine_learning_curated GROUP BY minute ORDER BY minute`);
  const minutes = (await resultRows(page)).toLocaleString('en-US');
  await page.press('#console-as-chart', 'Enter');
  await words(`rows by minute: ${minutes} points.`);
  assert.equal(await page.locator('#console-chart canvas').count(), 1);
  await page.selectOption('#console-chart [aria-label="Across"]', { index: 0 });
  await words(`rows by row: ${minutes} points.`);
  await ask(page, 'SELECT subject, count(*) AS readings FROM machine_learning_curated GROUP BY subject');
  const subjects = await resultRows(page);
  await page.press('#console-as-chart', 'Enter');
  await words(`readings by subject: ${subjects} points.`);
  assert.deepEqual(errors, []);
});

test('the edition without the console says where the other one is', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.click('#sample');
  await reached(page, 'done');
  await part(page, 'sql');
  const words = await page.innerText('#console-absent');
  assert.match(words, /get the file stedi-lakehouse-sql\.html where you got this one/);
  assert.deepEqual(errors, []);
});

test('the edition without the console has neither its code nor its engine, and the same policy but for hashes', () => {
  const [small, large] = [pageFile, sqlPageFile].map((file) => readFileSync(file, 'utf8'));
  for (const part of ['engine-zst', 'sql-worker-source', 'cm-editor', 'console-run']) {
    assert.ok(!small.includes(part), part);
    assert.ok(large.includes(part), part);
  }
  const policy = (/** @type {string} */ html) =>
    /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1].replace(/'sha256-[^']*'/g, 'HASH');
  assert.match(policy(small) ?? '', /connect-src 'none'/);
  assert.equal(policy(large), policy(small));
});
