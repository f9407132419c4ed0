// Charts: each can be read without being seen; one subject over time.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { followed } from './form.mjs';
import { choose, explore, launch, openPage, part, reached, rowsOut } from './harness.mjs';
import { longest } from './trace.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('every chart is there, says its words, and has a table; a subject is chosen and zoomed into', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  assert.equal(await page.locator('#charts canvas').count(), 0, 'nothing is drawn before it is seen');
  const drawing = await longest(browser, page, async () => {
    await explore(page, 'charts');
    await page.waitForSelector('#charts .measures tbody tr');
    await page.waitForTimeout(300);
  });
  t.diagnostic(`longest task while the charts are made: ${drawing.cpu} ms (by the clock ${drawing.wall} ms)`);
  assert.ok(drawing.cpu > 0);

  const rows = await rowsOut(page);
  const funnel = await page.innerText('.funnel');
  for (const table of [
    'customer_landing',
    'customer_trusted',
    'customer_curated',
    'accelerometer_trusted',
    'step_trainer_trusted',
    'machine_learning_curated',
  ]) {
    assert.ok(funnel.includes(rows[table].toLocaleString('en-US')), table);
  }
  assert.match(funnel, /Joined: [\d,]+ rows of \d+ subjects/);
  const names = await page.$$eval('#charts [role="img"]', (plots) =>
    plots.map((plot) => plot.getAttribute('aria-label') ?? ''),
  );
  assert.equal(names.length, 6);
  assert.match(
    names[0],
    new RegExp(
      `Readings over time.*machine_learning_curated ${rows.machine_learning_curated.toLocaleString('en-US')} rows`,
    ),
  );
  assert.match(names[1], /Rows per subject\. \d+ subjects: \d+ to \d+ rows/);
  assert.match(names[2], /distancefromobject from -?[\d.]+ to [\d.]+/);
  assert.equal(await page.locator('#charts canvas').count(), 6);

  for (const details of await page.locator('#charts details').all()) await details.locator('summary').click();
  const bins = await page.$$eval('[aria-label="Readings over time"] tbody tr', (all) =>
    all.map((row) => Number(row.lastElementChild?.textContent?.replaceAll(',', ''))),
  );
  assert.equal(
    bins.reduce((a, b) => a + b, 0),
    rows.machine_learning_curated,
    'the table has all that the chart has',
  );

  const meanings = await page.locator('[aria-label="One subject"] .what').allInnerTexts();
  assert.deepEqual(
    meanings.map((words) => words.split(':')[0]),
    ['distancefromobject', 'x', 'y', 'z'],
  );
  for (const words of meanings) assert.match(words, /^\w+: \w.+, in the unit of the export$/);
  for (const [table, measured, rate, span] of await profiles(page, 3)) {
    assert.match(`${table} ${rate} ${span}`, /^(accelerometer|step|machine)\w+ 0\.\d+ Hz [\d.,]+ (s|min)$/);
    assert.match(measured, /^[\d,]+$/);
  }
  const words = () => page.innerText('[aria-label="One subject"] [role="status"]');
  const first = await words();
  const count = (/** @type {string} */ text) => Number(/([\d,]+) rows?/.exec(text)?.[1].replaceAll(',', ''));
  const changed = (/** @type {string} */ from) =>
    page.waitForFunction(
      (text) =>
        /** @type {HTMLElement} */ (document.querySelector('[aria-label="One subject"] [role="status"]')).innerText !==
        text,
      from,
    );
  await page.selectOption('[aria-label="Subject"]', { index: 3 });
  await changed(first);
  const whole = await words();
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await changed(whole);
  const half = await words();
  assert.ok(count(half) < count(whole) * 0.7, `${half} of ${whole}`);
  const over = await page.locator('[aria-label="One subject"] .u-over').nth(1).boundingBox();
  assert.ok(over);
  await page.mouse.move(over.x + over.width * 0.4, over.y + 20);
  assert.notEqual(
    await page.innerText('.measures tbody tr:first-child td:last-child'),
    '–',
    'the pointer is on every chart at once',
  );
  await page.mouse.down();
  await page.mouse.move(over.x + over.width * 0.6, over.y + 20, { steps: 4 });
  await page.mouse.up();
  await changed(half);
  assert.ok(count(await words()) < count(half) * 0.5, await words());
  await page.getByRole('button', { name: 'Reset zoom' }).click();
  await page.waitForFunction(
    (text) =>
      /** @type {HTMLElement} */ (document.querySelector('[aria-label="One subject"] [role="status"]')).innerText ===
      text,
    whole,
  );
  assert.deepEqual(errors, []);
});

