// Debian's Chromium, and what its processes use.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM } from '../../scripts/chromium.mjs';
import { cpuSeconds, highWater, threadSeconds } from './processes.mjs';

/** @typedef {import('playwright-core').Browser} Browser */

export const launch = () => chromium.launch(CHROMIUM);

/** A Chromium with a profile, as its user has it: without one it keeps no blob on the disk. */
export async function launchProfile() {
  const folder = mkdtempSync(join(tmpdir(), 'stedi-bench-'));
  const context = await chromium.launchPersistentContext(folder, CHROMIUM);
  const browser = context.browser();
  if (!browser) throw new Error('Chromium with a profile has no browser to ask');
  return {
    context,
    browser,
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What Chromium calls the thread of a dedicated worker. */
const WORKER = 'DedicatedWorker';

/** Between two looks, in milliseconds. */
const LOOK_EVERY = 5000;

/** @typedef {Awaited<ReturnType<typeof watchProcesses>>} Processes */

/**
 * Watches the peak resident memory of the largest renderer, which is the page's own, and of the browser process,
 * which holds Blobs. The kernel keeps peaks, but Chromium resets them every few minutes for statistics of its own,
 * so one look at the end finds too little.
 * @param {Browser} browser
 */
export async function watchProcesses(browser) {
  const session = await browser.newBrowserCDPSession();
  const peak = { resident: 0, browser: 0 };
  const all = async () => (await session.send('SystemInfo.getProcessInfo')).processInfo;

  async function look() {
    const processes = await all();
    const highest = (/** @type {string} */ type) =>
      processes.filter((one) => one.type === type).map(({ id }) => highWater(id));
    peak.resident = Math.max(peak.resident, ...highest('renderer'));
    peak.browser = Math.max(peak.browser, ...highest('browser'));
  }

  // A look that fails is of a browser that has just ended.
  const timer = setInterval(() => look().catch(() => undefined), LOOK_EVERY);
  browser.on('disconnected', () => clearInterval(timer));
  return {
    async peak() {
      await look();
      return { ...peak };
    },
    /** Seconds that each worker of each page has worked so far, by process and thread. */
    async workers() {
      /** @type {Map<string, number>} */
      const seconds = new Map();
      for (const { id, type } of await all())
        if (type === 'renderer')
          for (const [thread, worked] of threadSeconds(id, WORKER)) seconds.set(`${id}/${thread}`, worked);
      return seconds;
    },
    /** Seconds that all processes have used so far. */
    cpu: async () => (await all()).reduce((sum, { id }) => sum + cpuSeconds(id), 0),
  };
}
