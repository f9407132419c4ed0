// The page under test, as someone has it: files chosen, until the tables can be saved.
import { TABLES } from '../tables.mjs';
import { launchProfile, watchProcesses } from './chromium.mjs';
import { watch } from './watch.mjs';

/** @typedef {import('playwright-core').BrowserContext} BrowserContext */
/** @typedef {import('playwright-core').Page} Page */

/** Nobody chooses files sooner; the core is compiled by then. Milliseconds. */
export const BEFORE_CHOICE = 1000;

/**
 * @param {import('../engines.mjs').Context} context
 * @returns {Promise<import('../engines.mjs').Engine>}
 */
export async function page({ sample, url }) {
  const { context, browser, close } = await launchProfile();
  try {
    const processes = await watchProcesses(browser);
    const { page, ready } = await open(context, url);
    await page.waitForTimeout(BEFORE_CHOICE);
    return {
      version: `Chromium ${browser.version()}`,
      startSeconds: ready,
      run: () => run(page, sample.paths, processes),
      async runFresh() {
        const { page: other } = await open(context, url);
        await other.waitForTimeout(BEFORE_CHOICE);
        const result = await run(other, sample.paths);
        await other.close();
        return result;
      },
      async peak() {
        const peak = await processes.peak();
        await page.close();
        return { ...peak, wasm: await wasmMemory(context, url, sample.paths) };
      },
      phases: () => phases(context, url, sample.paths, processes),
      stop: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Seconds from navigation to a page that is drawn and takes a drop, each in a tab of its own.
 * @param {string} url
 * @param {number} rounds
 */
export async function startUp(url, rounds) {
  const { context, close } = await launchProfile();
  try {
    const times = [];
    for (let round = 0; round <= rounds; round += 1) {
      const { page, ready } = await open(context, url);
      await page.close();
      // The first one also starts the browser's own services.
      if (round > 0) times.push(ready);
    }
    return times;
  } finally {
    await close();
  }
}

/** @param {BrowserContext} context @param {string} url @param {(() => void)[]} scripts to run before the page's own */
async function open(context, url, ...scripts) {
  const page = await context.newPage();
  for (const script of [watch, ...scripts]) await page.addInitScript(script);
  await page.goto(url);
  const ready = await page.evaluate(async () => {
    const painted = await new Promise((resolve) => {
      new PerformanceObserver((list) => {
        const paint = list.getEntriesByName('first-contentful-paint')[0];
        if (paint) resolve(paint.startTime);
      }).observe({ type: 'paint', buffered: true });
    });
    const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
    // The page's script stands at its end, so it listens when parsing ends.
    return Math.max(painted, navigation.domContentLoadedEventEnd) / 1000;
  });
  return { page, ready };
}

/**
 * @param {Page} page
 * @param {string[]} paths
 * @param {import('./chromium.mjs').Processes} [processes] where their time is asked for
 * @returns {Promise<import('../engines.mjs').Result>}
 */
async function run(page, paths, processes) {
  const before = await processes?.cpu();
  const [{ seconds, state }] = await Promise.all([
    page.evaluate(() => bench.ended()),
    page.setInputFiles('#files', paths),
  ]);
  const after = await processes?.cpu();
  if (state !== 'done') throw new Error(`the page is ${state}: ${await page.textContent('#status')}`);
  const counts = await page.$$eval('[data-table]', (cards) =>
    Object.fromEntries(
      cards.map((card) => {
        const { table, rows } = /** @type {HTMLElement} */ (card).dataset;
        return [table, Number(rows)];
      }),
    ),
  );
  // Files are hashed when the tables can be saved; whoever runs next must not share the cores with that.
  await page.waitForFunction(
    () => /** @type {HTMLProgressElement} */ (document.querySelector('#hashing progress')).hidden,
    undefined,
    { timeout: 0 },
  );
  return {
    seconds,
    cpu: before === undefined || after === undefined ? undefined : after - before,
    counts: Object.fromEntries(TABLES.map((table) => [table, counts[table]])),
  };
}

/**
 * Bytes of all WASM memories after one more run in a page of its own, whose workers tell of them.
 * @param {BrowserContext} context
 * @param {string} url
 * @param {string[]} paths
 */
async function wasmMemory(context, url, paths) {
  const { page } = await open(context, url, tellOfMemory);
  await run(page, paths);
  // What the workers said last may still be on its way.
  await page.waitForTimeout(500);
  const bytes = await page.evaluate(() => Object.values(bench.memories).reduce((a, b) => a + b, 0));
  await page.close();
  if (!(bytes > 0)) throw new Error('no worker told of its memory');
  return bytes;
}

/**
 * What each phase of one more run takes, in a page of its own, and how long each of its workers works in it.
 * @param {BrowserContext} context
 * @param {string} url
 * @param {string[]} paths
 * @param {import('./chromium.mjs').Processes} processes
 * @returns {Promise<import('../phases.mjs').Phase[]>}
 */
async function phases(context, url, paths, processes) {
  const { page } = await open(context, url, tellOfPhases);
  /** @type {Promise<{ name: string, at: number, workers: Map<string, number> }>[]} */
  const begun = [];
  const begin = (/** @type {string} */ name) => {
    const at = performance.now() / 1000;
    begun.push(processes.workers().then((workers) => ({ name, at, workers })));
  };
  await page.exposeBinding('benchPhase', (_, name) => begin(name));
  await page.waitForTimeout(BEFORE_CHOICE);
  const ended = page.evaluate(() => bench.ended());
  await page.setInputFiles('#files', paths);
  await ended;
  begin('the end');
  const all = await Promise.all(begun);
  await page.close();
  return all.slice(0, -1).map(({ name, at, workers }, nth) => {
    const next = all[nth + 1];
    const worked = [...next.workers].map(([thread, seconds]) => seconds - (workers.get(thread) ?? 0));
    return { name, wall: next.at - at, cpu: worked.filter((seconds) => seconds > 0) };
  });
}

/** Runs in the page: says which phase begins, as its workers tell it. */
function tellOfPhases() {
  const { postMessage } = Worker.prototype;
  /** @type {WeakSet<Worker>} */
  const heard = new WeakSet();
  /** @this {Worker} @param {...any} given */
  Worker.prototype.postMessage = function (...given) {
    if (!heard.has(this)) {
      heard.add(this);
      this.addEventListener('message', ({ data }) => {
        const { phase } = data?.progress ?? {};
        if (phase) /** @type {any} */ (globalThis).benchPhase(phase);
      });
    }
    return postMessage.apply(this, /** @type {any} */ (given));
  };
}

/**
 * Runs in the page: its workers say how large their WASM memory is with every message they send. A memory never
 * shrinks, so the last word is the peak. The page itself is left as it is, and this run is not timed.
 */
function tellOfMemory() {
  const inWorker = () => {
    const name = Math.random();
    const channel = new BroadcastChannel('bench-memory');
    /** @type {WebAssembly.Memory[]} */
    const memories = [];
    let told = 0;
    const post = () => {
      const bytes = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
      if (bytes !== told) channel.postMessage({ name, bytes: (told = bytes) });
    };
    WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
      construct(target, given) {
        const instance = new target(.../** @type {[WebAssembly.Module]} */ (given));
        for (const value of Object.values(instance.exports))
          if (value instanceof WebAssembly.Memory) memories.push(value);
        return instance;
      },
    });
    for (const sender of [globalThis, MessagePort.prototype]) {
      const { postMessage } = sender;
      /** @this {any} @param {...any} given */
      sender.postMessage = function (...given) {
        post();
        return postMessage.apply(this, /** @type {any} */ (given));
      };
    }
  };
  new BroadcastChannel('bench-memory').onmessage = ({ data }) => {
    bench.memories[data.name] = data.bytes;
  };
  const { createObjectURL } = URL;
  URL.createObjectURL = (object) => {
    const script = object instanceof Blob && object.type.includes('javascript');
    return createObjectURL(script ? new Blob([`(${inWorker})();\n`, object], { type: object.type }) : object);
  };
}
