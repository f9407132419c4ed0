// Manners: settings in the address, the whole job by keyboard, focus, and what axe-core says of what results lead to.
// Of each state of the page: axe-states.test.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeCheck } from './axe.mjs';
import { choose, explore, launch, openPage, pageFile, part, reached, report, rowsOut, today } from './harness.mjs';
import { pathToFileURL } from 'node:url';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Presses Tab until what has the focus fits. @param {Page} page @param {string} selector @param {string} [key] */
async function tabTo(page, selector, key = 'Tab') {
  for (let i = 0; i < 80; i += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${selector} is not reached with ${key}`);
}

/** @param {Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.id);

test('the whole job by keyboard: options, run, cancel, again, a table, save, self-test', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await tabTo(page, '[name="consent"]');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.inputValue('[name="consent"]'), 'as-of');

  await tabTo(page, '#sample', 'Shift+Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.getAttribute('html', 'data-state'), 'running');
  assert.equal(await focused(page), 'cancel', 'what had the focus is gone; the run’s own control has it now');
  await page.keyboard.press('Enter');
  assert.equal(await page.getAttribute('html', 'data-state'), 'cancelled');

  await tabTo(page, '#sample');
  await page.keyboard.press('Enter');
  await reached(page, 'done');
  assert.equal(await focused(page), 'again');
  assert.match(await page.innerText('#status'), /records from/);

  await tabTo(page, '[data-table="customer_trusted"] button');
  await page.keyboard.press(' ');
  assert.match(await page.innerText('#detail-title'), /customer_\s*trusted/);
  await tabTo(page, '#detail-actions [data-explore="rows"]');
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'explore-title', 'whoever goes to a part is at its heading');
  await page.waitForSelector('.grid[aria-label="Rows of customer_trusted"][aria-busy="false"]');
  await tabTo(page, '#tab-rows');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(page), 'tab-columns');
  await page.waitForSelector('[aria-label="Columns of customer_trusted"]');
  await tabTo(page, 'nav [data-part-link="result"]', 'Shift+Tab');
  await page.keyboard.press('Enter');

  await tabTo(page, '[data-download="machine_learning_curated"]');
  const saved = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  assert.equal(
    (await saved).suggestedFilename(),
    `stedi-machine_learning_curated-${today()}-consent-as-of.parquet`,
    'named by its day and options',
  );

  await tabTo(page, '#withdrawals');
  await page.keyboard.type('nobody@example.org');
  assert.equal(await page.isVisible('#stale'), true);
  await tabTo(page, '#again');
  await page.keyboard.press('Enter');
  await reached(page, 'done');
  assert.match(await page.innerText('#warnings'), /withdrawals match no/);
  assert.deepEqual(errors, []);

  await tabTo(page, 'nav [data-part-link="privacy"]', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await tabTo(page, '#self-test-target');
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () => /all refused/.test(document.querySelector('#self-test-verdict')?.textContent ?? ''),
    undefined,
    { timeout: 60_000 },
  );
});

test('files are chosen by keyboard', async (t) => {
  const { page } = await openPage(t, browser, 'http');
  // Waited for from the start: a key overtakes the request to be told of a chooser.
  const chooser = page.waitForEvent('filechooser');
  await tabTo(page, '#files');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles({
    name: 'c.json',
    mimeType: 'application/json',
    buffer: Buffer.from(
      JSON.stringify({
        customerName: 'a',
        email: 'a@example.org',
        serialNumber: 's',
        birthDay: '',
        phone: '',
        registrationDate: 1,
        lastUpdateDate: 1,
        shareWithResearchAsOfDate: 1,
      }),
    ),
  });
  await reached(page, 'done');
  assert.equal((await rowsOut(page)).customer_trusted, 1);
});

test('settings live in the address, and nothing else does', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  const hash = () => page.evaluate(() => location.hash);
  assert.equal(await hash(), '');
  await choose(page, { consent: 'as-of', 'shared-serials': 'drop', key: 'file' });
  await page.fill('#withdrawals', 'ann@example.org');
  assert.equal(await hash(), '#consent=as-of&shared-serials=drop');
  await choose(page, { consent: 'ever', 'shared-serials': 'keep' });
  assert.equal(await page.evaluate(() => location.href), pathToFileURL(pageFile).href);

  await page.goto('about:blank');
  await page.goto(
    `${pathToFileURL(pageFile).href}#join=time&identity=serial&consent=nonsense&withdrawals=a@b.c&other=1`,
  );
  assert.deepEqual(
    await page.$$eval('#options select', (selects) =>
      selects.map((select) => /** @type {HTMLSelectElement} */ (select).value),
    ),
    ['ever', 'any', 'exact', 'keep', 'keep', 'time', 'serial', 'exact', 'off', 'random', 'snappy'],
  );
  assert.equal(await page.inputValue('#withdrawals'), '');
  assert.equal(await page.isVisible('[data-choice="key"]'), false, 'the form follows');
  await page.evaluate(() => {
    location.hash = 'consent=as-of';
  });
  await page.waitForFunction(
    () =>
      document.querySelector('#options select')?.matches('[name="consent"]') &&
      /** @type {HTMLSelectElement} */ (document.querySelector('[name="consent"]')).value === 'as-of',
  );
  assert.equal(await page.inputValue('[name="join"]'), 'owner');
  await page.click('button[type="reset"]');
  await page.waitForFunction(() => location.hash === '');
});

