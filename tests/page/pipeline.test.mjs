// The pipeline on the page: buttons that open a table's detail.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TABLES, counts, launch, openPage, reached, report } from './harness.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('a table is a button that says its rows and opens its ledger', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  assert.match(await page.innerText('#detail-title'), /^machine_learning_\s*curated$/);
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  const saved = await report(page);
  const shown = await counts(page);
  for (const table of TABLES) {
    const button = page.locator(`[data-table="${table}"] button.node`);
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
