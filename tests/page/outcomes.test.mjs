// “Why is this person out?”: the raw rows of customers say what the consent rules of the run made of each record.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axeCheck } from './axe.mjs';
import { drop, explore, launch, openPage, part, reached, report, tempFolder, beyondWidth } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const SINCE = 1_600_000_000_000;
/** @param {string} who @param {object} more */
const record = (who, more) => `${JSON.stringify({ email: `${who}@example.org`, serialNumber: `s-${who}`, ...more })}\n`;
const CUSTOMERS = [
  record('ann', { shareWithResearchAsOfDate: SINCE, lastUpdateDate: 1 }),
  record('ann', { shareWithResearchAsOfDate: null, lastUpdateDate: 2 }),
  record('ben', {}),
  record('cat', { shareWithResearchAsOfDate: 'yes' }),
  record('dan', { shareWithResearchAsOfDate: SINCE }),
  record('eve', { shareWithResearchAsOfDate: SINCE }),
  record('eve', { serialNumber: null }),
  record('fay', { shareWithResearchAsOfDate: SINCE, share_with_research_as_of_date: 5 }),
].join('');

/** Runs the customers, without who is withdrawn, and shows their rows. @param {Page} page @param {string} folder */
async function show(page, folder) {
  const file = join(folder, 'customers.json');
  writeFileSync(file, CUSTOMERS);
  await page.fill('#withdrawals', 'DAN@example.org');
  await drop(page, [file]);
  await reached(page, 'done');
  await explore(page, 'customer_landing');
  await page.waitForFunction(() => document.querySelectorAll('.grid .body .row:not(:empty)').length === 8);
}

/** What is said of each record, once this is among it. @param {Page} page @param {string} wanted */
async function outcomes(page, wanted) {
  await page.waitForFunction((text) => document.querySelector('.grid .body')?.textContent?.includes(text), wanted);
  return page.$$eval('.grid .body [role="row"]', (rows) =>
    rows.map((row) => (row.classList.contains('bad') ? 'rejected' : row.children[1].textContent)),
  );
}

test('each record of a customer says whether it is in, or why it is out, under the settings of the run', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await show(page, tempFolder(t));
  const found = await outcomes(page, 'out: withdrawn');
  assert.deepEqual(found, [
    'in: consents',
    'out: no consent date',
    'out: no consent date',
    'out: consent date cannot be read',
    'out: withdrawn',
    'in: consents',
    'rejected',
    'out: two consent dates that differ',
  ]);
  // As many as the report counts.
  const { tables } = await report(page);
  assert.equal(found.filter((one) => one === 'in: consents').length, tables.customer_trusted.rows_out);
  assert.deepEqual(tables.customer_trusted.filtered, { no_consent: 4, withdrawn: 1 });

  await part(page, 'explore');
  assert.equal(await page.innerText('.grid .head [role="columnheader"] >> nth=1'), 'consent');
  assert.match(await page.innerText('#raw-consent'), /first column is none of the table/);
  await page.selectOption('[name="records"]', 'latest');
  assert.deepEqual(await outcomes(page, 'rejected record'), [
    'out: kept out by another record',
    'out: no consent date',
    'out: no consent date',
    'out: consent date cannot be read',
    'out: withdrawn',
    'out: kept out by a rejected record',
    'rejected',
    'out: two consent dates that differ',
  ]);

  for (const table of ['accelerometer_landing', 'customer_trusted']) {
    await explore(page, table);
    await page.waitForSelector(`.grid[aria-label^="Rows of ${table}"]`);
    assert.equal(await page.isVisible('#raw-consent'), false, table);
    const heads = await page.$$eval('.grid [role="columnheader"]', (all) => all.map((one) => one.textContent));
    assert.ok(!heads.includes('consent'), table);
  }
  await explore(page, 'customer_landing');
  await page.click('#tab-columns');
  await page.waitForSelector('#columns table');
  const columns = await page.$$eval('#columns tbody th', (all) => all.map((one) => one.textContent));
  assert.ok(!columns.includes('consent'), 'it is no column of the table');
  assert.deepEqual(errors, []);
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`the reasons are in German on a German page, and in sight on a phone, ${colorScheme}`, async (t) => {
    const { page, errors } = await openPage(t, browser, 'file', { locale: 'de-DE', colorScheme });
    await show(page, tempFolder(t));
    const found = await outcomes(page, 'nein: widerrufen');
    assert.deepEqual([found[0], found[3]], ['ja: willigt ein', 'nein: Datum nicht lesbar']);
    assert.equal(await page.innerText('.grid .head [role="columnheader"] >> nth=1'), 'Einwilligung');
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 844 });
      assert.equal(await beyondWidth(page), 0, `the page scrolls sideways at ${width}`);
      const { cell, grid } = await page.evaluate(() => {
        const right = (/** @type {string} */ one) => document.querySelector(one)?.getBoundingClientRect().right ?? 0;
        const cell = right('.grid .body [role="row"]:nth-child(5) [role="gridcell"]');
        return { cell, grid: right('.grid') };
      });
      assert.ok(cell > 0 && cell - grid < 120, `why somebody is out is read at ${width}: ${cell} of ${grid}`);
    }
    const check = await axeCheck(page, '#explore');
    await check('raw customers');
    assert.deepEqual(errors, []);
  });
}
