// A run that continues from a lake, on the page: it must give, byte for byte, what the command line gives.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import {
  SAVED,
  cli,
  download,
  drop,
  filesUnder,
  launch,
  openPage,
  part,
  reached,
  report,
  tempFolder,
} from './harness.mjs';
import { makeExport } from './made.mjs';
import { zipOf } from './made-lake.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/**
 * An export, of which a lake was made, and what came later: all customers, of whom one has taken consent back and one
 * has given it, a file that is in the lake already, and new readings.
 * @param {string} folder
 * @param {string[]} [more] of the command line, for the lake
 */
function makeParts(folder, more = []) {
  const program = cli();
  if (!program) return undefined;
  const [early, late, lake, key] = ['early', 'late', 'lake', 'one.key'].map((name) => join(folder, name));
  const [customers, ...readings] = makeExport(early);
  mkdirSync(late);
  for (const path of readings) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const half = lines.length / 2;
    writeFileSync(path, `${lines.slice(0, half).join('\n')}\n`);
    writeFileSync(join(late, `new-${name}`), `${lines.slice(half).join('\n')}\n`);
    copyFileSync(path, join(late, name));
  }
  const people = readFileSync(customers, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  writeFileSync(key, 'a key that is long enough\n');
  program(['run', early, '--out', lake, '--key-file', key, ...more]);
  delete people[0].shareWithResearchAsOfDate;
  people[1].shareWithResearchAsOfDate = people[2].shareWithResearchAsOfDate;
  writeFileSync(join(late, 'customer.json'), people.map((person) => `${JSON.stringify(person)}\n`).join(''));
  return { program, late, lake, key };
}

/** @param {Page} page @param {string} key */
async function useKey(page, key) {
  await page.selectOption('[name="key"]', 'file');
  await page.setInputFiles('#key-file', key);
}

/** @param {Page} page @param {RegExp} words */
async function continueSays(page, words) {
  await page.waitForFunction(
    (source) => new RegExp(source).test(document.querySelector('#lake-continue-status')?.textContent ?? ''),
    words.source,
  );
}

for (const by of /** @type {const} */ (['http', 'file'])) {
  test(`continued over ${by}, the page gives the command line’s bytes`, async (t) => {
    const folder = tempFolder(t);
    const parts = makeParts(folder);
    if (!parts) return t.skip('the command line program is not built');
    const { program, late, lake, key } = parts;
    const next = join(folder, 'next');
    program(['run', late, '--from', lake, '--out', next, '--key-file', key]);
    const wanted = JSON.parse(readFileSync(join(next, 'report.json'), 'utf8'));

    const { page, errors } = await openPage(t, browser, by);
    await drop(page, [lake]);
    await page.waitForSelector('#lake-continue:not([hidden])');
    await page.setInputFiles('#lake-new-files', filesUnder(late));
    await continueSays(page, /Choose the key file of the lake first/);
    await page.setInputFiles('#lake-key', key);
    await page.setInputFiles('#lake-new-files', filesUnder(late));
    await page.waitForSelector('html:not([data-state="idle"])');
    await reached(page, 'done');
    assert.equal(await page.inputValue('[name="key"]'), 'file', 'the settings are those of the run');
    assert.match(await page.inputValue('#key-file'), /one\.key$/);
    for (const { table, file } of wanted.outputs) {
      const { bytes } = await download(page, table);
      assert.ok(bytes.equals(readFileSync(join(next, file))), table);
    }
    const said = await report(page);
    assert.deepEqual(said.tables, wanted.tables);
    assert.deepEqual(said.warnings, wanted.warnings);
    assert.deepEqual(
      { ...said.from, files: said.from.files.length },
      { ...wanted.from, files: wanted.from.files.length },
    );
    const statuses = (/** @type {any} */ { inputs }) => inputs.map((/** @type {any} */ { status }) => status).sort();
    assert.deepEqual(statuses(said), statuses(wanted));
    assert.ok(statuses(said).includes('in_lake') && statuses(said).includes('lake'));
    const ofLake = said.inputs.filter((/** @type {any} */ { status }) => status === 'lake');
    assert.ok(ofLake.every((/** @type {any} */ { sha256 }) => sha256?.length === 64));

    // What is saved is a lake of two versions.
    await part(page, 'result');
    await page.check('#export-lake');
    const saving = page.waitForEvent('download');
    await page.click('#export-zip');
    const saved = join(folder, 'saved.zip');
    await (await saving).saveAs(saved);
    await page.setInputFiles('#files', saved);
    await page.waitForFunction(() => document.querySelector('#found-lake-title')?.textContent === 'Lake: saved.zip');
    await page.click('#lake-check [data-act="begin"]');
    await page.waitForSelector('#lake-check .found .hint');
    assert.match(await page.innerText('#lake-check [role="status"]'), /^Nothing differs\./);
    await page.click('#lake-history summary');
    const history = await page.innerText('#lake-history ol');
    assert.match(history, /^Version 2, .*: continued from the version before/);
    assert.match(history, /Version 1, .*: made from exports/);
    // Of the first all options are said, of the others what changed; of each the rows.
    const [second, first] = await page.locator('#lake-history li').allInnerTexts();
    assert.match(first, /Consent time: /);
    assert.doesNotMatch(second, /Consent time: /);
    const rows = wanted.tables.accelerometer_trusted.rows_out;
    assert.ok(second.includes(rows.toLocaleString('en')) && /\(\+[\d,]+ −[\d,]+\)/.test(second), second);
    const [admitted, out] = [wanted.people.admitted, wanted.people.left_out].map((all) => all.toLocaleString('en'));
    const people = `People with customer records: ${admitted} in customer_trusted, ${out} left out.`;
    assert.ok(second.includes(people), second);
    assert.deepEqual(errors, []);
  });
}

