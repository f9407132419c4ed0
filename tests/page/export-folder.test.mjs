// An export that is written straight into a folder: in which order, and what is there when that fails.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { download, launch, openPage, reached } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const TABLE = 'data/train-00000-of-00001.parquet';
const RULES = 'dqdl/machine_learning_curated.dqdl';
const RESEARCH = ['README.md', 'SHA256SUMS', 'contract.yaml', 'croissant.json', TABLE, RULES, 'report.json'];

/**
 * Lets a folder of the same kind stand for the one that the picker gives, which is the browser's own window.
 * @param {Page} page
 */
async function pickable(page) {
  await page.addInitScript(() => {
    /** @type {any} */ (globalThis).showDirectoryPicker = async () =>
      (await navigator.storage.getDirectory()).getDirectoryHandle('picked', { create: true });
  });
  await page.reload();
}

/** The sizes of the files in that folder, by path. @param {Page} page @returns {Promise<Record<string, number>>} */
function picked(page) {
  return page.evaluate(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('picked', { create: true });
    /** @type {Record<string, number>} */
    const sizes = {};
    const walk = async (/** @type {any} */ folder, /** @type {string} */ path) => {
      for await (const [name, entry] of folder.entries()) {
        if (entry.kind === 'directory') await walk(entry, `${path}${name}/`);
        else sizes[`${path}${name}`] = (await entry.getFile()).size;
      }
    };
    await walk(root, '');
    return sizes;
  });
}

/** Runs on sample data, with a folder to write to. @param {Page} page */
async function run(page) {
  await pickable(page);
  await page.click('#sample');
  await reached(page, 'done');
}

/** Writes to the folder and gives what the page says. @param {Page} page */
async function toFolder(page) {
  await page.waitForSelector('#export-folder:enabled');
  await page.evaluate(() => {
    document.querySelector('#export-status')?.replaceChildren();
  });
  await page.press('#export-folder', 'Enter');
  await page.waitForFunction(() =>
    /files written to picked|Not written/.test(document.querySelector('#export-status')?.textContent ?? ''),
  );
  return page.innerText('#export-status');
}

test('an export goes straight into a folder, the report last, and not over what is there', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await run(page);
  const { bytes } = await download(page, 'machine_learning_curated');
  await page.evaluate(() => {
    const own = /** @type {any} */ (globalThis);
    own.endings = [];
    const make = FileSystemFileHandle.prototype.createWritable;
    FileSystemFileHandle.prototype.createWritable = async function (...given) {
      const file = await make.apply(this, given);
      const close = file.close.bind(file);
      file.close = async () => {
        own.endings.push(this.name);
        await close();
      };
      return file;
    };
  });
  assert.match(await toFolder(page), /7 files written to picked/);
  const written = await picked(page);
  assert.deepEqual(Object.keys(written).sort(), RESEARCH);
  assert.equal(written[TABLE], bytes.length);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).endings), [
    'train-00000-of-00001.parquet',
    'croissant.json',
    'README.md',
    'contract.yaml',
    'machine_learning_curated.dqdl',
    'SHA256SUMS',
    'report.json',
  ]);

  await page.check('#export-lake');
  assert.match(
    await toFolder(page),
    /Not written: the folder picked is not empty: it holds README\.md, SHA256SUMS, contract\.yaml and more/,
  );
  assert.deepEqual(await picked(page), written);
  assert.deepEqual(errors, []);
});

test('an export that fails on its way into a folder leaves nothing there', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await run(page);
  await page.check('#export-lake');
  await page.waitForSelector('#export-folder:enabled');
  await page.evaluate(() => {
    const make = FileSystemFileHandle.prototype.createWritable;
    FileSystemFileHandle.prototype.createWritable = async function (...given) {
      if (this.name === 'lineage.json') throw new DOMException('the disk is full', 'QuotaExceededError');
      return make.apply(this, given);
    };
  });
  assert.match(await toFolder(page), /Not written: the disk is full/);
  assert.deepEqual(await picked(page), {});
  assert.deepEqual(errors, []);
});

test('an export that fails when its files take their places is named as not complete', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await run(page);
  const { bytes } = await download(page, 'machine_learning_curated');
  await page.waitForSelector('#export-folder:enabled');
  await page.evaluate(() => {
    const make = FileSystemFileHandle.prototype.createWritable;
    FileSystemFileHandle.prototype.createWritable = async function (...given) {
      const file = await make.apply(this, given);
      if (this.name === 'croissant.json')
        file.close = async () => {
          throw new DOMException('the disk is full', 'QuotaExceededError');
        };
      return file;
    };
  });
  assert.equal(
    await toFolder(page),
    'Not written: croissant.json could not be finished, so what is in the folder picked is not complete: ' +
      'the disk is full',
  );
  const written = await picked(page);
  assert.equal(written[TABLE], bytes.length, 'what took its place before is there');
  assert.equal(written['report.json'], 0, 'the report would take its place last');
  assert.deepEqual(errors, []);
});