/**
 * The profiles of the subject that is shown, once all are known.
 * @param {import('playwright-core').Page} page
 * @param {number} number of them
 */
async function profiles(page, number) {
  await page.waitForFunction((number) => {
    const rows = [...document.querySelectorAll('#charts .profiles tbody tr')];
    return rows.length === number && rows.every((row) => row.children[1].textContent !== '–');
  }, number);
  return shownProfiles(page);
}

/** @param {import('playwright-core').Page} page */
const shownProfiles = (page) =>
  page.$$eval('#charts .profiles tbody tr', (rows) =>
    rows.map((row) => [...row.children].map((cell) => cell.textContent?.replaceAll('\u00a0', ' ') ?? '')),
  );

/** A person with two devices, whose phone is read fifty times a second, and one with a single pair. */
function twoPeople() {
  const START = 1_655_000_000_000;
  const customers = [
    ['a', 's1'],
    ['a', 's2'],
    ['b', 's3'],
  ].map(([name, serialNumber]) => ({
    email: `${name}@example.org`,
    serialNumber,
    shareWithResearchAsOfDate: START,
  }));
  const reading = (/** @type {string} */ name, /** @type {number} */ at) => ({
    user: `${name}@example.org`,
    timestamp: START + 20 * at,
    x: 0.5,
    y: at === 50 ? 999 : at,
    z: -at,
  });
  const readings = [...Array.from({ length: 101 }, (_, at) => reading('a', at)), reading('b', 0)];
  const steps = /** @type {const} */ ([
    [0, 's1', 10],
    [1000, 's1', 5000],
    [2000, 's1', 12],
    [7, 's2', 3],
    [7, 's2', 3],
    [0, 's3', 9],
  ]).map(([after, serialNumber, distanceFromObject]) => ({
    sensorReadingTime: START + after,
    serialNumber,
    distanceFromObject,
  }));
  return Object.entries({ customers, readings, steps }).map(([name, records]) => ({
    name: `${name}.json`,
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(records)),
  }));
}

test('what each sensor of a subject measured stands beside the pairs, wherever its owner is known', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await page.setInputFiles('#files', twoPeople());
  await reached(page, 'done');
  await explore(page, 'charts');
  const phone = ['accelerometer_trusted', '101', '50 Hz', '2 s', '0', '0', '1', 'x'];
  const trainer = ['step_trainer_trusted', '3', '1 Hz', '2 s', '0', '0', '1', '–'];
  const pairs = ['machine_learning_curated', '3', '1 Hz', '2 s', '0', '0', '2', 'x'];
  const other = ['step_trainer_trusted', '2', '0 Hz', '0 s', '0', '1', '0', 'distancefromobject'];
  assert.deepEqual(await profiles(page, 4), [phone, trainer, other, pairs]);
  await page.selectOption('[aria-label="Subject"]', { index: 1 });
  const single = ['1', '0 Hz', '0 s', '0', '0', '0', '–'];
  assert.deepEqual(
    await profiles(page, 3),
    [phone, trainer, pairs].map(([table]) => [table, ...single]),
  );
  assert.doesNotMatch(await page.innerText('#charts'), /example\.org/, 'nobody is named');
  await page.selectOption('[aria-label="Subject"]', { index: 0 });
  await profiles(page, 4);

  for (const identity of ['serial', 'pseudonym']) {
    await part(page, 'result');
    await choose(page, { identity });
    await followed(page);
    await explore(page, 'charts');
    const wanted = identity === 'serial' ? [phone, trainer, pairs] : [phone, trainer, other, pairs];
    assert.deepEqual(await profiles(page, wanted.length), wanted, identity);
  }

  // A lake that the browser keeps is without its key.
  await part(page, 'result');
  await page.waitForSelector('#save-lake:enabled');
  await page.press('#save-lake', 'Enter');
  await page.waitForSelector('#saved-lakes li');
  await page.reload();
  await page.press('#saved-lakes button:has-text("Open")', 'Enter');
  await reached(page, 'done');
  await explore(page, 'charts');
  const last = '#charts .profiles tbody tr:last-child td';
  await page.waitForFunction((last) => document.querySelector(last)?.textContent === '3', last);
  const unknown = ['–', '–', '–', '–', '–', '–', '–'];
  assert.deepEqual(await shownProfiles(page), [[phone[0], ...unknown], [trainer[0], ...unknown], pairs]);
  assert.match(await page.innerText('#charts'), /can be found only with the key of the pseudonyms/);
  assert.deepEqual(errors, []);
});

