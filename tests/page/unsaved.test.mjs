// Results that were not saved are asked about before they are lost: when the page is left, and when others replace
// them.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SAVED, counts, download, drop, launch, openPage, reached, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A page with a run, and files for another. @param {import('node:test').TestContext} t */
async function withRun(t) {
  const folder = tempFolder(t);
  const [files, others] = [makeExport(join(folder, 'a'), 20, 50), makeExport(join(folder, 'b'), 10, 50)];
  const opened = await openPage(t, browser, 'http');
  await opened.page.setInputFiles('#files', files);
  await reached(opened.page, 'done');
  await opened.page.click('#run-title');
  await opened.page.waitForSelector('#save-lake:enabled');
  return { ...opened, files, others };
}

/**
 * Leaves the page, stays if it asks, and gives whether it did.
 * @param {Page} page
 * @param {() => Promise<unknown>} leave
 */
async function asksFor(page, leave) {
  let asked = false;
  const stay = async (/** @type {import('playwright-core').Dialog} */ dialog) => {
    asked = dialog.type() === 'beforeunload';
    await dialog.dismiss();
  };
  page.once('dialog', stay);
  // A reload that is refused never ends; one that is not does.
  await Promise.race([
    leave().catch(() => undefined),
    page
      .waitForEvent('dialog')
      .then(() => page.waitForTimeout(100))
      .catch(() => undefined),
  ]);
  page.off('dialog', stay);
  return asked;
}

/** @param {Page} page */
const reloadAsks = (page) =>
  asksFor(page, () =>
    Promise.all([
      page.waitForEvent('load'),
      page.evaluate(() => {
        // Later, so that this call has its answer before its page is gone.
        setTimeout(() => location.reload());
      }),
    ]),
  );

/** Rows of the customers' table, and whether the run's files are there. @param {Page} page */
async function intact(page) {
  assert.equal(await page.getAttribute('html', 'data-state'), 'done');
  assert.equal((await counts(page)).customer_landing.rows, 20);
  assert.equal(await page.isEnabled('[data-download="machine_learning_curated"]'), true);
}

test('a reload and a close ask when there are results that were not saved, and staying keeps them', async (t) => {
  const { page, errors } = await withRun(t);
  assert.equal(await reloadAsks(page), true);
  await intact(page);
  assert.equal(
    await asksFor(page, () => page.close({ runBeforeUnload: true }).then(() => page.waitForEvent('close'))),
    true,
  );
  await intact(page);
  await download(page, 'machine_learning_curated');
  await download(page, 'report');
  assert.equal(await reloadAsks(page), true, 'a table alone is not the results');
  await intact(page);
  assert.deepEqual(errors, []);
});

test('where there is nothing, or it is being made, a reload does not ask', async (t) => {
  const { page } = await openPage(t, browser, 'http');
  await page.click('#withdrawals');
  await page.keyboard.type('a@example.org');
  assert.equal(await reloadAsks(page), false);
  await page.click('#sample');
  await page.click('#cancel');
  assert.equal(await page.getAttribute('html', 'data-state'), 'cancelled');
  assert.equal(await reloadAsks(page), false);
  assert.equal(await page.getAttribute('html', 'data-state'), 'idle');
});

for (const [name, save] of /** @type {[string, (page: Page) => Promise<unknown>][]} */ ([
  [
    'each of the five tables is saved',
    async (page) => {
      for (const table of SAVED) await download(page, table);
    },
  ],
  [
    'an export is saved',
    async (page) => {
      const saved = page.waitForEvent('download');
      await page.press('#export-zip', 'Enter');
      await saved;
      await page.waitForFunction(() =>
        /^stedi-research-[\w-]+\.zip/.test(document.querySelector('#export-status')?.textContent ?? ''),
      );
    },
  ],
  [
    'they are kept',
    async (page) => {
      await page.press('#save-lake', 'Enter');
      await page.waitForFunction(() =>
        /^Saved in this browser/.test(document.querySelector('#export-status')?.textContent ?? ''),
      );
    },
  ],
])) {
  test(`when ${name}, neither a reload nor a drop asks, until there are other results`, async (t) => {
    const { page, errors, others } = await withRun(t);
    await save(page);
    await page.focus('[name="consent"]');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(
      () => document.documentElement.dataset.following === undefined && document.querySelector('#effect:not([hidden])'),
    );
    assert.equal(await reloadAsks(page), true, 'another option has made others');
    await page.waitForSelector('#save-lake:enabled');
    await save(page);
    await drop(page, others);
    await page.waitForFunction(
      () =>
        /** @type {HTMLElement} */ (document.querySelector('[data-table="customer_landing"]')).dataset.rows === '10',
    );
    await reached(page, 'done');
    await page.waitForSelector('#save-lake:enabled');
    await save(page);
    assert.equal(await reloadAsks(page), false);
    assert.equal(await page.getAttribute('html', 'data-state'), 'idle');
    assert.deepEqual(errors, []);
  });
}

