// What the page shows belongs to one set of settings, its own: while the form has others, nothing can be taken out.
// All by the keys and clicks of a reader.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ALL, PERSON, allClosed, allOpen, followed, move, people, saves, subjects, withdraw } from './form.mjs';
import {
  drop,
  goOn,
  launch,
  openPage,
  paused,
  pausing,
  reached,
  report,
  rowsOut,
  tempFolder,
  today,
} from './harness.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A page with a run. @param {import('node:test').TestContext} t @param {'http' | 'file'} [by] */
async function withRun(t, by = 'http') {
  const files = makeExport(tempFolder(t));
  const opened = await openPage(t, browser, by);
  await opened.page.setInputFiles('#files', files);
  await reached(opened.page, 'done');
  return { ...opened, files };
}

test('withdrawals typed after a run close every save, until they are undone or run again', async (t) => {
  const { page, errors } = await withRun(t);
  await allOpen(page);
  assert.ok((await people(page, 'customer_trusted')).has(PERSON));
  /** @type {string[]} */
  /** @type {unknown[]} */
  const taken = [];
  page.on('download', (file) => taken.push(file.suggestedFilename()));

  await withdraw(page, PERSON);
  await allClosed(page, /do not use your new settings.*Changed: Withdrawals/s);
  for (const name of ALL) {
    const button = page.locator(`[data-download="${name}"], #${name}`);
    // "Run again" has its place in the bar now.
    if (name === 'package') assert.equal(await button.isVisible(), false);
    else {
      await button.scrollIntoViewIfNeeded();
      const box = await button.boundingBox();
      assert.ok(box);
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      await button.focus();
      for (const key of ['Enter', ' ']) await page.keyboard.press(key);
    }
    // Neither by a hand that opens the button itself.
    await button.evaluate((/** @type {HTMLButtonElement} */ opened) => {
      opened.disabled = false;
      opened.click();
    });
  }
  await page.waitForTimeout(500);
  assert.deepEqual(taken, []);
  assert.equal(await page.isVisible('#saved-lakes'), false, 'nothing was kept');

  await page.click('#undo');
  assert.equal(await page.inputValue('#withdrawals'), '');
  await allOpen(page);
  await withdraw(page, 'p');
  await allClosed(page, /Withdrawals/);
  await page.keyboard.press('Backspace');
  await allOpen(page);
  await withdraw(page, ' \n');
  await allOpen(page);

  await withdraw(page, PERSON);
  await page.focus('#stale-again');
  await page.keyboard.press('Enter');
  await reached(page, 'done');
  await allOpen(page);
  for (const table of /** @type {const} */ (['customer_trusted', 'accelerometer_trusted', 'customer_curated'])) {
    const left = await people(page, table);
    assert.ok(left.size > 0 && !left.has(PERSON), table);
  }
  assert.deepEqual(errors, []);
});

test('a form that changed without an event is noticed when something is to be saved', async (t) => {
  const { page, errors } = await withRun(t, 'file');
  /** @type {unknown[]} */
  const taken = [];
  page.on('download', (file) => taken.push(file));
  await page.$eval(
    '#withdrawals',
    (list, person) => {
      /** @type {HTMLTextAreaElement} */ (list).value = person;
    },
    PERSON,
  );
  assert.equal(await page.isEnabled('[data-download="customer_trusted"]'), true);
  await page.focus('[data-download="customer_trusted"]');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(300);
  assert.deepEqual(taken, []);
  assert.deepEqual((await saves(page)).open, []);
  assert.deepEqual(errors, []);
});

test('options changed during a run: it keeps those of its start, and the change is followed at its end', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await pausing(page, 0);
  await page.setInputFiles('#files', makeExport(tempFolder(t), 20, 2000));
  await paused(page);
  await move(page, 'consent');
  assert.match(await page.innerText('#stale'), /still uses the settings from its start.*Consent time/s);
  assert.deepEqual((await saves(page)).open, []);
  await goOn(page);
  await reached(page, 'done');
  await followed(page);
  assert.equal(await page.isVisible('#stale'), false, 'a narrower option is followed');
  assert.equal((await report(page)).options.consent, 'as-of');
  assert.deepEqual(errors, []);
});

test('what cannot be followed after a run is said, and its results are those of its start', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await pausing(page, 0);
  await move(page, 'consent');
  await page.setInputFiles('#files', makeExport(tempFolder(t), 20, 2000));
  await paused(page);
  await withdraw(page, PERSON);
  await move(page, 'consent', 'ArrowUp');
  await goOn(page);
  await reached(page, 'done');
  await followed(page);
  await allClosed(page, /do not use your new settings.*Changed: Consent time, Withdrawals/s);
  await page.click('#undo');
  assert.equal(await page.inputValue('[name="consent"]'), 'as-of');
  const { options } = await report(page);
  assert.deepEqual([options.consent, options.withdrawals], ['as-of', 0]);

  await withdraw(page, PERSON);
  await page.click('#again');
  await reached(page, 'done');
  await allOpen(page);
  assert.equal((await report(page)).options.withdrawals, 1);
  assert.equal((await people(page, 'accelerometer_trusted')).has(PERSON), false);
  assert.deepEqual(errors, []);
});

