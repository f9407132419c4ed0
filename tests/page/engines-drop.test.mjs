// Drops in Firefox as real as they can be made: files and folders dragged by the pointer from another program's window
// onto the page, on a screen of its own. They must give what the picker gives. One Firefox does it all: starting one
// takes as long as some drops. WebKit: engines-drop-webkit.test.mjs.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { noScreen, screen } from './drag.mjs';
import { firefox, noFirefox, until } from './driver.mjs';
import { PLACES, openIn } from './drop-results.mjs';
import { SAVED, filesUnder, noRealData, pageFile, realData, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';
import { zip } from './zip.mjs';

/** @typedef {import('./drop-results.mjs').Place} Place */

/** @param {import('node:test').TestContext} t */
async function start(t) {
  const folder = tempFolder(t);
  const downloads = join(folder, 'saved');
  mkdirSync(downloads);
  const { display, drag } = await screen(t);
  return { folder, downloads, drag, browser: await firefox(t, downloads, display) };
}

/**
 * @param {import('node:test').TestContext} t
 * @param {Awaited<ReturnType<typeof start>>} started
 * @param {Place} place
 */
async function open(t, { folder, downloads, drag, browser }, place) {
  await openIn(t, browser, place, folder);
  await browser.run(`
    addEventListener('drop', () => setTimeout(() => { document.documentElement.dataset.dropped = ''; }));`);

  return {
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

test('dragged onto Firefox', { skip: noFirefox || noScreen }, async (t) => {
  const started = await start(t);
  const { folder } = started;
  const files = makeExport(join(folder, 'export/deep'));
  const [packed, mixed] = [join(folder, 'export.zip'), join(folder, 'mixed')];
  writeFileSync(packed, zip(Object.fromEntries(files.map((path) => [basename(path), readFileSync(path)]))));
  mkdirSync(join(mixed, 'empty'), { recursive: true });
  for (const path of files.slice(1)) copyFileSync(path, join(mixed, basename(path)));
  for (let i = 0; i < 230; i += 1)
    writeFileSync(join(mixed, `${i}.json`), `{"user":"${i}","timestamp":${i},"x":0,"y":0,"z":0}\n`);
  writeFileSync(join(mixed, '.hidden.json'), '{}');

  for (const place of PLACES)
    await t.test(`${place.name}: the picker’s bytes`, { skip: place.skip }, async (t) => {
      const { pick, drop } = await open(t, started, place);
      const picked = await pick(files);
      const dropped = await drop(files);
      same(dropped, picked);
      assert.deepEqual(dropped.inputs, picked.inputs);
      const inFolder = await drop([join(folder, 'export')]);
      same(inFolder, picked);
      assert.deepEqual(Object.keys(inFolder.inputs), files.map((path) => `export/deep/${basename(path)}`).sort());
      // Behind the drop both editions are the same.
      if (place.edition !== pageFile) return;
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

  await t.test('the real export as a folder gives the picker’s bytes', { skip: noRealData }, async (t) => {
    const { pick, drop } = await open(t, started, PLACES[0]);
    same(await drop([realData]), await pick(filesUnder(realData)));
  });
});
