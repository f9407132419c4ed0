// The page as a workspace: what is in sight after a run, parts with addresses, presets, the effect beside the change.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  download,
  drop,
  explore,
  launch,
  openPage,
  pageFile,
  part,
  reached,
  report,
  rowsOut,
  tempFolder,
  today,
  beyondWidth,
} from './harness.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/**
 * The page as a visitor gets it, with nothing unfolded.
 * @param {import('node:test').TestContext} t
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function visit(t, options) {
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(pathToFileURL(pageFile).href);
  return page;
}

/** Whether elements are in the window, and nothing lies over them. @param {Page} page @param {string[]} selectors */
async function inSight(page, selectors) {
  for (const selector of selectors) {
    const is = await page.$eval(selector, (element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return top >= 0 && bottom <= innerHeight && at !== null && (element.contains(at) || at.contains(element));
    });
    assert.ok(is, `${selector} is in sight`);
  }
}

const height = (/** @type {Page} */ page) => page.evaluate(() => document.documentElement.scrollHeight);

for (const [width, tall, most] of [
  [1440, 900, 3000],
  [390, 844, 5000],
]) {
  test(`right after a run, at ${width} × ${tall}: verdict, state and the download are in sight`, async (t) => {
    const page = await visit(t, { viewport: { width, height: tall } });
    assert.equal(await page.isVisible('#tables'), false, 'nothing empty is shown');
    await inSight(page, ['#files + label', '#sample']);
    await page.check('#defects');
    await page.click('#sample');
    await reached(page, 'done');
    await page.waitForSelector('#package:enabled');
    await inSight(page, ['#state', '#run-title', '#package']);
    assert.match(await page.innerText('#run-title'), /^Incomplete: \d+ people in the research table, \d+ left out$/);
    assert.equal(await page.innerText('#state'), 'Incomplete');
    const all = await height(page);
    t.diagnostic(`the page has ${all} pixels`);
    assert.ok(all < most, `${all} pixels`);
    for (const table of ['customer_trusted', 'accelerometer_trusted', 'customer_curated', 'step_trainer_trusted'])
      assert.equal(await page.isVisible(`[data-download="${table}"]`), false, `${table} is folded away`);

    // The effect of a change is in sight of the change.
    await page.click('#settings > summary');
    await page.selectOption('[name="consent"]', 'as-of');
    await page.waitForSelector('#effect:not([hidden])');
    await inSight(page, ['#effect-title', '[name="consent"]', '#state']);
    assert.equal(await beyondWidth(page), 0);
    await page.press('[name="consent"]', 'Escape');
    assert.equal(await page.isVisible('#effect'), false, 'it is closed by Escape');
    assert.ok(await page.isVisible('[name="consent"]'), 'alone');
    for (const [name, value] of /** @type {const} */ ([
      ['times', 'relative'],
      ['records', 'latest'],
    ])) {
      await page.selectOption(`[name="${name}"]`, value);
      await page.waitForFunction(
        (changed) => document.querySelector(`[data-choice="${changed}"]`)?.nextElementSibling?.id === 'effect',
        name,
      );
      await inSight(page, [`[name="${name}"]`, '#effect-title', '#effect-close']);
    }
    const covered = await page.$$eval('#options select', (all) => {
      const effect = document.querySelector('#effect')?.getBoundingClientRect();
      if (!effect) return ['no effect'];
      const isOver = (/** @type {DOMRect} */ { top, bottom }) => top < effect.bottom && bottom > effect.top;
      return all
        .filter((select) => isOver(select.getBoundingClientRect()) && select.checkVisibility())
        .map((select) => select.getAttribute('name'));
    });
    if (width >= 1080) assert.deepEqual(covered, [], 'it lies over no setting');
    await page.click('#effect-close');
    assert.equal(await page.isVisible('#effect'), false);
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'records');
    await page.press('[name="records"]', 'Escape');
    const isSheet = width < 1080;
    assert.equal(await page.isVisible('[name="consent"]'), !isSheet, 'a sheet is closed by Escape');

    // The withdrawals are one button away, and the first of the settings.
    if (!isSheet) await page.click('#settings > summary');
    await page.click('#to-withdrawals');
    await inSight(page, ['#withdrawals', '#state']);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'withdrawals');
    await page.click('#settings > summary');

    // Numbers lead to what they count.
    await page.press('[data-table="customer_landing"] button', 'Enter');
    await page.click('#detail .ledger .rejected button');
    await page.waitForSelector('#table-rejects tbody tr');
    assert.equal(await page.innerText('#table-title'), 'customer_landing');
    await part(page, 'result');
    await page.click('#detail .ledger .out button');
    await page.waitForSelector('.grid[aria-label^="Rows of customer_landing"]');
  });
}

