// People who are erased from a lake on the page: the new lake must be, table by table, the one that the command line
// leaves, and hold nobody of them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { axeCheck } from './axe.mjs';
import { drop, filesUnder, launch, openPage, tempFolder, today } from './harness.mjs';
import { IN, makeLake, untimed } from './made-lake.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** @param {Page} page */
async function erase(page) {
  await page.click('#lake-erase [data-act="begin"]');
  await page.waitForSelector('#lake-erase [data-act="begin"]:not([hidden])');
  return page.innerText('#lake-erase [role="status"]');
}

/** Saves the new lake, and unpacks it. @param {Page} page @param {string} folder @param {string} name */
async function saved(page, folder, name) {
  const saving = page.waitForEvent('download');
  await page.click('#lake-erase .found .save >> nth=0');
  const zip = join(folder, `${name}.zip`);
  const download = await saving;
  await download.saveAs(zip);
  execFileSync('/usr/bin/python3', ['-m', 'zipfile', '-e', zip, join(folder, name)]);
  const { options } = json(join(folder, name, 'report.json'));
  assert.equal(download.suggestedFilename(), `stedi-lake-erased-${today()}-withdrawals-${options.withdrawals}.zip`);
  return join(folder, name);
}

/** What a button of the result saves; the page says as what. @param {Page} page @param {string} button */
async function savedBy(page, button) {
  const saving = page.waitForEvent('download');
  await page.click(`#lake-erase .found button:text-is("${button}")`);
  const download = await saving;
  const name = download.suggestedFilename();
  await page.waitForFunction(
    (words) => document.querySelector('#lake-erase .found [role="status"]')?.textContent === words,
    `Saved as ${name}.`,
  );
  return { name, text: readFileSync(await download.path(), 'utf8') };
}

/** @param {string} path */
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

