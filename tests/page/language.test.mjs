// The page in German: the whole job, with nothing of the English texts in sight.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DE } from '../../www/page/labels/de/de.js';
import { STATIC as GERMAN } from '../../www/page/labels/de/static.js';
import { EN } from '../../www/page/labels/en/en.js';
import { STATIC } from '../../www/page/labels/en/static.js';
import { english, englishIn, seen } from './english.mjs';
import { explore, launch, openPage, part, reached, report, beyondWidth } from './harness.mjs';
import { ask, openSqlPage, runSample, settled, write, run } from './sql-harness.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('in a German browser the whole job is in German; files and the report stay English', async (t) => {
  assert.ok(english.length > 350, `${english.length} English texts are looked for`);
  const { page, errors } = await openPage(t, browser, 'http', { locale: 'de-DE' });
  assert.equal(await page.getAttribute('html', 'lang'), 'de');
  assert.equal(await page.inputValue('#language'), 'de');
  const check = async (/** @type {string} */ place) => {
    assert.deepEqual(englishIn(await seen(page)), [], `${place} has English`);
    for (const width of [320, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      assert.equal(await beyondWidth(page), 0, `${place} scrolls sideways at ${width} pixels`);
    }
  };
  await check('start');
  assert.ok((await page.innerText('#start')).includes(GERMAN.drop));
  await page.selectOption('[name="consent"]', 'as-of');
  assert.match(await page.innerText('#settings-words'), /Alle Messwerte ab dem Einwilligungsdatum/);
  await page.fill('#withdrawals', 'nobody@example.org');
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  await page.waitForFunction(() => document.querySelector('#hashing progress')?.hasAttribute('hidden'));
  await check('result');
  assert.equal(await page.innerText('#state'), DE.states.incomplete);
  assert.match(await page.innerText('#status'), /^Dieser Lauf ist unvollständig\. \d{3}\.\d{3} Datensätze aus/);
  const warnings = await page.$$eval('#warnings > ul > li, #incomplete > ul > li', (all) =>
    all.map((item) => item.getAttribute('data-warning') ?? ''),
  );
  assert.ok(warnings.length > 2);
  for (const code of warnings) assert.ok(code in DE.core.warnings, code);

  await page.selectOption('[name="records"]', 'latest');
  await page.waitForSelector('#effect:not([hidden])');
  await check('effect');
  const { warnings: kept, options } = await report(page);
  assert.equal(options.records, 'latest');
  assert.match(kept.map((/** @type {{ message: string }} */ { message }) => message).join(' '), /Entries of the/);

  await explore(page, 'machine_learning_curated');
  await page.waitForSelector('.grid .body [role="gridcell"]');
  await check('rows');
  await page.fill('#rows-fits', 'viel');
  await page.selectOption('#rows-where', 'x');
  await page.click('#rows-order button');
  await page.waitForFunction(() => document.querySelector('#rows-note')?.textContent !== '');
  assert.equal(await page.innerText('#rows-note'), String(DE.core.failures.no_number));
  await page.click('#tab-columns');
  await page.waitForSelector('#columns table');
  await check('columns');
  for (const view of ['charts', 'inputs', 'rejects']) {
    await page.click(`[data-pick="${view}"]`);
    if (view === 'charts') await page.waitForSelector('.measures tbody tr');
    await check(view);
  }
  for (const name of /** @type {const} */ (['sql', 'compare', 'evidence', 'privacy'])) {
    await part(page, name);
    if (name === 'evidence') await page.waitForSelector('#evidence-record table');
    await check(name);
  }
  await page.$$eval('#privacy details', (all) => {
    for (const details of all) details.setAttribute('open', '');
  });
  await check('privacy, open');
  assert.deepEqual(errors, []);
});

test('the console is in German', async (t) => {
  const { page, errors } = await openSqlPage(t, browser, 'file', { locale: 'de-DE' });
  await runSample(page);
  const check = async (/** @type {string} */ place) =>
    assert.deepEqual(englishIn(await seen(page)), [], `${place} has English`);
  await check('idle');
  await ask(page, 'SELECT count(*) AS number FROM machine_learning_curated GROUP BY subject');
  assert.match((await settled(page)).words, /^Fertig in \d+(,\d+)?\s(ms|s|min)\.$/, 'with one stop, at its end');
  await check('a result');
  await ask(page, 'CREATE TABLE mine AS SELECT * FROM customer_landing');
  await ask(page, 'SELECT * FROM mine');
  await check('a raw result and a table');
  await page.click('#console-reveal');
  await check('raw rows');
  await write(page, ' ');
  await run(page);
  assert.equal((await settled(page)).words, DE.console.noStatement);
  assert.deepEqual(errors, []);
});

test('the language is chosen by address and by hand, and stays in the address with the options', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  assert.equal(await page.getAttribute('html', 'lang'), 'en', 'as the browser has it');
  await page.selectOption('[name="records"]', 'latest');
  assert.equal(await page.evaluate(() => location.hash), '#records=latest', 'the plain address has no language');
  await page.selectOption('#language', 'de');
  await page.waitForSelector('html[lang="de"]');
  assert.equal(await page.inputValue('[name="records"]'), 'latest');
  await part(page, 'privacy');
  assert.equal(await page.evaluate(() => location.hash), '#part=privacy&records=latest&lang=de');
  assert.equal(await page.innerText('#privacy-title'), GERMAN.privacy);
  assert.equal(await page.innerText('#notice'), '');

  await page.evaluate(() => {
    location.hash = '#lang=en';
  });
  await page.waitForSelector('html[lang="en"]');
  assert.equal(await page.innerText('#start-title'), STATIC.drop);
  assert.deepEqual(errors, []);
});

test('a language that the page does not have is said, and the browser’s next one is used', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file', { locale: 'fr-FR' });
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  assert.ok(englishIn(await seen(page)).length > 30, 'English is found where it is');
  await page.evaluate(() => {
    location.hash = '#lang=fr';
  });
  await page.waitForFunction(() => document.querySelector('#notice')?.textContent !== '');
  assert.equal(await page.innerText('#notice'), EN.settings.unknownOne('lang=fr'));
  assert.equal(await page.evaluate(() => location.hash), '');
  assert.deepEqual(errors, []);
});

test('results that were not saved are not lost by a change of language without a question', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  await page.click('#sample');
  await reached(page, 'done');
  const asked = page.waitForEvent('dialog');
  const chosen = page.selectOption('#language', 'de');
  const dialog = await asked;
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.dismiss();
  await chosen;
  assert.equal(await page.getAttribute('html', 'data-state'), 'done');
  assert.equal(await page.inputValue('#language'), 'en');
});
