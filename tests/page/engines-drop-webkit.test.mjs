// Drops in WebKitGTK, which hands no dropped file to a page, and keeps none in a DataTransfer that script makes
// (CVE-2025-13947; WebKit's bug 323277): Safari does. So a real drag must be answered with what to do instead, and
// beside it event and transfer are made up, of files that were chosen before.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { noScreen, screen } from './drag.mjs';
import { noWebKit, until, webkit } from './driver.mjs';
import { PLACES, openIn } from './drop-results.mjs';
import { SAVED, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';

test('dropped onto WebKit', { skip: noWebKit || noScreen }, async (t) => {
  const folder = tempFolder(t);
  const saved = join(folder, 'saved');
  mkdirSync(saved);
  const files = makeExport(join(folder, 'export'));
  const browser = await webkit(t, saved);

  for (const place of PLACES) {
    await t.test(`${place.name}: a real drag is told what to do`, { skip: place.skip }, async (t) => {
      // A second drag in one session never reaches the page.
      const { display, drag } = await screen(t);
      const fresh = await webkit(t, saved, display);
      await openIn(t, fresh, place, folder);
      const to = await fresh.run(`
        const { left, top, width } = document.querySelector('#drop').getBoundingClientRect();
        return { x: Math.round(left + width / 2), y: Math.round(outerHeight - innerHeight + top + 20) };`);
      await drag(files, to);
      await fresh.reached('failed');
      assert.match(await fresh.run("return document.querySelector('#status').textContent"), /Use “Choose files” or/);
    });

    await t.test(`${place.name}: a made drop gives the picker’s bytes`, { skip: place.skip }, async (t) => {
      await openIn(t, browser, place, folder);
      await browser.run(`
        // The page empties its picker.
        addEventListener('change', ({ target }) => {
          if (target.id === 'files') window.chosen = [...target.files];
        }, true);
        new MutationObserver(() => { window.ran ||= document.documentElement.dataset.state === 'running'; })
          .observe(document.documentElement, { attributeFilter: ['data-state'] });`);
      await browser.type('#files', files.join('\n'));
      await browser.reached('done');
      const picked = await tables();
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
      const dropped = await tables();
      for (const table of SAVED) assert.ok(dropped[table].equals(picked[table]), `${table} differs`);
    });
  }

  async function tables() {
    /** @type {Record<string, Buffer>} */
    const all = {};
    for (const table of SAVED) {
      all[table] = await browser.save(table, `${table}.parquet`);
      // Else the next one of this name would be called otherwise.
      rmSync(join(saved, `${table}.parquet`));
    }
    return all;
  }
});
