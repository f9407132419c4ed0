// How fast the core decodes in one worker.
import { launch } from './engines/chromium.mjs';

/**
 * Bytes and seconds of each shape. `unseen` marks shapes that are not the export's own, `whole` those with the
 * sample's own mix of people who consent and who do not.
 * @typedef {{ name: string, unseen: boolean, whole: boolean, bytes: number, times: number[] }} Rate
 *
 * @param {import('./samples.mjs').Sample} sample
 * @param {string} url
 * @param {number} runs
 * @returns {Promise<Rate[]>}
 */
export async function decodeRates(sample, url, runs) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${url}/bench/decode`);
    await page.setInputFiles('#files', firstOfEach(sample.paths));
    /** @type {Omit<Rate, 'times'>[]} */
    const shapes = await page.evaluate(() => /** @type {any} */ (globalThis).decode.prepare());
    /** @type {Rate[]} */
    const rates = shapes.map((shape) => ({ ...shape, times: [] }));
    for (let run = 0; run <= runs; run += 1) {
      for (const [index, { times }] of rates.entries()) {
        const { seconds } = await page.evaluate((at) => /** @type {any} */ (globalThis).decode.run(at), index);
        if (run > 0) times.push(seconds);
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
