// What axe-core finds wrong with a page for people who do not see it, or use no mouse.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Gives what fails if axe-core finds anything, at the width of a phone and of a desk.
 * @param {import('playwright-core').Page} page
 * @param {string} [within] selects what is looked at
 * @param {(where: string) => Promise<void>} [more] is checked at each width
 */
export async function axeCheck(page, within = 'html', more) {
  await page.evaluate(axe);
  return async (/** @type {string} */ state) => {
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      // Narrowed, the page closes the settings, which would lie over the results: they are looked at, too.
      await page.evaluate(
        () =>
          new Promise((done) =>
            requestAnimationFrame(() => {
              document.querySelector('#settings')?.setAttribute('open', '');
              done(undefined);
            }),
          ),
      );
      /** @type {{ violations: { id: string, nodes: { target: string[], failureSummary: string }[] }[] }} */
      const { violations } = await page.evaluate(
        (selector) => /** @type {any} */ (globalThis).axe.run(selector, { resultTypes: ['violations'] }),
        within,
      );
      assert.deepEqual(
        violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(', ')} ${nodes[0].failureSummary}`,
        ),
        [],
        `${state} at ${width}`,
      );
      await more?.(`${state} at ${width}`);
    }
  };
}