for (const [by, format] of /** @type {const} */ ([
  ['http', 'parquet'],
  ['file', 'parquet'],
  ['http', 'delta'],
])) {
  test(`erased over ${by}, the page’s new lake of ${format} is the command line’s`, async (t) => {
    const folder = tempFolder(t);
    const made = makeLake(folder, ['--format', format]);
    if (!made) return t.skip('the command line program is not built');
    const { program, lake, key } = made;
    const [list, own] = [join(folder, 'list.txt'), join(folder, 'own')];
    writeFileSync(list, `${IN.toUpperCase()}\nserial-2\nnobody@example.org\n`);
    cpSync(lake, own, { recursive: true });
    const reference = '2026-03-04, case 17/2026';
    program(['erase', own, '--withdrawals', list, '--key-file', key, '--reference', reference]);

    const { page, errors } = await openPage(t, browser, by);
    await drop(page, [lake]);
    await page.waitForSelector('#lake-erase:not([hidden])');
    const settings = await page.getAttribute('html', 'data-settings');
    assert.match(await erase(page), /list under Withdrawals is empty/);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'withdrawals', 'it leads to the list');
    assert.equal(await page.getAttribute('html', 'data-settings'), settings, 'which is not in the settings');
    await page.setInputFiles('#withdrawals-file', list);
    // An erasure waits for a list that is being read, and until it begins the page says what it said before.
    await page.waitForSelector('#withdrawals-file-entries:text-is("list.txt: 3 entries.")');
    assert.match(await erase(page), /Choose the key file/);
    await page.setInputFiles('#lake-key', list);
    assert.match(await erase(page), /list\.txt: This is not the key of this lake/);
    await page.setInputFiles('#lake-key', key);
    for (const [wrong, why] of [
      [`of ${IN}`, /reference of the request has an @/],
      ['of Serial-2.', /names a person or device that is to be erased/],
    ]) {
      await page.fill('#lake-erase-reference', String(wrong));
      assert.match(await erase(page), /** @type {RegExp} */ (why));
    }
    await page.fill('#lake-erase-reference', ` ${reference}`);
    assert.match(await erase(page), /^Erased in part: 2 of 3 entries\. No file/);
    assert.equal(await page.getAttribute('#lake-erase [role="status"]', 'data-said'), 'warning');
    const unmatched = await page.$$eval('#lake-erase .unmatched li', (all) => all.map((one) => one.textContent));
    assert.deepEqual(unmatched, ['nobody@example.org (line 3 of the file)']);
    assert.equal(await page.locator('#lake-erase [data-erased]').count(), 5);
    for (const width of [360, 900, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const out = await page.$$eval('#lake-erase .found *', (all) => {
        const { right = 0 } = document.querySelector('#lake-erase')?.getBoundingClientRect() ?? {};
        // The head is for screen readers alone where rows are lists.
        const isClipped = (/** @type {Element | null} */ head) => head && getComputedStyle(head).clipPath !== 'none';
        const shown = all.filter((one) => !isClipped(one.closest('thead')));
        return shown.filter((one) => one.getBoundingClientRect().right > right + 1).map((one) => one.textContent);
      });
      assert.deepEqual(out, [], `it runs out of its card at ${width}`);
    }

    const made2 = await saved(page, folder, 'erased');
    const [wanted, report] = [own, made2].map((place) => json(join(place, 'report.json')));
    for (const { table, file } of wanted.outputs)
      assert.ok(readFileSync(join(made2, file)).equals(readFileSync(join(own, file))), table);
    assert.deepEqual(report.tables, wanted.tables);
    assert.deepEqual(report.outputs, wanted.outputs);
    const logs = filesUnder(own).filter((path) => path.includes('_delta_log'));
    assert.equal(logs.length, format === 'delta' ? 5 : 0);
    for (const log of logs) assert.ok(readFileSync(log).equals(readFileSync(join(made2, relative(own, log)))), log);
    const [evidence, said] = [own, made2].map((place) => json(join(place, 'erasure.json')).erasures[0]);
    assert.deepEqual(
      { ...said, time: '', tool: '', searched: { ...said.searched, files: 0 } },
      { ...evidence, time: '', tool: '', searched: { ...evidence.searched, files: 0 } },
    );
    assert.equal(said.searched.files, evidence.searched.files);
    assert.equal(said.reference, reference);
    const evidenceFile = await savedBy(page, 'Save the evidence of this erasure');
    assert.equal(evidenceFile.name, `stedi-evidence-erased-${today()}-withdrawals-3.html`);
    assert.equal(untimed(evidenceFile.text), untimed(program(['report', made2, '--html', '-'])));
    assert.ok(evidenceFile.text.includes(`Reference of the request: <code>${reference}</code>`));
    assert.match(evidenceFile.text, /The list had 3 entries: 2 were found and erased, 1 matched nothing in the lake/);
    assert.match(program(['verify', made2]), /^Nothing differs\./);
    assert.match(program(['history', made2]), /version 2, .*: people erased/);
    for (const path of filesUnder(made2)) {
      const text = readFileSync(path, 'latin1').toLowerCase();
      assert.ok(!text.includes(IN) && !text.includes('person2@'), path);
    }
    assert.deepEqual(errors, []);
  });
}

test('under a new key everyone has another pseudonym, and the key can be saved', async (t) => {
  const folder = tempFolder(t);
  const made = makeLake(folder);
  if (!made) return t.skip('the command line program is not built');
  const { page, errors } = await openPage(t, browser, 'http');
  await drop(page, [made.lake]);
  await page.waitForSelector('#lake-erase:not([hidden])');
  await page.fill('#withdrawals', 'nobody@example.org');
  await page.check('#lake-erase-new-key');
  assert.match(await erase(page), /no entry of the list is in this lake/);
  await page.fill('#withdrawals', `Ann Lee <${IN}>`);
  assert.match(await erase(page), /^Erased: all whom the list names \(1 entry\)\./);
  assert.equal(await page.getAttribute('#lake-erase [role="status"]', 'data-said'), 'done');
  assert.match(await page.innerText('#lake-erase .found > [data-said="warning"]'), /old key does not fit the new lake/);
  const check = await axeCheck(page, '#found-lake');
  await check('a lake that people were erased from');
  const next = await saved(page, folder, 'next');
  const saving = page.waitForEvent('download');
  await page.click('#lake-erase .found button:text-is("Save the new key")');
  const key = join(folder, 'new.key');
  const ofKey = await saving;
  assert.equal(ofKey.suggestedFilename(), `stedi-key-${today()}-withdrawals-1.key`);
  await ofKey.saveAs(key);
  const { rows } = JSON.parse(
    made.program(['verify', next, '--person', 'person4@example.org', '--key-file', key, '--json']),
  );
  assert.equal(rows.machine_learning_curated, 400);
  assert.equal(json(join(next, 'erasure.json')).erasures[0].key, 'new');
  assert.match(made.program(['verify', next]), /^Nothing differs\./);
  assert.deepEqual(errors, []);
});