test('another key closes every save, and the key file comes back when that is undone', async (t) => {
  const { page, errors } = await withRun(t);
  // At the edge of the window: the notice does not lie over what is changed.
  await page.focus('[name="key"]');
  await page.$eval('[name="key"]', (select) => select.scrollIntoView({ block: 'end' }));
  await page.keyboard.press('ArrowDown');
  const [changed, notice] = await Promise.all(
    ['[name="key"]', '#stale'].map((place) => page.locator(place).boundingBox()),
  );
  assert.ok(changed && notice && changed.y + changed.height <= notice.y, `${changed?.y} is above ${notice?.y}`);
  await allClosed(page, /Changed: Key of the pseudonyms/);
  await move(page, 'key', 'ArrowUp');
  await allOpen(page);

  await move(page, 'key');
  const buffer = (/** @type {string} */ text) => ({
    name: `${text}.key`,
    mimeType: 'text/plain',
    buffer: Buffer.from(text),
  });
  await page.setInputFiles('#key-file', buffer('one'));
  await page.click('#stale-again');
  await reached(page, 'done');
  assert.equal(await page.isVisible('#key-note'), false, 'a given key is the reader’s own');
  const mine = await subjects(page);
  await page.setInputFiles('#key-file', buffer('two'));
  await allClosed(page, /Key of the pseudonyms/);
  await page.click('#undo');
  assert.equal(
    await page.$eval('#key-file', (input) => /** @type {HTMLInputElement} */ (input).files?.[0]?.name),
    'one.key',
  );
  assert.deepEqual(await subjects(page), mine);
  await page.click('#again');
  await reached(page, 'done');
  assert.deepEqual(await subjects(page), mine, 'it is read again');
  assert.deepEqual(errors, []);
});

/** Holds back calls of a method of workers, until `release` of the page. @param {Page} page @param {string} method */
function hold(page, method) {
  return page.evaluate((held) => {
    const own = /** @type {any} */ (globalThis);
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ transfer) {
      const send = () => post.call(this, message, transfer);
      if (message?.method !== held || own.released) return send();
      own.holds = true;
      own.release = () => {
        own.released = true;
        send();
      };
    };
  }, method);
}

test('a change that is undone while it is followed leaves the results, and opens them at once', async (t) => {
  const { page, errors } = await withRun(t);
  await page.waitForSelector('[data-download="report"]:enabled');
  const rows = await rowsOut(page);
  await hold(page, 'rerun');
  await move(page, 'shared-serials');
  await page.waitForFunction(() => /** @type {any} */ (globalThis).holds);
  await allClosed(page, /Applying your new settings/);
  await move(page, 'shared-serials', 'ArrowUp');
  await allOpen(page);
  await page.evaluate(() => /** @type {any} */ (globalThis).release());
  await page.waitForTimeout(500);
  await allOpen(page);
  assert.deepEqual(await rowsOut(page), rows);
  assert.equal(await page.isVisible('#effect'), false, 'no other results have been there');
  assert.equal((await report(page)).options.shared_serials, 'keep');
  assert.deepEqual(errors, []);
});

test('a saved lake that is opened while a change is followed is what the page shows', async (t) => {
  const { page, errors } = await withRun(t);
  await withdraw(page, PERSON);
  await page.click('#again');
  await reached(page, 'done');
  await page.waitForSelector('#save-lake:enabled');
  await page.press('#save-lake', 'Enter');
  await page.waitForSelector('#saved-lakes li');
  const kept = await rowsOut(page);
  await page.fill('#withdrawals', '');
  await page.click('#again');
  await reached(page, 'done');
  assert.notDeepEqual(await rowsOut(page), kept);
  await page.waitForSelector('[data-download="report"]:enabled');
  await hold(page, 'rerun');
  await move(page, 'shared-serials');
  await page.waitForFunction(() => /** @type {any} */ (globalThis).holds);
  await page.click('#saved-lakes button:has-text("Open")');
  await page.click('#replace-yes');
  await page.waitForFunction(() => /earlier visit/.test(document.querySelector('#status')?.textContent ?? ''));
  await page.evaluate(() => /** @type {any} */ (globalThis).release());
  await page.waitForTimeout(500);
  assert.deepEqual(await rowsOut(page), kept);
  assert.match(await page.innerText('#status'), /earlier visit/);
  assert.equal((await report(page)).options.withdrawals, 1);
  assert.deepEqual(errors, []);
});

