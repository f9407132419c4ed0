// Faults from outside, made without any hook in the page: dead workers, no memory, no storage, a frozen tab.
// After each the page says what happened, stays usable, and the next run is right.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  choose,
  download,
  explore,
  launch,
  openPage,
  reached,
  report,
  rowsOut,
  tempFolder,
  unbalanced,
  part,
} from './harness.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const RIGHT = {
  customer_landing: 20,
  accelerometer_landing: 8000,
  step_trainer_landing: 8000,
  customer_trusted: 10,
  accelerometer_trusted: 4000,
  customer_curated: 10,
  step_trainer_trusted: 4000,
  machine_learning_curated: 4000,
};

/**
 * The page, with its workers within reach of `fault`: a function's text that sees each message of a worker,
 * once for all of them, and says true when it has struck.
 * @param {import('node:test').TestContext} t
 * @param {'http' | 'file'} by
 */
async function faulty(t, by = 'http') {
  const opened = await openPage(t, browser, by);
  await opened.page.addInitScript(() => {
    const own = /** @type {any} */ (globalThis);
    own.all = [];
    Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 3 });
    own.Worker = class extends Worker {
      /** @param {string | URL} url */
      constructor(url) {
        super(url);
        own.all.push(this);
        this.addEventListener('message', ({ data }) => {
          if (own.fault?.(data, this)) own.fault = undefined;
        });
      }

      /** @param {any} message @param {any} transfer */
      postMessage(message, transfer) {
        const { kind, method, request } = message;
        if (kind === 'call' && method !== 'start') /** @type {any} */ (this).job = method;
        const less = own.memory && request?.memory ? { ...request, memory: own.memory } : request;
        super.postMessage(kind === 'call' ? { ...message, request: less } : message, transfer);
      }
    };
    // A fault inside a worker is thrown by its own code, ahead of the page's.
    own.Blob = class extends Blob {
      /** @param {BlobPart[]} parts @param {BlobPropertyBag} options */
      constructor(parts, options) {
        super(options?.type === 'text/javascript' ? [own.ahead ?? '', ...parts] : parts, options);
      }
    };
  });
  await opened.page.reload();
  return opened;
}

/**
 * The page anew; all its workers, which it may have at once, run this code ahead of their own.
 * @param {Page} page
 * @param {string} code
 */
async function sabotage(page, code) {
  await page.addInitScript((ahead) => {
    if (!sessionStorage.relent) /** @type {any} */ (globalThis).ahead = ahead;
  }, code);
  await page.reload();
}

/** The page anew, without that. @param {Page} page */
async function relent(page) {
  await page.evaluate(() => {
    sessionStorage.relent = true;
  });
  await page.reload();
}

/** @param {Page} page @param {string[]} files */
async function runFiles(page, files) {
  await page.setInputFiles('#files', files);
  await reached(page, 'done');
}

/** @param {Page} page */
async function runsRight(page) {
  await part(page, 'result');
  await page.click('#again');
  await reached(page, 'done');
  assert.deepEqual(await rowsOut(page), RIGHT);
  assert.deepEqual(unbalanced(await report(page)), []);
}

/** @type {[name: string, when: string, who: string][]} */
const DEATHS = [
  ['the lead, when it begins', "data.progress?.phase === 'scanning'", 'lead'],
  ['the lead, while it reads', "data.progress?.phase === 'readings'", 'lead'],
  ['the lead, while it makes tables', "data.progress?.phase === 'curating'", 'lead'],
  ['a helper, before it is asked', "data.progress?.phase === 'scanning'", 'helper'],
  ['a helper, while it reads', "data.progress?.phase === 'readings'", 'helper'],
];

for (const by of /** @type {const} */ (['http', 'file'])) {
  for (const [name, when, who] of DEATHS) {
    test(`over ${by}, killed without a word: ${name}`, async (t) => {
      const files = makeExport(tempFolder(t));
      const { page, errors } = await faulty(t, by);
      // A helper may start late; in a second run all are there.
      if (who === 'helper') await runFiles(page, files);
      await page.evaluate(
        ([condition, victim]) => {
          const own = /** @type {any} */ (globalThis);
          const strikes = new Function('data', `return ${condition}`);
          own.fault = (/** @type {any} */ data, /** @type {Worker} */ lead) => {
            if (!strikes(data)) return false;
            Worker.prototype.terminate.call(
              victim === 'lead' ? lead : own.all.findLast((/** @type {any} */ one) => one.job === 'help'),
            );
            return true;
          };
        },
        [when, who],
      );
      await page.setInputFiles('#files', files);
      if (who === 'helper') await page.click('#replace-yes');
      await page.waitForFunction(
        () =>
          /** @type {any} */ (globalThis).fault === undefined &&
          ['failed', 'done'].includes(document.documentElement.dataset.state ?? ''),
        undefined,
        { timeout: 60_000 },
      );
      // On a quick machine a helper may have given all that it was asked for before it dies: then nothing is lost.
      if (who === 'helper' && (await page.evaluate(() => document.documentElement.dataset.state)) === 'done') {
        t.diagnostic('the run was done before the helper was dead');
        assert.deepEqual(await rowsOut(page), RIGHT);
        return;
      }
      await reached(page, 'failed');
      assert.match(await page.innerText('#status'), /worker of this page ended in the middle/);
      assert.equal(
        await page.locator('[data-download]:enabled:visible').count(),
        0,
        'nothing of a run that failed can be saved',
      );
      await runsRight(page);
      assert.deepEqual(errors, []);
    });
  }
}

