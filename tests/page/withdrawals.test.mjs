// A list of withdrawals in a file, entries that match nothing, and records of which nobody knows whose they are.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { counts, launch, openPage, reached, report, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Six people, of whom 0, 2 and 4 consent. @param {import('node:test').TestContext} t */
async function open(t) {
  const folder = tempFolder(t);
  const files = makeExport(folder, 6, 3);
  const { page } = await openPage(t, browser, 'http');
  const write = (/** @type {string} */ name, /** @type {string | Buffer} */ bytes) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const again = async () => {
    await page.click('#again');
    await reached(page, 'done');
  };
  return { page, files, write, again };
}

/** @param {import('playwright-core').Page} page */
const unmet = (page) => page.locator('[data-warning="withdrawals_unmet"] li').allInnerTexts();

/** What is said of the entries of the file. @param {import('playwright-core').Page} page @param {string} wanted */
const entriesSaid = (page, wanted) =>
  page.waitForFunction((words) => document.querySelector('#withdrawals-file-entries')?.textContent === words, wanted);

test('of a file it is said how many entries it has, and that one has none', async (t) => {
  const { page, write } = await open(t);
  await page.setInputFiles('#withdrawals-file', write('one.txt', 'person2@example.org\n'));
  await entriesSaid(page, 'one.txt: 1 entry.');
  await page.setInputFiles('#withdrawals-file', write('empty.csv', 'email\n'));
  await page.waitForSelector('#withdrawals-file-entries[data-said="warning"]');
  assert.match(await page.innerText('#withdrawals-file-entries'), /^empty\.csv has no entries, so it leaves nobody/);
  await page.click('#withdrawals-file-remove');
  await entriesSaid(page, '');
  assert.equal(await page.getAttribute('#withdrawals-file-entries', 'data-said'), null);
});

test('a list in a file counts beside the typed one; what matches nothing is named, never in the report', async (t) => {
  const { page, files, write, again } = await open(t);
  await page.fill('#withdrawals', ' PERSON0@example.org\u00a0\nzoe@example.org');
  await page.setInputFiles(
    '#withdrawals-file',
    write('list.csv', 'name;E-Mail\r\nTwo;"person2@example.org"\r\nYan;yan@example.org\r\n'),
  );
  await page.waitForSelector('#withdrawals-file-remove:not([hidden])');
  await entriesSaid(page, 'list.csv: 2 entries.');
  await page.setInputFiles('#files', files);
  await reached(page, 'done');
  assert.equal((await counts(page)).customer_trusted.rows, 1);
  assert.deepEqual(await unmet(page), ['zoe@example.org', 'yan@example.org (line 3 of the file)']);
  const saved = await report(page);
  assert.equal(saved.options.withdrawals, 4);
  assert.equal(/zoe|yan|example.org/.test(JSON.stringify(saved)), false);
  assert.equal(page.url().includes('example'), false);

  await page.click('#withdrawals-file-remove');
  await entriesSaid(page, '');
  await again();
  assert.equal((await counts(page)).customer_trusted.rows, 2);
  assert.deepEqual(await unmet(page), ['zoe@example.org']);

  await page.setInputFiles('#withdrawals-file', write('serials.txt', Buffer.from('\ufeffserial-4\r\n', 'utf16le')));
  // A run waits for a list that is being read, and until it begins the page shows the results before.
  await entriesSaid(page, 'serials.txt: 1 entry.');
  await again();
  assert.equal((await counts(page)).customer_trusted.rows, 1);
  await page.click('button[type=reset]');
  assert.equal(await page.inputValue('#withdrawals-file'), '');
  await again();
  assert.equal((await counts(page)).customer_trusted.rows, 3);
  assert.deepEqual(await unmet(page), []);
});

