// What is printed: every part that says something, the verdict first, and nothing that is for a screen alone.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { download, drop, explore, launch, openPage, part, reached, tempFolder, beyondWidth } from './harness.mjs';
import { IN, OUT, makeLake } from './made-lake.mjs';

const pictures = fileURLToPath(new URL('../../test-results', import.meta.url));

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await launch();
});
after(() => browser.close());

/** The sections of the page that are printed, from top to bottom. @param {import('playwright-core').Page} page */
const printed = (page) =>
  page.$$eval('main > *', (all) =>
    all
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height > 0)
      .sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
      .map((element) => element.id),
  );

test('print has the verdict first, each part on its own page, no controls, no raw text, nothing empty', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file', { viewport: { width: 1280, height: 900 } });
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  const { bytes } = await download(page, 'report');
  await explore(page, 'charts');
  await page.waitForSelector('#charts .measures tbody tr');
  await page.emulateMedia({ media: 'print' });
  assert.deepEqual(await printed(page), ['run', 'files-saved', 'tables', 'explore', 'evidence', 'privacy']);
  const breaks = await page.$$eval('main > [data-in]', (all) =>
    all.filter((one) => getComputedStyle(one).breakBefore === 'page').map(({ id }) => id),
  );
  assert.deepEqual(breaks, ['explore', 'console', 'compare', 'evidence', 'privacy']);
  const controls = await page.$$eval('button:not(.node, .link), select, input, textarea, [role="tab"]', (all) =>
    all.filter((one) => one.checkVisibility()).map((one) => one.id || one.outerHTML),
  );
  assert.deepEqual(controls, []);
  assert.equal(await page.isVisible('.rejects .reason'), true, 'rejects by reason');
  assert.equal(await page.isVisible('.rejects .raw'), false, 'without their text');
  const empty = await page.$$eval('main section:has(> :is(h2, h3))', (all) =>
    all
      .filter((one) => one.checkVisibility() && one.textContent?.trim() === one.querySelector('h2, h3')?.textContent)
      .map(({ id }) => id),
  );
  assert.deepEqual(empty, []);
  assert.equal(await beyondWidth(page), 0);
  await page.emulateMedia({ media: null });
  await page.pdf({ path: join(pictures, 'print.pdf'), format: 'A4' });

  // With a comparison that part is there too.
  await page.setInputFiles('#earlier', { name: 'report.json', mimeType: 'application/json', buffer: bytes });
  await page.waitForSelector('#compare-result > *', { state: 'attached' });
  await page.emulateMedia({ media: 'print' });
  assert.ok((await printed(page)).includes('compare'));
  await page.emulateMedia({ media: null });
  assert.deepEqual(errors, []);
});

test('under Evidence the record alone is printed, by its button and by the browser’s own keys', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  await page.fill('#withdrawals', 'nobody@example.org');
  await page.click('#sample');
  await reached(page, 'done');
  await page.waitForSelector('#evidence-print:enabled', { state: 'attached' });
  await part(page, 'evidence');
  // As Ctrl+P has it: no script is asked.
  await page.emulateMedia({ media: 'print' });
  assert.deepEqual(await printed(page), ['evidence']);
  const words = await page.innerText('body');
  assert.match(words, /1 given, 0 matched/);
  assert.doesNotMatch(words, /nobody@example\.org/, 'it says that no value of a record is in it');
  await page.emulateMedia({ media: null });
  await page.evaluate(() => {
    globalThis.print = () => document.documentElement.toggleAttribute('data-asked', true);
  });
  await page.click('#evidence-print');
  assert.equal(await page.getAttribute('html', 'data-asked'), '');
});

test('a lake is printed alone, with its erasure and without the names that matched nothing', async (t) => {
  const made = makeLake(tempFolder(t));
  if (!made) return t.skip('the command line program is not built');
  const { page, errors } = await openPage(t, browser, 'http');
  await drop(page, [made.lake]);
  await page.waitForSelector('#lake-erase:visible');
  await page.setInputFiles('#lake-key', made.key);
  await page.fill('#lake-person-entry', OUT);
  await page.click('#lake-person [data-act="begin"]');
  await page.waitForSelector('#lake-person .found table');
  await page.fill('#withdrawals', `${IN}\nnobody@example.org`);
  await page.click('#lake-erase [data-act="begin"]');
  await page.waitForSelector('#lake-erase [data-erased]');
  await page.evaluate(() => {
    globalThis.print = () => document.documentElement.toggleAttribute('data-asked', true);
  });
  await page.click('#found-lake-print');
  assert.equal(await page.getAttribute('html', 'data-asked'), '');
  assert.equal(await page.getAttribute('html', 'data-print-lake'), null, 'what is printed later is all of it again');
  await page.evaluate(() => document.documentElement.toggleAttribute('data-print-lake', true));
  await page.emulateMedia({ media: 'print' });
  assert.deepEqual(await printed(page), ['found-lake']);
  const words = await page.innerText('#found-lake');
  assert.match(words, /Lake: lake[\s\S]*Erased in part: 1 of 2 entries/);
  assert.doesNotMatch(words, /@example\.org/);
  assert.deepEqual(errors, []);
});
