// The browser's storage of saved lakes, with things in it that are no lakes: each costs only itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, reached, rowsOut, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Names in the storage of lakes. @param {Page} page */
const stored = (page) =>
  page.evaluate(async () => {
    const names = /** @type {string[]} */ ([]);
    const lakes = await (await navigator.storage.getDirectory()).getDirectoryHandle('lakes');
    for await (const name of /** @type {any} */ (lakes).keys()) names.push(name);
    return names.sort();
  });

test('odd entries in the storage of lakes are listed as damaged, each by itself, and can be removed', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await page.setInputFiles('#files', makeExport(tempFolder(t)));
  await reached(page, 'done');
  const rows = await rowsOut(page);
  await page.waitForSelector('#save-lake:enabled');
  await page.press('#save-lake', 'Enter');
  await page.waitForSelector('#saved-lakes li');
  const [whole] = await stored(page);
  const writing = await page.evaluate(async (source) => {
    const lakes = await (await navigator.storage.getDirectory()).getDirectoryHandle('lakes');
    const from = await lakes.getDirectoryHandle(source);
    const write = async (
      /** @type {FileSystemDirectoryHandle} */ folder,
      /** @type {string} */ name,
      /** @type {Blob | string} */ content,
    ) => {
      const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await file.write(content);
      await file.close();
    };
    /** @param {string} name @param {(file: string, content: File) => Promise<Blob | string | undefined>} [change] */
    const copy = async (name, change = async (_, content) => content) => {
      const to = await lakes.getDirectoryHandle(name, { create: true });
      for await (const [file, handle] of /** @type {any} */ (from).entries()) {
        const content = await change(file, await handle.getFile());
        if (content !== undefined) await write(to, file, content);
      }
    };
    const index =
      (/** @type {(index: any) => unknown} */ edit) =>
      async (/** @type {string} */ file, /** @type {File} */ content) => {
        if (file !== 'index.json') return content;
        const value = JSON.parse(await content.text());
        edit(value);
        return JSON.stringify(value);
      };
    await write(lakes, 'notes.txt', 'not a lake');
    await write(lakes, '1700000000001', 'nor this');
    await copy('1700000000002', async (file, content) => (file === 'index.json' ? content.slice(0, 100) : content));
    await copy('1700000000003', async (file, content) => (file === 'customer_trusted.parquet' ? undefined : content));
    await copy('1700000000004', async (file, content) =>
      file === 'customer_trusted.parquet' ? content.slice(1) : content,
    );
    await copy(
      '1700000000005',
      index((value) => {
        delete value.audit.trees.lake;
      }),
    );
    await copy(
      '1700000000006',
      index((value) => {
        value.rows = 'many';
      }),
    );
    await copy(
      '1700000000007',
      index((value) => {
        value.audit.files.report = '{}';
      }),
    );
    await copy('1700000000008', async () => '');
    await lakes.getDirectoryHandle('unfinished', { create: true });
    await copy('my copy');
    await copy('99999999999999999999');
    // Half written: long ago, and now.
    await copy('1700000000009', async (file, content) => (file === 'index.json' ? undefined : content));
    const now = String(Date.now());
    await lakes.getDirectoryHandle(now, { create: true });
    return now;
  }, whole);

  await page.reload();
  await page.waitForSelector('#saved-lakes li');
  const listed = await page.$$eval('#saved-lakes li', (items) =>
    items.map((item) => ({
      damaged: 'damaged' in /** @type {HTMLElement} */ (item).dataset,
      text: item.textContent ?? '',
      buttons: [...item.querySelectorAll('button')].map(({ textContent }) => textContent),
    })),
  );
  const good = listed.filter(({ damaged }) => !damaged);
  assert.equal(good.length, 3, 'the lake, and its copies under names that are no time');
  assert.ok(good.every(({ buttons }) => buttons.join() === 'Open,Remove'));
  const damaged = listed.filter((item) => item.damaged);
  assert.ok(damaged.every(({ buttons }) => buttons.join() === 'Remove'));
  const said = damaged.map(({ text }) => text.replace(/^.*?: /, '').replace(/\. It cannot be opened.*/, ''));
  assert.deepEqual(said.sort(), [
    'customer_trusted is missing',
    'it is a file, not a lake',
    'it is a file, not a lake',
    'it was not written to its end',
    ...Array(4).fill('its index is damaged'),
    'its tables do not have the size that they were saved with',
  ]);
  const left = await stored(page);
  assert.equal(left.includes('1700000000009'), false, 'half written long ago: cleaned up');
  assert.equal(left.includes('1700000000008'), false, 'an index without content was not written either');
  assert.equal(left.includes(writing), true, 'another tab may be writing it');

  await page.click('#saved-lakes li:has-text("my copy") button:has-text("Open")');
  await reached(page, 'done');
  assert.deepEqual(await rowsOut(page), rows);
  for (let number = listed.length; number > 0; number -= 1) {
    await page.focus('#saved-lakes li button:has-text("Remove")');
    await page.keyboard.press('Enter');
    if (number > 1)
      await page.waitForFunction((now) => document.querySelectorAll('#saved-lakes li').length === now, number - 1);
    assert.doesNotMatch(await page.innerText('#saved-lakes-status'), /did not work/);
  }
  await page.waitForSelector('#saved-lakes', { state: 'hidden' });
  assert.deepEqual(await stored(page), [writing]);
  assert.deepEqual(errors, []);
});

test('that the storage belongs to the origin is said beside the save, and beside the saved lakes', async (t) => {
  const shared = /storage belongs to the origin: every page from the same address \(scheme, host name and port\) can/;
  const { page } = await openPage(t, browser, 'http');
  await page.setInputFiles('#files', makeExport(tempFolder(t)));
  await reached(page, 'done');
  await page.waitForSelector('#save-lake:enabled');
  const note = page.locator(`#${await page.getAttribute('#save-lake', 'aria-describedby')}`);
  assert.equal(await note.isVisible(), true);
  assert.match(await note.innerText(), shared);
  const hint = page.locator('#saved-lakes > .hint');
  assert.equal(await hint.isVisible(), false, 'nothing is saved yet');
  await page.press('#save-lake', 'Enter');
  // At once, and at the next visit.
  for (const visit of [1, 2]) {
    await page.waitForSelector('#saved-lakes li');
    assert.equal(await hint.isVisible(), true, `visit ${visit}`);
    assert.match(await hint.innerText(), shared);
    await page.reload();
  }
});

test('where the browser keeps nothing, keeping is not offered', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  await page.click('#sample');
  await reached(page, 'done');
  assert.equal(await page.isVisible('#save-lake'), false);
  assert.equal(await page.isVisible('#save-lake-note'), false);
});
