// The grid: all rows of a written table on the page, raw landing rows, columns, by mouse and keyboard.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { TALLEST } from '../../www/page/explore/virtual-scroll.js';
import { SAVED, drop, explore, launch, openPage, part, reached, rowsOut, tempFolder } from './harness.mjs';
import { longest } from './trace.mjs';
import { zip } from './zip.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** What the grid shows now, once it is all there. @param {Page} page */
async function shown(page) {
  await page.waitForSelector('.grid[aria-busy="false"]');
  return page.$eval('.grid', (grid) => {
    const box = grid.getBoundingClientRect();
    const head = /** @type {HTMLElement} */ (grid.querySelector('.head')).getBoundingClientRect();
    const rows = [...grid.querySelectorAll('.body [role="row"]')].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > head.bottom + 1 && top < box.bottom - 1;
    });
    return rows.map((row) => ({
      index: Number(row.getAttribute('aria-rowindex')),
      cells: [...row.children].map((cell) => cell.textContent ?? ''),
    }));
  });
}

/** @param {Page} page @param {string} table */
async function open(page, table) {
  await explore(page, table);
  // In German "Zeilen von".
  await page.waitForSelector(`.grid:is([aria-label^="Rows of ${table}"], [aria-label^="Zeilen von ${table}"])`);
}

/** @param {Page} page @param {string} keys */
async function press(page, keys) {
  await page.focus('.grid');
  await page.keyboard.press(keys);
  await page.waitForSelector('.grid[aria-busy="false"]');
}

/** The active cell. @param {Page} page */
const active = (page) =>
  page.$eval('.grid', (grid) => {
    const cell = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
    return {
      row: Number(cell?.parentElement?.getAttribute('aria-rowindex')) - 1,
      role: cell?.getAttribute('role'),
      text: cell?.textContent,
    };
  });

test('all rows of machine_learning_curated: first page, last page, keys, go to row, no long task', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http', { locale: 'de-DE' });
  await page.click('#sample');
  await reached(page, 'done');
  const total = (await rowsOut(page)).machine_learning_curated;
  const opening = await longest(browser, page, () => open(page, 'machine_learning_curated'));
  t.diagnostic(`longest task while opening ${total} rows: ${opening.cpu} ms (by the clock ${opening.wall} ms)`);
  assert.ok(opening.cpu > 0);
  assert.equal(await page.getAttribute('.grid', 'aria-rowcount'), String(total + 1));
  const first = await shown(page);
  assert.equal(first[0].index, 2, 'the head is row 1');
  assert.deepEqual(await page.$$eval('.grid [role="columnheader"]', (all) => all.map((head) => head.textContent)), [
    'Zeile',
    'subject',
    'sensorreadingtime',
    'distancefromobject',
    'x',
    'y',
    'z',
  ]);
  assert.match(first[0].cells[1], /^[0-9a-f]{32}$/);
  assert.match(first[0].cells[2], /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.match(first[0].cells[4], /^-?\d+(,\d+)?$/, 'numbers are those of the reader’s language');
  await page.uncheck('#dates');
  await page.waitForFunction(() =>
    /^\d{1,3}(\.\d{3}){4}$/.test(document.querySelector('.body [role="row"]')?.children[2].textContent ?? ''),
  );
  await page.check('#dates');

  await press(page, 'Control+End');
  const end = await shown(page);
  assert.equal(end.at(-1)?.index, total + 1);
  assert.equal(end.at(-1)?.cells[0], total.toLocaleString('de-DE'));
  assert.deepEqual(await active(page), { row: total, role: 'gridcell', text: end.at(-1)?.cells[6] });
  await press(page, 'Home');
  await press(page, 'ArrowRight');
  await press(page, 'PageUp');
  const up = await active(page);
  assert.ok(up.row < total - 5 && up.row > total - 40, JSON.stringify(up));
  await press(page, 'ArrowUp');
  assert.equal((await active(page)).row, up.row - 1);
  await press(page, 'Control+Home');
  assert.deepEqual(await active(page), { row: 1, role: 'rowheader', text: '1' });

  await page.fill('#go-to', '200.001');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.grid[aria-busy="false"]');
  assert.equal((await active(page)).row, 200_001);
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'grid');

  // A wheel for two seconds, then the bar dragged through the whole table.
  const box = /** @type {{ x: number, y: number, width: number, height: number }} */ (
    await page.locator('.grid').boundingBox()
  );
  const scrolling = await longest(browser, page, async () => {
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    for (let i = 0; i < 60; i += 1) {
      await page.mouse.wheel(0, 300);
      await page.waitForTimeout(30);
    }
    await page.evaluate(async () => {
      const grid = /** @type {HTMLElement} */ (document.querySelector('.grid'));
      for (let i = 0; i <= 100; i += 1) {
        grid.scrollTop = (i / 100) * (grid.scrollHeight - grid.clientHeight);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });
  });
  t.diagnostic(
    `longest task while scrolling: ${scrolling.cpu} ms (by the clock ${scrolling.wall} ms), of ${scrolling.tasks}`,
  );
  assert.equal((await shown(page)).at(-1)?.index, total + 1);
  assert.ok(scrolling.cpu > 0);
  assert.deepEqual(errors, []);
});