test('a saved lake is saved, until it is removed while it is on the page', async (t) => {
  const { page } = await withRun(t);
  await page.press('#save-lake', 'Enter');
  await page.waitForSelector('#saved-lakes li');
  await page.reload();
  await page.click('#saved-lakes button:has-text("Open")');
  await reached(page, 'done');
  await page.click('#saved-lakes button:has-text("Remove")');
  await page.waitForSelector('#saved-lakes', { state: 'hidden' });
  assert.equal(await reloadAsks(page), true);
});

test('a drop, a picker and the sample ask before they replace results; to stay keeps everything', async (t) => {
  const { page, errors, others } = await withRun(t);
  await page.press('[data-table="customer_trusted"] button', 'Enter');
  const focused = () => page.evaluate(() => document.activeElement?.id);
  for (const [way, begin] of /** @type {[string, () => Promise<unknown>][]} */ ([
    ['a drop', () => drop(page, others)],
    ['a picker', () => page.setInputFiles('#files', others)],
    ['the sample', () => page.press('#sample', 'Enter')],
  ])) {
    await begin();
    await page.waitForSelector('#replace[open]');
    assert.match(await page.innerText('#replace'), /were not saved/);
    assert.equal(await focused(), 'replace-no', `${way}: the harmless answer has the focus`);
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'replace-yes');
    // What is behind it is not reached.
    for (let i = 0; i < 4; i += 1) {
      await page.keyboard.press('Tab');
      assert.ok(['replace-no', 'replace-yes', '', undefined].includes(await focused()), `${way}: ${await focused()}`);
    }
    await page.keyboard.press('Escape');
    await page.waitForSelector('#replace', { state: 'hidden' });
    await intact(page);
    assert.match(await page.innerText('#detail-title'), /customer_\s*trusted/, 'the table that was chosen, too');
  }
  assert.equal(await focused(), 'sample', 'the focus is where it was');

  await drop(page, others);
  await page.waitForSelector('#replace[open]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#replace', { state: 'hidden' });
  await intact(page);
  await page.click('#again');
  await page.waitForTimeout(300);
  assert.equal(await page.isVisible('#replace'), false, 'the same files again are no other results');
  await reached(page, 'done');
  await intact(page);

  await drop(page, others);
  await page.waitForSelector('#replace[open]');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () => /** @type {HTMLElement} */ (document.querySelector('[data-table="customer_landing"]')).dataset.rows === '10',
  );
  await reached(page, 'done');
  assert.deepEqual(errors, []);
});

test('a second drop while it is asked about the first takes its place; a saved lake asks too', async (t) => {
  const { page, errors, files, others } = await withRun(t);
  await page.press('#save-lake', 'Enter');
  await page.waitForSelector('#saved-lakes li');
  // Run again, these are no longer the results that are kept.
  await page.click('#again');
  await reached(page, 'done');
  await page.click('#saved-lakes button:has-text("Open")');
  await page.waitForSelector('#replace[open]');
  await page.click('#replace-no');
  await intact(page);
  assert.doesNotMatch(await page.innerText('#status'), /earlier visit/);

  await drop(page, files);
  await page.waitForSelector('#replace[open]');
  await drop(page, others);
  await page.waitForFunction(() => !document.querySelector('#drop')?.ariaBusy);
  await page.click('#replace-yes');
  await page.waitForFunction(
    () => /** @type {HTMLElement} */ (document.querySelector('[data-table="customer_landing"]')).dataset.rows === '10',
  );
  await reached(page, 'done');
  assert.equal(await page.isVisible('#replace'), false);
  assert.deepEqual(errors, []);
});