test('the new lake is seen only while it is that of the list and the key, and what is old is named so', async (t) => {
  const made = makeLake(tempFolder(t));
  if (!made) return t.skip('the command line program is not built');
  const { page, errors } = await openPage(t, browser, 'http');
  const old = 'Save the evidence of the old lake';
  const evidence = () => page.innerText('#lake-evidence [data-act="begin"]');
  const notes = () => page.locator('#found-lake :text("as it was dropped"):visible').count();
  const isSeen = () => page.isVisible('#lake-erase .found .save');
  await drop(page, [made.lake]);
  await page.waitForSelector('#lake-erase:not([hidden])');
  await page.setInputFiles('#lake-key', made.key);
  await page.fill('#withdrawals', IN);
  assert.deepEqual([await evidence(), await notes()], ['Save evidence', 0]);
  await erase(page);
  assert.deepEqual([await evidence(), await notes(), await isSeen()], [old, 1, true]);
  const [note, rest] = await page.$$eval('#found-lake-dropped, #found-lake .sides', (all) =>
    all.map((one) => one.getBoundingClientRect().y),
  );
  assert.ok(note < rest, 'it is said once, above all that it is about');

  await page.fill('#withdrawals', `${IN}\nserial-2`);
  assert.deepEqual([await evidence(), await notes(), await isSeen()], ['Save evidence', 0, false]);
  assert.match(await page.innerText('#lake-erase'), /not of them\. Erase again, or undo the change/);
  await page.fill('#withdrawals', IN);
  assert.deepEqual([await evidence(), await isSeen()], [old, true], 'undone, it is there again');
  await page.check('#lake-erase-new-key');
  assert.equal(await isSeen(), false, 'it has the old key');
  await page.uncheck('#lake-erase-new-key');
  assert.equal(await isSeen(), true);
  await page.fill('#lake-erase-reference', 'case 7');
  assert.equal(await isSeen(), false, 'it has no reference');
  await page.fill('#lake-erase-reference', ' ');
  assert.equal(await isSeen(), true);

  // Changed without an event, nothing is saved of it.
  await page.evaluate(() => {
    const list = document.querySelector('#withdrawals');
    if (list instanceof HTMLTextAreaElement) list.value = '';
  });
  let saves = 0;
  page.on('download', () => (saves += 1));
  await page.click('#lake-erase .found .save >> nth=0');
  await page.waitForSelector('#lake-erase .found', { state: 'hidden' });
  assert.equal(saves, 0);
  await page.fill('#withdrawals', 'nobody@example.org');
  assert.match(await erase(page), /^Nothing was erased: nothing in this lake matches the list \(1 entry\)\./);
  await page.click('#found-lake-close');
  await page.setInputFiles('#folder', made.lake);
  await page.waitForSelector('#lake-erase:visible');
  assert.deepEqual([await evidence(), await notes()], ['Save evidence', 0], 'another lake begins anew');
  assert.deepEqual(errors, []);
});

test('after a run the list is in the settings, and the lake leads to it there', async (t) => {
  const made = makeLake(tempFolder(t));
  if (!made) return t.skip('the command line program is not built');
  const { page, errors } = await openPage(t, browser, 'http');
  assert.match(await page.innerText('#drop'), /A lake that you saved can be dropped too/);
  await page.setInputFiles('#files', made.files);
  await page.waitForSelector('html[data-state="done"]');
  await page.setInputFiles('#folder', made.lake);
  await page.waitForSelector('#lake-erase:visible');
  await page.click('#lake-to-withdrawals');
  await page.waitForSelector('#withdrawals:focus');
  assert.ok(await page.isVisible('#settings #withdrawals'));
  assert.deepEqual(errors, []);
});
