// Again and again in one page: cancelled anywhere, and run to the end, it stays right and does not grow.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  SAVED,
  choose,
  download,
  hearWorkers,
  launch,
  openPage,
  reached,
  report,
  rowsOut,
  tempFolder,
  unbalanced,
} from './harness.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch(['--js-flags=--expose-gc']);
});
after(() => browser.close());

/** The made export under a key that is known. @param {import('node:test').TestContext} t */
async function ready(t) {
  const files = makeExport(tempFolder(t), 20, 2000);
  const opened = await openPage(t, browser, 'http');
  await choose(opened.page, { key: 'file' });
  await opened.page.setInputFiles('#key-file', { name: 'key', mimeType: 'text/plain', buffer: Buffer.from('one key') });
  await opened.page.setInputFiles('#files', files);
  await reached(opened.page, 'done');
  return opened;
}

/** @param {Page} page */
async function outcome(page) {
  const told = await report(page);
  assert.deepEqual(unbalanced(told), []);
  /** @type {Record<string, string>} */
  const files = {};
  for (const table of SAVED) files[table] = (await download(page, table)).bytes.toString('base64');
  return { rows: await rowsOut(page), tables: told.tables, files };
}

/** How often a run is cancelled: more often in `make test-long`. */
const CANCELS = Number(process.env.STEDI_CANCELS ?? 60);

test(`cancelled ${CANCELS} times, each time elsewhere: the run after that is the run without`, async (t) => {
  const seed = Number(process.env.STEDI_SEED ?? randomInt(2 ** 31));
  t.diagnostic(`seed ${seed} (set STEDI_SEED to have it again)`);
  const { page, errors } = await ready(t);
  const right = await outcome(page);
  await hearWorkers(page);
  // In the page, so that nothing stands between a moment and its cancelling.
  const { states, when } = await page.evaluate(
    async ({ seed: start, cancels }) => {
      let state = start;
      const random = () => {
        // Mulberry32: small, and the same everywhere.
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
      };
      const click = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.querySelector(id)).click();
      const root = document.documentElement;
      let phase = 'before any';
      addEventListener('heard', (event) => {
        phase = /** @type {CustomEvent} */ (event).detail.progress?.phase ?? phase;
      });
      const ended = async () => {
        while (root.dataset.state === 'running') await new Promise((resolve) => setTimeout(resolve, 5));
      };
      let whole = Infinity;
      for (let warm = 0; warm < 5; warm += 1) {
        const since = performance.now();
        click('#again');
        await ended();
        whole = Math.min(whole, performance.now() - since);
      }
      const states = /** @type {Record<string, number>} */ ({});
      const when = /** @type {Record<string, number>} */ ({});
      while ((states.cancelled ?? 0) < cancels) {
        phase = 'before any';
        click('#again');
        const wait = random() * whole;
        await new Promise((resolve) => setTimeout(resolve, wait));
        if (root.dataset.state === 'running') {
          when[phase] = (when[phase] ?? 0) + 1;
          click('#cancel');
        }
        const now = root.dataset.state ?? '';
        states[now] = (states[now] ?? 0) + 1;
      }
      return { states, when };
    },
    { seed, cancels: CANCELS },
  );
  t.diagnostic(`${JSON.stringify(states)}; cancelled in ${JSON.stringify(when)}`);
  assert.equal(states.cancelled, CANCELS);
  assert.deepEqual(
    Object.keys(states).filter((state) => state !== 'cancelled' && state !== 'done'),
    [],
    'some were over before; none failed',
  );
  assert.ok(Object.keys(when).length >= 2, 'in more than one phase');
  await page.click('#again');
  await reached(page, 'done');
  assert.deepEqual(await outcome(page), right);
  assert.deepEqual(errors, []);
});

test('garbage is collected at any moment, and no read is lost', async (t) => {
  const { page, errors } = await ready(t);
  await page.waitForSelector('[data-download="report"]:enabled');
  let collecting = 0;
  for (const worker of page.workers()) {
    const collect = worker.evaluate(() => {
      setInterval(() => /** @type {any} */ (globalThis).gc(), 2);
    });
    // The worker that hashes may be about to end.
    const begun = collect.then(
      () => 1,
      () => 0,
    );
    collecting += await begun;
  }
  assert.ok(collecting >= 2, 'those that read collect');
  for (let run = 0; run < 10; run += 1) {
    await page.click('#again');
    await reached(page, 'done');
  }
  assert.deepEqual(errors, []);
});

test('a browser that reads into no buffer of ours gives the same', async (t) => {
  const { page, errors } = await ready(t);
  const right = await outcome(page);
  for (const worker of page.workers()) {
    await worker.evaluate(() => {
      const getReader = ReadableStream.prototype.getReader;
      ReadableStream.prototype.getReader = /** @type {any} */ (
        /** @this {ReadableStream} @param {any[]} args */ function (...args) {
          if (args[0]) throw new TypeError('Cannot use a BYOB reader with a non-byte stream');
          return getReader.call(this);
        }
      );
    });
  }
  await page.click('#again');
  await reached(page, 'done');
  assert.deepEqual(await outcome(page), right);
  assert.deepEqual(errors, []);
});

/**
 * What the kernel says that the page's process holds, shared pages of the browser's program left out.
 * @param {number} pid
 */
function privateBytes(pid) {
  const found = /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!found) throw new Error('the kernel does not say what a process holds');
  return Number(found[1]) * 1024;
}

test('after 20 runs the page holds no more than after the third', async (t) => {
  const { page, errors } = await ready(t);
  const session = await page.context().newCDPSession(page);
  const system = await browser.newBrowserCDPSession();
  /** The page's own heap, and all that its process holds: that heap, its workers' and their WASM memories. */
  async function holds() {
    // Garbage comes and goes in its own time, and would hide what stays. A worker that ends meanwhile has none.
    for (const worker of page.workers()) {
      await worker
        .evaluate(() => /** @type {any} */ (globalThis).gc())
        .catch((error) => {
          if (page.workers().includes(worker)) throw error;
        });
    }
    await session.send('HeapProfiler.collectGarbage');
    const heap = (await session.send('Runtime.getHeapUsage')).usedSize;
    const { processInfo } = await system.send('SystemInfo.getProcessInfo');
    return {
      heap,
      held: Math.max(...processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => privateBytes(id))),
    };
  }
  const runs = [await holds()];
  while (runs.length < 20) {
    await page.click('#again');
    await reached(page, 'done');
    await page.waitForSelector('[data-download="report"]:enabled');
    runs.push(await holds());
  }
  const mega = (/** @type {'heap' | 'held'} */ what) => runs.map((run) => (run[what] / 2 ** 20).toFixed(1)).join(' ');
  t.diagnostic(`MB of the page's heap: ${mega('heap')}`);
  t.diagnostic(`MB of its process: ${mega('held')}`);
  assert.deepEqual(errors, []);
  // This run's readings are 1.5 MB in memory and its text is 13 MB; 17 of either that stayed would be over
  // these. The allocator keeps some pages that are free, more or less of them each time: of the last three
  // the least is taken.
  const least = (/** @type {'heap' | 'held'} */ what) => Math.min(...runs.slice(-3).map((run) => run[what]));
  assert.ok(least('heap') <= runs[2].heap + 2 ** 20, `the heap grew from ${runs[2].heap} to ${least('heap')}`);
  assert.ok(least('held') <= runs[2].held + 12 * 2 ** 20, `the process grew from ${runs[2].held} to ${least('held')}`);
});
