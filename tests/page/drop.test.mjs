// Real drops, made by the browser's own protocol from paths on the disk: in every case they must give what the pickers
// give. Where a page has no handles, or a folder cannot be had at all, the page says so. Firefox:
// engines-drop.test.mjs, WebKit: engines-drop-webkit.test.mjs.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  counts,
  drop,
  filesUnder,
  launch,
  noRealData,
  openPage,
  pageFile,
  reached,
  realData,
  rowsOut,
  serve,
  sqlPageFile,
  tempFolder,
} from './harness.mjs';
import { open, results, run, sameAs, shownInputs, useKey } from './drop-results.mjs';
import { makeExport } from './made.mjs';
import { zip } from './zip.mjs';

/** @typedef {import('playwright-core').Page} Page */

const cases = join(realData, '../../cases');
const noCases = existsSync(cases) ? false : `the small inputs are not here (${cases})`;
/** A plain http host is no secure context: Chromium ends a tab that asks for handles there. */
const PLAIN = 'plain.test';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch([`--host-resolver-rules=MAP ${PLAIN} 127.0.0.1`]);
});
after(() => browser.close());

for (const by of /** @type {const} */ (['file', 'http']))
  for (const edition of [pageFile, sqlPageFile]) {
    const skip = existsSync(edition) ? false : `${basename(edition)} is not built`;
    test(`dropped over ${by}, ${basename(edition)}: files, folders and zips give the picker’s bytes`, {
      skip,
    }, async (t) => {
      const folder = join(tempFolder(t), 'export');
      const files = makeExport(join(folder, 'deep'));
      const [packed, mixed] = [join(folder, '../export.zip'), join(folder, '../mixed')];
      writeFileSync(packed, zip(Object.fromEntries(files.map((path) => [basename(path), readFileSync(path)]))));
      mkdirSync(mixed);
      for (const path of files.slice(1)) copyFileSync(path, join(mixed, basename(path)));
      const { page, errors } = await open(t, browser, by, edition);
      assert.equal(await page.evaluate(() => isSecureContext), true, 'so that there are handles');
      await run(page, () => page.setInputFiles('#files', files));
      const byFiles = await results(page);
      assert.equal((await rowsOut(page)).machine_learning_curated, 4000);
      await run(page, () => page.setInputFiles('#folder', folder));
      const byFolder = await results(page);
      await run(page, () => page.setInputFiles('#files', packed));
      const byZip = await results(page);

      await run(page, () => drop(page, files));
      await sameAs(page, byFiles, true);
      await run(page, () => drop(page, [folder]));
      await sameAs(page, byFolder, true);
      assert.match(Object.keys(await shownInputs(page)).join(), /export\/deep\/accelerometer\.json/);
      await run(page, () => drop(page, [packed]));
      await sameAs(page, byZip, true);
      await run(page, () => drop(page, [mixed, files[0]]));
      await sameAs(page, byFiles, false);
      assert.deepEqual(Object.keys(await shownInputs(page)).sort(), [
        'customer.json',
        'mixed/accelerometer.json',
        'mixed/step_trainer.json',
      ]);
      assert.deepEqual(errors, []);
    });
  }

for (const by of /** @type {const} */ (['file', 'http'])) {
  test(`dropped over ${by}: every small input gives what the folder picker gives`, { skip: noCases }, async (t) => {
    const { page, errors } = await open(t, browser, by);
    const folders = readdirSync(cases, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(cases, name));
    assert.ok(folders.length > 0);
    // Each in a page without results, which would be asked about first.
    await page.addInitScript(() => addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true));
    /** @param {() => Promise<void>} give */
    const shown = async (give) => {
      await page.reload();
      await give();
      const state = await page.waitForFunction(
        (ends) => ends.find((end) => end === document.documentElement.dataset.state),
        ['done', 'failed'],
      );
      return { state: await state.jsonValue(), inputs: await shownInputs(page), counts: await counts(page) };
    };
    for (const folder of folders) {
      const wanted = await shown(() => page.setInputFiles('#folder', folder));
      assert.ok(Object.keys(wanted.inputs).length > 0, folder);
      assert.deepEqual(await shown(() => drop(page, [folder])), wanted, folder);
    }
    assert.deepEqual(errors, []);
  });

  test(`dropped over ${by}: the real export gives the picker’s bytes`, { skip: noRealData }, async (t) => {
    const { page, errors } = await open(t, browser, by);
    await run(page, () => page.setInputFiles('#folder', realData));
    const wanted = await results(page);
    await run(page, () => drop(page, [realData]));
    const rows = await rowsOut(page);
    assert.deepEqual(
      [rows.customer_landing, rows.accelerometer_landing, rows.step_trainer_landing],
      [956, 81273, 28680],
    );
    assert.equal(rows.machine_learning_curated, 40981);
    await sameAs(page, wanted, true);
    await run(page, () => drop(page, filesUnder(realData)));
    await sameAs(page, wanted, false);
    assert.deepEqual(errors, []);
  });
}

