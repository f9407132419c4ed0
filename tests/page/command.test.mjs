// "Copy as command" and "Save as config": the program, run so, gives the page's bytes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  SAVED,
  choose,
  cli,
  download,
  filesUnder,
  launch,
  openPage,
  programPath,
  reached,
  tempFolder,
  unfold,
} from './harness.mjs';
import { makeExport } from './made.mjs';
import { OPTIONS } from '../../www/shared/core.js';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Runs a copied command as a shell does. @param {string} folder @param {string} command */
const shell = (folder, command) =>
  execFileSync('sh', ['-c', command], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${dirname(programPath)}${delimiter}${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Copies the command. @param {Page} page */
async function copied(page) {
  await page.click('#copy-command');
  await page.waitForSelector('#command-note:not(:empty)');
  return page.innerText('#command');
}

/**
 * Rows of values in which every pair of values of two options occurs that can, in as few as a greedy search finds.
 * @param {[name: string, values: string[]][]} options
 */
function pairs(options) {
  /** @type {string[][]} */
  let all = [[]];
  for (const [, values] of options) all = all.flatMap((row) => values.map((value) => [...row, value]));
  const named = (/** @type {string[]} */ row) => Object.fromEntries(row.map((value, i) => [options[i][0], value]));
  // The times of one person move together, so the others are refused.
  all = all.filter((row) => {
    const { times, join, identity } = named(row);
    return times === 'exact' || (join === 'owner' && identity === 'pseudonym');
  });
  const of = (/** @type {string[]} */ row) =>
    row.flatMap((a, i) => row.slice(i + 1).map((b, k) => `${i}=${a} ${i + 1 + k}=${b}`));
  const open = new Set(all.flatMap(of));
  const rows = [];
  while (open.size > 0) {
    const covered = (/** @type {string[]} */ row) => of(row).filter((pair) => open.has(pair));
    const [best] = all.map((row) => ({ row, pairs: covered(row) })).sort((a, b) => b.pairs.length - a.pairs.length);
    for (const pair of best.pairs) open.delete(pair);
    rows.push(named(best.row));
  }
  return rows;
}

/** An export in which every option decides on some rows. @param {string} folder */
function makeTelling(folder) {
  const [customers, readings] = makeExport(join(folder, 'landing'), 8, 50);
  // Two people of one device, readings before a consent date, and consent that was taken back.
  const people = readFileSync(customers, 'utf8').trimEnd().split('\n');
  const from = (/** @type {string} */ person) =>
    person.replace(/"shareWithResearchAsOfDate":\d+/, '"shareWithResearchAsOfDate":1655000020000');
  people[4] = from(people[4]);
  const back = people[4].replace(/,"shareWithResearchAsOfDate":\d+/, '');
  const later = back.replace(/"lastUpdateDate":\d+/, '"lastUpdateDate":1755000000000');
  const shared = people[0].replace('serial-0', 'serial-2');
  writeFileSync(customers, `${[...people, shared, people[1], from(people[2]), later].join('\n')}\n`);
  // A reading that is there twice, another of the same instant, and one whose email is written otherwise.
  const [first] = readFileSync(readings, 'utf8').split('\n');
  const [other, third] = [9, 8].map((x) => first.replace(/"x":\d+/, `"x":${x}`));
  const spelled = other.replace('person0@example.org', 'Person2@Example.org');
  appendFileSync(readings, `${[first, other, spelled].join('\n')}\n`);
  // What an earlier job has made: records of the landing files, and one more.
  mkdirSync(join(folder, 'trusted'));
  writeFileSync(join(folder, 'trusted/accelerometer.json'), `${[first, third].join('\n')}\n`);
}

test('each option that decides on rows does so in the export of these tests', (t) => {
  const program = cli();
  if (!program) return t.skip('the command line program is not built');
  const folder = tempFolder(t);
  makeTelling(join(folder, 'export'));
  const counted = (/** @type {string[]} */ options) => {
    const lake = join(folder, `lake${options.join('')}`);
    program(['run', join(folder, 'export'), '--out', lake, ...options]);
    return JSON.stringify(JSON.parse(readFileSync(join(lake, 'report.json'), 'utf8')).tables);
  };
  // The others change values or bytes only.
  const values = OPTIONS.filter(({ name }) => !['identity', 'times', 'compression'].includes(name)).flatMap(
    ({ name, values }) => values.slice(1).map((value) => `--${name.replaceAll('_', '-')}=${value.name}`),
  );
  const all = [[], ...[...values, '--all-zones'].map((word) => [word])];
  /** @type {Map<string, string[]>} */
  const seen = new Map();
  for (const options of all) seen.set(counted(options), options);
  assert.equal(seen.size, all.length, `only ${JSON.stringify([...seen.values()])} differ`);
});

test('every pair of option values, under a given key: command and configuration give the page’s bytes', async (t) => {
  if (!cli()) return t.skip('the command line program is not built');
  const folder = tempFolder(t);
  makeTelling(join(folder, 'export'));
  writeFileSync(join(folder, 'my study.key'), 'one key for both\n');
  writeFileSync(join(folder, 'list.csv'), 'email\nperson6@example.org\n');

  const { page: first } = await openPage(t, browser, 'http', { permissions: ['clipboard-read', 'clipboard-write'] });
  const options = await first.$$eval('#options select', (selects) =>
    selects.map((select) => {
      const { name, options } = /** @type {HTMLSelectElement} */ (select);
      return /** @type {[string, string[]]} */ ([name, [...options].map(({ value }) => value)]);
    }),
  );
  const ofRun = options.filter(([name]) => name !== 'key');
  assert.deepEqual(ofRun.map(([name]) => name).sort(), OPTIONS.map(({ name }) => name.replaceAll('_', '-')).sort());
  const rows = pairs([...ofRun, ['all-zones', ['off', 'on']]]);
  t.diagnostic(`${rows.length} settings`);
  const sizes = new Set();
  /** @type {string[]} */
  const errors = [];
  for (const { 'all-zones': zones, ...row } of rows) {
    const page = await first.context().newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    await unfold(page);
    await page.goto(first.url());
    await choose(page, row);
    await page.setChecked('#all-zones', zones === 'on');
    if (row.identity === 'pseudonym') {
      await choose(page, { key: 'file' });
      await page.setInputFiles('#key-file', join(folder, 'my study.key'));
    }
    await page.setInputFiles('#withdrawals-file', join(folder, 'list.csv'));
    await page.setInputFiles('#folder', join(folder, 'export'));
    await reached(page, 'done');
    const command = await copied(page);
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);
    assert.ok(!command.includes('one key') && !command.includes('person6'), command);
    const saved = page.waitForEvent('download');
    await page.click('#save-config');
    const config = await saved;
    assert.equal(config.suggestedFilename(), 'stedi-lakehouse.toml');
    await config.saveAs(join(folder, 'stedi-lakehouse.toml'));
    shell(folder, command);
    shell(folder, 'stedi-lakehouse run export --out other --config stedi-lakehouse.toml');
    const written = ['lake', 'other'].map((lake) =>
      filesUnder(join(folder, lake))
        .filter((path) => path.endsWith('.parquet'))
        .map((path) => readFileSync(path)),
    );
    for (const table of SAVED) {
      const { bytes } = await download(page, table);
      for (const lake of written)
        assert.equal(lake.filter((file) => file.equals(bytes)).length, 1, `${table}: ${command}`);
      sizes.add(`${table} ${bytes.length}`);
    }
    for (const lake of ['lake', 'other']) rmSync(join(folder, lake), { recursive: true });
    await page.close();
  }
  assert.ok(sizes.size > 2 * SAVED.length, 'the options make a difference');
  assert.deepEqual(errors, []);
});

test('a setting that the program refuses is told with the command', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await choose(page, { times: 'shifted', join: 'time' });
  assert.match(await copied(page).then(() => page.innerText('#command-note')), /Moved times need “Owner and time”/);
  assert.deepEqual(errors, []);
});

test('what the reader has to do is said; what is shown goes with the settings that it is of', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.fill('#withdrawals', 'person6@example.org');
  const command = await copied(page);
  assert.match(command, /--withdrawals withdrawals\.txt$/);
  assert.ok(!command.includes('person6') && !command.includes('--key-file'), command);
  const note = await page.innerText('#command-note');
  assert.match(note, /save this run’s key/);
  assert.match(note, /Save the typed withdrawals as withdrawals\.txt/);
  await choose(page, { identity: 'serial' });
  assert.equal(await page.isVisible('#command'), false);
  assert.doesNotMatch(await copied(page).then(() => page.innerText('#command-note')), /key/);
  // Where there is no clipboard the command is there to be selected.
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.click('#copy-command');
  await page.waitForFunction(() => document.querySelector('#command-note')?.textContent?.includes('select'));
  assert.equal(await page.isVisible('#command'), true);
  assert.deepEqual(errors, []);
});
