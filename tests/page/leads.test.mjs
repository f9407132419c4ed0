// Numbers and warnings lead to what they are about: rows, reasons, inputs, a table of the pipeline, a setting.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TABLES, choose, launch, openPage, part, reached } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Selects a table of the pipeline. @param {Page} page @param {string} table */
async function select(page, table) {
  await part(page, 'result');
  await page.press(`[data-table="${table}"] button.node`, 'Enter');
}

test('each number of the pipeline leads to its rows or to what left them out', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  for (const table of TABLES) {
    await select(page, table);
    const plain = await page.$$eval(
      '#detail .ledger div',
      (all) =>
        all.filter((line) => !line.querySelector('dd button') && line.querySelector('dd')?.textContent !== '0').length,
    );
    assert.equal(plain, 0, `${table}: a number leads nowhere`);
  }
  const drawn = await page.$$eval('#lake .left', (all) =>
    all.filter((one) => one.textContent !== '' && !one.querySelector('button')).map((one) => one.textContent),
  );
  assert.deepEqual(drawn, [], 'neither does one of the drawing');

  const title = async () => (await page.innerText('#table-title')).replaceAll('\u200b', '');
  for (const [table, line, place, of] of [
    ['customer_landing', '.in', '#inputs', ''],
    ['customer_landing', '.rejected', '#table-rejects tbody tr', 'customer_landing'],
    ['customer_trusted', '.in', '.grid[aria-label="Rows of customer_landing, raw"]', 'customer_landing'],
    ['customer_trusted', '.filtered', '#sql code:not(:empty)', 'customer_trusted'],
    ['accelerometer_trusted', '.out', '.grid[aria-label="Rows of accelerometer_trusted"]', 'accelerometer_trusted'],
    ['machine_learning_curated', '.in', '.grid[aria-label="Rows of accelerometer_trusted"]', 'accelerometer_trusted'],
  ]) {
    await select(page, table);
    await page.press(`#detail .ledger ${line} button`, 'Enter');
    await page.waitForSelector(place);
    if (of) assert.equal(await title(), of, `${line} of ${table}`);
  }
  for (const [table, place] of [
    ['customer_trusted', '#sql code:not(:empty)'],
    ['customer_landing', '#table-rejects tbody tr'],
  ]) {
    await part(page, 'result');
    await page.click(`[data-table="${table}"] .left button`);
    await page.waitForSelector(place);
    assert.equal(await title(), table);
  }

  await part(page, 'result');
  await page.click('#verdict [data-of="customer_landing"]');
  await page.waitForSelector('.grid[aria-label="Rows of customer_landing, raw"]');

  await part(page, 'result');
  await page.click('#verdict [data-to-table="step_trainer_trusted"]');
  assert.match(await page.innerText('#detail-title'), /^step_trainer_\s*trusted$/);
  assert.deepEqual(errors, []);
});

test('a warning leads to its table and its setting, and is said once', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await choose(page, { join: 'time' });
  await page.fill('#withdrawals', 'nobody@example.org');
  await page.click('#sample');
  await reached(page, 'done');
  const shown = await page.$$eval('#warnings > ul > li', (all) => all.map((one) => one.getAttribute('data-warning')));
  assert.equal(new Set(shown).size, shown.length);
  assert.ok(shown.includes('mixed_pairs') && shown.includes('withdrawals_unmet'), `${shown}`);
  const links = page.locator('[data-warning="mixed_pairs"] .leads button');
  assert.deepEqual(await links.allInnerTexts(), ['machine_learning_curated', 'Sensors are joined by']);
  await page.$eval('#settings', (settings) => settings.removeAttribute('open'));
  await links.last().press('Enter');
  assert.equal(await page.isVisible('[name="join"]'), true, 'the settings are opened for it');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'join');
  await page.press('[data-warning="withdrawals_unmet"] .leads button', 'Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'withdrawals');
  await page.press('[data-table="customer_landing"] button.node', 'Enter');
  await links.first().press('Enter');
  assert.match(await page.innerText('#detail-title'), /^machine_learning_\s*curated$/);
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest('[data-table]')?.getAttribute('data-table'));
  assert.equal(await focused(), 'machine_learning_curated');
  assert.deepEqual(errors, []);
});
