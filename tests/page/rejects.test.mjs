// What is no row: listed with its table, saved only when asked for.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { explore, launch, openPage, reached, report, today } from './harness.mjs';
import { readFileSync } from 'node:fs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('the rejects of a table and of the run are saved when asked for', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  const saved = await report(page);
  /** @param {string} place @param {string} what */
  const lines = async (place, what) => {
    const download = page.waitForEvent('download');
    await page.click(`${place} [data-download="rejects"]`);
    const file = await download;
    assert.equal(file.suggestedFilename(), `stedi-${what}-${today()}.ndjson`);
    return readFileSync(await file.path(), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  await explore(page, 'rejects');
  const all = await lines('#rejects', 'rejects');
  assert.equal(all.length, saved.rejects_kept);
  assert.match(await page.innerText('#rejects .tools'), /raw text/);
  for (const table of ['customer_landing', 'accelerometer_landing', 'step_trainer_landing']) {
    await explore(page, table);
    await page.click('#tab-table-rejects');
    await page.waitForSelector('#table-rejects tbody tr');
    const mine = await lines('#table-rejects', `rejects-${table}`);
    assert.deepEqual(
      mine,
      all.filter((reject) => reject.table === table),
    );
    assert.ok(
      mine.length > 0 &&
        mine.every(({ text, reason, line, offset }) => typeof text === 'string' && reason && line > 0 && offset >= 0),
    );
  }
  await explore(page, 'customer_trusted');
  for (const place of ['#tab-table-rejects', '#table-rejects']) assert.equal(await page.isVisible(place), false);
  assert.deepEqual(errors, []);
});
