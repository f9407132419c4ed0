// Drops that the browser gives in part, or not at all.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { open, results, run, sameAs, shownInputs } from './drop-results.mjs';
import { drop, launch, reached, rowsOut, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('where no way gives a folder, the page points to “Choose a folder”; files are used all the same', async (t) => {
  const folder = join(tempFolder(t), 'export');
  const files = makeExport(folder);
  const { page, errors } = await open(t, browser, 'file');
  // A browser without handles, on the disk, where Chromium's entries fail: the drop itself is real.
  await page.evaluate(() => {
    delete (/** @type {any} */ (DataTransferItem.prototype).getAsFileSystemHandle);
  });
  await run(page, () => page.setInputFiles('#files', files));
  const wanted = await results(page);
  await run(page, () => drop(page, [folder, ...files]));
  await sameAs(page, wanted, false);
  const words = (await shownInputs(page)).export;
  assert.match(
    words,
    /^refused: The browser did not let this page read the folder \(EncodingError\)\. Use “Choose a folder” instead\./,
  );
  await drop(page, [folder]);
  await reached(page, 'failed');
  assert.match(await page.innerText('#status'), /No input could be used/);
  assert.equal((await shownInputs(page)).export, words);
  assert.deepEqual(errors, []);
});

test('a handle that is refused does not lose the file or the folder behind it', async (t) => {
  const folder = join(tempFolder(t), 'export');
  const files = makeExport(folder);
  const { page, errors } = await open(t, browser, 'http');
  await run(page, () => page.setInputFiles('#files', files));
  const wanted = await results(page);
  for (const refuse of [
    () => {
      /** @type {any} */ (DataTransferItem.prototype).getAsFileSystemHandle = () => {
        throw new DOMException('', 'SecurityError');
      };
    },
    () => {
      /** @type {any} */ (DataTransferItem.prototype).getAsFileSystemHandle = async () => {
        throw new DOMException('', 'AbortError');
      };
    },
    () => {
      /** @type {any} */ (DataTransferItem.prototype).getAsFileSystemHandle = async () => null;
    },
  ]) {
    await page.evaluate(refuse);
    await run(page, () => drop(page, [folder]));
    await sameAs(page, wanted, false);
    await run(page, () => drop(page, files));
    await sameAs(page, wanted, true);
  }
  assert.deepEqual(errors, []);
});

test('a made DataTransfer, without handles and entries: its files are used, and what is none is named', async (t) => {
  const { page } = await open(t, browser, 'http');
  const [customers, readings, steps] = makeExport(tempFolder(t)).map((path) => readFileSync(path, 'utf8'));
  await page.evaluate(
    (texts) => {
      const transfer = new DataTransfer();
      for (const [name, text] of Object.entries(texts)) transfer.items.add(new File([text], name));
      // It stands for a folder, or for an image of another page, whose bytes the browser does not give.
      const lost = new File(['{}'], 'lost');
      lost.slice = () => {
        throw new DOMException('', 'NotFoundError');
      };
      const { getAsFile } = DataTransferItem.prototype;
      let asked = 0;
      DataTransferItem.prototype.getAsFile = function () {
        asked += 1;
        return asked === 4 ? lost : asked === 5 ? null : getAsFile.call(this);
      };
      for (const name of ['four', 'five']) transfer.items.add(new File(['{}'], name));
      document
        .querySelector('#drop')
        ?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
    },
    { 'c.json': customers, 'r.json': readings, 's.json': steps },
  );
  await reached(page, 'done');
  assert.equal((await rowsOut(page)).machine_learning_curated, 4000);
  const inputs = await shownInputs(page);
  assert.match(
    inputs.lost,
    /^refused: The browser could not read what was dropped \(.*NotFoundError\)\. If it is a folder, use “Choose/,
  );
  assert.match(inputs['dropped item 5'], /^refused: The browser could not read what was dropped \(.+\)/);
});