for (const width of [390, 1440]) {
  test(`at ${width} pixels charts that are being made are as high as those that are there`, async (t) => {
    const { page, errors } = await openPage(t, browser, 'file', { viewport: { width, height: 900 } });
    await page.click('#sample');
    await reached(page, 'done');
    await page.evaluate(() => {
      const charts = document.querySelector('#charts > div');
      if (!(charts instanceof HTMLElement)) throw new Error('there is no place for charts');
      const observer = new MutationObserver(() => {
        if (charts.querySelectorAll('section > h3:only-child').length === 0) return;
        charts.dataset.waiting = String(charts.offsetHeight);
        observer.disconnect();
      });
      observer.observe(charts, { childList: true });
    });
    await explore(page, 'charts');
    await page.waitForSelector('#charts .measures tbody tr');
    const [waiting, made] = await page.$eval('#charts > div', (charts) => [
      Number(/** @type {HTMLElement} */ (charts).dataset.waiting),
      /** @type {HTMLElement} */ (charts).offsetHeight,
    ]);
    t.diagnostic(`${waiting} pixels, then ${made}`);
    assert.ok(Math.abs(waiting - made) < made * 0.1, `${waiting} pixels, then ${made}`);
    assert.deepEqual(errors, []);
  });
}

test('lines that lie on each other are all seen, and no label is cut at the end of the axis', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file', { viewport: { width: 1280, height: 900 } });
  // Every reading of either sensor is in one pair.
  await page.click('#sample-steps');
  await reached(page, 'done');
  const rows = await rowsOut(page);
  const shown = ['accelerometer_trusted', 'step_trainer_trusted', 'machine_learning_curated'];
  assert.equal(new Set(shown.map((table) => rows[table])).size, 1);
  await explore(page, 'charts');
  await page.waitForSelector('#charts .measures tbody tr');
  const seen = await page.$eval('[aria-label="Readings over time"] canvas', (canvas) => {
    const drawing = /** @type {HTMLCanvasElement} */ (canvas).getContext('2d');
    if (!drawing) throw new Error('nothing is drawn');
    const { data: pixels } = drawing.getImageData(0, 0, drawing.canvas.width, drawing.canvas.height);
    const style = getComputedStyle(canvas);
    return ['--one', '--two', '--three'].map((name) => {
      const color = style.getPropertyValue(name).trim();
      const wanted = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
      let found = 0;
      for (let at = 0; at < pixels.length; at += 4)
        if (wanted.every((part, i) => Math.abs(part - pixels[at + i]) < 24) && pixels[at + 3] > 128) found += 1;
      return found;
    });
  });
  for (const [at, count] of seen.entries()) assert.ok(count > 20, `${shown[at]} has ${count} pixels of ${seen}`);

  for (const width of [700, 900, 1100, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.plot')].every(
        (plot) => plot.clientWidth === plot.querySelector('.uplot')?.clientWidth,
      ),
    );
    const cut = await page.$$eval('#charts canvas', (all) =>
      all.map((canvas) => {
        const drawing = /** @type {HTMLCanvasElement} */ (canvas).getContext('2d');
        if (!drawing) throw new Error('nothing is drawn');
        const { width, height } = drawing.canvas;
        return drawing.getImageData(width - 2, 0, 2, height).data.some((value, at) => at % 4 === 3 && value > 0);
      }),
    );
    assert.deepEqual(
      cut,
      cut.map(() => false),
      `at ${width} pixels`,
    );
  }
  assert.deepEqual(errors, []);
});
