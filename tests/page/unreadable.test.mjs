// Files that cannot be read: each message says what was tried, how the browser calls the failure, and what to do; and
// it blames no file that is as it was. For the other engines: engines-unreadable.test.mjs.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { explore, launch, openPage, part, reached, report, tempFolder, whenScanned } from './harness.mjs';
import { makeExport } from './made.mjs';
import { zip } from './zip.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const CHANGED =
  /It was changed, moved or deleted after you chose it, or access to it was refused\. Choose it again\. If it is on/;
const GONE = /It was moved, renamed, changed or deleted after you chose it, or its drive was disconnected\. Choose it/;

/** The words of an input. @param {Page} page @param {string} name */
async function wordsOf(page, name) {
  const rows = await page.$$eval('#inputs tbody tr', (all) =>
    all.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
  );
  const row = rows.find(([first]) => first === name);
  return row && `${row[1]}: ${row[2]}`;
}

/** @param {Page} page @param {string[]} files */
async function run(page, files) {
  await page.setInputFiles('#files', files);
  await reached(page, 'done');
}

/**
 * The page, whose workers run some code ahead of their own.
 * @param {import('node:test').TestContext} t
 * @param {string} code
 * @param {'http' | 'file'} by
 */
async function sabotaged(t, code, by = 'http') {
  const opened = await openPage(t, browser, by);
  await opened.page.addInitScript((ahead) => {
    const own = /** @type {any} */ (globalThis);
    own.Blob = class extends Blob {
      /** @param {BlobPart[]} parts @param {BlobPropertyBag} options */
      constructor(parts, options) {
        super(options?.type === 'text/javascript' ? [ahead, ...parts] : parts, options);
      }
    };
  }, code);
  await opened.page.reload();
  return opened;
}

for (const by of /** @type {const} */ (['file', 'http'])) {
  test(`over ${by}, changed or deleted after it was chosen: which of the two, the error and what to do`, async (t) => {
    const folder = tempFolder(t);
    const files = makeExport(folder);
    for (const name of ['more.json', 'empty.json'])
      writeFileSync(
        join(folder, name),
        name === 'empty.json' ? '' : '{"user":"a@example.org","timestamp":1,"x":0,"y":0,"z":0}\n',
      );
    const { page } = await openPage(t, browser, by);
    await run(page, [...files, join(folder, 'more.json'), join(folder, 'empty.json')]);
    writeFileSync(files[1], '{"user":"person0@example.org","timestamp":1,"x":0,"y":0,"z":0}\n');
    rmSync(join(folder, 'more.json'));
    await page.click('#again');
    await reached(page, 'done');
    const changed = await wordsOf(page, basename(files[1]));
    assert.match(
      changed ?? '',
      /^refused: The browser could not read the beginning of this file \(NotReadableError\)\. /,
    );
    assert.match(changed ?? '', CHANGED);
    const gone = await wordsOf(page, 'more.json');
    assert.match(gone ?? '', /^refused: The browser could not read the beginning of this file \(NotFoundError\)\. /);
    assert.match(gone ?? '', GONE);
    assert.doesNotMatch(
      (await wordsOf(page, 'empty.json')) ?? '',
      /could not/,
      'an empty file is empty, and not unreadable',
    );
    assert.equal(await page.isVisible('#without'), false, 'the others have run');
  });
}

test('changed in the middle of a run: the file that was changed is blamed, among others in one stream', async (t) => {
  const folder = tempFolder(t);
  // Of nobody known, so that reading it takes a while and no memory.
  writeFileSync(join(folder, 'a.json'), '{"user":"zoe","timestamp":1,"x":1,"y":1,"z":1}\n'.repeat(3_000_000));
  const files = makeExport(folder);
  const { page } = await openPage(t, browser, 'http');
  const scanned = await whenScanned(page);
  await page.setInputFiles('#files', [join(folder, 'a.json'), ...files]);
  await scanned();
  writeFileSync(files[2], '{}');
  await page.waitForSelector('html[data-state="failed"]', { timeout: 120_000 });
  const words = await page.innerText('#status');
  assert.match(words, /^step_trainer\.json: The browser could not read this file to its end \(NotReadableError\)\. /);
  assert.match(words, CHANGED);
});

/** Each way of reading in a worker fails as Chromium does when memory runs out, but for what is read at once. */
const SHORT_OF_MEMORY = {
  'the beginning of this file':
    "Blob.prototype.arrayBuffer = async () => { throw new DOMException('', 'NotReadableError'); };\n",
  'this file to its end':
    "ReadableStreamBYOBReader.prototype.read = async () => { throw new TypeError('network error'); };\n",
};
for (const [tried, code] of Object.entries(SHORT_OF_MEMORY)) {
  test(`a read of ${tried} that fails though the file can be read: the file is not said to be changed`, async (t) => {
    const files = makeExport(tempFolder(t));
    const { page } = await sabotaged(t, code);
    await page.setInputFiles('#files', files);
    await reached(page, 'failed');
    const words =
      tried === 'this file to its end'
        ? await page.innerText('#status')
        : ((await wordsOf(page, 'customer.json')) ?? '');
    assert.match(
      words,
      new RegExp(
        `could not read ${tried} \\((NotReadable|Type)Error\\)\\. The file can be read now, so it was not ` +
          `changed: .*Run again\\.`,
      ),
    );
    assert.doesNotMatch(words, /deleted/);
  });
}

