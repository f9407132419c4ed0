// What a finished run still knows: narrower options at once, and what it does when memory is short.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SAVED, choose, download, launch, openPage, reached, report, rowsOut, unbalanced } from './harness.mjs';
import { CHOICES } from '../../www/page/settings/choices.js';

/** @typedef {import('playwright-core').Page} Page */

/** What the form calls a value. @param {string} name @param {string} value */
const labelOf = (name, value) =>
  CHOICES.find((choice) => choice.name === name)?.choices.find((choice) => choice.value === value)?.label;

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const KEY = { name: 'key.txt', mimeType: 'text/plain', buffer: Buffer.from('one key for all runs') };

/** The five files. @param {Page} page @returns {Promise<Record<string, string>>} */
async function files(page) {
  /** @type {Record<string, string>} */
  const all = {};
  for (const table of SAVED) all[table] = (await download(page, table)).bytes.toString('base64');
  return all;
}

/**
 * Chooses, and waits until the page shows what that comes to.
 * @param {Page} page
 * @param {Record<string, string>} options
 */
async function follow(page, options) {
  await choose(page, options);
  await page.waitForFunction(() => document.documentElement.dataset.following === undefined);
}

/** From now on takes the time from each change of an option to its counts. @param {Page} page */
async function watchCounts(page) {
  await page.evaluate(() => {
    const own = /** @type {any} */ (globalThis);
    let since = 0;
    addEventListener(
      'input',
      () => {
        since = performance.now();
        own.countsTook = undefined;
      },
      true,
    );
    new MutationObserver(() => {
      if ('counted' in document.documentElement.dataset) own.countsTook ??= performance.now() - since;
    }).observe(document.documentElement, { attributes: true });
  });
}

/** @param {Page} page */
async function runSample(page) {
  await choose(page, { key: 'file' });
  await page.setInputFiles('#key-file', KEY);
  await page.click('#sample');
  await reached(page, 'done');
}

test('a narrower option shows at once what a run from the files comes to, byte for byte', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await runSample(page);
  const before = await rowsOut(page);
  await watchCounts(page);
  const times = [];
  const changes = [
    ['consent', 'as-of'],
    ['shared-serials', 'drop'],
    ['records', 'latest'],
    ['join', 'time'],
    ['consent', 'ever'],
  ];
  for (const [name, value] of changes) {
    await follow(page, { [name]: value });
    await page.waitForFunction(
      (words) => document.querySelector('#effect-what')?.textContent?.includes(words),
      `→ ${labelOf(name, value)}`,
    );
    times.push(
      `${name}=${value}: ${Math.round(await page.evaluate(() => /** @type {any} */ (globalThis).countsTook))} ms`,
    );
    assert.equal(await page.isVisible('#stale'), false);
    assert.equal(await page.getAttribute('html', 'data-state'), 'done');
  }
  t.diagnostic(`new counts after ${times.join(', ')}`);
  await follow(page, { join: 'owner', consent: 'as-of' });
  const rows = await rowsOut(page);
  assert.ok(rows.accelerometer_trusted < before.accelerometer_trusted);
  await page.waitForFunction(() =>
    /more left out \(before the consent date\)/.test(
      document.querySelector('#effect [data-changed="accelerometer_trusted"]')?.textContent ?? '',
    ),
  );
  const narrowed = await files(page);
  const told = await report(page);
  assert.deepEqual(unbalanced(told), []);
  assert.equal(told.options.consent, 'as-of');

  await page.click('#again');
  await reached(page, 'done');
  assert.deepEqual(await rowsOut(page), rows);
  assert.deepEqual((await report(page)).tables, told.tables);
  assert.deepEqual(await files(page), narrowed);
  assert.deepEqual(errors, []);
});

test('what was never kept needs the files, and the page says so', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await choose(page, { consent: 'as-of' });
  await page.click('#sample');
  await reached(page, 'done');
  const rows = await rowsOut(page);
  await follow(page, { consent: 'ever' });
  assert.equal(await page.isVisible('#stale'), true);
  assert.deepEqual(await rowsOut(page), rows, 'what is shown stays');
  await page.click('#again');
  await reached(page, 'done');
  assert.equal(await page.isVisible('#stale'), false);
  assert.ok((await rowsOut(page)).accelerometer_trusted > rows.accelerometer_trusted);
  await page.fill('#withdrawals', 'nobody@example.org');
  await page.waitForFunction(() => document.documentElement.dataset.following === undefined);
  assert.equal(await page.isVisible('#stale'), true);
  assert.deepEqual(errors, []);
});

/** By owner, and in the two ways in which a job searches the readings of everyone for those of its times. */
const PAIRINGS = [
  { join: 'owner', identity: 'pseudonym' },
  { join: 'time', identity: 'pseudonym' },
  { join: 'time', identity: 'serial' },
];

test('readings that outgrow memory go to the browser’s storage, and the files are the same', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await runSample(page);
  const whole = [];
  for (const pairing of PAIRINGS) {
    await follow(page, pairing);
    whole.push({ tables: (await report(page)).tables, files: await files(page) });
  }

  await page.addInitScript(() => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ transfer) {
      const request = message.request?.memory && { ...message.request, memory: 4 * 2 ** 20 };
      return post.call(this, request ? { ...message, request } : message, transfer);
    };
  });
  await page.reload();
  await choose(page, PAIRINGS[0]);
  await runSample(page);
  for (const [at, pairing] of PAIRINGS.entries()) {
    if (at > 0) {
      await follow(page, pairing);
      assert.equal(await page.isVisible('#stale'), true, 'what has left memory is not gone through again');
      await page.click('#again');
      await reached(page, 'done');
    }
    assert.deepEqual((await report(page)).tables, whole[at].tables);
    assert.deepEqual(await files(page), whole[at].files);
  }
  assert.deepEqual(errors, []);
});

test('a run that waits until a change is followed can be cancelled', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await runSample(page);
  await page.evaluate(async () => {
    const consent = /** @type {HTMLSelectElement} */ (document.querySelector('[name="consent"]'));
    consent.value = 'as-of';
    consent.dispatchEvent(new Event('input', { bubbles: true }));
    // The workers have been asked then, and have not answered.
    await new Promise((resolve) => setTimeout(resolve));
    for (const id of ['#again', '#cancel']) /** @type {HTMLElement} */ (document.querySelector(id)).click();
  });
  await page.waitForFunction(() => document.documentElement.dataset.following === undefined);
  assert.equal(await page.getAttribute('html', 'data-state'), 'cancelled');
  assert.match(await page.innerText('#status'), /^Cancelled/);
  await page.click('#again');
  await reached(page, 'done');
  assert.deepEqual(errors, []);
});