/**
 * A run of an export whose files have records that are none.
 * @param {Page} page
 * @param {import('node:test').TestContext} t
 */
async function dropDefects(page, t) {
  const files = makeExport(tempFolder(t));
  for (const file of files) appendFileSync(file, '{"email": "cut@example.org", "serialNumber":\n');
  await drop(page, files);
}

/** @param {Page} page */
async function runSample(page) {
  await page.focus('#sample');
  await page.keyboard.press('Enter');
}

for (const [words, begin] of /** @type {const} */ ([
  ['the sample', runSample],
  ['a drop of files with defects', dropDefects],
]))
  test(`from ${words} to the download by keyboard, in at most eight stops`, async (t) => {
    const page = await visit(t);
    await begin(page, t);
    await reached(page, 'done');
    await page.waitForSelector('#export-zip:enabled');
    if (begin === dropDefects) assert.ok(await page.isVisible('#verdict [data-explore="rejects"]'), 'with rejects');
    const isDownload = () => page.evaluate(() => document.activeElement?.matches('#package, #export-zip') ?? false);
    let stops = 0;
    while (!(await isDownload()) && stops < 20) {
      await page.keyboard.press('Tab');
      stops += 1;
    }
    t.diagnostic(`${stops} stops`);
    assert.ok(stops <= 8, `${stops} stops`);
  });

test('the verdict has the figures of the report: people in, what is out by which rule', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file', { viewport: { width: 1280, height: 800 } });
  assert.match(await page.innerText('.promise'), /stay on your device, which your browser enforces/);
  await page.fill('#withdrawals', 'nobody@example.org');
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  assert.match(await page.innerText('#dropped'), /^(\S+\/, )?\d+ files, [\d.]+ MB$/);
  assert.ok(await page.isVisible('#dropped'), 'the bar says what was dropped');
  assert.equal(await page.isVisible('.promise'), false);
  const { tables, privacy, people, rejects_total } = await report(page);
  const number = (/** @type {number} */ value) => value.toLocaleString('en-US');
  // Some of them have several records.
  const all = people.admitted + people.left_out;
  assert.ok(people.left_out > 0 && all < tables.customer_landing.rows_out, `${all} people`);
  assert.equal(
    await page.innerText('#run-title'),
    `Incomplete: ${number(privacy.owners)} people in the research table, ${number(all - privacy.owners)} left out`,
  );
  const facts = Object.fromEntries(
    await page.$$eval('#verdict > div', (all) =>
      all.map(({ children }) => [...children].map(({ textContent }) => textContent)),
    ),
  );
  const { customer_landing: customers, machine_learning_curated: research } = tables;
  assert.equal(facts['Research table'], `${number(research.rows_out)} rows`);
  assert.equal(facts.Consent, `${number(people.admitted)} of ${number(all)} people`);
  assert.equal(facts.Withdrawals, '0 of 1 matched');
  assert.equal(facts.Rejected, `${number(rejects_total)} records`);
  const out = facts['Left out by rules'] ?? '';
  for (const [kind, all, kept] of [
    ['Customer records', customers.rows_out, tables.customer_curated.rows_out],
    ['Phone readings', tables.accelerometer_landing.rows_out, research.rows_matched],
    ['Step readings', tables.step_trainer_landing.rows_out, tables.step_trainer_trusted.rows_out],
  ])
    assert.ok(all > kept && out.includes(`${kind}: ${number(all - kept)} (`), `${kind}: ${all - kept} in ${out}`);
  assert.ok(out.includes('(no consent to research)'), `of one rule no number is said twice: ${out}`);
  const { no_consent: refused } = tables.accelerometer_trusted.filtered;
  assert.ok(out.includes(`(no consent to research ${number(refused)}, `), out);
  assert.deepEqual(errors, []);
});

