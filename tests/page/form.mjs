// What the tests of settings share: a reader's keys, and which saves are open.
import assert from 'node:assert/strict';
import { parquetReadObjects } from 'hyparquet';
import { SAVED, download } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** Consents, and has readings. */
export const PERSON = 'person0@example.org';

/**
 * Moves the choice of an option by its keys.
 * @param {Page} page
 * @param {string} name
 * @param {'ArrowDown' | 'ArrowUp'} key
 */
export async function move(page, name, key = 'ArrowDown') {
  await page.focus(`[name="${name}"]`);
  await page.keyboard.press(key);
}

/** Types into the list of withdrawals. @param {Page} page @param {string} text */
export async function withdraw(page, text) {
  await page.focus('#withdrawals');
  await page.keyboard.type(text);
}

/** @param {Page} page */
export const followed = (page) => page.waitForFunction(() => document.documentElement.dataset.following === undefined);

/** The buttons that take something out: which there are, and which are open. @param {Page} page */
export async function saves(page) {
  const all = await page.$$eval('[data-saves]', (buttons) =>
    buttons
      .filter((button) => button.checkVisibility())
      .map((button) => ({
        name: button.id || /** @type {HTMLElement} */ (button).dataset.download,
        open: !button.matches(':disabled, [aria-disabled="true"]'),
      })),
  );
  return { all: all.map(({ name }) => name), open: all.filter(({ open }) => open).map(({ name }) => name) };
}

/** Every save of a run under a random key, where the browser keeps lakes. */
export const ALL = [
  'package',
  'key',
  ...[...SAVED].reverse(),
  'report',
  'lineage',
  'croissant',
  'export-zip',
  'export-folder',
  'save-lake',
].sort();

/** @param {Page} page */
export async function allOpen(page) {
  await page.waitForSelector('[data-download="report"]:enabled');
  const { all, open } = await saves(page);
  assert.deepEqual([...all].sort(), ALL);
  assert.deepEqual([...open].sort(), ALL);
  assert.equal(await page.isVisible('#stale'), false);
}

/** Nothing is open, and the page says so where the reader is. @param {Page} page @param {RegExp} words */
export async function allClosed(page, words) {
  const { all, open } = await saves(page);
  assert.ok(all.length > 0);
  assert.deepEqual(open, []);
  assert.match(await page.innerText('#stale'), words);
  for (const place of ['#run', '#files-saved', '#options', '.bottom']) {
    await page.locator(place).scrollIntoViewIfNeeded();
    const inSight = await page.$eval('#stale', (notice) => {
      const { top, bottom } = notice.getBoundingClientRect();
      return (
        notice.checkVisibility() &&
        top >= 0 &&
        bottom <= innerHeight &&
        notice.contains(document.elementFromPoint(innerWidth / 2, (top + bottom) / 2))
      );
    });
    assert.ok(inSight, `the notice is in sight at ${place}`);
  }
}

/**
 * The emails of a table.
 * @param {Page} page
 * @param {'customer_trusted' | 'accelerometer_trusted' | 'customer_curated'} table
 */
export async function people(page, table) {
  const { bytes } = await download(page, table);
  const rows = await parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
  return new Set(rows.map(({ email, user }) => email ?? user));
}

/** The pseudonyms of a run. @param {Page} page */
export async function subjects(page) {
  const { bytes } = await download(page, 'machine_learning_curated');
  const rows = await parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
  const found = [...new Set(rows.map(({ subject }) => subject))].sort();
  assert.ok(found.length > 0);
  return found;
}
