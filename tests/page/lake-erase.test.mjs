// People who are erased from a lake on the page: the new lake must be, table by table, the one that the command line
// leaves, and hold nobody of them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { axeCheck } from './axe.mjs';
import { drop, filesUnder, launch, openPage, tempFolder } from './harness.mjs';
import { IN, makeLake } from './made-lake.mjs';

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
  await (await saving).saveAs(zip);
  execFileSync('/usr/bin/python3', ['-m', 'zipfile', '-e', zip, join(folder, name)]);
  return join(folder, name);
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
    program(['erase', own, '--withdrawals', list, '--key-file', key]);

    const { page, errors } = await openPage(t, browser, by);
    await drop(page, [lake]);
    await page.waitForSelector('#lake-erase:not([hidden])');
    assert.match(await erase(page), /list under Withdrawals is empty/);
    await page.setInputFiles('#withdrawals-file', list);
    assert.match(await erase(page), /Choose the key file/);
    await page.setInputFiles('#lake-key', list);
    assert.match(await erase(page), /list\.txt: This is not the key of this lake/);
    await page.setInputFiles('#lake-key', key);
    assert.match(await erase(page), /^Erased: 2 of 3 entries\. No file/);
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
  await page.fill('#withdrawals', IN);
  await page.check('#lake-erase-new-key');
  assert.match(await erase(page), /^Erased: 1 of 1 entry\./);
  const check = await axeCheck(page, '#found-lake');
  await check('a lake that people were erased from');
  const next = await saved(page, folder, 'next');
  const saving = page.waitForEvent('download');
  await page.click('#lake-erase .found .save >> nth=1');
  const key = join(folder, 'new.key');
  await (await saving).saveAs(key);
  const { rows } = JSON.parse(
    made.program(['verify', next, '--person', 'person4@example.org', '--key-file', key, '--json']),
  );
  assert.equal(rows.machine_learning_curated, 400);
  assert.equal(json(join(next, 'erasure.json')).erasures[0].key, 'new');
  assert.match(made.program(['verify', next]), /^Nothing differs\./);
  assert.deepEqual(errors, []);
});