test('parts have addresses: links, Back and Forward lead to them and keep the options', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  const hash = () => page.evaluate(() => location.hash);
  const shown = () => page.getAttribute('html', 'data-part');
  const focused = () => page.evaluate(() => document.activeElement?.id);
  await page.click('main [data-part-link="privacy"]');
  assert.deepEqual([await hash(), await shown(), await focused()], ['#part=privacy', 'privacy', 'privacy-title']);
  await part(page, 'result');
  assert.equal(await hash(), '');
  assert.equal(await page.isVisible('nav [data-part-link="explore"]'), false, 'there is nothing to explore yet');
  await page.click('#sample');
  await reached(page, 'done');
  await part(page, 'explore');
  await page.selectOption('[name="consent"]', 'as-of');
  assert.equal(await hash(), '#part=explore&consent=as-of');
  await part(page, 'evidence');
  assert.equal(await hash(), '#part=evidence&consent=as-of');
  await page.goBack();
  assert.deepEqual([await shown(), await hash()], ['explore', '#part=explore&consent=as-of']);
  await page.goBack();
  assert.deepEqual([await shown(), await hash()], ['result', '#consent=as-of'], 'the option is kept');
  assert.equal(await page.inputValue('[name="consent"]'), 'as-of');
  await page.goForward();
  await page.goForward();
  assert.deepEqual([await shown(), await focused()], ['evidence', 'evidence-title']);
  const visible = await page.$$eval('main > [data-in]', (all) =>
    all.filter((element) => element.checkVisibility()).map(({ id }) => id),
  );
  assert.deepEqual(visible, ['evidence'], 'one part is shown at a time');
  await part(page, 'privacy');
  await page.emulateMedia({ media: 'print' });
  for (const id of ['#run', '#tables', '#evidence', '#privacy']) assert.ok(await page.isVisible(id), `${id} in print`);
  await page.emulateMedia({ media: 'screen' });

  await page.goto('about:blank');
  await page.goto(`${pathToFileURL(pageFile)}#part=compare&records=latest`);
  assert.equal(await page.inputValue('[name="records"]'), 'latest');
  assert.ok(await page.isVisible('#no-results'), 'a part without results says where they come from');
  await page.goto('about:blank');
  await page.goto(`${pathToFileURL(pageFile)}#privacy`);
  assert.equal(await shown(), 'privacy', 'a link of an earlier version');
  assert.deepEqual(errors, []);
});

test('presets set the options that they name and leave withdrawals, key and compression alone', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  await page.fill('#withdrawals', 'ann@example.org');
  await page.selectOption('[name="compression"]', 'gzip');
  await page.click('[data-preset="strictest"]');
  assert.equal(await page.getAttribute('[data-preset="strictest"]', 'aria-pressed'), 'true');
  assert.equal(
    await page.evaluate(() => location.hash),
    '#consent=as-of&records=latest&emails=folded&shared-serials=drop&duplicates=drop&times=relative&compression=gzip',
  );
  await page.click('[data-preset="original"]');
  assert.equal(await page.getAttribute('[data-preset="strictest"]', 'aria-pressed'), 'false');
  const values = await page.$$eval('#options select', (all) =>
    Object.fromEntries(
      all.map((select) => [select.getAttribute('name'), /** @type {HTMLSelectElement} */ (select).value]),
    ),
  );
  assert.deepEqual(
    [values.consent, values.records, values.emails, values.duplicates],
    ['ever', 'any', 'exact', 'keep'],
  );
  assert.deepEqual(
    [values['shared-serials'], values.join, values.identity, values.times, values.compression],
    ['keep', 'time', 'serial', 'exact', 'gzip'],
  );
  assert.equal(await page.inputValue('#withdrawals'), 'ann@example.org');
  assert.match(await page.innerText('#settings-words'), /time only.*with withdrawals/);
});

test('the research package is named by its day and options; the evidence holds what the report holds', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.selectOption('[name="records"]', 'latest');
  await page.click('#sample');
  await reached(page, 'done');
  const research = await download(page, 'package');
  assert.equal(research.name, `stedi-research-${today()}-records-latest.zip`);
  const saved = await report(page);
  await part(page, 'evidence');
  const words = await page.innerText('#evidence-record');
  for (const { sha256 } of [...saved.outputs, ...saved.inputs]) assert.ok(words.includes(sha256), sha256);
  assert.ok(words.includes(saved.options.key_check));
  assert.match(words, /The latest record decides/);
  assert.ok(words.includes(`${saved.people.admitted} in customer_trusted, ${saved.people.left_out} left out`));
  // Its command is over the names in what was saved, which the record gives.
  assert.ok(research.bytes.includes('data/train-00000-of-00001.parquet'));
  assert.ok(words.includes('step_trainer/curated/part-00000.snappy.parquet'));
  assert.match(words, /find \. -name '\*\.parquet' -exec sha256sum/);
  for (const { rows_out } of Object.values(saved.tables)) assert.ok(words.includes(rows_out.toLocaleString('en-US')));
  assert.doesNotMatch(words, /@example\.com/, 'no value of a record');
  assert.deepEqual(errors, []);
});