for (const [how, change, said] of /** @type {[string, (page: Page) => Promise<unknown>, RegExp][]} */ ([
  ['by the reader', (page) => withdraw(page, PERSON), /^Stopped: the settings were changed/],
  [
    'without an event',
    (page) =>
      page.$eval(
        '#withdrawals',
        (list, person) => {
          /** @type {HTMLTextAreaElement} */ (list).value = person;
        },
        PERSON,
      ),
    /^Not written: The settings were changed/,
  ],
])) {
  test(`a zip that is being packed when the settings are changed ${how} is not saved`, async (t) => {
    const { page, errors } = await withRun(t, 'file');
    /** @type {unknown[]} */
    const taken = [];
    page.on('download', (file) => taken.push(file));
    await page.waitForSelector('#export-zip:enabled');
    await hold(page, 'zip');
    await page.click('#export-lake');
    await page.press('#export-zip', 'Enter');
    await page.waitForFunction(() => /** @type {any} */ (globalThis).holds);
    await change(page);
    await page.evaluate(() => /** @type {any} */ (globalThis).release());
    await page.waitForFunction(
      (words) => new RegExp(words).test(document.querySelector('#export-status')?.textContent ?? ''),
      said.source,
    );
    await page.waitForTimeout(300);
    assert.deepEqual(taken, []);
    await page.fill('#withdrawals', '');
    const saved = page.waitForEvent('download');
    await page.press('#export-zip', 'Enter');
    assert.equal((await saved).suggestedFilename(), `stedi-lake-${today()}.zip`);
    assert.deepEqual(errors, []);
  });
}

test('a saved lake is opened with its own settings, and a change closes its saves', async (t) => {
  const { page, errors, files } = await withRun(t);
  await move(page, 'consent');
  await move(page, 'records');
  await withdraw(page, 'person2@example.org');
  await page.click('#again');
  await reached(page, 'done');
  await page.waitForSelector('#save-lake:enabled');
  await page.press('#save-lake', 'Enter');
  await page.waitForSelector('#saved-lakes li');
  await page.goto(page.url().replace(/#.*/, ''));
  await page.reload();
  assert.equal(await page.inputValue('[name="consent"]'), 'ever');

  await page.press('#saved-lakes button:has-text("Open")', 'Enter');
  await reached(page, 'done');
  assert.deepEqual(
    await page.$$eval('#options select', (all) => all.map((select) => /** @type {HTMLSelectElement} */ (select).value)),
    ['as-of', 'latest', 'exact', 'keep', 'keep', 'owner', 'pseudonym', 'exact', 'off', 'random', 'snappy'],
  );
  assert.match(page.url(), /#consent=as-of&records=latest$/);
  assert.match(await page.innerText('#status'), /list of 1 withdrawal\. The list itself is not saved/);
  const open = ALL.filter((name) => name !== 'key');
  const opened = async () => {
    await page.waitForSelector('[data-download="report"]:enabled');
    assert.deepEqual((await saves(page)).open.sort(), open);
  };
  await opened();
  await move(page, 'consent', 'ArrowUp');
  await allClosed(page, /Drop the files again, or undo the changes\. Changed: Consent time/);
  assert.equal(await page.isVisible('#stale-again'), false, 'it has no files to be run again');
  await page.click('#undo');
  assert.equal(await page.inputValue('[name="consent"]'), 'as-of');
  await opened();

  // Whoever is listed in the form is in these tables.
  await withdraw(page, PERSON);
  await allClosed(page, /Changed: Withdrawals/);
  await page.press('#saved-lakes button:has-text("Open")', 'Enter');
  await page.waitForFunction(() => document.querySelector('[data-download="report"]')?.hasAttribute('data-ready'));
  assert.equal(await page.inputValue('#withdrawals'), PERSON, 'what was typed stays');
  await allClosed(page, /Changed: Withdrawals/);
  await drop(page, files);
  await page.waitForFunction(() =>
    /records from 3 inputs \(/.test(document.querySelector('#status')?.textContent ?? ''),
  );
  const { options } = await report(page);
  assert.deepEqual([options.consent, options.withdrawals], ['as-of', 1]);
  assert.equal((await people(page, 'customer_trusted')).has(PERSON), false);
  assert.deepEqual(errors, []);
});

test('settings left open are closed where they would lie over the results of a narrow window', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file', { viewport: { width: 1280, height: 800 } });
  await page.click('#sample');
  await reached(page, 'done');
  assert.ok(await page.isVisible('#setup [name="consent"]'));
  await page.focus('[name="consent"]');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForSelector('#settings:not([open])');
  assert.ok(await page.evaluate(() => document.activeElement?.matches('#settings > summary')));
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.waitForSelector('#settings[open]');

  // Whoever opens the sheet keeps it.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForSelector('#settings:not([open])');
  await page.click('#settings > summary');
  await page.waitForSelector('html[data-settings]');
  await page.setViewportSize({ width: 844, height: 390 });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  assert.ok(await page.isVisible('#setup [name="consent"]'));
  assert.deepEqual(errors, []);
});
