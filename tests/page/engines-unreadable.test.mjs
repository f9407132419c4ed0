// Files that change under the page in Firefox and in Safari’s engine: what was tried, how the engine calls the failure,
// and what to do. Readings that leave memory, and a run that is cancelled while the page reads for its workers.
import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ENGINES, noWebKit, until, webkit } from './driver.mjs';
import { SAVED, pageFile, serve, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('./driver.mjs').Driven} Driven */

const GONE =
  'It was moved, renamed, changed or deleted after you chose it, or its drive was disconnected. Choose it again.';
const CHANGED =
  'It was changed, moved or deleted after you chose it, or access to it was refused. Choose it again. If it is on a ' +
  'network drive or in a synced folder, copy it to this device first.';
const NOT_FOUND = `The browser could not read the beginning of this file (NotFoundError). ${GONE}`;
const ENDED = `This file ended before the last byte that it had when you chose it. ${CHANGED}`;
const LEFT_OUT = 'Left out by you, after it could not be read to its end.';

/**
 * What each engine says of a file that was changed and is as long as before, of one that was cut, and of one that was
 * deleted; undefined if it reads the file. No standard says what is right: issue 47 of w3c/FileAPI.
 * @type {Record<string, { changed?: string, cut: string, deleted: string, trusted: string }>}
 */
const SAYS = {
  // It heeds no time of change: it reads what is there now, up to the size that the file had.
  Firefox: { changed: undefined, cut: ENDED, deleted: NOT_FOUND, trusted: '4001' },
  // It compares the time of change, in whole seconds, and has one name for another file and for none: it says
  // NotFoundError of both before it reads a byte.
  WebKit: { changed: NOT_FOUND, cut: NOT_FOUND, deleted: NOT_FOUND, trusted: '4000' },
};

/**
 * @param {import('node:test').TestContext} t
 * @param {typeof webkit} start of the engine
 * @param {string} by
 * @param {(page: string) => string} [edit] makes the page another one
 */
async function open(t, start, by, edit) {
  const folder = tempFolder(t);
  mkdirSync(join(folder, 'saved'));
  const file = edit ? join(folder, 'page.html') : pageFile;
  if (edit) writeFileSync(file, edit(readFileSync(pageFile, 'utf8')));
  const browser = await start(t, join(folder, 'saved'));
  const server = by === 'http' ? await serve(file) : undefined;
  t.after(() => server?.close());
  await browser.go(server?.url ?? pathToFileURL(file).href);
  return { folder, browser };
}

/** @param {string} user @param {number} timestamp */
const reading = (user, timestamp) =>
  `${JSON.stringify({ user: `${user}@example.org`, timestamp, x: 1, y: 1, z: 1 })}\n`;

/** Makes a file one of long ago, so that it is changed in another second. @param {string} path */
function dateBack(path) {
  utimesSync(path, 1_600_000_000, 1_600_000_000);
}

/** @param {Driven} browser @param {string} selector */
const click = (browser, selector) => browser.run('document.querySelector(arguments[0]).click()', selector);

/** @param {Driven} browser */
const status = (browser) => browser.run("return document.querySelector('#status').textContent");

/** @param {Driven} browser @param {string} table */
const rowsOf = (browser, table) =>
  browser.run("return document.querySelector('[data-table=' + arguments[0] + ']').dataset.rows", table);

/**
 * What the page says of an input, alone or among others of which it says the same.
 * @param {Driven} browser
 * @param {string} name
 * @returns {Promise<{ status: string, words: string } | null>}
 */
const inputOf = (browser, name) =>
  browser.run(
    `const row = [...document.querySelectorAll('#inputs tbody tr')].find((row) =>
      [...row.querySelectorAll('.name, .name li')].some((cell) => cell.textContent === arguments[0]));
    // What Firefox throws where it reads at once is called otherwise.
    const words = row?.children[2].textContent.replace('NS_ERROR_FILE_NOT_FOUND', 'NotFoundError');
    return row ? { status: row.dataset.status, words } : null;`,
    name,
  );

