// An engine that is one of the bench's own pages.
import { launch, watchProcesses } from './chromium.mjs';

/**
 * @param {import('../engines.mjs').Context} context
 * @param {string} name of the page
 * @returns {Promise<import('../engines.mjs').Engine>}
 */
export async function benchPage({ sample, url }, name) {
  const browser = await launch();
  try {
    const processes = await watchProcesses(browser);
    const page = await browser.newPage();
    await page.goto(`${url}/bench/${name}`);
    const { version, startSeconds } = await page.evaluate(async () => {
      const since = performance.now();
      const version = await bench.prepare();
      return { version, startSeconds: (performance.now() - since) / 1000 };
    });
    await page.setInputFiles('#files', sample.paths);
    return {
      version: `Chromium ${browser.version()}; ${version}`,
      startSeconds,
      async run() {
        const before = await processes.cpu();
        const result = await page.evaluate(() => bench.run());
        return { ...result, cpu: (await processes.cpu()) - before };
      },
      peak: processes.peak,
      stop: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