test('workers that may read no file, as in Safari by double click: the page reads for them', async (t) => {
  const files = makeExport(tempFolder(t));
  const { page } = await sabotaged(
    t,
    `
    const refuse = () => { throw new DOMException('', 'NotReadableError'); };
    Blob.prototype.arrayBuffer = async () => refuse();
    Blob.prototype.stream = refuse;
    FileReaderSync.prototype.readAsArrayBuffer = refuse;\n`,
    'file',
  );
  await page.setInputFiles('#files', files);
  await reached(page, 'done');
  assert.equal(await page.getAttribute('[data-table="machine_learning_curated"]', 'data-rows'), '4000');
});

test('rows, a zip’s rows and an export after the landing files were changed: each says which and why', async (t) => {
  const folder = tempFolder(t);
  const [customers, readings, steps] = makeExport(folder);
  const packed = join(folder, 'more.zip');
  writeFileSync(
    packed,
    zip({ 'more.json': '{"sensorReadingTime":1,"serialNumber":"serial-0","distanceFromObject":1}\n' }),
  );
  const { page } = await openPage(t, browser, 'http');
  await page.addInitScript(() => {
    /** @type {any} */ (globalThis).showDirectoryPicker = async () =>
      (await navigator.storage.getDirectory()).getDirectoryHandle('picked', { create: true });
  });
  await page.reload();
  await run(page, [customers, readings, steps, packed]);
  assert.equal((await report(page)).archives.length, 1);
  await page.check('[name="export"][value="lake"]');
  await page.check('#export-landing');
  writeFileSync(readings, '{}');
  rmSync(packed);

  await explore(page, 'accelerometer_landing');
  const seen = (/** @type {string} */ word) =>
    page
      .waitForFunction((wanted) => document.querySelector('#raw-seen')?.textContent?.includes(wanted), word)
      .then(() => page.innerText('#raw-seen'));
  const words = await seen('NotReadableError');
  assert.match(
    words,
    /^The rows cannot be shown\. The browser could not read a part of this file \(NotReadableError\)\. /,
  );
  assert.match(words, CHANGED);
  await page.waitForSelector('.grid[aria-label="Rows of accelerometer_landing, raw"][aria-rowcount="1"]');
  // Its first file is the zip. What the core says of one whose bytes it does not get is its own affair.
  await explore(page, 'step_trainer_landing');
  await page.waitForSelector('.grid[aria-label="Rows of step_trainer_landing, raw"][aria-rowcount="1"]');
  const zipped = await page.innerText('#raw-seen');
  assert.match(
    zipped,
    /^The rows cannot be shown\. .*The browser could not read a part of this file \(NotFoundError\)\. /,
  );
  assert.match(zipped, GONE);
  await page.selectOption('#raw-file', { label: 'step_trainer.json' });
  await page.waitForSelector(
    '.grid[aria-label="Rows of step_trainer_landing, raw"][aria-busy="false"]:not([aria-rowcount="1"])',
  );
  assert.doesNotMatch(await page.innerText('#raw-seen'), /cannot/, 'another file is shown');

  await part(page, 'result');
  for (const button of ['#export-zip', '#export-folder']) {
    await page.press(button, 'Enter');
    await page.waitForFunction(() => document.querySelector('#export-status')?.textContent?.startsWith('Not written'));
    const said = await page.innerText('#export-status');
    assert.match(
      said,
      /^Not written: \S*accelerometer.json: The browser could not read this file \(NotReadableError\)\. /,
      button,
    );
    assert.match(said, CHANGED);
    await page.evaluate(() => {
      const place = document.querySelector('#export-status');
      if (place) place.textContent = '';
    });
  }
});

test('a key file and a report that were changed after they were chosen are named, with what to do', async (t) => {
  const folder = tempFolder(t);
  const [key, old] = [join(folder, 'one.key'), join(folder, 'old.json')];
  for (const path of [key, old]) writeFileSync(path, 'a line\n');
  const { page } = await openPage(t, browser, 'http');
  await run(page, makeExport(folder));
  await page.selectOption('[name="key"]', 'file');
  await page.setInputFiles('#key-file', key);
  rmSync(key);
  await page.click('#again');
  await reached(page, 'failed');
  const words = await page.innerText('#status');
  assert.match(words, /^The key file one\.key: The browser could not read this file \(NotFoundError\)\. /);
  assert.match(words, GONE);

  await page.selectOption('[name="key"]', 'random');
  await page.click('#again');
  await reached(page, 'done');
  // It is read at once when it is chosen, so the file has to be gone by then.
  await page.evaluate(() => {
    File.prototype.arrayBuffer = async () => {
      throw new DOMException('', 'NotReadableError');
    };
  });
  await page.setInputFiles('#compare input', old);
  await page.waitForFunction(() =>
    document.querySelector('#compare-verdict')?.textContent?.includes('NotReadableError'),
  );
  const verdict = await page.innerText('#compare-verdict');
  assert.match(verdict, /^old\.json: The browser could not read this file \(NotReadableError\)\. /);
  assert.match(verdict, CHANGED);
});
