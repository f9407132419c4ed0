// A random key, and the pseudonyms made with it, from run to run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PERSON, followed, move, subjects, withdraw } from './form.mjs';
import { download, drop, launch, openPage, reached, tempFolder, today } from './harness.mjs';
import { makeExport } from './made.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('a random key belongs to the files: their runs give the same pseudonyms, a new drop gives others', async (t) => {
  const files = makeExport(tempFolder(t));
  const { page, errors } = await openPage(t, browser, 'http');
  await page.setInputFiles('#files', files);
  await reached(page, 'done');
  assert.match(
    await page.innerText('#key-note'),
    /random key\. To erase people from these results later, or to add data to them, you need it/,
  );
  const first = await subjects(page);
  const saved = await download(page, 'key');
  assert.equal(saved.name, `stedi-key-${today()}.key`);
  const key = saved.bytes.toString();

  await page.click('#again');
  await reached(page, 'done');
  assert.deepEqual(await subjects(page), first, 'run again');
  await withdraw(page, PERSON);
  await page.click('#again');
  await reached(page, 'done');
  const fewer = await subjects(page);
  assert.equal(fewer.length, first.length - 1);
  assert.ok(
    fewer.every((subject) => first.includes(subject)),
    'with other withdrawals',
  );
  await move(page, 'identity');
  await followed(page);
  assert.equal(await page.isVisible('#key-note'), false, 'there are no pseudonyms');
  await move(page, 'identity', 'ArrowUp');
  await followed(page);
  assert.deepEqual(await subjects(page), fewer, 'after another identity');
  // Within the page: so small a run may be over before another key is pressed.
  const state = await page.evaluate(() => {
    for (const id of ['#again', '#cancel']) /** @type {HTMLElement} */ (document.querySelector(id)).click();
    return document.documentElement.dataset.state;
  });
  assert.equal(state, 'cancelled');
  await page.click('#again');
  await reached(page, 'done');
  assert.deepEqual(await subjects(page), fewer, 'after a run that was cancelled');
  assert.equal((await download(page, 'key')).bytes.toString(), key);

  await drop(page, files);
  await page.click('#replace-yes');
  await reached(page, 'done');
  const other = await subjects(page);
  assert.equal(other.length, fewer.length);
  assert.deepEqual(
    other.filter((subject) => first.includes(subject)),
    [],
    'a new drop',
  );
  assert.notEqual((await download(page, 'key')).bytes.toString(), key);
  assert.deepEqual(errors, []);
});

test('a key file that is empty or short is said when it is chosen', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  await page.selectOption('[name="key"]', 'file');
  const give = (/** @type {string} */ text) =>
    page.setInputFiles('#key-file', { name: 'my.key', mimeType: 'text/plain', buffer: Buffer.from(text) });
  const said = (/** @type {RegExp} */ words) =>
    page.waitForFunction(
      (source) => new RegExp(source).test(document.querySelector('#key-file-problem')?.textContent ?? ''),
      words.source,
    );
  await give('\n');
  await said(/my\.key is empty/);
  await give('secret\n');
  await said(/only 6 bytes.*can be guessed/);
  await give(`${'0123456789abcdef'.repeat(4)}\n`);
  await said(/^$/);
});
