// Debian's Chromium, and how much memory it takes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM } from '../../scripts/chromium.mjs';

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

/** Between two looks, in milliseconds. */
const LOOK_EVERY = 5000;

/**
 * Watches the peak resident memory of the largest renderer, which is the page's own, and of the browser process,
 * which holds Blobs. The kernel keeps peaks, but Chromium resets them every few minutes for statistics of its own,
 * so one look at the end finds too little.
 * @param {Browser} browser
 */
export async function watchMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const peak = { resident: 0, browser: 0 };

  async function look() {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const highest = (/** @type {string} */ type) =>
      processInfo.filter((one) => one.type === type).map(({ id }) => highWater(id));
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
  };
}

/** Peak resident bytes of a process, or 0 where it has ended. @param {number} pid */
export function highWater(pid) {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) * 1024 : 0;
  } catch {
    return 0;
  }
}