test('files that are chosen while the list is being read wait for it', async (t) => {
  const { page, files, write } = await open(t);
  await page.evaluate(() => {
    const { arrayBuffer } = Blob.prototype;
    /** @type {any} */ (globalThis).slowly = new Promise((resolve) => {
      Blob.prototype.arrayBuffer = async function () {
        await new Promise((read) => resolve(read));
        return arrayBuffer.call(this);
      };
    });
  });
  await page.setInputFiles('#withdrawals-file', write('list.csv', 'email\nperson2@example.org\n'));
  await page.setInputFiles('#files', files);
  await page.locator('#notice', { hasText: 'list.csv' }).waitFor();
  await page.evaluate(async () => (await /** @type {any} */ (globalThis).slowly)());
  await reached(page, 'done');
  assert.equal((await counts(page)).customer_trusted.rows, 2);
  assert.equal((await report(page)).options.withdrawals, 1);
});

test('a list that cannot be read stands in the way of a run until it is removed', async (t) => {
  const { page, files, write } = await open(t);
  await page.setInputFiles('#withdrawals-file', write('latin1.txt', Buffer.from('j\xf6rg@example.org\n', 'latin1')));
  await page.waitForFunction(() =>
    document.querySelector('#withdrawals-file-problem')?.textContent?.includes('not UTF-8'),
  );
  await page.setInputFiles('#files', files);
  await page.waitForFunction(() => document.querySelector('#notice')?.textContent?.includes('latin1.txt is not UTF-8'));
  assert.equal(await page.getAttribute('html', 'data-state'), 'idle');
  await page.click('#withdrawals-file-remove');
  await page.setInputFiles('#files', files);
  await reached(page, 'done');
});

test('consent that is taken back in a record that is no row counts under latest', async (t) => {
  const { page, files, write } = await open(t);
  const later = { email: ' Person0@Example.org', serialNumber: 'serial-0', lastUpdateDate: 'soon' };
  const first = { email: 'person6@example.org', serialNumber: 'serial-6', lastUpdateDate: 1 };
  files.push(write('later.json', [first, later].map((record) => JSON.stringify(record)).join('\n')));
  await page.setInputFiles('#files', files);
  await reached(page, 'done');
  assert.equal((await counts(page)).customer_trusted.rows, 3);
  assert.match(
    await page.innerText('[data-warning="rejected_customers"]'),
    /^1: .* Of these people 1 are in the trusted tables/,
  );
  await page.selectOption('#option-records', 'latest');
  await page.waitForSelector('html:not([data-following])');
  assert.equal((await counts(page)).customer_trusted.rows, 2);
  assert.match(
    await page.innerText('[data-warning="rejected_customers"]'),
    /Of these people 0 are in the trusted tables/,
  );
  assert.equal(await page.isVisible('#incomplete'), false);
  assert.equal((await report(page)).complete, true);
});

test('a run is incomplete, and says so first, when nobody knows whose a lost record is', async (t) => {
  const { page, files, write, again } = await open(t);
  files.push(write('later.json', '{"email":"person6@example.org","serialNumber":"serial-6"}\n{"email":"person0@exam'));
  await page.setInputFiles('#files', files);
  await reached(page, 'done');
  assert.equal(await page.isVisible('#incomplete'), true);
  assert.match(await page.innerText('#incomplete'), /This run is incomplete.*\n+1: Customer records were rejected/);
  assert.match(await page.innerText('#status'), /This run is incomplete\./);
  const top = async (/** @type {string} */ selector) => (await page.locator(selector).boundingBox())?.y ?? NaN;
  for (const below of ['#verdict', '#files-saved', '#tables'])
    assert.ok((await top('#incomplete')) < (await top(below)), below);
  const saved = await report(page);
  assert.deepEqual(
    [saved.complete, saved.incomplete.map((/** @type {any} */ { code }) => code)],
    [false, ['customers_unreadable']],
  );

  await page.setInputFiles('#files', files.slice(0, 3));
  await page.click('#replace-yes');
  await page.waitForFunction(() => !document.querySelector('#incomplete')?.checkVisibility());
  await reached(page, 'done');
  assert.equal(await page.isVisible('#incomplete'), false);
  await again();
});