for (const { name, start, missing } of ENGINES)
  for (const by of ['http', 'file']) {
    test(`${name} over ${by}: files that were changed, cut or deleted after they were chosen, and what to do`, {
      skip: missing,
    }, async (t) => {
      const { folder, browser } = await open(t, start, by);
      const made = makeExport(join(folder, 'export'));
      const [changed, cut, deleted] = ['changed', 'cut', 'deleted'].map((file) => join(folder, `export/${file}.json`));
      // Of somebody who did not consent.
      writeFileSync(changed, reading('person1', 1));
      writeFileSync(cut, reading('person1', 1000).repeat(2));
      writeFileSync(deleted, reading('person1', 1_000_000));
      const all = [...made, changed, cut, deleted];
      for (const path of all) dateBack(path);
      await browser.type('#files', all.join('\n'));
      await browser.reached('done');
      assert.equal(await rowsOf(browser, 'accelerometer_trusted'), '4000');

      // Of somebody who did, and as long.
      writeFileSync(changed, reading('person0', 1));
      truncateSync(cut, 10);
      rmSync(deleted);
      await click(browser, '#again');
      await browser.reached('done');
      const { trusted, ...says } = SAYS[name];
      for (const [file, words] of Object.entries(says)) {
        const input = await inputOf(browser, `${file}.json`);
        assert.equal(input?.status, words ? 'refused' : 'used', file);
        if (words) assert.equal(input?.words, words, file);
      }
      assert.equal(await rowsOf(browser, 'accelerometer_trusted'), trusted);

      // Behind what is read when files are detected.
      const [, readings] = made;
      truncateSync(readings, 400_000);
      await click(browser, '#again');
      if (name === 'WebKit') {
        await browser.reached('done');
        assert.deepEqual(await inputOf(browser, 'accelerometer.json'), { status: 'refused', words: NOT_FOUND });
        return;
      }
      await browser.reached('failed');
      assert.equal(
        await status(browser),
        'accelerometer.json: The browser could not read this file to its end (NS_ERROR_FAILURE). ' +
          `${CHANGED} Nothing of this run was saved.`,
      );
      await click(browser, '#without');
      await browser.reached('done');
      assert.equal((await inputOf(browser, 'accelerometer.json'))?.words, LEFT_OUT);
      assert.equal(await rowsOf(browser, 'customer_trusted'), '10');
    });

    test(`${name} over ${by}: readings that leave memory come back, and the files are the same`, {
      skip: missing,
    }, async (t) => {
      const { folder, browser } = await open(t, start, by);
      const tables = async () => {
        /** @type {Record<string, string>} */
        const all = {};
        for (const table of SAVED) all[table] = (await browser.save(table, `${table}.parquet`)).toString('base64');
        return all;
      };
      /** Chooses when consent counts, and says whether that waits for a run. @param {string} value */
      const waits = async (value) => {
        await browser.run(
          `const select = document.querySelector('[name=consent]');
          select.value = arguments[0];
          select.dispatchEvent(new Event('input', { bubbles: true }));`,
          value,
        );
        await until('the change', () => browser.run('return !("following" in document.documentElement.dataset)'));
        return browser.run("return !document.querySelector('#stale').hidden");
      };
      await browser.type('#files', makeExport(join(folder, 'export'), 20, 4000).join('\n'));
      await browser.reached('done');
      const whole = await tables();
      assert.equal(await waits('as-of'), false, 'all readings are in memory');

      await waits('ever');
      await lessMemory(browser);
      await click(browser, '#again');
      await browser.reached('done');
      assert.deepEqual(await tables(), whole);
      assert.equal(await waits('as-of'), true, 'what has left memory is not gone through again');
    });

    test(`${name} over ${by}: readings that left memory and cannot be read back: why, and what to do`, {
      skip: missing,
    }, async (t) => {
      const { folder, browser } = await open(t, start, by, (page) => {
        // All but the one byte by which a worker finds out whether it may read at all.
        const ahead = `{
          const { readAsArrayBuffer } = FileReaderSync.prototype;
          FileReaderSync.prototype.readAsArrayBuffer = function (blob) {
            if (blob.size > 1) throw new DOMException('', 'NotReadableError');
            return readAsArrayBuffer.call(this, blob);
          };
        }\n`;
        const [before, after, more] = page.split('id="core-worker-source">');
        assert.ok(after !== undefined && more === undefined, 'one script for workers');
        return `${before}id="core-worker-source">${ahead}${after}`;
      });
      await lessMemory(browser);
      // Where the page reads for its workers it reads nothing else once tables are made.
      await browser.run(`
        const { arrayBuffer } = window.Blob.prototype;
        window.Blob.prototype.arrayBuffer = function () {
          return window.curating
            ? window.Promise.reject(new window.DOMException('', 'NotReadableError'))
            : arrayBuffer.call(this);
        };`);
      await browser.type('#files', makeExport(join(folder, 'export'), 20, 4000).join('\n'));
      await browser.reached('failed');
      assert.equal(
        await status(browser),
        'Readings that did not fit into memory could not be read back (NotReadableError): most likely the browser ' +
          'has no more space for them. Free space on the disk, or give fewer files at once.',
      );
    });
  }

