// The page's address holds its options: what it asks for and cannot be had is said, and taken out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launch, openPage, pageFile } from './harness.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Asked for, what is left of it, and what is said. @type {[string, string, RegExp][]} */
const ADDRESSES = [
  ['consent=asof', '', /asks for consent=asof\. This page does not know it/],
  ['Consent=as-of&records=latest', '#records=latest', /asks for Consent=as-of\./],
  ['join=all&shared_serials=drop', '', /asks for join=all and shared_serials=drop\. This page does not know them/],
  ['consent=as-of', '#consent=as-of', /^$/],
];

test('an address with a value or a name that is not known', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  for (const [asked, left, words] of ADDRESSES) {
    await page.goto('about:blank');
    await page.goto(`${pathToFileURL(pageFile)}#${asked}`);
    assert.match(await page.innerText('#notice'), words);
    assert.equal(await page.evaluate(() => location.hash), left);
  }
});
