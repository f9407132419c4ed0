// A run's life on sample data: state, progress, cancel, refusing a second one, silence on the network.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  TABLES,
  counts,
  download,
  drop,
  goOn,
  launch,
  longestTask,
  openPage,
  part,
  paused,
  pausing,
  reached,
  report,
  rowsOut,
  tempFolder,
  today,
  unbalanced,
} from './harness.mjs';
import { makeExport } from './made.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('before a run: idle, the map of eight tables, nothing to save, and only one request', async (t) => {
  const { page, errors, urls, requests } = await openPage(t, browser, 'http');
  assert.equal(await page.getAttribute('html', 'data-state'), 'idle');
  assert.deepEqual(
    await page.$$eval('[data-table]', (cards) =>
      cards.map((card) => /** @type {HTMLElement} */ (card).dataset.table).sort(),
    ),
    [...TABLES].sort(),
  );
  assert.equal(await page.locator('[data-download]:visible').count(), 0);
  assert.match(await page.innerText('#wasm-sha256'), /^[0-9a-f]{64}$/);
  await page.waitForTimeout(500);
  assert.deepEqual(requests, ['GET /']);
  assert.equal(urls.filter((url) => !url.startsWith('blob:')).length, 1);
  assert.deepEqual(errors, []);
});

test('the core warms up by itself, unseen, and a run that comes meanwhile takes its place', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.addInitScript(() => {
    const own = /** @type {any} */ (globalThis);
    own.warm = [];
    own.Worker = class extends Worker {
      /** @param {any} message @param {any} transfer */
      postMessage(message, transfer) {
        super.postMessage(message, transfer);
        if (message.method !== 'warmUp') return;
        this.addEventListener('message', ({ data }) => {
          if (data.id === message.id) own.warm.push(data.kind);
        });
        if (sessionStorage.impatient) setTimeout(() => document.getElementById('sample')?.click());
      }
    };
  });
  await page.reload();
  await page.waitForFunction(() => /** @type {any} */ (globalThis).warm.length > 0);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).warm), ['result']);
  assert.equal(await page.getAttribute('html', 'data-state'), 'idle');
  assert.equal(await page.locator('[data-download]:visible').count(), 0);

  await page.evaluate(() => {
    sessionStorage.impatient = true;
  });
  await page.reload();
  await reached(page, 'done');
  assert.equal((await rowsOut(page)).accelerometer_landing, 744_413);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).warm), [], 'its warm-up never ended');
  assert.deepEqual(errors, []);
});

test('the page has no way out by WebRTC', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  const types = await page.evaluate(() =>
    ['RTCPeerConnection', 'webkitRTCPeerConnection'].map((name) => {
      try {
        /** @type {any} */ (globalThis)[name] = class {};
      } catch {
        /* frozen, as it should be */
      }
      delete (/** @type {any} */ (globalThis)[name]);
      return typeof (/** @type {any} */ (globalThis)[name]);
    }),
  );
  assert.deepEqual(types, ['undefined', 'undefined']);
});

test('sample data over http: it runs to the end, and nothing is asked of any server', async (t) => {
  const { page, errors, urls, requests } = await openPage(t, browser, 'http');
  await page.click('#sample');
  await reached(page, 'done');
  const rows = await rowsOut(page);
  assert.equal(rows.customer_landing, 999);
  assert.equal(rows.accelerometer_landing, 744_413);
  assert.equal(rows.step_trainer_landing, 239_760);
  assert.ok(rows.machine_learning_curated >= 350_000, `${rows.machine_learning_curated} rows`);
  const saved = await report(page);
  assert.deepEqual(unbalanced(saved), []);
  const { bytes } = await download(page, 'machine_learning_curated');
  assert.equal(bytes.subarray(0, 4).toString(), 'PAR1');

  assert.deepEqual(requests, ['GET /'], 'the server saw the page asked for, and nothing after it');
  assert.deepEqual(urls.filter((url) => !url.startsWith('blob:')).length, 1);
  assert.deepEqual(errors, []);
  const longest = await longestTask(page);
  t.diagnostic(`longest task of the main thread: ${longest ? `${longest} ms` : 'none over 50 ms'}`);
});

test('sample data with defects over file: rejects and what is not read are listed, the ledger balances', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  const saved = await report(page);
  assert.deepEqual(unbalanced(saved), []);
  assert.ok(saved.rejects_total > 0);
  await page.click('#verdict [data-explore="rejects"]');
  assert.equal(await page.isVisible('#rejects'), true, 'the number of them leads to them');
  const rejected = Object.values(await counts(page)).reduce((total, table) => total + table.rejected, 0);
  assert.equal(rejected, saved.rejects_total);

  await part(page, 'result');
  const link = page.locator('#verdict [data-explore="inputs"]');
  assert.equal(await link.innerText(), '12 used, 1 refused, 1 skipped, 1 left out, 1 duplicate');
  await link.press('Enter');
  assert.equal(await page.isVisible('#inputs'), true, 'so do those of inputs');
  for (const [status, words] of Object.entries({
    refused: /^accelerometer\/landing\/accelerometer-error\.json refused the file is XML or HTML, such as an/,
    left_out: /^customer\/trusted\/customer-000\.json left out it is in a folder named trusted, and there are/,
    duplicate: /^customer\/landing\/customer-000.* duplicate The same bytes as customer\/landing\/customer-000/,
    skipped: /^customer\/landing\/_SUCCESS skipped a marker or a checksum that a system has left beside the data/,
  })) {
    const row = page.locator(`#inputs tr[data-status="${status}"]`);
    assert.equal(await row.count(), 1, status);
    assert.equal(await row.isVisible(), true, status);
    assert.match((await row.locator('td').allInnerTexts()).join(' '), words);
  }
  const read = await page.locator('#inputs tr[data-status="used"]').allInnerTexts();
  assert.equal(read.length, 12);
  assert.ok(
    read.some((text) => /\d rejected \(.*not a number: \d/.test(text)),
    'a file that is used says what of it was rejected',
  );
  assert.deepEqual(errors, []);
});

