// A picture of each state, light and dark, narrow and wide, for people to look at: test-results/. On sample data only.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { explore, goOn, launch, openPage, part, paused, pausing, reached } from './harness.mjs';

const folder = fileURLToPath(new URL('../../test-results', import.meta.url));

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  mkdirSync(folder, { recursive: true });
  browser = await launch();
});
after(() => browser.close());

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`every state in ${colorScheme}, at 360, 768 and 1440 pixels`, async (t) => {
    const { page } = await openPage(t, browser, 'file', { colorScheme });
    await pausing(page);
    const shoot = async (/** @type {string} */ state) => {
      for (const width of [360, 768, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        // What observes its size follows a frame later.
        await page
          .waitForFunction(() => document.documentElement.scrollWidth === document.documentElement.clientWidth)
          .catch(() => assert.fail(`${state} at ${width}: the page scrolls sideways`));
        await page.screenshot({ path: join(folder, `${state}-${colorScheme}-${width}.png`), fullPage: true });
      }
    };
    await shoot('idle');

    await page.check('#defects');
    await page.click('#sample');
    await paused(page);
    await shoot('running');
    await page.click('#cancel');
    await shoot('cancelled');
    await goOn(page);
    await page.click('#again');
    await reached(page, 'done');
    await page.waitForSelector('#package:enabled');
    await shoot('done');
    await explore(page, 'charts');
    await page.waitForSelector('#charts .measures tbody tr');
    await shoot('charts');
    for (const place of /** @type {const} */ (['sql', 'compare', 'evidence', 'privacy'])) {
      await part(page, place);
      await shoot(place);
    }
    await explore(page, 'accelerometer_landing');
    await page.waitForSelector('.grid[aria-label="Rows of accelerometer_landing, raw"][aria-busy="false"]');
    await shoot('raw');
    await explore(page, 'machine_learning_curated');
    await page.waitForSelector('.grid[aria-label="Rows of machine_learning_curated"][aria-busy="false"]');
    await shoot('rows');
    await part(page, 'result');
    // One picture for the README: what a first visitor should see.
    if (colorScheme === 'light') {
      await page.setViewportSize({ width: 1440, height: 1000 });
      await page.mouse.move(0, 0);
      await page.evaluate(() => scrollTo(0, 0));
      await page.$eval('#settings', (settings) => settings.removeAttribute('open'));
      await page.screenshot({ path: join(folder, 'readme.png') });
      await page.$eval('#settings', (settings) => settings.setAttribute('open', ''));
    }

    await page.fill('#withdrawals', 'nobody@example.org');
    await shoot('out-of-date');
    await page.click('#sample');
    await page.waitForSelector('#replace[open]');
    await shoot('unsaved');
    await page.keyboard.press('Escape');

    await page.selectOption('[name="key"]', 'file');
    await page.setInputFiles('#key-file', { name: 'empty.key', mimeType: 'text/plain', buffer: Buffer.from('\n') });
    await page.click('#again');
    await page.waitForSelector('html[data-state="failed"]');
    await shoot('failed');
  });
}
