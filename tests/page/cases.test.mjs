// What people really have: each folder of tests/cases, dropped as it is, gives what the command line gives.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { choose, drop, explore, launch, openPage, reached, report, TABLES, unbalanced } from './harness.mjs';

/**
 * See tests/cases.rs.
 * @typedef {{ folder: string, arguments?: string[], fails?: string, rows: number[], rejects?: number,
 *   unread?: Record<string, number>, warnings?: string[] }} Case
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

for (const { folder: name, arguments: flags = [], fails, rows, rejects = 0, unread = {}, warnings = [] } of CASES) {
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
      saved.warnings.map((/** @type {any} */ { code }) => code),
      warnings,
    );
    assert.deepEqual(unbalanced(saved), []);
    assert.deepEqual(errors, []);
  });
}

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
