// What axe-core says of the page in each of its states, in light and dark. What results lead to: manners.test.mjs.
import { after, before, test } from 'node:test';
import { axeCheck } from './axe.mjs';
import { choose, explore, goOn, launch, openPage, part, paused, pausing, reached } from './harness.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`axe-core finds nothing in any state, ${colorScheme}`, async (t) => {
    const { page } = await openPage(t, browser, 'file', { colorScheme });
    await pausing(page);
    const check = await axeCheck(page);
    await check('idle');
    await page.check('#defects');
    await page.click('#sample');
    await paused(page);
    await check('running');
    await page.click('#cancel');
    await check('cancelled');
    await goOn(page);
    await page.click('#again');
    await reached(page, 'done');
    for (const [table, shown] of [
      ['customer_landing', 'raw rows'],
      ['machine_learning_curated', 'rows'],
    ]) {
      await explore(page, table);
      await page.click('#tab-rows');
      await page.waitForSelector(`.grid[aria-label^="Rows of ${table}"][aria-busy="false"]`);
      await page.focus('.grid');
      await page.keyboard.press('Control+End');
      await check(shown);
      await page.click('#tab-columns');
      await page.waitForSelector(`[aria-label="Columns of ${table}"]`);
      await check(`columns of ${table}`);
    }
    for (const place of ['inputs', 'rejects', 'charts']) {
      await explore(page, place);
      if (place === 'charts') await page.waitForSelector('#charts .measures tbody tr');
      await check(place);
    }
    for (const place of /** @type {const} */ (['compare', 'evidence', 'sql'])) {
      await part(page, place);
      await check(place);
    }
    await part(page, 'privacy');
    await page.click('#self-test button');
    await page.$$eval('details', (all) =>
      all.forEach((details) => {
        details.open = true;
      }),
    );
    await page.waitForFunction(
      () => /attempt/.test(document.querySelector('#self-test-verdict')?.textContent ?? ''),
      undefined,
      { timeout: 60_000 },
    );
    await check('privacy');
    await part(page, 'result');
    await check('done');
    await choose(page, { consent: 'as-of' });
    await check('done, with other options');
    await page.fill('#withdrawals', 'nobody@example.org');
    await check('done, out of date');
    await page.click('#sample');
    await page.waitForSelector('#replace[open]');
    await check('asked about what was not saved');
    await page.keyboard.press('Escape');
    await choose(page, { key: 'file' });
    await page.click('#again');
    await check('done, with a notice');
    await page.setInputFiles('#key-file', { name: 'empty.key', mimeType: 'text/plain', buffer: Buffer.from('\n') });
    await page.click('#again');
    await page.waitForSelector('html[data-state="failed"]');
    await check('failed');
  });
}
