// Drops in Firefox as real as they can be made: files and folders dragged by the pointer from another program's window
// onto the page, on a screen of its own. They must give what the picker gives.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { noScreen, screen } from './drag.mjs';
import { firefox, noFirefox, noWebKit, until, webkit } from './driver.mjs';
import { SAVED, noRealData, pageFile, realData, filesUnder, serve, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';
import { zip } from './zip.mjs';

/** @param {import('node:test').TestContext} t @param {'http' | 'file'} by */
async function open(t, by) {
  const folder = tempFolder(t);
  const downloads = join(folder, 'saved');
  mkdirSync(downloads);
  const { display, drag } = await screen(t);
  const browser = await firefox(t, downloads, display);
  const server = by === 'http' ? await serve() : undefined;
  t.after(() => server?.close());
  await browser.go(server?.url ?? pathToFileURL(pageFile).href);
  const key = join(folder, 'key');
  writeFileSync(key, 'one key for all\n');
  await browser.run(`
    const key = document.querySelector('[name=key]');
    key.value = 'file';
    key.dispatchEvent(new Event('input', { bubbles: true }));
    addEventListener('drop', () => setTimeout(() => { document.documentElement.dataset.dropped = ''; }));`);
  await browser.type('#key-file', key);

  return {
    folder,
    /** @param {string[]} files */
    async pick(files) {
      await browser.type('#files', files.join('\n'));
      return results();
    },
    /** @param {string[]} paths */
    async drop(paths) {
      const to = await browser.run(`
        delete document.documentElement.dataset.dropped;
        const drop = document.querySelector('#drop');
        drop.scrollIntoView();
        const { left, top, width } = drop.getBoundingClientRect();
        return { x: Math.round(mozInnerScreenX + left + width / 2), y: Math.round(mozInnerScreenY + top + 20) };`);
      await drag(paths, to);
      await until('the drop', () => browser.run('return document.documentElement.dataset.dropped !== undefined'));
      return results();
    },
  };

  async function results() {
    await browser.reached('done');
    const inputs =
      await browser.run(`return Object.fromEntries([...document.querySelectorAll('#inputs tbody tr')].map((row) => {
      const [name, status, words] = [...row.children].map((cell) => cell.textContent);
      return [name, status + ': ' + words];
    }))`);
    /** @type {Record<string, Buffer>} */
    const tables = {};
    for (const table of SAVED) {
      const name = `${table}.parquet`;
      tables[table] = await browser.save(table, name);
      // Else the next one of this name would be called otherwise.
      rmSync(join(downloads, name));
    }
    const report = JSON.parse(String(await browser.save('report', 'report.json')));
    rmSync(join(downloads, 'report.json'));
    return { inputs, tables, report };
  }
}

/** @typedef {{ inputs: Record<string, string>, tables: Record<string, Buffer>, report: any }} Results */

/** @param {Results} dropped @param {Results} picked */
function same(dropped, picked) {
  for (const table of SAVED)
    assert.ok(dropped.tables[table].equals(picked.tables[table]), `${table} differs from the picker's`);
}

for (const by of /** @type {const} */ (['file', 'http'])) {
  test(`dragged onto Firefox over ${by}: files, a folder, both and a zip give the picker’s bytes`, {
    skip: noFirefox || noScreen,
  }, async (t) => {
    const { folder, pick, drop } = await open(t, by);
    const files = makeExport(join(folder, 'export/deep'));
    const [packed, mixed] = [join(folder, 'export.zip'), join(folder, 'mixed')];
    writeFileSync(packed, zip(Object.fromEntries(files.map((path) => [basename(path), readFileSync(path)]))));
    mkdirSync(join(mixed, 'empty'), { recursive: true });
    for (const path of files.slice(1)) copyFileSync(path, join(mixed, basename(path)));
    for (let i = 0; i < 230; i += 1)
      writeFileSync(join(mixed, `${i}.json`), `{"user":"${i}","timestamp":${i},"x":0,"y":0,"z":0}\n`);
    writeFileSync(join(mixed, '.hidden.json'), '{}');

    const picked = await pick(files);
    const dropped = await drop(files);
    same(dropped, picked);
    assert.deepEqual(dropped.inputs, picked.inputs);
    const inFolder = await drop([join(folder, 'export')]);
    same(inFolder, picked);
    assert.deepEqual(Object.keys(inFolder.inputs), files.map((path) => `export/deep/${basename(path)}`).sort());
    const both = await drop([mixed, files[0]]);
    same(both, picked);
    // The page lists two hundred; the report has all.
    assert.equal(both.report.inputs.length, 234);
    assert.equal(
      both.report.inputs.find((/** @type {any} */ { name }) => name === 'mixed/.hidden.json').reason,
      'hidden',
    );
    same(await drop([packed]), picked);
  });
}

test('dragged onto Firefox over file: the real export as a folder gives the picker’s bytes', {
  skip: noFirefox || noScreen || noRealData,
}, async (t) => {
  const { pick, drop } = await open(t, 'file');
  same(await drop([realData]), await pick(filesUnder(realData)));
});

for (const by of ['file', 'http']) {
  // WebKitGTK hands no dropped file to a page, and keeps none in a DataTransfer that script makes (CVE-2025-13947;
  // WebKit's bug 323277): Safari does. So here event and transfer are made up, of files that were chosen before.
  test(`a made drop in WebKit over ${by} gives the picker’s bytes`, { skip: noWebKit }, async (t) => {
    const folder = tempFolder(t);
    const saved = join(folder, 'saved');
    mkdirSync(saved);
    const browser = await webkit(t, saved);
    const server = by === 'http' ? await serve() : undefined;
    t.after(() => server?.close());
    await browser.go(server?.url ?? pathToFileURL(pageFile).href);
    const key = join(folder, 'key');
    writeFileSync(key, 'one key for both\n');
    await browser.run(`
      const key = document.querySelector('[name=key]');
      key.value = 'file';
      key.dispatchEvent(new Event('input', { bubbles: true }));`);
    await browser.type('#key-file', key);
    await browser.run(`
      // The page empties its picker.
      addEventListener('change', ({ target }) => {
        if (target.id === 'files') window.chosen = [...target.files];
      }, true);
      new MutationObserver(() => { window.ran ||= document.documentElement.dataset.state === 'running'; })
        .observe(document.documentElement, { attributeFilter: ['data-state'] });`);
    const files = makeExport(join(folder, 'export'));
    await browser.type('#files', files.join('\n'));
    await browser.reached('done');
    /** @type {Record<string, Buffer>} */
    const picked = {};
    for (const table of SAVED) {
      picked[table] = await browser.save(table, `${table}.parquet`);
      rmSync(join(saved, `${table}.parquet`));
    }
    await browser.run(`
      window.ran = false;
      const items = window.chosen.map((file) => ({
        kind: 'file',
        getAsFile: () => file,
        webkitGetAsEntry: () => null,
      }));
      const event = new Event('drop', { bubbles: true, cancelable: true });
      Object.defineProperty(event, 'dataTransfer', { value: { items, types: ['Files'] } });
      document.querySelector('#drop').dispatchEvent(event);`);
    await until('an answer', () =>
      browser.run(`
        document.querySelector('#replace-yes')?.click();
        return window.ran;`),
    );
    await browser.reached('done');
    for (const table of SAVED)
      assert.ok((await browser.save(table, `${table}.parquet`)).equals(picked[table]), `${table} differs`);
  });
}

test('a real drag onto WebKitGTK, which hands no file over: the page says what to do', {
  skip: noWebKit || noScreen,
}, async (t) => {
  const folder = tempFolder(t);
  const { display, drag } = await screen(t);
  const browser = await webkit(t, folder, display);
  await browser.go(pathToFileURL(pageFile).href);
  const to = await browser.run(`
    const { left, top, width } = document.querySelector('#drop').getBoundingClientRect();
    return { x: Math.round(left + width / 2), y: Math.round(outerHeight - innerHeight + top + 20) };`);
  await drag(makeExport(join(folder, 'export')), to);
  await browser.reached('failed');
  assert.match(await browser.run("return document.querySelector('#status').textContent"), /Use “Choose files” or/);
});
