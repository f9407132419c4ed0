// What is said beside a save and after it, and where the keyboard goes on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { explore, launch, openPage, part, reached } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const focused = (/** @type {Page} */ page) => page.evaluate(() => document.activeElement?.id);

/** Waits until an element says something. @param {Page} page @param {string} selector @param {RegExp} words */
const says = (page, selector, words) =>
  page.waitForFunction(
    ([place, source]) => new RegExp(source).test(document.querySelector(place)?.textContent ?? ''),
    /** @type {const} */ ([selector, words.source]),
  );

test('a save by Enter leaves the keyboard on its button, which does nothing while it is closed', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await page.click('#sample');
  await reached(page, 'done');
  await page.waitForSelector('#save-lake:enabled');
  const saved = page.waitForEvent('download');
  await page.press('#export-zip', 'Enter');
  // As long as it is packed, and afterwards.
  await says(page, '#export-status', /^Packing|^stedi-research/);
  assert.equal(await focused(page), 'export-zip');
  await saved;
  await says(page, '#export-status', /^stedi-research-[\w-]+\.zip: \d+ files/);
  assert.equal(await focused(page), 'export-zip');
  assert.equal(await page.isEnabled('#export-zip'), true);

  await page.press('#save-lake', 'Enter');
  await page.waitForSelector('#saved-lakes li');
  assert.equal(await focused(page), 'save-lake');
  assert.equal(await page.isDisabled('#save-lake'), true, 'it is saved');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(300);
  assert.equal(await page.locator('#saved-lakes li').count(), 1);
  await page.keyboard.press('Tab');
  assert.equal(await page.locator('#save-lake:disabled').count(), 1, 'who has left it does not come back to it');
  assert.deepEqual(errors, []);
});

for (const width of [390, 1440])
  test(`at ${width} pixels the bar says in every part what came of its button`, async (t) => {
    const { page, errors } = await openPage(t, browser, 'file', { viewport: { width, height: 844 } });
    await page.click('#sample');
    await reached(page, 'done');
    await page.waitForSelector('#package:enabled');
    await part(page, 'evidence');
    const height = () => page.$eval('#bar', (bar) => bar.getBoundingClientRect().height);
    const before = await height();
    const saved = page.waitForEvent('download');
    await page.press('#package', 'Enter');
    await saved;
    await says(page, '#bar-status', /^stedi-research-[\w-]+\.zip: \d+ files/);
    assert.equal(await focused(page), 'package');
    const { left, right, top, bottom } = await page.$eval('#bar-status', (place) => {
      const { left, right, top, bottom } = place.getBoundingClientRect();
      return { left, right, top, bottom };
    });
    assert.ok(left >= 0 && right <= width && top >= 0 && bottom <= 844, `${left} to ${right}, ${top} to ${bottom}`);
    assert.equal(await height(), before, 'nothing moves');
    assert.equal(await page.getAttribute('#bar-status', 'role'), 'status');
    await page.waitForFunction(() => document.querySelector('#bar-status')?.textContent === '');
    await part(page, 'result');
    assert.match(await page.innerText('#export-status'), /^stedi-research/, 'the downloads say it for good');
    assert.deepEqual(errors, []);
  });

for (const identity of ['pseudonym', 'serial'])
  test(`what is said of people in the research table, named by ${identity}`, async (t) => {
    const { page, errors } = await openPage(t, browser, 'file');
    await page.selectOption('[name="identity"]', identity);
    await page.click('#sample');
    await reached(page, 'done');
    await page.press('[data-table="machine_learning_curated"] button', 'Enter');
    const told = [
      await page.innerText('#files-saved tr:has([data-download="machine_learning_curated"]) small'),
      await page.innerText('#export-research-note'),
      await page.innerText('#detail .note'),
    ];
    await explore(page, 'machine_learning_curated');
    told.push(await page.innerText('#table-rule'));
    for (const words of told) {
      assert.match(words, /no names and no email addresses/);
      assert.equal(/serial numbers identify people/.test(words), identity === 'serial', words);
    }
    assert.deepEqual(errors, []);
  });