for (const method of ['run', 'help']) {
  test(`an error that nobody catches in a worker (${method}) is shown`, async (t) => {
    const files = makeExport(tempFolder(t));
    const { page } = await faulty(t);
    await sabotage(
      page,
      `addEventListener('message', ({ data }) => { if (data.method === '${method}') throw new Error('out of ` +
        `nowhere'); });\n`,
    );
    await page.setInputFiles('#files', files);
    await reached(page, 'failed', 30_000);
    assert.match(await page.innerText('#status'), /out of nowhere/);
    await relent(page);
    await runFiles(page, files);
    assert.deepEqual(await rowsOut(page), RIGHT);
  });
}

test('workers killed when a run is done: its files stay, a choice needs a run, and that is right', async (t) => {
  const files = makeExport(tempFolder(t));
  const { page, errors } = await faulty(t);
  await runFiles(page, files);
  await page.evaluate(() => {
    for (const worker of /** @type {any} */ (globalThis).all) Worker.prototype.terminate.call(worker);
  });
  // The page has seen their ends when it holds and awaits none of their locks.
  await page.evaluate(async () => {
    const isOurs = (/** @type {LockInfo} */ { name }) => name?.startsWith('stedi-lakehouse ');
    for (;;) {
      const { held = [], pending = [] } = await navigator.locks.query();
      if (![...held, ...pending].some(isOurs)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  assert.equal(await page.getAttribute('html', 'data-state'), 'done');
  assert.equal((await download(page, 'customer_trusted')).bytes.subarray(0, 4).toString(), 'PAR1');
  await choose(page, { consent: 'as-of' });
  await page.waitForSelector('#stale:visible');
  await choose(page, { consent: 'ever' });
  await explore(page, 'accelerometer_trusted');
  await page.waitForSelector('.grid[aria-label="Rows of accelerometer_trusted"][aria-busy="false"]');
  await runsRight(page);
  assert.deepEqual(errors, []);
});

test('the worker that hashes is killed: the tables stay, and why there is no report is said', async (t) => {
  // So large that it is hashing still when it is killed.
  const files = makeExport(tempFolder(t), 20, 40_000);
  const { page, errors } = await faulty(t);
  await page.evaluate(() => {
    const own = /** @type {any} */ (globalThis);
    own.fault = (/** @type {any} */ data, /** @type {any} */ worker) => {
      const hashing = worker.job === 'audit' && data.kind === 'progress';
      if (hashing) Worker.prototype.terminate.call(worker);
      return hashing;
    };
  });
  await runFiles(page, files);
  await page.waitForFunction(
    () =>
      /could not be hashed.*worker of this page ended/.test(document.querySelector('#hashing p')?.textContent ?? ''),
    undefined,
    { timeout: 30_000 },
  );
  assert.equal((await download(page, 'customer_trusted')).bytes.subarray(0, 4).toString(), 'PAR1');
  await page.click('#again');
  await reached(page, 'done');
  assert.deepEqual(unbalanced(await report(page)), []);
  assert.deepEqual(errors, []);
});

for (const pages of [0, 24]) {
  test(`memory that grows by ${pages * 64} kB and no more: the run says so, each time`, async (t) => {
    const files = makeExport(tempFolder(t), 20, pages ? 4000 : 400);
    const { page } = await openPage(t, browser, 'file');
    await page.addInitScript((most) => {
      // The module's memory section: one memory, whose limits are a flag, a minimum and, now, a maximum.
      WebAssembly.compileStreaming = async (response) => {
        const bytes = new Uint8Array(await (await response).arrayBuffer());
        /** @param {number} at @returns {[value: number, next: number]} */
        const leb = (at) => {
          let value = 0;
          for (let shift = 0; ; shift += 7) {
            value |= (bytes[at] & 127) << shift;
            if (bytes[at++] < 128) return [value, at];
          }
        };
        const code = (/** @type {number} */ value) => [(value & 127) | 128, ((value >> 7) & 127) | 128, value >> 14];
        for (let at = 8; at < bytes.length; ) {
          const [size, body] = leb(at + 1);
          if (bytes[at] === 5) {
            const [least] = leb(body + 2);
            const section = [1, 1, ...code(least), ...code(least + most)];
            return WebAssembly.compile(
              new Uint8Array([...bytes.subarray(0, at), 5, section.length, ...section, ...bytes.subarray(body + size)]),
            );
          }
          at = body + size;
        }
        throw new Error('the module has no memory of its own');
      };
    }, pages);
    await page.reload();
    await page.setInputFiles('#files', files);
    await reached(page, 'failed', 60_000);
    assert.match(await page.innerText('#status'), /^Memory ran out/);
    assert.equal(await page.isVisible('#without'), false, 'no file is to blame');
    await page.click('#again');
    await reached(page, 'failed', 60_000);
    assert.match(await page.innerText('#status'), /^Memory ran out/, 'again, and not another error');
  });
}

test('readings that left memory and cannot be read back: no table is made of the rest', async (t) => {
  const files = makeExport(tempFolder(t), 20, 4000);
  const { page, errors } = await faulty(t);
  await sabotage(
    page,
    // All but the one byte by which a worker finds out whether it may read at all.
    `const { readAsArrayBuffer } = FileReaderSync.prototype;
    FileReaderSync.prototype.readAsArrayBuffer = function (blob) {
      if (blob.size > 1) throw new DOMException('gone', 'NotReadableError');
      return readAsArrayBuffer.call(this, blob);
    };\n`,
  );
  await page.evaluate(() => {
    /** @type {any} */ (globalThis).memory = 64 * 1024;
  });
  await page.setInputFiles('#files', files);
  await reached(page, 'failed', 60_000);
  assert.match(await page.innerText('#status'), /no more space/);
  assert.equal(await page.locator('[data-download]:enabled:visible').count(), 0);
  await relent(page);
  await page.evaluate(() => {
    /** @type {any} */ (globalThis).memory = 64 * 1024;
  });
  await runFiles(page, files);
  assert.equal((await rowsOut(page)).machine_learning_curated, 40_000);
  assert.deepEqual(errors, []);
});

/** What the browser may do when a lake is to be kept. @type {Record<string, () => void>} */
const STORAGE = {
  'a full disk': () => {
    FileSystemFileHandle.prototype.createWritable = async () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    };
  },
  'a folder that is refused meanwhile': () => {
    StorageManager.prototype.getDirectory = async () => {
      throw new DOMException('It is not allowed.', 'SecurityError');
    };
  },
};
for (const [name, fault] of Object.entries(STORAGE)) {
  test(`keeping a lake against ${name} says why, leaves nothing half, and works later`, async (t) => {
    const files = makeExport(tempFolder(t));
    const { page, errors } = await openPage(t, browser, 'http');
    await runFiles(page, files);
    await page.waitForSelector('#save-lake:enabled');
    await page.evaluate(fault);
    await page.press('#save-lake', 'Enter');
    await page.waitForFunction(() =>
      /did not work: (The quota|It is not allowed)/.test(document.querySelector('#export-status')?.textContent ?? ''),
    );
    assert.equal(await page.isEnabled('#save-lake'), true);
    assert.equal((await download(page, 'customer_trusted')).bytes.subarray(0, 4).toString(), 'PAR1');
    await page.reload();
    assert.equal(await page.isVisible('#saved-lakes'), false);
    await runFiles(page, files);
    await page.waitForSelector('#save-lake:enabled');
    await page.press('#save-lake', 'Enter');
    await page.waitForSelector('#saved-lakes li');
    assert.equal(await page.locator('#saved-lakes li').count(), 1);
    assert.deepEqual(errors, []);
  });
}

test('a browser without storage of its own offers no keeping, and does the rest', async (t) => {
  const files = makeExport(tempFolder(t));
  const { page, errors } = await openPage(t, browser, 'http');
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'storage', { get: () => undefined });
  });
  await page.reload();
  await runFiles(page, files);
  assert.deepEqual(await rowsOut(page), RIGHT);
  assert.equal(await page.isVisible('#save-lake'), false);
  assert.deepEqual(errors, []);
});

test('a tab in the background, and one that is frozen for a while, end their runs', async (t) => {
  const files = makeExport(tempFolder(t), 20, 4000);
  const { page, errors } = await openPage(t, browser, 'http');
  const other = await page.context().newPage();
  await other.bringToFront();
  await runFiles(page, files);
  const right = await rowsOut(page);
  assert.equal(right.machine_learning_curated, 40_000);
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('#again')).click());
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await reached(page, 'done');
  assert.deepEqual(await rowsOut(page), right);
  assert.deepEqual(errors, []);
});