for (const form of /** @type {const} */ (['folder', 'zip'])) {
  test(`dropped with a lake as a ${form}, raw files are run, and the page offers to continue with them`, async (t) => {
    const folder = tempFolder(t);
    const parts = makeParts(folder);
    if (!parts) return t.skip('the command line program is not built');
    const { program, late, lake, key } = parts;
    const next = join(folder, 'next');
    program(['run', late, '--from', lake, '--out', next, '--key-file', key]);
    const { page, errors } = await openPage(t, browser, 'http');
    await useKey(page, key);
    const [packed, name] = [join(folder, 'lake.zip'), form === 'zip' ? 'lake.zip' : 'lake'];
    if (form === 'zip') writeFileSync(packed, zipOf(lake));
    await drop(page, [form === 'zip' ? packed : lake, late]);
    await reached(page, 'done');
    assert.equal(await page.textContent('#found-lake-title'), `Lake: ${name}`);
    const alone = (await download(page, 'machine_learning_curated')).bytes;
    await page.click('#lake-beside');
    await page.click('#replace-yes');
    await page.waitForSelector('html[data-state="running"], html[data-state="done"]');
    await reached(page, 'done');
    await page.waitForSelector('[data-download="report"]:enabled');
    const wanted = JSON.parse(readFileSync(join(next, 'report.json'), 'utf8'));
    for (const table of SAVED) {
      const { bytes } = await download(page, table);
      const { file } = wanted.outputs.find((/** @type {any} */ output) => output.table === table);
      assert.ok(bytes.equals(readFileSync(join(next, file))), table);
    }
    assert.ok(!(await download(page, 'machine_learning_curated')).bytes.equals(alone));

    // A stricter option goes on from what the run holds.
    await page.selectOption('[name="duplicates"]', 'drop');
    await page.waitForFunction(() => document.documentElement.dataset.following === undefined);
    await reached(page, 'done');
    assert.equal((await report(page)).from.left_out, wanted.from.left_out);
    assert.deepEqual(errors, []);
  });
}

test('of a Delta lake it continues too, and each log of what is saved starts with one version', async (t) => {
  const folder = tempFolder(t);
  const parts = makeParts(folder, ['--format', 'delta']);
  if (!parts) return t.skip('the command line program is not built');
  const { program, late, lake, key } = parts;
  const [next, zip, saved] = ['next', 'saved.zip', 'saved'].map((name) => join(folder, name));
  // Into another folder the command line starts the logs afresh too.
  program(['run', late, '--from', lake, '--out', next, '--key-file', key, '--format', 'delta']);
  const { page, errors } = await openPage(t, browser, 'http');
  await drop(page, [lake]);
  await page.waitForSelector('#lake-continue:not([hidden])');
  await page.setInputFiles('#lake-key', key);
  await page.setInputFiles('#lake-new-files', filesUnder(late));
  await page.waitForSelector('html:not([data-state="idle"])');
  await reached(page, 'done');
  await part(page, 'result');
  await page.check('#export-lake');
  await page.check('#export-delta');
  const saving = page.waitForEvent('download');
  await page.click('#export-zip');
  await (await saving).saveAs(zip);
  execFileSync('/usr/bin/python3', ['-m', 'zipfile', '-e', zip, saved]);
  assert.match(program(['verify', saved]), /^Nothing differs\./);
  const { outputs } = JSON.parse(readFileSync(join(next, 'report.json'), 'utf8'));
  for (const { table, file } of outputs)
    assert.ok(readFileSync(join(saved, file)).equals(readFileSync(join(next, file))), table);
  const logs = (/** @type {string} */ place) =>
    filesUnder(place).flatMap((path) =>
      path.includes('_delta_log') ? [[relative(place, path), readFileSync(path, 'utf8')]] : [],
    );
  assert.equal(logs(saved).length, 5);
  assert.ok(logs(saved).every(([path]) => path.endsWith('_delta_log/00000000000000000000.json')));
  assert.deepEqual(logs(saved), logs(next));
  assert.match(program(['history', saved]), /version 2, .*: gone on from the version before/);
  assert.deepEqual(errors, []);
});

