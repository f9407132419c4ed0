// A lake that was written before, dropped or chosen: what it is, whether it is what its report says, who is in it, its
// versions. What is said must be what the command line says.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axeCheck } from './axe.mjs';
import { download, drop, launch, openPage, part, reached, rowsOut, tempFolder, beyondWidth } from './harness.mjs';
import { IN, OUT, ROWS, makeLake, rowsOf } from './made-lake.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const noProgram = 'the command line program is not built';
const TRUSTED = 'customer/trusted/part-00000.snappy.parquet';

/** @param {Page} page @param {string} name */
async function shown(page, name) {
  await page.waitForFunction(
    (title) => document.querySelector('#found-lake:not([hidden]) h2')?.textContent === title,
    `Lake: ${name}`,
  );
}

/** What the check says, when it is done. @param {Page} page */
async function checked(page) {
  await page.click('#lake-check [data-act="begin"]');
  await page.waitForSelector('#lake-check .found .hint');
  return {
    words: await page.innerText('#lake-check [role="status"]'),
    hint: await page.innerText('#lake-check .found'),
    differences: await page.$$eval('#lake-check [data-code]', (items) =>
      items.map((item) => [
        /** @type {HTMLElement} */ (item).dataset.code,
        item.querySelector('code')?.textContent,
        item.querySelector('[lang="en"]')?.textContent,
      ]),
    ),
  };
}

/** @param {Page} page @param {string} entry */
async function search(page, entry) {
  await page.fill('#lake-person-entry', entry);
  await page.click('#lake-person [data-act="begin"]');
  await page.waitForSelector('#lake-person [data-act="begin"]:not([hidden])');
  return {
    words: await page.innerText('#lake-person [role="status"]'),
    rows: await page.evaluate(ROWS('#lake-person')),
  };
}

/** What the command line says of a person. @param {any} made @param {string} entry @param {string[]} more */
function byProgram({ program, lake }, entry, more = []) {
  const { rows } = JSON.parse(program(['verify', lake, '--person', entry, '--json', ...more]));
  return Object.fromEntries(
    Object.entries(rows).map(([table, count]) => [table, count === null ? 'not known without the key' : String(count)]),
  );
}

