// The evidence that the page saves for people: it must be the command line's of the same lake, and open by itself in
// light, dark and print.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { axeCheck } from './axe.mjs';
import {
  cli,
  download,
  drop,
  launch,
  openPage,
  part,
  reached,
  report,
  tempFolder,
  today,
  beyondWidth,
} from './harness.mjs';
import { IN, makeLake, untimed } from './made-lake.mjs';
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
  const name = saved.suggestedFilename();
  assert.match(name, new RegExp(`^stedi-evidence-${today()}(-withdrawals-\\d+)?\\.html$`));
  await page.waitForFunction(
    (said) => document.querySelector('#lake-evidence [role="status"]')?.textContent === said,
    `Saved as ${name}.`,
  );
  return readFileSync(await saved.path(), 'utf8');
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
  assert.equal(name, `stedi-evidence-${today()}.html`);
  const evidence = bytes.toString();
  assert.match(evidence, /<p class="good">Complete: all that the customer files say of consent was read\.<\/p>/);
  const { tables, outputs, quality } = await report(page);
  assert.match(evidence, /No list of withdrawals was given\./);
  for (const [table, { rows_in, rows_out }] of Object.entries(tables)) {
    const cells = [rows_in, rows_out].map((value) => `<td class="number">${value.toLocaleString('en')}</td>`);
    assert.ok(evidence.includes(`<tr><th scope="row">${table}</th>${cells.join('')}`), table);
  }
  for (const { sha256 } of outputs) assert.ok(evidence.includes(sha256), sha256);
  const core = (await page.textContent('#wasm-sha256')) ?? '';
  assert.match(core, /^[0-9a-f]{64}$/);
  assert.ok(evidence.includes(`SHA-256 of its core (WebAssembly): <code>${core}</code>`));
  assert.match(evidence, /<th scope="row">Email addresses<\/th><td>As they are written<\/td>/);
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
      assert.equal(await beyondWidth(shown), 0, where);
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

test('what a check of the lake has found is in its evidence, without names of files', async (t) => {
  const folder = tempFolder(t);
  const made = makeLake(folder);
  if (!made) return t.skip(noProgram);
  const { page, errors } = await openPage(t, browser, 'http');
  const check = async () => {
    await page.waitForSelector('#lake-check [data-act="begin"]:visible');
    await page.click('#lake-check [data-act="begin"]');
    await page.waitForSelector('#lake-check .found .hint');
  };
  await drop(page, [made.lake]);
  await page.waitForSelector('#lake-evidence:visible');
  assert.match(await ofLake(page), /were not held against the report/);
  await check();
  assert.match(
    await ofLake(page),
    /<p class="good">Checked on 20.* UTC against the report: \d+ files by SHA-256, 5 tables with [\d,]+ rows\. Nothing/,
  );
  writeFileSync(join(made.lake, 'customer/curated/jane-doe.parquet'), 'x');
  await page.setInputFiles('#folder', made.lake);
  await page.waitForFunction(() => !document.querySelector('#drop')?.ariaBusy);
  assert.match(await ofLake(page), /were not held against the report/, 'the check was of another lake');
  await check();
  const evidence = await ofLake(page);
  assert.match(evidence, /<p class="bad">Checked on .* 1 difference: the lake is not what its report says\./);
  assert.match(evidence, /<li>stray: 1<\/li>/);
  assert.ok(!evidence.includes('jane-doe'));
  assert.deepEqual(errors, []);
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
  assert.match(
    evidence,
    /<p class="warn">The list had 2 entries: 1 was found and erased, 1 matched nothing in the lake\. .*: 0 matches\./,
  );
  const at = (/** @type {string} */ words) => evidence.indexOf(words);
  assert.ok(at('Complete: all') < at('<h2>Erasure of') && at('<h2>Erasure of') < at('<h2>Rows</h2>'), 'it comes first');
  const { erasures } = JSON.parse(readFileSync(join(lake, 'erasure.json'), 'utf8'));
  for (const { sha256_before, sha256_after } of Object.values(erasures[0].tables))
    assert.ok(evidence.includes(`<code>${sha256_before}</code></td><td><code>${sha256_after}</code>`), sha256_before);
  assert.match(evidence, /<li>the lake as it was before/);
  // The command that it names gives the value that it has.
  const folded = `${[IN, 'nobody@example.org'].sort().join('\n')}\n`;
  const secret = readFileSync(key, 'utf8').trimEnd();
  assert.ok(evidence.includes(createHmac('sha256', secret).update(folded).digest('hex')));
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