test('without customers, and from a lake that was changed, nothing is continued', async (t) => {
  const folder = tempFolder(t);
  const parts = makeParts(folder);
  if (!parts) return t.skip('the command line program is not built');
  const { late, lake, key } = parts;
  const { page } = await openPage(t, browser, 'http');
  await useKey(page, key);
  await drop(page, [lake]);
  await page.waitForSelector('#lake-continue:not([hidden])');
  await page.setInputFiles('#lake-new-files', join(late, 'new-accelerometer.json'));
  await continueSays(page, /hold no customers/);
  const trusted = join(lake, 'customer/trusted/part-00000.snappy.parquet');
  writeFileSync(trusted, readFileSync(trusted).subarray(1));
  await page.setInputFiles('#folder', lake);
  await page.waitForFunction(() => !document.querySelector('#drop')?.ariaBusy);
  await page.setInputFiles('#lake-new-files', filesUnder(late));
  await continueSays(page, /customer\/trusted\/part-00000\.snappy\.parquet.* is not what the report/);
  assert.equal(await page.getAttribute('html', 'data-state'), 'idle');
});

test('what would keep it from continuing is said before unsaved results give way, and then it asks', async (t) => {
  const folder = tempFolder(t);
  const parts = makeParts(folder);
  if (!parts) return t.skip('the command line program is not built');
  const { late, lake, key } = parts;
  const { page, errors } = await openPage(t, browser, 'http');
  await page.setInputFiles('#files', filesUnder(late));
  await reached(page, 'done');
  const before = await page.innerText('#status');
  await drop(page, [lake]);
  await page.waitForSelector('#lake-continue:not([hidden])');
  const other = { name: 'other.key', mimeType: 'text/plain', buffer: Buffer.from('another key\n') };
  await page.setInputFiles('#lake-key', other);
  await page.waitForFunction(() => /not the key/.test(document.querySelector('#lake-key-status')?.textContent ?? ''));
  await page.setInputFiles('#lake-new-files', filesUnder(late));
  await continueSays(page, /other\.key: This is not the key of this lake/);
  await page.setInputFiles('#lake-key', key);
  await page.waitForFunction(() => /is the key/.test(document.querySelector('#lake-key-status')?.textContent ?? ''));
  await page.setInputFiles('#lake-new-files', join(late, 'new-accelerometer.json'));
  await continueSays(page, /hold no customers/);
  assert.equal(await page.isVisible('#replace'), false, 'nothing could take their place');

  await page.setInputFiles('#lake-new-files', filesUnder(late));
  await page.waitForSelector('#replace[open]');
  await page.click('#replace-no');
  assert.equal(await page.getAttribute('html', 'data-state'), 'done');
  assert.equal(await page.innerText('#status'), before);
  assert.equal(await page.inputValue('[name="key"]'), 'random', 'the settings are still those of the results');
  assert.equal(await page.isVisible('#stale'), false);

  await page.setInputFiles('#lake-new-files', filesUnder(late));
  await page.click('#replace-yes');
  await page.waitForSelector('html[data-state="running"], html[data-state="done"]');
  await page.waitForFunction(() => document.querySelector('[name="key"]')?.closest('form')?.key.value === 'file');
  await reached(page, 'done');
  await page.waitForSelector('[data-download="report"]:enabled');

  // What the two sides of a comparison are.
  await page.setInputFiles('#earlier', join(lake, 'report.json'));
  await page.waitForSelector('#compare-result [data-note="gone_on"]', { state: 'attached' });
  const said = (await page.textContent('#compare-result')) ?? '';
  assert.match(
    said,
    /^Before: the lake lake, from which .*continued\. Now: the run on this page, which continued from/,
  );
  assert.doesNotMatch(said, /no consent( to research)? \+/, 'fewer rows that are left out are no rows that were added');
  const cells = await page.$$eval('#compare-result [data-changed="accelerometer_trusted"] td', (all) =>
    all.map(({ textContent }) => textContent ?? ''),
  );
  const number = (/** @type {string} */ words) => Number(words.replaceAll(',', ''));
  const [was, added, removed, is, why] = cells;
  assert.deepEqual([number(added), removed], [number(is) - number(was), '–'], 'the table has so many more');
  assert.match(why, /^rows of the lake and of other files/);
  assert.deepEqual(errors, []);
});
