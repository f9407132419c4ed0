// How fast the core decodes in one worker.
import { launch } from './engines/chromium.mjs';

/**
 * Seconds of each shape; `unseen` marks those that are not the export's own, `claimed` those that claims are about.
 * @typedef {import('./browser/types.js').Case & { times: number[] }} Rate
 *
 * @param {import('./samples.mjs').Sample} sample
 * @param {string} url
 * @param {number} rounds
 * @returns {Promise<Rate[]>}
 */
export async function decodeRates(sample, url, rounds) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${url}/bench/decode`);
    await page.setInputFiles('#files', firstOfEach(sample.paths));
    const cases = await page.evaluate(() => bench.cases());
    /** @type {Rate[]} */
    const rates = cases.map((one) => ({ ...one, times: [] }));
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, { times }] of rates.entries()) {
        const { seconds } = await page.evaluate((at) => bench.decode(at), index);
        // The first round warms up.
        if (round > 0) times.push(seconds);
      }
    }
    return rates;
  } finally {
    await browser.close();
  }
}

/** @param {string[]} paths sorted */
function firstOfEach(paths) {
  return ['customer', 'accelerometer', 'step_trainer'].map((kind) => {
    const path = paths.find((path) => path.includes(`/${kind}/`));
    if (!path) throw new Error(`the sample has no file of ${kind}`);
    return path;
  });
}