for (const by of /** @type {const} */ (['http', 'file'])) {
  test(`a lake dropped over ${by}: the page says of it what the command line says, and runs nothing`, async (t) => {
    const made = makeLake(tempFolder(t));
    if (!made) return t.skip(noProgram);
    const { page, errors } = await openPage(t, browser, by);
    await drop(page, [made.lake]);
    await shown(page, 'lake');
    assert.equal(await page.getAttribute('html', 'data-state'), 'idle');
    assert.equal(await page.isVisible('#found-lake-raw'), false);
    assert.match(await page.innerText('#found-lake-about'), /Made by STEDI Lakehouse [\d.]+, of 10 people\./);
    assert.match(await page.innerText('#found-lake-facts'), /whole lake[\s\S]*defaults/);
    assert.ok((await page.innerText('#found-lake-facts')).includes(made.report.options.key_check));
    const wanted = Object.entries(rowsOf(made.report)).map(([table, rows]) => [table, String(rows)]);
    assert.deepEqual(await page.evaluate(ROWS('#found-lake-rows')), Object.fromEntries(wanted));

    const { words, hint, differences } = await checked(page);
    const told = made.program(['verify', made.lake]);
    const [, files, bytes, tables, rows] =
      /(\d+) files \((\d+) bytes\) by SHA-256; (\d+) tables with (\d+) rows/.exec(told) ?? [];
    assert.match(words, /^Nothing differs\./);
    assert.deepEqual(differences, []);
    assert.ok(hint.startsWith(`Checked: ${files} files (`), hint);
    assert.ok(hint.includes(`${tables} tables with ${Number(rows).toLocaleString('en')} rows`), hint);
    assert.ok(Number(bytes) > 0);

    const without = await search(page, ` ${IN.toUpperCase()} `);
    assert.equal(without.words, `“${IN.toUpperCase()}” is in this lake.`);
    assert.deepEqual(without.rows, byProgram(made, IN));
    assert.deepEqual((await search(page, `Ann Lee <${IN}>`)).rows, byProgram(made, IN));
    await page.setInputFiles('#lake-key', made.key);
    const withKey = await search(page, IN);
    assert.deepEqual(withKey.rows, byProgram(made, IN, ['--key-file', made.key]));
    assert.ok(Number(withKey.rows.machine_learning_curated) > 0);
    assert.deepEqual((await search(page, 'serial-0')).rows, byProgram(made, 'serial-0', ['--key-file', made.key]));
    const absent = await search(page, OUT);
    assert.equal(absent.words, `“${OUT}” is not in this lake: no row of its 5 tables is of this person or device.`);
    assert.deepEqual(absent.rows, byProgram(made, OUT, ['--key-file', made.key]));
    await page.setInputFiles('#lake-key', {
      name: 'other.key',
      mimeType: 'text/plain',
      buffer: Buffer.from('another key\n'),
    });
    assert.match((await search(page, IN)).words, /other\.key: This is not the key of this lake/);
    const kind = () => page.getAttribute('#lake-person [role="status"]', 'data-said');
    assert.equal(await kind(), 'failed', 'what went wrong does not look like an answer');
    assert.match((await search(page, '  ')).words, /^Type one email address/);
    assert.equal(await kind(), 'warning');

    await page.click('#lake-history summary');
    assert.match(await page.innerText('#lake-history ol'), /^Version 1, .*20\d\d.*: made from exports/);
    const order = await page.$$eval('#found-lake h3', (all) =>
      all.filter((one) => !one.closest('#lake-history')).map((one) => one.parentElement?.id),
    );
    assert.deepEqual(order, ['lake-check', 'lake-person', 'lake-erase', 'lake-evidence', 'lake-continue']);
    await page.click('#found-lake-close');
    assert.equal(await page.isVisible('#found-lake'), false);
    assert.deepEqual(errors, []);
  });

  test(`a lake chosen over ${by} as a zip, and as a folder that was changed: each difference is named`, async (t) => {
    const folder = tempFolder(t);
    const made = makeLake(folder);
    if (!made) return t.skip(noProgram);
    const { page, errors } = await openPage(t, browser, by);
    await page.setInputFiles('#files', made.packed);
    await shown(page, 'lake.zip');
    assert.match((await checked(page)).words, /^Nothing differs\./);
    assert.deepEqual((await search(page, IN)).rows, byProgram(made, IN));

    const bytes = readFileSync(join(made.lake, TRUSTED));
    bytes[bytes.length - 100] ^= 1;
    writeFileSync(join(made.lake, TRUSTED), bytes);
    writeFileSync(join(made.lake, 'customer/curated/more.parquet'), 'x');
    writeFileSync(join(made.lake, 'notes.txt'), 'of its owner');
    await page.setInputFiles('#folder', made.lake);
    await shown(page, 'lake');
    const { words, hint, differences } = await checked(page);
    assert.match(words, /^2 differences\./);
    assert.match(hint, /Not checked: 1 file not of this lake/);
    const { differences: wanted } = JSON.parse(refused(() => made.program(['verify', made.lake, '--json'])));
    assert.deepEqual(
      differences,
      wanted.map((/** @type {any} */ { code, place, message }) => [code, place, message]),
    );
    assert.deepEqual(errors, []);
  });
}

/** What a program says that fails. @param {() => string} call */
function refused(call) {
  try {
    call();
  } catch (error) {
    return /** @type {{ stdout: string }} */ (error).stdout;
  }
  throw new Error('it was not refused');
}

test('a lake as the page saves it is known again, whatever its compression', async (t) => {
  const folder = tempFolder(t);
  const made = makeLake(folder, ['--compression', 'zstd']);
  if (!made) return t.skip(noProgram);
  const { page, errors } = await openPage(t, browser, 'http');
  await drop(page, [made.lake]);
  await shown(page, 'lake');
  assert.match((await checked(page)).words, /^Nothing differs\./, 'of zstd, which the page does not write');
  assert.deepEqual((await search(page, IN)).rows, byProgram(made, IN));

  await page.setInputFiles('#files', made.files);
  await reached(page, 'done');
  await page.waitForSelector('#package:enabled');
  for (const [choice, kind] of /** @type {const} */ ([
    ['lake', 'whole lake'],
    ['research', 'research export'],
  ])) {
    await part(page, 'result');
    await page.check(`#export-${choice}`);
    const saved = page.waitForEvent('download');
    await page.click('#export-zip');
    const file = join(folder, `${choice}.zip`);
    await (await saved).saveAs(file);
    await page.setInputFiles('#files', file);
    await shown(page, `${choice}.zip`);
    assert.ok((await page.innerText('#found-lake-facts')).includes(kind));
    assert.match((await checked(page)).words, /^Nothing differs\./);
    assert.equal(await page.getAttribute('html', 'data-state'), 'done', 'the results stay');
  }
  assert.deepEqual(errors, []);
});

