// What the page's tests share: the built page over http and from the disk, real Chromium, and the page's stable hooks.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM } from '../../scripts/chromium.mjs';

/** @typedef {import('playwright-core').Page} Page */

const root = fileURLToPath(new URL('../..', import.meta.url));
export const pageFile = join(root, 'dist/stedi-lakehouse.html');
/** The edition with the SQL console. */
export const sqlPageFile = join(root, 'dist/stedi-lakehouse-sql.html');
export const realData = resolve(process.env.STEDI_DATA ?? join(root, '../shared/data/stedi'));
/** For `skip` of a test: false, or why it is skipped. */
export const noRealData = existsSync(realData) ? false : `the real data is not here (${realData})`;

export const LANDING = ['customer_landing', 'accelerometer_landing', 'step_trainer_landing'];
export const SAVED = [
  'customer_trusted',
  'accelerometer_trusted',
  'customer_curated',
  'step_trainer_trusted',
  'machine_learning_curated',
];
export const TABLES = [...LANDING, ...SAVED];

/** As the names of downloads have it. */
export const today = () => new Date().toISOString().slice(0, 10);

/** Every file under a folder, sorted. @param {string} folder @returns {string[]} */
export function filesUnder(folder) {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesUnder(path) : [path];
    });
}

/** A folder that is removed when the test ends. @param {import('node:test').TestContext} t */
export function tempFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'stedi-page-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @param {string[]} [more] arguments for Chromium */
export function launch(more = []) {
  return chromium.launch({ ...CHROMIUM, args: [...CHROMIUM.args, ...more] });
}

/** Serves a built page and keeps what was asked of it. @param {string} [file] */
export async function serve(file = pageFile) {
  /** @type {string[]} */
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const found = request.url === '/';
    response.writeHead(found ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(found ? readFileSync(file) : 'not found');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, requests, close: () => server.close() };
}

/**
 * The page in a fresh context, by `http` or `file`, with what went wrong in it and what it asked for.
 * @param {import('node:test').TestContext} t
 * @param {import('playwright-core').Browser} browser
 * @param {'http' | 'file'} by
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @param {string} [file] which edition
 */
export async function openPage(t, browser, by, options = {}, file = pageFile) {
  const server = by === 'http' ? await serve(file) : undefined;
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  t.after(async () => {
    await context.close();
    server?.close();
  });
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  /** @type {string[]} */
  const urls = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => urls.push(request.url()));
  await page.addInitScript(() => {
    const tasks = /** @type {number[]} */ ([]);
    /** @type {any} */ (globalThis).longTasks = tasks;
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
      buffered: true,
    });
  });
  await unfold(page);
  await page.goto(server?.url ?? pathToFileURL(file).href);
  return { page, errors, urls, requests: server?.requests ?? [] };
}

/**
 * Opens the settings and the files that identify people, which are folded at first, whenever the page is loaded.
 * @param {Page} page
 */
export async function unfold(page) {
  await page.addInitScript(() =>
    addEventListener('DOMContentLoaded', () => {
      for (const details of document.querySelectorAll('#settings, #identifying')) details.setAttribute('open', '');
    }),
  );
}

/**
 * Goes to a part of the page, by its link in the bar.
 * @param {Page} page
 * @param {'result' | 'explore' | 'sql' | 'compare' | 'evidence' | 'privacy'} name
 */
export async function part(page, name) {
  if ((await page.getAttribute('html', 'data-part')) === name) return;
  await page.press(`nav [data-part-link="${name}"]`, 'Enter');
  await page.waitForSelector(`html[data-part="${name}"]`);
}

/** Shows a table, or another place of what can be explored. @param {Page} page @param {string} name */
export async function explore(page, name) {
  await part(page, 'explore');
  await page.click(`[data-pick="${name}"]`);
}

/**
 * Stops a run in its middle, for as long as the test wants: what the worker sends after so many
 * readings waits for `goOn`. To be called before the page is loaded again.
 * @param {Page} page
 * @param {number} [readings]
 */
