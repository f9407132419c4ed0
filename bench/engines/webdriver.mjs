// The page under test in Firefox and in WebKitGTK, Safari's engine: driven as the page's tests drive it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINES, until } from '../../tests/page/driver.mjs';
import { TABLES } from '../tables.mjs';
import { BEFORE_CHOICE } from './page.mjs';
import { childrenOf, cpuSeconds, family, highWater, nameOf } from './processes.mjs';
import { watch } from './watch.mjs';

/** Names of the processes that have the browser's window; the page is in another one. */
const WINDOW = /^(firefox|MiniBrowser)/;
/** What starts the browser, and the screen that it is shown on. */
const AROUND = /^(geckodriver|WebKitWebDriver|Xvfb)/;

/**
 * @param {import('../engines.mjs').Context} context
 * @param {string} name of the browser
 * @returns {Promise<import('../engines.mjs').Engine>}
 */
export async function webDriverPage({ sample, url, out }, name) {
  const engine = ENGINES.find((one) => one.name === name);
  if (!engine) throw new Error(`the tests drive no ${name}`);
  const saved = join(out, name);
  mkdirSync(saved, { recursive: true });
  const { t, end } = lifetime();
  try {
    const others = new Set(childrenOf(process.pid));
    const browser = await engine.start(t, saved);
    const roots = childrenOf(process.pid).filter((pid) => !others.has(pid));
    const all = () => roots.flatMap(family);
    const cpu = () => all().reduce((sum, pid) => sum + cpuSeconds(pid), 0);
    const highest = (/** @type {(name: string) => boolean} */ is) =>
      Math.max(0, ...all().map((pid) => (is(nameOf(pid)) ? highWater(pid) : 0)));
    await browser.go(url);
    await browser.run(`(${watch})()`);
    await sleep(BEFORE_CHOICE);
    const capabilities = await browser.driver.getCapabilities();
    return {
      version: `${name} ${capabilities.getBrowserVersion()}`,
      async run() {
        const before = cpu();
        await browser.type('#files', sample.paths.join('\n'));
        /** @type {{ seconds: number, state: string } | null} */
        let last = null;
        await until('the end of the run', async () => {
          last = await browser.run('return window.bench.last');
          return last !== null;
        });
        const after = cpu();
        const { seconds, state } = /** @type {{ seconds: number, state: string }} */ (/** @type {unknown} */ (last));
        if (state !== 'done') {
          const words = await browser.run("return document.querySelector('#status').textContent");
          throw new Error(`the page is ${state}: ${words}`);
        }
        const rows = await browser.run(
          "return Object.fromEntries([...document.querySelectorAll('[data-table]')].map(({ dataset }) => " +
            '[dataset.table, Number(dataset.rows)]))',
        );
        // As in Chromium: whoever runs next must not share the cores with the hashing of files.
        await until('the hashes', () => browser.run("return document.querySelector('#hashing progress').hidden"));
        return { seconds, cpu: after - before, counts: Object.fromEntries(TABLES.map((name) => [name, rows[name]])) };
      },
      peak: async () => ({
        resident: highest((name) => !WINDOW.test(name) && !AROUND.test(name)),
        browser: highest((name) => WINDOW.test(name)),
      }),
      async stop() {
        await browser.driver.quit().catch(() => undefined);
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** What stands for the test that the drivers are made for: it tells when all is over. */
function lifetime() {
  /** @type {(() => unknown)[]} */
  const ends = [];
  const test = { after: (/** @type {() => unknown} */ last) => ends.push(last) };
  return {
    t: /** @type {import('node:test').TestContext} */ (/** @type {unknown} */ (test)),
    /** What was begun last ends first. */
    async end() {
      for (const last of ends.splice(0).reverse()) await last();
    },
  };
}
