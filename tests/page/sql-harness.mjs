// What the tests of the SQL console share.
import { launch, openPage, part, reached, sqlPageFile } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

export { launch };

/**
 * The edition with the console.
 * @param {import('node:test').TestContext} t
 * @param {import('playwright-core').Browser} browser
 * @param {'http' | 'file'} by
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export const openSqlPage = (t, browser, by, options) => openPage(t, browser, by, options, sqlPageFile);

/** Opens the console of a page whose run is done. @param {Page} page */
export async function openConsole(page) {
  await part(page, 'sql');
  await page.locator('#console-open').press('Enter');
  await page.locator('#console .cm-content').waitFor();
}

/** @param {Page} page */
export async function runSample(page) {
  await page.click('#sample');
  await reached(page, 'done');
  await openConsole(page);
}

/** @param {Page} page @param {string} sql */
export async function write(page, sql) {
  await part(page, 'sql');
  await page.locator('#console .cm-content').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(sql);
}

/** Waits for what a statement comes to. @param {Page} page */
export async function settled(page) {
  await page.waitForFunction(() => !document.querySelector('#console')?.hasAttribute('aria-busy'), undefined, {
    timeout: 120_000,
  });
  const failed = (await page.locator('#console-status[data-failed]').count()) > 0;
  return { failed, words: await page.innerText('#console-status') };
}

/** Runs what stands in the editor. @param {Page} page */
export async function run(page) {
  await page.locator('#console .cm-content').press('Control+Enter');
  return settled(page);
}

/**
 * Runs a statement that must not fail; gives how many rows came, or nothing of one that makes a table.
 * @param {Page} page
 * @param {string} sql
 */
export async function ask(page, sql) {
  await write(page, sql);
  const { failed, words } = await run(page);
  if (failed) throw new Error(`${sql}: ${words}`);
  return words;
}

/** Of a result its number of rows. @param {Page} page */
export async function resultRows(page) {
  return Number((await page.innerText('#console-count')).split(' row')[0].replace(/\D/g, ''));
}

/** Asks for raw rows, where they have to be asked for. @param {Page} page */
export async function reveal(page) {
  if (await page.locator('#console-reveal').isVisible()) await page.locator('#console-reveal').press('Enter');
}

/** The cells of the first rows that are drawn. @param {Page} page @returns {Promise<string[][]>} */
export async function cells(page) {
  await page.locator('#console-grid .grid[aria-busy="false"]').waitFor();
  return page.$$eval('#console-grid .body .row', (rows) =>
    rows.map((row) => [...row.querySelectorAll('[role="gridcell"]')].map((cell) => cell.textContent ?? '')),
  );
}