test('rows of a table are filtered and sorted', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.click('#sample');
  await reached(page, 'done');
  const total = (await rowsOut(page)).accelerometer_trusted;
  await explore(page, 'accelerometer_trusted');
  const label = '.grid[aria-label="Rows of accelerometer_trusted"][aria-busy="false"]';
  await page.waitForSelector(label);
  const column = (/** @type {number} */ at) =>
    page.$$eval('.grid .body [role="row"]', (rows, cell) => rows.map((row) => row.children[cell].textContent), at);
  const count = async () => Number(await page.getAttribute('.grid', 'aria-rowcount')) - 1;
  const first = (await column(1))[0] ?? '';

  await page.selectOption('#rows-where', 'user');
  await page.fill('#rows-fits', first.toUpperCase());
  await page.keyboard.press('Enter');
  await page.waitForFunction((all) => Number(document.querySelector('.grid')?.ariaRowCount) < all, total);
  await page.waitForSelector(label);
  assert.ok((await column(1)).every((user) => user?.includes(first)));
  assert.match(await page.innerText('#seen'), new RegExp(`that fit, out of ${total.toLocaleString('en-US')}`));

  await page.selectOption('#rows-where', 'x');
  await page.fill('#rows-fits', '>= 1');
  await page.selectOption('#rows-sort', 'timestamp');
  await page.check('#rows-descending');
  await page.waitForFunction(
    () => /that fit/.test(document.querySelector('#seen')?.textContent ?? '') && document.querySelector('.grid .body'),
  );
  await page.waitForSelector(label);
  await page.waitForFunction(() => {
    const times = [...document.querySelectorAll('.grid .body [role="row"]')].map((row) => row.children[2].textContent);
    // Rows that are on their way have empty cells.
    const isNext = (/** @type {string | null} */ time, /** @type {number} */ at) =>
      time && (at === 0 || String(times[at - 1]) >= time);
    return times.length > 5 && times.every(isNext);
  });
  assert.ok((await column(3)).every((x) => Number(x) >= 1));
  const some = await count();
  assert.ok(some > 0 && some < total);

  await page.fill('#rows-fits', '> much');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /is no number/.test(document.querySelector('#rows-note')?.textContent ?? ''));
  await explore(page, 'customer_landing');
  assert.equal(await page.isVisible('#rows-order'), false, 'landing rows are read by their place only');
  await explore(page, 'accelerometer_trusted');
  await page.waitForSelector(label);
  assert.equal(await count(), total, 'a table is shown whole at first');
  assert.deepEqual(errors, []);
});

test('beside open settings no column of a table is cut: what does not fit scrolls in its box', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file', { viewport: { width: 1280, height: 800 } });
  await page.click('#sample');
  await reached(page, 'done');
  for (const table of ['machine_learning_curated', 'customer_trusted']) {
    await explore(page, table);
    await page.waitForSelector(`.grid[aria-label="Rows of ${table}"][aria-busy="false"]`);
    const seen = await page.$eval('.grid', (grid) => {
      const { left, right } = grid.getBoundingClientRect();
      const panel = document.querySelector('#explore')?.getBoundingClientRect();
      const setup = document.querySelector('#setup')?.getBoundingClientRect();
      grid.scrollTo({ left: grid.scrollWidth });
      const last = grid.querySelector('.head .row')?.lastElementChild?.getBoundingClientRect();
      return { left, right, panel: panel?.right ?? 0, setup: setup?.left ?? 0, last: last?.right ?? 0 };
    });
    assert.ok(seen.right <= seen.panel && seen.right <= seen.setup, JSON.stringify(seen));
    assert.ok(seen.right - seen.left > 700, `the rows of ${table} have ${seen.right - seen.left} pixels`);
    assert.ok(seen.last <= seen.right, 'the last column is reached');
    for (const tab of ['columns', 'sql']) {
      await page.click(`#tab-${tab}`);
      await page.waitForSelector(tab === 'sql' ? '#sql code:not(:empty)' : '#columns table');
      const cut = await page.$$eval(`#${tab} *`, (all) =>
        all
          .filter((one) => {
            const box = one.closest('.scroll, pre');
            const scrolls = box && getComputedStyle(box).overflowX !== 'visible';
            const limit = document.querySelector('#explore-view')?.getBoundingClientRect().right ?? 0;
            return !scrolls && one.getBoundingClientRect().right > limit + 1;
          })
          .map((one) => one.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(cut, [], `${tab} of ${table}`);
    }
    await page.click('#tab-rows');
  }
  assert.deepEqual(errors, []);
});