test('more pairs than memory is planned for are refused with their number, and the next run is right', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  const folder = tempFolder(t);
  const records = {
    customers: ['{"email":"ann@example.org","serialNumber":"s","shareWithResearchAsOfDate":1}'],
    readings: Array(8000).fill('{"user":"ann@example.org","timestamp":5,"x":1,"y":2,"z":3}'),
    steps: Array(8000).fill('{"sensorReadingTime":5,"serialNumber":"s","distanceFromObject":7}'),
  };
  const paths = Object.entries(records).map(([name, lines]) => {
    writeFileSync(join(folder, name), lines.join('\n'));
    return join(folder, name);
  });
  await page.setInputFiles('#files', paths);
  await reached(page, 'failed');
  assert.match(await page.innerText('#status'), /would have 64,?000,?000 pairs or more .* memory is planned for/);
  assert.equal(await page.locator('[data-download]:enabled:visible').count(), 0);
  await page.setInputFiles('#files', makeExport(join(folder, 'export')));
  await page.waitForSelector('html:not([data-state="failed"])');
  await reached(page, 'done');
  assert.equal((await rowsOut(page)).machine_learning_curated, 4000);
  assert.deepEqual(errors, []);
});

test('cancel in the middle, at once; then run again to the end', async (t) => {
  const { page, errors } = await openPage(t, browser, 'http');
  await pausing(page, 0);
  await page.click('#sample');
  // In the middle: readings are coming in.
  await paused(page);
  assert.equal(await page.getAttribute('html', 'data-state'), 'running');
  const state = await page.evaluate(() => {
    /** @type {HTMLButtonElement} */ (document.querySelector('#cancel')).click();
    return document.documentElement.dataset.state;
  });
  assert.equal(state, 'cancelled', 'at once');
  assert.equal(
    await page.getAttribute('[data-table="accelerometer_landing"]', 'data-rows'),
    null,
    'no half counts stay',
  );
  await goOn(page);
  await page.waitForTimeout(500);
  assert.equal(
    await page.getAttribute('html', 'data-state'),
    'cancelled',
    'nothing of the cancelled run comes after it',
  );
  assert.equal(await page.getAttribute('[data-table="accelerometer_landing"]', 'data-rows'), null);
  assert.match(await page.innerText('#status'), /^Cancelled/);

  await page.click('#again');
  await reached(page, 'done');
  assert.equal((await rowsOut(page)).accelerometer_landing, 744_413);
  assert.deepEqual(errors, []);
});

test('while a run goes on, other files are refused, and it goes on', async (t) => {
  const other = join(tempFolder(t), 'other.json');
  writeFileSync(other, '{}');
  const { page } = await openPage(t, browser, 'http');
  const before = await page.locator('#drop').boundingBox();
  assert.ok(before);
  await page.click('#sample');
  await page.setInputFiles('#files', other);
  assert.match(await page.innerText('#notice'), /under way/);
  assert.equal(await page.getAttribute('html', 'data-state'), 'running');
  await page.click('#cancel');
  await drop(page, [other]);
  await reached(page, 'failed');
  assert.match(await page.innerText('#inputs'), /other\.json/);
});

test('a sample in which people walk runs, and when their steps were can be saved', async (t) => {
  const { page, errors } = await openPage(t, browser, 'file');
  await page.click('#sample-steps');
  await reached(page, 'done');
  assert.ok((await rowsOut(page)).machine_learning_curated > 10_000);
  const { name, bytes } = await download(page, 'labels');
  assert.equal(name, `stedi-steps-${today()}.ndjson`);
  const lines = bytes.toString().trimEnd().split('\n');
  assert.ok(lines.length > 100);
  assert.deepEqual(Object.keys(JSON.parse(lines[0])), ['person', 'device', 'stepTime']);
  const { inputs } = await report(page);
  assert.ok(
    inputs.every((/** @type {{ status: string }} */ { status }) => status === 'used'),
    'the labels are no input',
  );
  await page.click('#sample');
  await page.click('#replace-yes');
  await page.waitForSelector('html[data-state="running"], html[data-state="done"]');
  await reached(page, 'done');
  assert.equal(await page.isVisible('#labels-note'), false, 'the plain sample has no steps');
  assert.deepEqual(errors, []);
});