/** A folder of many files, hidden ones and an empty folder. @param {string} folder */
function makeLarge(folder) {
  makeExport(join(folder, 'export'));
  for (const name of ['many', 'many/below', 'empty']) mkdirSync(join(folder, name), { recursive: true });
  for (let i = 0; i < 230; i += 1) {
    for (const below of ['', 'below/']) {
      writeFileSync(
        join(folder, 'many', `${below}${i}.json`),
        `{"user":"nobody${below}${i}@example.org","timestamp":${i},"x":0,"y":0,"z":0}\n`,
      );
    }
  }
  writeFileSync(join(folder, '.hidden.json'), '{}');
  writeFileSync(join(folder, 'many/.DS_Store'), 'litter');
}

/** @type {[string, (t: import('node:test').TestContext) => Promise<Page>][]} */
const PAGES = [
  ['over file', async (t) => (await open(t, browser, 'file')).page],
  ['over http', async (t) => (await open(t, browser, 'http')).page],
  [
    'over http from a host that is not secure, without handles',
    async (t) => {
      const server = await serve();
      t.after(() => server.close());
      const { page } = await openPage(t, browser, 'http');
      await page.goto(server.url.replace('127.0.0.1', PLAIN));
      assert.equal(await page.evaluate(() => isSecureContext), false);
      await useKey(page);
      return page;
    },
  ],
];
for (const [name, openIt] of PAGES) {
  test(`dropped ${name}: a folder of hundreds of files, hidden files and empty folders is as picked`, async (t) => {
    const folder = join(tempFolder(t), 'large');
    makeLarge(folder);
    const page = await openIt(t);
    await run(page, () => page.setInputFiles('#folder', folder));
    const wanted = await results(page);
    assert.equal(wanted.report.inputs.length, 465);
    await run(page, () => drop(page, [folder]));
    await sameAs(page, wanted, true);
  });

  test(`dropped ${name}: what is gone when it is opened is named with what to do, the rest is used`, async (t) => {
    const folder = join(tempFolder(t), 'export');
    const files = makeExport(folder);
    mkdirSync(join(folder, 'lost'));
    for (const path of ['gone.json', 'lost/inside.json']) writeFileSync(join(folder, path), '{}');
    const page = await openIt(t);
    await run(page, () => page.setInputFiles('#files', files));
    const wanted = await results(page);
    // Both ways to a file or folder wait until it is deleted; the errors are the browser's own.
    await page.evaluate(() => {
      const own = /** @type {any} */ (globalThis);
      /** @type {Promise<void>} */
      const deleted = new Promise((resolve) => {
        own.deleted = resolve;
      });
      const isGone = (/** @type {string} */ name) => ['gone.json', 'lost'].includes(name);
      const asked = () => {
        document.documentElement.dataset.asked = '';
        return deleted;
      };
      const { FileSystemFileHandle: FileHandle, FileSystemDirectoryHandle: FolderHandle } = own;
      if (FileHandle) {
        const { getFile } = FileHandle.prototype;
        FileHandle.prototype.getFile = async function () {
          if (isGone(this.name)) await asked();
          return getFile.call(this);
        };
        const { values } = FolderHandle.prototype;
        FolderHandle.prototype.values = async function* () {
          if (isGone(this.name)) await asked();
          yield* values.call(this);
        };
      }
      // The classes of entries have no names: an entry leads to them, and a reader to those of its children.
      /** @type {Set<object>} */
      const known = new Set();
      const hold = (/** @type {any} */ entry) => {
        const kind = Object.getPrototypeOf(entry);
        if (known.has(kind)) return;
        known.add(kind);
        const { file, createReader } = kind;
        if (file)
          kind.file = async function (/** @type {any[]} */ ...then) {
            if (isGone(this.name)) await asked();
            file.apply(this, then);
          };
        if (createReader) {
          kind.createReader = function () {
            const reader = createReader.call(this);
            return {
              readEntries: async (/** @type {(some: any[]) => void} */ give, /** @type {() => void} */ fail) => {
                if (isGone(this.name)) await asked();
                reader.readEntries((/** @type {any[]} */ some) => {
                  some.forEach(hold);
                  give(some);
                }, fail);
              },
            };
          };
        }
      };
      const { webkitGetAsEntry } = DataTransferItem.prototype;
      DataTransferItem.prototype.webkitGetAsEntry = function () {
        const entry = webkitGetAsEntry.call(this);
        hold(entry);
        return entry;
      };
    });
    await drop(page, [folder]);
    await page.waitForSelector('html[data-asked]');
    for (const path of ['gone.json', 'lost']) rmSync(join(folder, path), { recursive: true });
    await page.evaluate(() => /** @type {any} */ (globalThis).deleted());
    await reached(page, 'done');
    await sameAs(page, wanted, false);
    const inputs = await shownInputs(page);
    assert.equal(Object.keys(inputs).length, 5);
    assert.match(
      inputs['export/gone.json'],
      /^refused: .*could not open this file of the folder \(NotFoundError\)\. It was moved, .* Choose it again/,
    );
    assert.match(
      inputs['export/lost'],
      /^refused: .*could not list this folder \(NotFoundError\), so its files are missing.*Choose a folder/,
    );
  });
}
