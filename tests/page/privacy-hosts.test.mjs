// What the host of the page does: the headers of `make serve`, and an origin that is shared.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, pageFile, reached } from './harness.mjs';
import { OTHER, host } from './host.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** `make serve`. @param {import('node:test').TestContext} t */
async function served(t) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const server = spawn(process.execPath, [join(root, 'scripts/serve.mjs')], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => server.kill());
  const [said] = await once(server.stdout, 'data');
  const [url] = /http:\S+\//.exec(String(said)) ?? [];
  assert.ok(url);
  return url;
}

test('make serve sends the policy, and what keeps frames and openers out, as headers', async (t) => {
  const url = await served(t);
  const response = await fetch(url);
  const [, policy] =
    /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(readFileSync(pageFile, 'utf8')) ?? [];
  assert.deepEqual(
    Object.fromEntries(
      ['content-security-policy', 'cross-origin-opener-policy', 'x-frame-options', 'x-content-type-options'].map(
        (name) => [name, response.headers.get(name)],
      ),
    ),
    {
      'content-security-policy': `${policy}; frame-ancestors 'none'`,
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
    },
  );
  for (const path of ['SHA256SUMS', 'none', '../package.json']) {
    const other = await fetch(url + path);
    assert.equal(other.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(other.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'");
  }
  const page = await (await browser.newContext()).newPage();
  t.after(() => page.context().close());
  await page.goto(url);
  await page.click('#sample');
  await reached(page, 'done');
});

test('a page of the same origin that opens this one reads it, unless it is served as make serve does', async (t) => {
  const { url } = await host(t, OTHER);
  const isolated = await served(t);
  const page = await (await browser.newContext()).newPage();
  t.after(() => page.context().close());
  /** What the opener sees, once the page is there. @param {string} to */
  const peek = async (to) => {
    const opened = page.waitForEvent('popup');
    await page.evaluate((address) => {
      /** @type {any} */ (globalThis).opened = open(address);
    }, to);
    const own = await opened;
    await own.waitForLoadState();
    await own.waitForSelector('#options select', { state: 'attached' });
    return page.evaluate(() => {
      const { opened: other } = /** @type {{ opened: Window }} */ (/** @type {unknown} */ (globalThis));
      try {
        return other.document.querySelector('header h1')?.textContent;
      } catch {
        return 'refused';
      }
    });
  };
  await page.goto(`${url}/`);
  assert.equal(await peek(`${url}/page`), 'STEDI Lakehouse', 'README and SECURITY.md say so');
  // Another page of that origin, which does not isolate itself.
  await page.route(`${isolated}other`, (route) => route.fulfill({ contentType: 'text/html', body: OTHER }));
  await page.goto(`${isolated}other`);
  assert.equal(await peek(isolated), 'refused');
  await page.goto(`${url}/`);
  await page.setContent(`<iframe src="${isolated}"></iframe>`);
  await page.waitForTimeout(500);
  assert.equal(
    await page.frames()[1]?.evaluate(() => document.querySelector('#framed')),
    null,
    'nor does a browser show it in a frame',
  );
});
