// The pipeline's drawing: its shape as numbers, and on the page as buttons that open a table's detail.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { flows, keyLines, layout } from '../../www/flow.js';
import { TABLES, counts, launch, openPage, reached, report } from './harness.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const none = { filtered: {}, rejected: {} };
/** @type {import('../../www/types.js').Counts} */
const COUNTS = {
  customer_landing: { ...none, rows_in: 1000, rows_out: 1000 },
  accelerometer_landing: { ...none, rows_in: 1_000_000, rows_out: 1_000_000 },
  step_trainer_landing: { ...none, rows_in: 0, rows_out: 0 },
  customer_trusted: { ...none, rows_in: 1000, rows_out: 250, filtered: { no_consent: 750 } },
  accelerometer_trusted: { ...none, rows_in: 1_000_000, rows_out: 1, filtered: { no_consent: 999_999 } },
};

/** The two widths at a band's start: what goes on, and what leaves. @param {import('../../www/flow.js').Flow} flow */
function widths({ path, branch }) {
  const numbers = (/** @type {string} */ d) => [...d.matchAll(/-?[\d.]+/g)].map(Number);
  const kept = numbers(path);
  const left = numbers(branch ?? '');
  return { kept: kept[kept.length - 1] - kept[1], left: left[left.length - 1] - left[1] };
}

test('within a stream, widths are as rows, and nothing that is there is too thin to see', () => {
  const all = flows(layout(1000), COUNTS);
  const customers = widths(all[0]);
  assert.ok(Math.abs(customers.left / customers.kept - 3) < 0.2, JSON.stringify(customers));
  const readings = widths(all[1]);
  assert.ok(readings.left > 40 && readings.kept >= 1.4 && readings.kept < 2, JSON.stringify(readings));
  assert.deepEqual(
    all.map(({ known }) => known),
    [true, true, false, false, false, false],
    'what is not known yet is a line',
  );
});

for (const width of [300, 328, 639, 640, 720, 1030, 1400]) {
  test(`at ${width} pixels no two tables overlap, all lie inside, and every flow is drawn`, () => {
    const plan = layout(width);
    const boxes = Object.values(plan.nodes);
    for (const [i, a] of boxes.entries()) {
      assert.ok(a.x >= 0 && a.x + a.width <= width + 0.01 && a.y >= 0 && a.y + a.height <= plan.height);
      for (const b of boxes.slice(i + 1)) {
        assert.ok(a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y);
      }
    }
    const drawn = [...flows(plan, COUNTS), ...flows(plan, {}), ...keyLines(plan)];
    assert.ok(drawn.every(({ path }) => path.startsWith('M') && !/NaN|undefined|Infinity/.test(path)));
  });
}

test('a table is a button that says its rows and opens its ledger', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  assert.match(await page.innerText('#detail-title'), /^machine_learning_\s*curated$/);
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  const saved = await report(page);
  const shown = await counts(page);
  for (const table of TABLES) {
    const button = page.locator(`[data-table="${table}"] button`);
    await button.focus();
    await page.keyboard.press('Enter');
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    assert.equal(await page.locator('#lake [aria-pressed="true"]').count(), 1);
    assert.equal((await page.innerText('#detail-title')).replaceAll('\u200b', ''), table);
    const out = await page.innerText('#detail .ledger .out dd');
    assert.equal(out, shown[table].rows.toLocaleString('en-US'));
    assert.match(await button.innerText(), new RegExp(out));
    for (const value of [
      ...Object.values(saved.tables[table].filtered),
      ...Object.values(saved.tables[table].rejected),
    ]) {
      assert.ok((await page.innerText('#detail .ledger')).includes(Number(value).toLocaleString('en-US')));
    }
  }
  assert.ok((await page.locator('#lake path.kept').count()) === 6);
  assert.ok((await page.locator('#lake path.filtered').count()) >= 3);
  assert.equal(await page.locator('#lake path.rejected').count(), 3);
  assert.deepEqual(errors, []);
});
