// The self-test against listening servers on loopback, TCP and UDP, that must see nothing; and, as a control,
// against a page whose policy and first script were cut out, which must be caught.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { basename } from 'node:path';
import { after, before, test } from 'node:test';
import { NAVIGATIONS } from '../../www/page/self-test/navigation-attempts.js';
import { REALMS } from '../../www/page/self-test/realm-attempts.js';
import { launch, openPage, pageFile, part, sqlPageFile } from './harness.mjs';
import { listen, soon } from './listen.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** @param {Page} page @param {string} host */
async function selfTest(page, host) {
  await part(page, 'privacy');
  await page.fill('#self-test-target', host);
  await page.click('#self-test button');
  await page.waitForFunction(
    () => /attempt/.test(document.querySelector('#self-test-verdict')?.textContent ?? ''),
    undefined,
    { timeout: 300_000 },
  );
  // A packet may be on its way still.
  await page.waitForTimeout(500);
  return page.$$eval('#self-test-results tbody tr', (rows) =>
    Object.fromEntries(
      rows.map((row) => [
        /** @type {HTMLElement} */ (row).dataset.way,
        [...row.querySelectorAll('td')].map((cell) => cell.dataset.by),
      ]),
    ),
  );
}

/** What needs the first script: other windows, and addresses that are gone to. */
const BY_SCRIPT = [...REALMS, ...NAVIGATIONS].map(({ way }) => way);
const EXPECTED = {
  fetch: ['policy', 'policy'],
  XMLHttpRequest: ['policy', 'policy'],
  WebSocket: ['policy', 'policy'],
  EventSource: ['policy', 'policy'],
  WebTransport: ['policy', 'policy'],
  'import()': ['policy', 'policy'],
  'a worker of another address': ['policy', 'policy'],
  RTCPeerConnection: ['script', 'absent'],
  sendBeacon: ['policy', undefined],
  image: ['policy', undefined],
  script: ['script', undefined],
  font: ['policy', undefined],
  video: ['script', undefined],
  form: ['script', undefined],
  frame: ['script', undefined],
  'style sheet': ['script', undefined],
  preconnect: ['script', undefined],
  importScripts: [undefined, 'policy'],
  ...Object.fromEntries(BY_SCRIPT.map((way) => [way, ['script', undefined]])),
};
for (const [by, file] of /** @type {const} */ ([
  ['http', pageFile],
  ['file', pageFile],
  ['http', sqlPageFile],
  ['file', sqlPageFile],
])) {
  test(`${basename(file)} over ${by}: every way out is refused as the page says, and nothing arrives`, async (t) => {
    const { seen, host } = await listen(t);
    const { page, requests } = await openPage(t, browser, by, {}, file);
    assert.deepEqual(await selfTest(page, host), EXPECTED);
    assert.deepEqual(seen, []);
    assert.match(await page.innerText('#self-test-verdict'), /all refused/);
    assert.deepEqual(requests, by === 'http' ? ['GET /'] : []);
    assert.equal(page.context().pages().length, 1, 'no window was opened');
  });
}

const POLICY = /<meta http-equiv="Content-Security-Policy"[^>]*>/;
const GUARD = /<script>.*?<\/script>/s;

/** The page with parts cut out, over http. @param {import('node:test').TestContext} t @param {...RegExp} parts */
async function without(t, ...parts) {
  const html = parts.reduce((text, part) => text.replace(part, ''), readFileSync(pageFile, 'utf8'));
  const server = createHttpServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const context = await browser.newContext();
  t.after(async () => {
    await context.close();
    server.close();
  });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`);
  return page;
}

/** It needs a hand at the page; or a name with two faces, which browsers read once. */
const UNSEEN = /picture in picture|two faces/;

test('control: without the policy and the first script, the self-test says so and the listeners see it', async (t) => {
  const { seen, host } = await listen(t);
  const page = await without(t, POLICY, GUARD);
  const outcomes = await selfTest(page, host);
  for (const way of [
    'fetch',
    'XMLHttpRequest',
    'WebSocket',
    'EventSource',
    'import()',
    'RTCPeerConnection',
    'sendBeacon',
    'image',
    'script',
    'form',
    'frame',
    'preconnect',
    ...BY_SCRIPT,
  ]) {
    assert.equal(outcomes[way]?.[0], 'nobody', way);
  }
  for (const way of ['fetch', 'importScripts', 'WebSocket'])
    assert.equal(outcomes[way]?.[1], 'nobody', `${way} of the worker`);
  assert.match(await page.innerText('#self-test-verdict'), /not refused: do not use/);
  for (const what of [
    'POST /fetch',
    'POST /xhr',
    'GET /socket',
    'GET /module.js',
    'POST /beacon',
    'GET /image',
    'GET /script.js',
    'POST /form',
    'GET /frame',
  ]) {
    assert.ok(await soon(() => seen.some((line) => line.startsWith(`TCP ${what}`))), `${what} was not seen`);
  }
  // What is said not to be refused was done to its end.
  const said = await page.$$eval('#self-test-results tbody tr', (rows) =>
    Object.fromEntries(
      rows.map((row) => [/** @type {HTMLElement} */ (row).dataset.way, row.querySelector('td')?.textContent]),
    ),
  );
  const done = BY_SCRIPT.filter((way) => !UNSEEN.test(way));
  for (const way of done) assert.equal(said[way], 'NOT REFUSED', way);
  const packets = REALMS.filter(({ way }) => done.includes(way)).length;
  assert.ok(await soon(() => seen.filter((what) => /^UDP/.test(what)).length >= packets), 'WebRTC sent its packets');
  for (const { way } of NAVIGATIONS) {
    if (!done.includes(way) || /preconnect/.test(way)) continue;
    const address = ` /${encodeURIComponent(way)}`;
    assert.ok(await soon(() => seen.some((line) => line.includes(address))), `${way}: no request was seen`);
  }
});

test('control: the policy alone refuses forms, frames and styles, not what the first script is for', async (t) => {
  const { seen, host } = await listen(t);
  const outcomes = await selfTest(await without(t, GUARD), host);
  for (const way of ['fetch', 'form', 'frame', 'style sheet', 'image', 'font', 'script', 'video'])
    assert.equal(outcomes[way][0], 'policy', way);
  for (const way of [
    'WebRTC of a frame by innerHTML',
    'WebRTC of a frame of a parsed document',
    'WebRTC of a frame of a fragment',
  ]) {
    assert.equal(outcomes[way][0], 'policy', `${way}: Trusted Types`);
  }
  for (const way of [
    'RTCPeerConnection',
    'WebRTC of a frame by a class of its own',
    'preconnect',
    'link that downloads',
  ])
    assert.equal(outcomes[way][0], 'nobody', way);
  assert.deepEqual(
    seen.filter((what) =>
      /^TCP [A-Z]+ \/(fetch|xhr|socket|events|image|font|video|script|style|form|frame)/.test(what),
    ),
    [],
    'no request was sent',
  );
});

test('the policy is shown word for word, each directive explained; a bad address is refused', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
  await part(page, 'privacy');
  await page.click('text=The policy, word for word');
  const shown = await page.$$eval('#policy dt', (terms) => terms.map((term) => term.textContent).join('; '));
  assert.equal(shown, policy);
  assert.ok(
    (await page.$$eval('#policy dd', (words) => words.map((word) => word.textContent ?? ''))).every(
      (words) => words.length > 10,
    ),
  );
  await page.fill('#self-test-target', 'nonsense');
  await page.click('#self-test button');
  assert.match(await page.innerText('#self-test-verdict'), /could not be run/);
});
