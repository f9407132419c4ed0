// The bar on a phone: where it has no room for all parts of the page it shows at which end there are more, and the part
// that one is in is in sight, in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, part, reached } from './harness.mjs';

const PARTS = /** @type {const} */ (['result', 'explore', 'sql', 'compare', 'evidence', 'privacy']);

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** How the parts lie in the bar, once its size was seen. @param {import('playwright-core').Page} page */
async function measure(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return page.$eval('#bar nav', (nav) => {
    const box = nav.getBoundingClientRect();
    const links = [...nav.querySelectorAll('a')].map((link) => {
      const { left, right } = link.getBoundingClientRect();
      const isIn = left >= box.left - 1 && right <= box.right + 1;
      return { part: link.dataset.partLink, isIn, isCurrent: link.hasAttribute('aria-current') };
    });
    const { maskImage } = getComputedStyle(nav);
    const hidden = links.map(({ isIn }) => !isIn);
    const last = hidden.length - 1;
    return {
      links,
      ends: { before: hidden[0], after: hidden[last] },
      marked: { before: nav.hasAttribute('data-before'), after: nav.hasAttribute('data-after') },
      fades: maskImage !== 'none' && maskImage !== '',
    };
  });
}

for (const locale of ['en-US', 'de-DE']) {
  for (const forcedColors of /** @type {const} */ (['none', 'active'])) {
    test(`parts beyond the bar can be seen to be there: ${locale}, forced colours ${forcedColors}`, async (t) => {
      const { page, errors } = await openPage(t, browser, 'file', { locale, forcedColors });
      await page.click('#sample');
      await reached(page, 'done');
      for (const width of [320, 360, 390, 768, 1440]) {
        await page.setViewportSize({ width, height: 844 });
        for (const name of PARTS) {
          await part(page, name);
          const { links, ends, marked, fades } = await measure(page);
          assert.equal(links.length, PARTS.length);
          assert.deepEqual(marked, ends, `${name} at ${width}`);
          assert.equal(fades, ends.before || ends.after, `${name} at ${width}`);
          const current = links.find(({ isCurrent }) => isCurrent);
          assert.deepEqual([current?.part, current?.isIn], [name, true], `${name} at ${width}`);
          if (width >= 768) assert.deepEqual(ends, { before: false, after: false }, `all have room at ${width}`);
        }
      }
      // By the keyboard, too, no part is under what fades.
      await page.setViewportSize({ width: 320, height: 844 });
      await part(page, 'result');
      for (const name of PARTS) {
        await page.focus(`#bar nav [data-part-link="${name}"]`);
        const { links } = await measure(page);
        assert.ok(links.find((link) => link.part === name)?.isIn, `${name} has the focus in sight`);
      }
      assert.deepEqual(errors, []);
    });
  }
}

test('with results the bar has more parts, and says so', async (t) => {
  const { page } = await openPage(t, browser, 'file', { locale: 'de-DE', viewport: { width: 320, height: 844 } });
  const before = await measure(page);
  assert.deepEqual(before.marked, { before: false, after: false }, 'two have room');
  await page.click('#sample');
  await reached(page, 'done');
  const { marked, fades } = await measure(page);
  assert.deepEqual([marked, fades], [{ before: false, after: true }, true]);
  await page.$eval('#bar nav', (nav) => nav.scrollTo({ left: nav.scrollWidth }));
  assert.deepEqual((await measure(page)).marked, { before: true, after: false });
});
