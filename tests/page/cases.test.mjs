// What people really have: each folder of tests/cases, dropped as it is, gives what the command line gives.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { choose, drop, explore, launch, openPage, reached, report, TABLES, unbalanced } from './harness.mjs';

/**
 * See tests/cases.rs.
 * @typedef {{ folder: string, arguments?: string[], fails?: string, rows: number[], rejects?: number, dates?: number,
 *   unread?: Record<string, number>, warnings?: Record<string, number> }} Case
 */

const folder = fileURLToPath(new URL('../cases', import.meta.url));
/** @type {Case[]} */
const CASES = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const { folder: name, arguments: flags = [], fails, rows, ...expected } of CASES) {
  const { rejects = 0, dates = 0, unread = {}, warnings = {} } = expected;
  test(`${name} ${flags.join(' ')}`, async (t) => {
    const { page, errors } = await openPage(t, browser, 'http');
    for (const [at, flag] of flags.entries()) {
      if (flag === '--all-zones') await page.check('#all-zones');
      else if (flag.startsWith('--')) await choose(page, { [flag.slice(2)]: flags[at + 1] });
    }
    await drop(page, [join(folder, name)]);
    if (fails !== undefined) {
      await reached(page, 'failed');
      assert.match(await page.innerText('#inputs'), /is a pandas table column by column; save it with/);
      return;
    }
    await reached(page, 'done');
    const saved = await report(page);
    assert.deepEqual(
      TABLES.map((table) => saved.tables[table].rows_out),
      rows,
    );
    assert.equal(saved.rejects_total, rejects);
    /** @type {Record<string, number>} */
    const found = {};
    for (const { status, reason } of saved.inputs) {
      if (status === 'used') continue;
      const kind = reason ? `${status} ${reason}` : status;
      found[kind] = (found[kind] ?? 0) + 1;
    }
    assert.deepEqual(found, unread);
    assert.deepEqual(
      Object.fromEntries(saved.warnings.map((/** @type {any} */ { code, count }) => [code, count])),
      warnings,
    );
    const shown = await page.$$eval('#warnings > ul > li', (items) =>
      items.map((item) => item.getAttribute('data-warning')),
    );
    assert.deepEqual(shown.sort(), Object.keys(warnings).sort());
    assert.equal(
      saved.inputs.reduce((/** @type {number} */ sum, /** @type {any} */ { dates = 0 }) => sum + dates, 0),
      dates,
    );
    if (dates > 0) assert.match((await page.textContent('#inputs')) ?? '', /\d times written as dates/);
    assert.deepEqual(unbalanced(saved), []);
    assert.deepEqual(errors, []);
  });
}

test('beside a warning stands what the report must not hold: the nearest name, and both ranges of times', async (t) => {
  /** @type {[string, string, string[]][]} */
  const warned = [
    ['52-consent-field-of-another-name', 'consent_field_missing', ['shareWithResearchDate']],
    [
      '12-accelerometer-in-seconds',
      'no_common_time',
      ['Accelerometer: 1700000000 to 1700000100', 'Step trainer: Nov 14, 2023, 10:13:20 PM UTC to '],
    ],
  ];
  for (const [name, code, words] of warned) {
    const { page } = await openPage(t, browser, 'http');
    await drop(page, [join(folder, name)]);
    await reached(page, 'done');
    const said = await page.innerText(`#warnings [data-warning="${code}"]`);
    for (const word of words) assert.ok(said.includes(word), said);
  }
});

test('hundreds of files of one kind are one line, which opens', async (t) => {
  const { page } = await openPage(t, browser, 'http');
  await drop(page, [join(folder, '32-macos-zip')]);
  await reached(page, 'done');
  const row = page.locator('#inputs tr[data-status="skipped"]');
  assert.equal(await row.count(), 1);
  assert.match(await row.innerText(), /5 files/);
  await row.locator('summary').press('Enter');
  assert.match(await row.innerText(), /__MACOSX/);
});

test('a file of several tables: its rows are shown, each with its table', async (t) => {
  const { page } = await openPage(t, browser, 'http');
  await drop(page, [join(folder, '48-three-tables-in-one-file')]);
  await reached(page, 'done');
  await explore(page, 'customer_landing');
  await page.waitForFunction(() =>
    /\d+ records? from byte 0/.test(document.querySelector('#raw-seen')?.textContent ?? ''),
  );
  assert.match(await page.innerText('#raw-seen'), /^3 records/);
});