test('beside raw files, and with landing files in it, a lake is shown and the raw files are run', async (t) => {
  const folder = tempFolder(t);
  const made = makeLake(folder, ['--with-landing']);
  if (!made) return t.skip(noProgram);
  const { page, errors } = await openPage(t, browser, 'http');
  await drop(page, [made.lake]);
  await reached(page, 'done');
  await shown(page, 'lake');
  assert.equal(await page.isVisible('#found-lake-raw'), true);
  const rows = await rowsOut(page);
  for (const [table, wanted] of Object.entries(rowsOf(made.report))) assert.equal(rows[table], wanted, table);
  assert.match((await checked(page)).words, /^Nothing differs\./);

  // Everything below one folder, and a report that is of no lake of ours.
  const mixed = join(folder, 'mixed');
  mkdirSync(mixed);
  for (const path of made.files) cpSync(path, join(mixed, path.slice(path.lastIndexOf('/') + 1)));
  writeFileSync(join(mixed, 'report.json'), '{"version": 2, "options": {}}');
  await download(page, 'machine_learning_curated');
  await page.click('#found-lake-close');
  await drop(page, [mixed]);
  await page.click('#replace-yes');
  await reached(page, 'done');
  assert.equal(await page.isVisible('#found-lake'), false);
  assert.deepEqual(errors, []);
});

test('a search that finds nobody says what it could not look into, and that pairs may be of two people', async (t) => {
  const folder = tempFolder(t);
  const made = makeLake(folder, ['--with-landing', '--join', 'time']);
  if (!made) return t.skip(noProgram);
  const { page, errors } = await openPage(t, browser, 'http');
  const found = () => page.innerText('#lake-person .found');
  await drop(page, [made.lake]);
  await shown(page, 'lake');
  await reached(page, 'done');
  assert.match((await search(page, OUT)).words, /^“.*” was not found: no row of the 4 tables that could be searched/);
  assert.match(await found(), /machine_learning_curated was not searched: it holds pseudonyms.*key file/);
  assert.match(await found(), /Landing files .* were not searched/);
  assert.doesNotMatch(await found(), /rows of other subjects/, 'who has no readings is in no pair');
  await search(page, IN);
  assert.match(await found(), /“Sensors are joined by: Time only”.*rows of other subjects.*may hold readings/);
  await page.setInputFiles('#lake-key', made.key);
  await search(page, IN);
  assert.match(await found(), /rows of other subjects/);

  await page.check('#export-research');
  const saving = page.waitForEvent('download');
  await page.press('#export-zip:enabled', 'Enter');
  const research = join(folder, 'research.zip');
  await (await saving).saveAs(research);
  await page.setInputFiles('#files', research);
  await shown(page, 'research.zip');
  assert.match((await search(page, 'serial-0')).words, /^Nothing was searched/);
  assert.match(await found(), /no customers.*a serial number cannot/);
  assert.deepEqual(errors, []);
});

test('the panel passes axe-core, and scrolls nothing sideways', async (t) => {
  const made = makeLake(tempFolder(t));
  if (!made) return t.skip(noProgram);
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const { page } = await openPage(t, browser, 'http', { colorScheme });
    await drop(page, [made.lake]);
    await shown(page, 'lake');
    const check = await axeCheck(page, 'html', async (where) => {
      assert.equal(await beyondWidth(page), 0, where);
    });
    await check(`a lake in ${colorScheme}`);
    await checked(page);
    await search(page, IN);
    await page.click('#lake-history summary');
    await check(`a lake that was checked, in ${colorScheme}`);
  }
});