export async function pausing(page, readings = 200_000) {
  await page.addInitScript((limit) => {
    const own = /** @type {any} */ (globalThis);
    /** @type {(() => void)[] | undefined} */
    let waiting;
    own.goOn = () => {
      limit = Infinity;
      for (const handle of waiting ?? []) handle();
      waiting = undefined;
    };
    own.Worker = class extends Worker {
      get onmessage() {
        return super.onmessage;
      }
      set onmessage(listener) {
        super.onmessage =
          listener &&
          ((event) => {
            const handle = () => listener.call(this, event);
            // A worker that was ended meanwhile says nothing more.
            if (waiting)
              return void waiting.push(() => {
                if (super.onmessage) handle();
              });
            handle();
            if ((event.data?.progress?.counts?.accelerometer_landing?.rows_out ?? 0) > limit) {
              waiting = [];
              document.documentElement.dataset.paused = '';
            }
          });
      }
    };
  }, readings);
  await page.reload();
}

/** @param {Page} page */
export async function paused(page) {
  await page.waitForSelector('html[data-paused]', { timeout: 120_000 });
  // What was told before is shown a little later.
  await page.waitForSelector('[data-table="accelerometer_landing"][data-rows]', { state: 'attached' });
}

/** @param {Page} page */
export async function goOn(page) {
  await page.evaluate(() => /** @type {any} */ (globalThis).goOn());
}

/** Makes messages of workers that are started later events `heard` of the page. */
function relayMessages() {
  const own = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage'));
  Object.defineProperty(Worker.prototype, 'onmessage', {
    ...own,
    set(listen) {
      own.set?.call(
        this,
        listen &&
          ((/** @type {MessageEvent} */ event) => {
            dispatchEvent(new CustomEvent('heard', { detail: event.data }));
            listen.call(this, event);
          }),
      );
    },
  });
}

/** Messages of workers, in runs to come, are events `heard` of the page, which shows them later. @param {Page} page */
export const hearWorkers = (page) => page.evaluate(relayMessages);

/**
 * What can be awaited once a run was started: all its files have been looked at then, and the first is read.
 * @param {Page} page
 */
export async function whenScanned(page) {
  // Before the page starts its first worker, which it does by itself when nobody asks it for anything.
  await page.addInitScript(relayMessages);
  await page.reload();
  const scanned = page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        addEventListener('heard', (event) => {
          if (/** @type {CustomEvent} */ (event).detail.progress?.kind === 'sources') resolve(undefined);
        });
        setTimeout(() => reject(new Error('no run has looked at its files within two minutes')), 120_000);
      }),
  );
  // Not the promise itself, which `await` would take for this function's own.
  return () => scanned;
}

/** From the next run on nothing is hashed until the page's `hash()` is called. @param {Page} page */
export async function holdHashing(page) {
  await page.addInitScript(() => {
    const own = /** @type {any} */ (globalThis);
    own.Worker = class extends Worker {
      /** @param {any} message @param {any} [transfer] */
      postMessage(message, transfer) {
        if (message.method === 'audit') own.hash = () => super.postMessage(message, transfer);
        else super.postMessage(message, transfer);
      }
    };
  });
  await page.reload();
}

/** Milliseconds of the longest task of the page's main thread that took over 50 ms, or 0. @param {Page} page */
export async function longestTask(page) {
  const tasks = /** @type {number[]} */ (await page.evaluate(() => /** @type {any} */ (globalThis).longTasks));
  return Math.max(0, ...tasks);
}

/** @param {Page} page @param {string} state @param {number} [timeout] */
export async function reached(page, state, timeout = 120_000) {
  const wanted = state;
  await page.waitForFunction(
    (now) => {
      const { state } = document.documentElement.dataset;
      // What was just chosen is not run yet: the results are those before it.
      if (now === 'done' && document.querySelector('#drop')?.ariaBusy) return false;
      return state === now || (now === 'done' && state === 'failed');
    },
    wanted,
    { timeout },
  );
  const now = await page.evaluate(() => document.documentElement.dataset.state);
  if (now !== wanted) throw new Error(`the page is ${now}: ${await page.textContent('#status')}`);
}

/**
 * By how many pixels the page scrolls sideways, once what observes its size has followed: half a second is plenty.
 * @param {Page} page
 */
export async function beyondWidth(page) {
  const beyond = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  for (let left = 10; left > 0 && (await page.evaluate(beyond)) > 0; left -= 1) await page.waitForTimeout(50);
  return page.evaluate(beyond);
}