test('twenty million rows: more than any element is high', async (t) => {
  const { outputFiles } = await build({
    entryPoints: ['www/page/explore/grid.js', 'www/styles/page.css'],
    outdir: 'out',
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'grid',
  });
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.addStyleTag({ content: outputFiles.find(({ path }) => path.endsWith('.css'))?.text ?? '' });
  await page.addScriptTag({ content: outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '' });
  const total = 20_000_000;
  await page.evaluate((rows) => {
    const { createGrid } = /** @type {any} */ (globalThis).grid;
    createGrid(document.body, () => {}, console.error).show({
      label: 'many',
      head: 'row',
      rows,
      columns: [{ name: 'n', type: 'int', key: true, meaning: '' }],
      read: async (/** @type {number} */ start, /** @type {number} */ end) =>
        Array.from({ length: end - start }, (_, i) => ({ head: String(start + i + 1), cells: [String(start + i)] })),
    });
  }, total);
  assert.ok((await page.$eval('.space', ({ scrollHeight }) => scrollHeight)) <= TALLEST);
  await press(page, 'Control+End');
  assert.equal((await shown(page)).at(-1)?.cells[0], String(total));
  await page.$eval('.grid', (grid) => {
    grid.scrollTop = (grid.scrollHeight - grid.clientHeight) / 2;
  });
  await page.waitForFunction(
    (half) =>
      Math.abs(Number(document.querySelector('.body [role="row"]')?.getAttribute('aria-rowindex')) - half) < 100,
    total / 2,
  );
  await page.waitForTimeout(500);
  const before = (await shown(page))[0].index;
  await page.mouse.move(100, 200);
  await page.mouse.wheel(0, 280);
  await page.waitForFunction(
    (row) => document.querySelector('.body [role="row"]')?.getAttribute('aria-rowindex') !== String(row - 8),
    before,
  );
  await page.waitForTimeout(500);
  const after = (await shown(page))[0].index;
  assert.ok(after - before >= 8 && after - before <= 12, `a turn of the wheel went from ${before} to ${after}`);
});

test('every written table is shown, and its first and last row are those of the file', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  const rows = await rowsOut(page);
  for (const table of SAVED) {
    await open(page, table);
    await press(page, 'Control+Home');
    const first = await shown(page);
    assert.equal(first[0].index, 2, table);
    await press(page, 'Control+End');
    assert.equal((await shown(page)).at(-1)?.index, rows[table] + 1, table);
    await page.click('#tab-columns');
    await page.waitForSelector(`[aria-label="Columns of ${table}"]`);
    assert.equal(await page.locator('#columns tbody tr').count(), first[0].cells.length - 1);
    await page.click('#tab-rows');
  }
  assert.deepEqual(errors, []);
});