/** Leaves runs little memory for readings, and notes when tables are made. @param {Driven} browser */
async function lessMemory(browser) {
  await browser.run(`
    // A script of the driver has a global object of its own, in front of the page's.
    const { postMessage } = window.Worker.prototype;
    window.Worker.prototype.postMessage = function (message, transfer) {
      if (message.method === 'run') {
        message.request.memory = 256 * 1024;
        this.addEventListener('message', ({ data }) => {
          if (data.progress?.phase === 'curating') window.curating = true;
        });
      }
      postMessage.call(this, message, transfer);
    };`);
}

/**
 * Safari’s engine by double click, in the middle of a run: the page has the workers’ reads of a large file under way,
 * and each waits.
 * @param {import('node:test').TestContext} t
 */
async function whileReading(t) {
  const { folder, browser } = await open(t, webkit, 'file');
  const files = makeExport(join(folder, 'export'));
  const large = join(folder, 'export/a.json');
  // Of nobody known, so that it takes no memory; more than all workers ask for at once.
  writeFileSync(large, reading('zoe', 1).repeat(600_000 * availableParallelism()));
  dateBack(large);
  await browser.run(`
    const reads = (window.reads = { begun: 0, bytes: 0, hold: true, held: [] });
    const { arrayBuffer } = window.Blob.prototype;
    window.Blob.prototype.arrayBuffer = function () {
      reads.begun += 1;
      // Smaller ones are of the beginnings of files.
      if (!reads.hold || this.size < 700 * 1024) return arrayBuffer.call(this);
      reads.bytes += this.size;
      return new window.Promise((resolve) => reads.held.push(resolve)).then(() => arrayBuffer.call(this));
    };`);
  await browser.type('#files', [large, ...files].join('\n'));
  await until('two reads of each worker', () =>
    browser.run('return window.reads.held.length >= 2 * navigator.hardwareConcurrency'),
  );
  // Were more asked for at once, they would be there by then.
  await sleep(1000);
  const { held, bytes, workers } = await browser.run(`
    const { held, bytes } = window.reads;
    return { held: held.length, bytes, workers: navigator.hardwareConcurrency };`);
  t.diagnostic(`${held} reads of ${(bytes / 2 ** 20).toFixed(0)} MB are under way`);
  assert.ok(held <= 2 * workers, `${held} reads at a time by ${workers} workers`);
  assert.ok(bytes < statSync(large).size, 'more of them wait');
  return {
    browser,
    large,
    begun: () => browser.run('return window.reads.begun'),
    goOn: () => browser.run('window.reads.hold = false; for (const go of window.reads.held.splice(0)) go();'),
  };
}

test('WebKit by double click: a run that is cancelled while the page reads: nothing is read after it', {
  skip: noWebKit,
}, async (t) => {
  const { browser, begun, goOn } = await whileReading(t);
  const before = await begun();
  await click(browser, '#cancel');
  await browser.reached('cancelled');
  assert.equal(await status(browser), 'Cancelled. Nothing was saved.');
  await goOn();
  await sleep(2000);
  assert.equal(await begun(), before, 'the reads that waited have ended with the run');
  await click(browser, '#again');
  await browser.reached('done');
  assert.ok((await begun()) > before);
  assert.equal(await rowsOf(browser, 'machine_learning_curated'), '4000');
});

test('WebKit by double click: a file that is changed while the page reads it is named, and the others run', {
  skip: noWebKit,
}, async (t) => {
  const { browser, large, goOn } = await whileReading(t);
  appendFileSync(large, reading('zoe', 2));
  await goOn();
  await browser.reached('failed');
  assert.equal(
    await status(browser),
    `a.json: The browser could not read this file to its end (NotFoundError). ${GONE} Nothing of this run was saved.`,
  );
  await click(browser, '#without');
  await browser.reached('done');
  assert.equal((await inputOf(browser, 'a.json'))?.words, LEFT_OUT);
  assert.equal(await rowsOf(browser, 'machine_learning_curated'), '4000');
});
