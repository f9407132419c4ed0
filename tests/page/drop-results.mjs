// What the tests of drops share: where a page is opened, a run's results, and that they are the picker's.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SAVED, download, openPage, pageFile, reached, report, serve, sqlPageFile } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** Both editions from both kinds of addresses; `skip` is of a test there. */
export const PLACES = /** @type {const} */ (['file', 'http']).flatMap((by) =>
  [pageFile, sqlPageFile].map((edition) => ({
    by,
    edition,
    name: `over ${by}, ${basename(edition)}`,
    skip: existsSync(edition) ? false : `${basename(edition)} is not built`,
  })),
);

/** @typedef {typeof PLACES[number]} Place */

/**
 * The page in a browser that goes by WebDriver, which has shown another one before, with a key file given.
 * @param {import('node:test').TestContext} t
 * @param {import('./driver.mjs').Driven} browser
 * @param {Place} place
 * @param {string} folder where the key is written
 */
export async function openIn(t, browser, { by, edition }, folder) {
  const server = by === 'http' ? await serve(edition) : undefined;
  t.after(() => server?.close());
  await browser.go(server?.url ?? pathToFileURL(edition).href);
  const key = join(folder, 'key');
  writeFileSync(key, 'one key for all\n');
  await browser.run(`
    // The browser goes on to the next place, whatever is not saved.
    addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true);
    const key = document.querySelector('[name=key]');
    key.value = 'file';
    key.dispatchEvent(new Event('input', { bubbles: true }));`);
  await browser.type('#key-file', key);
}

/**
 * The page, with a key file given.
 * @param {import('node:test').TestContext} t
 * @param {import('playwright-core').Browser} browser
 * @param {'http' | 'file'} by
 * @param {string} [edition]
 */
export async function open(t, browser, by, edition) {
  const opened = await openPage(t, browser, by, {}, edition);
  await useKey(opened.page);
  return opened;
}

/** @param {Page} page */
export async function useKey(page) {
  await page.selectOption('[name="key"]', 'file');
  await page.setInputFiles('#key-file', {
    name: 'one.key',
    mimeType: 'text/plain',
    buffer: Buffer.from('one key for all\n'),
  });
}

/** @param {Page} page @param {() => Promise<void>} give */
export async function run(page, give) {
  await give();
  await reached(page, 'done');
}

/** All that a run gives: the tables' bytes and what the report says. @param {Page} page */
export async function results(page) {
  /** @type {Record<string, Buffer>} */
  const tables = {};
  for (const table of SAVED) tables[table] = (await download(page, table)).bytes;
  return { tables, report: await report(page) };
}

/** The status and the words of each input, as the page shows them. @param {Page} page */
export async function shownInputs(page) {
  return Object.fromEntries(
    await page.$$eval('#inputs tbody tr', (rows) =>
      rows.map((row) => {
        const [name, status, words] = [...row.children].map((cell) => cell.textContent ?? '');
        return [name, `${status}: ${words}`];
      }),
    ),
  );
}

/** @param {Page} page @param {Awaited<ReturnType<typeof results>>} wanted @param {boolean} sameNames */
export async function sameAs(page, wanted, sameNames) {
  const { tables, report: said } = await results(page);
  for (const table of SAVED)
    assert.ok(tables[table].equals(wanted.tables[table]), `${table} differs from the picker's`);
  assert.deepEqual(sameNames ? said : said.tables, sameNames ? wanted.report : wanted.report.tables);
}
