// What a screen reader has of a whole run: every part has a heading, no control is without a name, and nothing is there
// without a word. STEDI_ARIA=FILE writes all of it into a file, for a person to read.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { explore, launch, openPage, part, reached } from './harness.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const CONTROLS = 'button|checkbox|combobox|link|listbox|radio|searchbox|slider|spinbutton|switch|tab|textbox';
/** Lines of a snapshot that are there and say nothing; what speaks up later may be silent. */
const SILENT = /^\s*- (paragraph|list|listitem|term|definition|group|heading|table)$/;
/** Lines of a snapshot that are controls without a name; a name is in quotes. */
const NAMELESS = new RegExp(`^\\s*- (${CONTROLS})(?![a-z]| ")`);

test('every part of a run has a heading, and no control is without a name', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  /** @type {string[]} */
  const read = [];
  /** @param {string} place */
  const look = async (place) => {
    const snapshot = await page.locator('body').ariaSnapshot();
    read.push(`# ${place}\n${snapshot}\n`);
    assert.match(snapshot, /^\s*- heading ".+" \[level=2\]/m, `${place} has a heading`);
    assert.deepEqual(
      snapshot.split('\n').filter((line) => NAMELESS.test(line)),
      [],
      `${place} has controls without names`,
    );
    const bare = await page.$$eval('main section', (all) =>
      all
        .filter((one) => one.checkVisibility() && one.getAttribute('role') !== 'tabpanel')
        .filter((one) => !one.matches('[aria-label]') && !one.querySelector('h2, h3, h4')?.textContent?.trim())
        .map(({ id, className }) => id || className),
    );
    assert.deepEqual(bare, [], `${place} has sections without a heading`);
    // Live regions are there before they say something.
    const empty = await page.$$eval('#evidence-record :is(p, ul, td), #files-saved :is(p, thead :is(th, td))', (all) =>
      all
        .filter((one) => one.checkVisibility() && !one.matches('[role="status"]') && !one.textContent?.trim())
        .map((one) => one.closest('[id]')?.id),
    );
    assert.deepEqual(empty, [], `${place} has empty paragraphs, lists or heads`);
    assert.deepEqual(
      snapshot.split('\n').filter((line) => SILENT.test(line)),
      [],
      `${place} has nodes without a word`,
    );
    assert.deepEqual(snapshot.match(/button "[\d.,\s]*"/g), null, `${place} has buttons that are named by a number`);
  };
  await look('Before a run');
  assert.ok((read[0].match(/Choose files/g) ?? []).length <= 1, 'a name is read once');
  assert.equal(await page.getAttribute('#files', 'aria-label'), 'Choose files');
  const order = await page.$$eval('#options > :is(#withdrawn, #settings)', (all) => all.map(({ id }) => id));
  assert.deepEqual(order, ['withdrawn', 'settings'], 'what is shown first is read first');
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  await page.waitForSelector('#package:enabled');
  await look('Result');
  for (const name of ['customer_landing', 'machine_learning_curated']) {
    await explore(page, name);
    await page.waitForSelector(`.grid[aria-label^="Rows of ${name}"][aria-busy="false"]`);
    await look(`Explore: ${name}`);
  }
  for (const name of ['charts', 'inputs', 'rejects']) {
    await explore(page, name);
    if (name === 'charts') await page.waitForSelector('#charts .measures tbody tr');
    await look(`Explore: ${name}`);
  }
  for (const name of /** @type {const} */ (['sql', 'compare', 'evidence', 'privacy'])) {
    await part(page, name);
    await look(name);
    if (name !== 'evidence') continue;
    const regions = await page.$$eval('#evidence-record [role="region"]', (all) => all.map((one) => one.ariaLabel));
    assert.deepEqual(regions, ['Rows', 'Quality of the readings', 'Files: made', 'Files: read']);
    const rows = await page.$$eval('#evidence-record tbody tr', (all) =>
      all.filter((row) => !row.querySelector('th[scope="row"]')).map((row) => row.textContent),
    );
    assert.deepEqual(rows, [], 'each row has a head');
  }
  if (process.env.STEDI_ARIA) writeFileSync(process.env.STEDI_ARIA, read.join('\n'));
  assert.deepEqual(errors, []);
});