test('what the run says is announced: a status for its course, an alert for what is in the way', async (t) => {
  const { page } = await openPage(t, browser, 'http');
  assert.equal(await page.getAttribute('#status', 'role'), 'status');
  assert.equal(await page.getAttribute('#notice', 'role'), 'alert');
  await choose(page, { key: 'file' });
  await page.click('#sample');
  assert.match(await page.innerText('#notice'), /key file/);
});

for (const reducedMotion of /** @type {const} */ (['reduce', 'no-preference'])) {
  test(`a change of part is seen to come, but nothing moves with reduced motion: ${reducedMotion}`, async (t) => {
    const { page } = await openPage(t, browser, 'file', { reducedMotion });
    const still = reducedMotion === 'reduce';
    await page.click('#sample');
    await page.waitForFunction(() => document.documentElement.dataset.state === 'running');
    if (still) assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
    await reached(page, 'done');
    await page.evaluate(() => {
      const own = /** @type {any} */ (globalThis);
      own.moved = /** @type {string[]} */ ([]);
      addEventListener('animationstart', ({ animationName }) => own.moved.push(animationName));
    });
    for (const place of /** @type {const} */ (['privacy', 'evidence', 'result'])) await part(page, place);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 100))));
    const moved = await page.evaluate(() => /** @type {any} */ (globalThis).moved);
    if (still) assert.deepEqual(moved, []);
    else assert.ok(moved.includes('arrive'), `${moved}`);
  });
}

/** Ways to see the page. @type {[words: string, options: import('playwright-core').BrowserContextOptions][]} */
const EYES = [
  ['in light', {}],
  ['in German', { locale: 'de-DE' }],
  ['in forced colours', { forcedColors: 'active' }],
];

for (const [words, options] of EYES) {
  test(`axe-core finds nothing in what the results lead to, ${words}`, async (t) => {
    const { page, errors } = await openPage(t, browser, 'http', options);
    const check = await axeCheck(page);
    await check('idle');
    await page.check('#defects');
    await page.click('#sample');
    await reached(page, 'done');
    await page.waitForSelector('#save-lake:enabled');
    await page.press('#save-lake', 'Enter');
    await page.waitForSelector('#saved-lakes li');
    await check('result, with a saved lake');
    await choose(page, { consent: 'as-of' });
    await page.waitForSelector('#effect:not([hidden])');
    await check('the effect of a change');
    await explore(page, 'customer_trusted');
    await page.click('#tab-sql');
    await page.waitForSelector('#sql code:not(:empty)');
    await check('SQL of a table');
    await explore(page, 'customer_landing');
    await page.click('#tab-table-rejects');
    await page.waitForSelector('#table-rejects tbody tr');
    await check('rejected records of a table');
    const buffer = Buffer.from(JSON.stringify(await report(page)));
    await part(page, 'compare');
    await page.setInputFiles('#earlier', { name: 'report.json', mimeType: 'application/json', buffer });
    await page.waitForSelector('#compare-result > *');
    await check('a comparison');
    assert.deepEqual(errors, []);
  });
}

test('forced colours leave the legend and the drawing theirs', async (t) => {
  const { page } = await openPage(t, browser, 'file', { forcedColors: 'active' });
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  assert.equal(await page.evaluate(() => matchMedia('(forced-colors: active)').matches), true);
  const colours = await page.$$eval('.legend :is(.kept, .filtered, .rejected)', (all) =>
    all.map((one) => getComputedStyle(one, '::before').backgroundColor),
  );
  assert.equal(new Set(colours).size, 3, `${colours}`);
  const drawn = await page.$eval('#lake path.kept', (path) => getComputedStyle(path).fill);
  assert.equal(drawn, colours[0], 'what is kept has the colour that the legend gives it');
});
