// Plain files that are large enough to be read in ranges by several workers.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, openPage, reached, rowsOut, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const reading = (/** @type {number} */ at) =>
  JSON.stringify({ user: 'person0@example.org', timestamp: 1_700_000_000_000 + at, x: 1, y: -1, z: 0.25 });

/**
 * Runs a small export with another file of readings, and gives the rows of each table.
 * @param {import('node:test').TestContext} t
 * @param {string} text
 */
async function rows(t, text) {
  const folder = tempFolder(t);
  const files = makeExport(folder);
  const large = join(folder, 'large.json');
  writeFileSync(large, text);
  const { page, errors } = await openPage(t, browser, 'http');
  await page.setInputFiles('#files', [...files, large]);
  await reached(page, 'done');
  assert.deepEqual(errors, []);
  return rowsOut(page);
}

test('a byte order mark before each record loses no row at a border of ranges', async (t) => {
  const lines = Array.from({ length: 110_000 }, (_, at) => `\ufeff${reading(at)}\n`).join('');
  assert(lines.length > 8 << 20, 'large enough for ranges');
  const { accelerometer_landing: landing, accelerometer_trusted: trusted } = await rows(t, lines);
  assert.deepEqual([landing, trusted], [118_000, 114_000]);
});

test('a file whose ranges do not tile is read in one piece', async (t) => {
  const nested = `{"user":"person0@example.org","timestamp":1,"more":[${'\n{"user":"no"},'.repeat(400_000)}1]}\n`;
  const { accelerometer_landing: landing, accelerometer_trusted: trusted } = await rows(
    t,
    nested.repeat(2) + `${reading(0)}\n`.repeat(1000),
  );
  assert.deepEqual([landing, trusted], [9002, 5002]);
});