test('landing tables are shown raw, by place in their files, with what is no row between the rows', async (t) => {
  const folder = tempFolder(t);
  const customer = '{"email":"a@example.org","serialNumber":"s","shareWithResearchAsOfDate":1}\n';
  const reading = (/** @type {number} */ n) =>
    `{"user":"a@example.org","timestamp":${1_600_000_000_000 + n},"x":0.5,"y":${n},"z":-1}\n`;
  const many = Array.from({ length: 5000 }, (_, n) =>
    n === 3 ? '{"user":"a@example.org","timestamp":"soon"}\n' : reading(n),
  ).join('');
  const steps = '{"sensorReadingTime":1600000000000,"serialNumber":"s","distanceFromObject":7}\n';
  const files = {
    'customers.json': customer,
    'many.json': many,
    // Not the same records: those would be used once.
    'packed.json.gz': gzipSync(`${many}${reading(6000)}`),
    'steps.zip': zip({ 'in/steps.json': steps }),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const { page, errors } = await openPage(t, browser, 'http');
  await drop(
    page,
    Object.keys(files).map((name) => join(folder, name)),
  );
  await reached(page, 'done');

  await open(page, 'accelerometer_landing');
  assert.match(await page.innerText('#raw'), /RAW: shown, not saved/);
  const first = await shown(page);
  assert.deepEqual(first[0].cells, ['0', 'a@example.org', '2020-09-13T12:26:40.000Z', '0.5', '0', '-1']);
  assert.equal(first[3].cells.length, 2);
  assert.match(first[3].cells[1], /not a number: timestamp: \{"user":"a@example\.org","timestamp":"soon"\}/);
  await page.fill('#go-to', String(many.length - 1));
  await page.click('#go button');
  await page.waitForFunction(() => /from byte 327,680 of/.test(document.querySelector('#raw-seen')?.textContent ?? ''));
  await press(page, 'Control+End');
  assert.equal((await shown(page)).at(-1)?.cells[4], '4,999');
  await page.click('#raw-back');
  await page.waitForFunction(() => !(/** @type {HTMLButtonElement} */ (document.querySelector('#raw-on')).disabled));

  await page.selectOption('#raw-file', { label: 'packed.json.gz' });
  await page.waitForFunction(() => /packed file/.test(document.querySelector('#raw-seen')?.textContent ?? ''));
  assert.deepEqual((await shown(page))[0].cells, first[0].cells);
  assert.equal(await page.isVisible('#raw-place'), false);

  await open(page, 'step_trainer_landing');
  assert.deepEqual((await shown(page))[0].cells, ['0', '2020-09-13T12:26:40.000Z', 's', '7']);
  await open(page, 'customer_landing');
  assert.deepEqual((await shown(page))[0].cells.slice(1, 3), ['in: consents', 'null'], 'a null is seen to be one');
  assert.deepEqual(errors, []);
});

test('what is shown is let go with its run', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.click('#sample');
  await reached(page, 'done');
  await open(page, 'customer_landing');
  await shown(page);
  assert.match(await page.innerHTML('#grid'), /@example\.com/);
  await part(page, 'result');
  await page.click('#again');
  await page.waitForSelector('html[data-state="running"]');
  await page.waitForFunction(() => !/@example\.com/.test(document.querySelector('#grid')?.innerHTML ?? ''));
  await reached(page, 'done');
  await part(page, 'explore');
  await page.waitForSelector('.grid[aria-label="Rows of customer_landing, raw"]');
  assert.match((await shown(page))[0].cells[3], /@example\.com$/);
  assert.deepEqual(errors, []);
});

test('a page so busy that leaving and coming into sight are one call shows the rows all the same', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  // As browsers do under load: what was seen meanwhile comes in one call, the oldest first.
  await page.addInitScript(() => {
    const own = /** @type {any} */ (globalThis);
    own.batches = [];
    own.IntersectionObserver = class extends IntersectionObserver {
      /** @param {IntersectionObserverCallback} tell @param {IntersectionObserverInit} options */
      constructor(tell, options) {
        /** @type {IntersectionObserverEntry[]} */
        let waiting = [];
        super((changes) => {
          waiting.push(...changes);
          setTimeout(() => {
            if (waiting.length === 0) return;
            const all = waiting;
            waiting = [];
            own.batches.push(all.length);
            tell(all, this);
          }, 500);
        }, options);
      }
    };
  });
  await page.reload();
  await page.click('#sample');
  await reached(page, 'done');
  await open(page, 'accelerometer_trusted');
  const together = await page.evaluate(async () => {
    const own = /** @type {any} */ (globalThis);
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    // What was seen before may come between the two: then once more.
    for (let tries = 0; tries < 10; tries += 1) {
      own.batches = [];
      for (const name of ['result', 'explore']) {
        /** @type {HTMLElement} */ (document.querySelector(`nav [data-part-link="${name}"]`)).click();
        await frame();
      }
      await new Promise((resolve) => setTimeout(resolve, 1200));
      if (own.batches.some((/** @type {number} */ seen) => seen > 1)) return true;
    }
    return false;
  });
  assert.ok(together);
  await open(page, 'customer_trusted');
  await page.waitForSelector('.grid[aria-label="Rows of customer_trusted"][aria-busy="false"]');
  assert.deepEqual(errors, []);
});

test('tables chosen in quick succession, raw and written: the last is shown, nothing stays busy', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await page.click('#sample');
  await reached(page, 'done');
  await open(page, 'customer_trusted');
  const rows = await rowsOut(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const order = ['accelerometer_landing', ...SAVED, 'step_trainer_landing', 'customer_landing'];
  for (const [at, last] of order.entries()) {
    // Between two of them so many milliseconds: some have asked for rows when the next one comes, some have not.
    await page.evaluate(
      async ([names, wait]) => {
        for (const name of names) {
          /** @type {HTMLElement} */ (document.querySelector(`[data-pick="${name}"]`)).click();
          await new Promise((resolve) => setTimeout(resolve, wait));
        }
      },
      /** @type {[string[], number]} */ ([[...order, ...order, last], at * 5]),
    );
    const raw = last.endsWith('_landing') ? ', raw' : '';
    await page.waitForSelector(`.grid[aria-label="Rows of ${last}${raw}"][aria-busy="false"]`);
    if (!raw) assert.equal(await page.getAttribute('.grid', 'aria-rowcount'), String(rows[last] + 1), last);
    assert.ok((await shown(page)).length > 0, last);
  }
  assert.deepEqual(errors, []);
});
