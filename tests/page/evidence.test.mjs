// The evidence that the page saves for people: it must be the command line's of the same lake, and open by itself in
// light, dark and print.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { axeCheck } from './axe.mjs';
import { cli, download, drop, launch, openPage, part, reached, report, tempFolder } from './harness.mjs';
import { IN, makeLake } from './made-lake.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const noProgram = 'the command line program is not built';

/** Saves the evidence of the lake that was dropped. @param {Page} page */
async function ofLake(page) {
  const saving = page.waitForEvent('download');
  await page.click('#lake-evidence [data-act="begin"]');
  const saved = await saving;
  assert.equal(saved.suggestedFilename(), 'report.html');
  await page.waitForFunction(
    () => document.querySelector('#lake-evidence [role="status"]')?.textContent === 'Saved as report.html.',
  );
  return readFileSync(await saved.path(), 'utf8');
}

/** Without the time at which it was made. @param {string} evidence */
function untimed(evidence) {
  const parts = evidence.split(/Made on \d{4}-\d\d-\d\dT[\d:.]+Z? from/);
  assert.equal(parts.length, 2, 'it has one time of its own');
  return parts.join('Made on TIME from');
}

/**
 * Opens it from the disk: nothing is asked for but itself, and nothing goes wrong.
 * @param {import('node:test').TestContext} t
 * @param {string} path
 * @param {import('playwright-core').BrowserContextOptions} options
 */
async function opened(t, path, options) {
  const context = await browser.newContext(options);
  t.after(() => context.close());
  const page = await context.newPage();
  /** @type {string[]} */
  const wrong = [];
  /** @type {string[]} */
  const urls = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => wrong.push(message.text()));
  page.on('request', (request) => urls.push(request.url()));
  const url = pathToFileURL(path).href;
  await page.goto(url);
  const colours = () =>
    page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      return [backgroundColor, color];
    });
  return { page, colours, quiet: () => assert.deepEqual([wrong, urls], [[], [url]]) };
}

test('the evidence of a run has its verdict and its ledger, and is the command line’s of the saved lake', async (t) => {
  const folder = tempFolder(t);
  const { page, errors } = await openPage(t, browser, 'http');
  await page.setInputFiles('#files', makeExport(join(folder, 'raw')));
  await reached(page, 'done');
  const { name, bytes } = await download(page, 'evidence');
  assert.equal(name, 'report.html');
  const evidence = bytes.toString();
  assert.match(evidence, /<p class="good">Complete: all that the customer files say of consent was read\.<\/p>/);
  const { tables, outputs, quality } = await report(page);
  for (const [table, { rows_in, rows_out }] of Object.entries(tables)) {
    const cells = [table, rows_in, rows_out].map((value, at) => `<td${at ? ' class="number"' : ''}>${value}</td>`);
    assert.ok(evidence.includes(`<tr>${cells.join('')}`), table);
  }
  for (const { sha256 } of outputs) assert.ok(evidence.includes(sha256), sha256);
  assert.ok(evidence.includes(quality.verdict));
  for (const none of ['Erasure of', 'example.org', 'accelerometer.json']) assert.ok(!evidence.includes(none), none);

  // Results that are not those of the form are saved nowhere.
  await part(page, 'result');
  await page.fill('#withdrawals', 'nobody@example.org');
  await page.waitForSelector('[data-download="evidence"]:disabled', { state: 'attached' });
  await page.fill('#withdrawals', '');
  await page.waitForSelector('[data-download="evidence"]:enabled', { state: 'attached' });
  assert.deepEqual(errors, []);

  const program = cli();
  if (!program) return t.skip(noProgram);
  await page.check('#export-lake');
  const saving = page.waitForEvent('download');
  await page.click('#export-zip');
  const [zip, lake] = [join(folder, 'lake.zip'), join(folder, 'lake')];
  await (await saving).saveAs(zip);
  execFileSync('/usr/bin/python3', ['-m', 'zipfile', '-e', zip, lake]);
  assert.equal(untimed(evidence), untimed(program(['report', lake, '--html', '-'])));
});

test('a run with faults begins with what it lacks', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  const evidence = (await download(page, 'evidence')).bytes.toString();
  const { incomplete, warnings } = await report(page);
  assert.ok(incomplete.length > 0);
  assert.match(evidence, /<p class="bad">Incomplete: /);
  for (const { code } of [...incomplete, ...warnings]) assert.ok(evidence.includes(`<li>${code} (`), code);
});

test('it opens in light, dark and print, asks for nothing, and passes axe-core', async (t) => {
  const folder = tempFolder(t);
  const made = makeLake(folder);
  if (!made) return t.skip(noProgram);
  const { page } = await openPage(t, browser, 'http');
  await drop(page, [made.lake]);
  await page.waitForSelector('#lake-evidence:visible');
  const path = join(folder, 'report.html');
  writeFileSync(path, await ofLake(page));
  const wanted = { light: ['rgb(255, 255, 255)', 'rgb(27, 31, 36)'], dark: ['rgb(13, 17, 23)', 'rgb(230, 237, 243)'] };
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const { page: shown, colours, quiet } = await opened(t, path, { colorScheme });
    // The style is there: its hash in the policy is right.
    assert.deepEqual(await colours(), wanted[colorScheme]);
    assert.equal(await shown.innerText('h1'), 'Evidence of a STEDI lakehouse');
    quiet();
    const check = await axeCheck(shown, 'html', async (where) => {
      const { scrollWidth, clientWidth } = await shown.evaluate(() => document.documentElement);
      assert.equal(scrollWidth, clientWidth, where);
    });
    await check(`the evidence in ${colorScheme}`);
    // On paper it is black on white, whatever the screen has, and no table is cut.
    await shown.emulateMedia({ media: 'print', colorScheme });
    assert.deepEqual(await colours(), ['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
    const overflow = await shown.$$eval('.wide', (all) => all.map((one) => getComputedStyle(one).overflowX));
    assert.ok(overflow.length > 3 && overflow.every((one) => one === 'visible'), `${overflow}`);
    quiet();
  }
});

test('of a lake that people were erased from, and of one that continues from it, it names the erasure', async (t) => {
  const folder = tempFolder(t);
  const made = makeLake(folder);
  if (!made) return t.skip(noProgram);
  const { program, lake, key, files } = made;
  const list = join(folder, 'list.txt');
  writeFileSync(list, `${IN}\nnobody@example.org\n`);
  program(['erase', lake, '--withdrawals', list, '--key-file', key]);
  const { page, errors } = await openPage(t, browser, 'http');
  await drop(page, [lake]);
  await page.waitForSelector('#lake-evidence:visible');
  const evidence = await ofLake(page);
  assert.match(evidence, /<h2>Erasure of 20\d\d-/);
  assert.match(evidence, /1 of 2 entries were found and erased\. .*: 0 matches\./);
  assert.ok(!evidence.includes('example.org'));
  assert.equal(untimed(evidence), untimed(program(['report', lake, '--html', '-'])));

  await page.setInputFiles('#withdrawals-file', list);
  await page.waitForSelector('#withdrawals-file-remove:not([hidden])');
  await page.setInputFiles('#lake-key', key);
  await page.setInputFiles('#lake-new-files', files);
  await page.waitForSelector('html:not([data-state="idle"])');
  await reached(page, 'done');
  const later = (await download(page, 'evidence')).bytes.toString();
  assert.match(later, /<h2>Erasure of 20\d\d-/);
  assert.match(later, /The lake goes on from an earlier one/);
  assert.deepEqual(errors, []);
});
