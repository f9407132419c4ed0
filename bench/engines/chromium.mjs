// Debian's Chromium, and how much memory it takes.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** @typedef {import('playwright-core').Browser} Browser */

export function launch() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/**
 * Peak resident memory of the largest renderer, which is the page's own, and of the browser process, which
 * holds Blobs.
 * @param {Browser} browser
 */
export async function peakOf(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const peak = (/** @type {string} */ type) => Math.max(0, ...processInfo.filter((one) => one.type === type).map(({ id }) => highWater(id)));
  return { resident: peak('renderer'), browser: peak('browser') };
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