/** Sets options by their names. @param {Page} page @param {Record<string, string>} options */
export async function choose(page, options) {
  for (const [name, value] of Object.entries(options)) await page.selectOption(`[name="${name}"]`, value);
}

/** Drops files and folders from the disk onto the page, as a hand would. @param {Page} page @param {string[]} paths */
export async function drop(page, paths) {
  // Only what is in sight can be dropped on.
  await part(page, 'result');
  await page.locator('#drop').evaluate((zone) => zone.scrollIntoView({ block: 'center' }));
  const box = await page.locator('#drop').boundingBox();
  if (!box) throw new Error('there is nothing to drop on');
  const session = await page.context().newCDPSession(page);
  const at = {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    data: { items: [], files: paths, dragOperationsMask: 1 },
  };
  await page.evaluate(() => {
    /** @type {any} */ (globalThis).dropped = new Promise((resolve, reject) => {
      addEventListener('drop', () => setTimeout(resolve), { once: true });
      setTimeout(() => reject(new Error('the page heard of no drop')), 30_000);
    });
  });
  /** @type {Promise<never>} */
  const crashed = new Promise((_, reject) => {
    page.once('crash', () => reject(new Error('the tab has crashed')));
  });
  await Promise.race([crashed, dispatch()]);

  async function dispatch() {
    for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) {
      await session.send('Input.dispatchDragEvent', { type, ...at });
    }
    await session.detach();
    // The browser may answer before the page has heard of it.
    await page.evaluate(() => /** @type {any} */ (globalThis).dropped);
  }
}

/**
 * What the page says of each table: rows out, rows in, rejected.
 * @param {Page} page
 * @returns {Promise<Record<string, { rows: number, in: number, rejected: number }>>}
 */
export async function counts(page) {
  return page.$$eval('[data-table]', (cards) =>
    Object.fromEntries(
      cards.map((card) => {
        const { table, rows, in: rowsIn, rejected } = /** @type {HTMLElement} */ (card).dataset;
        return [table, { rows: Number(rows), in: Number(rowsIn), rejected: Number(rejected) }];
      }),
    ),
  );
}

/** Rows out of each table. @param {Page} page */
export async function rowsOut(page) {
  return Object.fromEntries(Object.entries(await counts(page)).map(([table, { rows }]) => [table, rows]));
}

/** Saves a table, the report or the key. @param {Page} page @param {string} what */
export async function download(page, what) {
  // By key: what is made when it comes into sight may move the button from under a pointer.
  const button = page.locator(`[data-download="${what}"]:enabled`);
  await button.waitFor({ state: 'attached' });
  const place = await button.evaluate((element) => element.closest('[data-in]')?.getAttribute('data-in'));
  if (place) await part(page, /** @type {Parameters<typeof part>[1]} */ (place));
  await button.waitFor();
  let file;
  // Chromium drops what is more than ten downloads in a second, without a word; a hand would press again.
  for (let tries = 0; !file && tries < 5; tries += 1) {
    const saved = page.waitForEvent('download', { timeout: 6_000 }).catch(() => undefined);
    await button.press('Enter');
    file = await saved;
  }
  if (!file) throw new Error(`${what} was not saved`);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** @param {Page} page */
export async function report(page) {
  const { name, bytes } = await download(page, 'report');
  if (!/^stedi-report-\d{4}-\d\d-\d\d[\w-]*\.json$/.test(name)) throw new Error(`the report is saved as ${name}`);
  return JSON.parse(bytes.toString());
}

/** Each table's ledger: in = out (of a join: matched) + filtered + rejected. @param {any} report */
export function unbalanced(report) {
  const sum = (/** @type {Record<string, number>} */ parts) => Object.values(parts).reduce((a, b) => a + b, 0);
  return Object.entries(report.tables)
    .filter(([, table]) => {
      const { rows_in, rows_out, rows_matched, filtered, rejected } = /** @type {any} */ (table);
      return rows_in !== (rows_matched ?? rows_out) + sum(filtered) + sum(rejected);
    })
    .map(([name]) => name);
}

/** Where the command line program is, if it is built. */
export const programPath =
  process.env.STEDI_CLI ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/stedi-lakehouse');

/** The command line program, or undefined where it is not built. */
export function cli() {
  if (!existsSync(programPath)) return undefined;
  return (/** @type {string[]} */ args) =>
    execFileSync(programPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
