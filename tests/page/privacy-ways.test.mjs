// What the self-test cannot try, for it would destroy the page or needs another one beside it: the first script
// against forged built-ins and whatever empties the page, addresses, frames, and an origin that is shared.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, openPage, pageFile, reached, tempFolder } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/**
 * A host that keeps what is asked of it: `/` is given, `/attachment` is a file to save, all else is nothing.
 * @param {import('node:test').TestContext} t
 * @param {string} [html]
 */
async function host(t, html = readFileSync(pageFile, 'utf8')) {
  /** @type {string[]} */
  const seen = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/' || path === '/page') return response.setHeader('content-type', 'text/html').end(path === '/' ? html : readFileSync(pageFile));
    seen.push(`${request.method} ${path}`);
    if (path.startsWith('/attachment')) response.setHeader('content-disposition', 'attachment; filename=a').end('a');
    else response.writeHead(204).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  t.after(() => { server.closeAllConnections(); server.close(); });
  return { seen, url: `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}` };
}

/** The names of those ways that were not refused. @param {Page} page @param {string} ways the source of a function that gives them */
const notRefused = (page, ways) => page.evaluate(`(() => {
  const made = [];
  for (const [name, act] of Object.entries((${ways})())) {
    try { act(); made.push(name); } catch (error) { if (!/first script/.test(String(error))) made.push(name + ': ' + error); }
  }
  return made;
})()`);

test('the first script cannot be undone by a later one', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  const made = await notRefused(page, String(() => {
    const { prototype } = Document;
    const frame = () => document.createElement('iframe');
    return {
      deleted: () => { try { delete /** @type {any} */ (prototype).createElement; } catch { /* strict */ } return frame(); },
      defined: () => { Reflect.defineProperty(prototype, 'createElement', { value: () => 1 }); return frame(); },
      upper: () => document.createElement('IFRAME'),
      written: () => document.write('<iframe></iframe>'),
      opened: () => document.open(),
      designed: () => { document.designMode = 'on'; document.execCommand('insertHTML', false, '<iframe></iframe>'); },
      sent: () => /** @type {HTMLFormElement} */ (document.querySelector('#options')).submit(),
      instruction: () => document.createProcessingInstruction('xml-stylesheet', 'href="a.xsl"'),
      cookie: () => { document.cookie = 'a=b'; },
      script: () => { /** @type {HTMLScriptElement} */ (document.querySelector('script')).src = 'a'; },
      meta: () => /** @type {HTMLMetaElement} */ (document.querySelector('meta')).setAttribute('content', 'a'),
      removed: () => /** @type {HTMLMetaElement} */ (document.querySelector('meta')).removeAttribute('http-equiv'),
      copied: () => document.head.cloneNode(true),
      wholeCopied: () => document.cloneNode(true),
      drawn: () => document.createElementNS('http://www.w3.org/2000/svg', 'foreignObject'),
      other: () => document.createElementNS('urn:a', 'p'),
      named: () => /** @type {any} */ (document.createElement)({ toString: () => 'p' }),
      download: () => {
        const link = Object.assign(document.createElement('a'), { download: 'a' });
        link.href = URL.createObjectURL(new Blob(['a']));
        link.removeAttribute('download');
      },
      toggled: () => Object.assign(document.createElement('a'), { download: 'a' }).toggleAttribute('download', false),
      elsewhere: () => {
        const link = document.createElement('a');
        link.setAttributeNS('urn:a', 'download', '');
        link.href = URL.createObjectURL(new Blob(['a']));
      },
      cased: () => document.createElement('a').setAttribute('HREF', 'a'),
      blank: () => document.createElement('a').setAttribute('href', ' #a'),
      posing: () => {
        const drawing = document.createElementNS('http://www.w3.org/2000/svg', 'path');
        drawing.setAttribute('download', '');
        Object.setPrototypeOf(drawing, HTMLAnchorElement.prototype).setAttribute('href', 'blob:a');
      },
    };
  }));
  assert.deepEqual(made, []);
  assert.equal(await page.evaluate(() => document.querySelectorAll('iframe').length + window.length), 0);
  assert.equal(await page.evaluate(() => document.cookie), '');
});

test('it uses nothing that a later script can put in the place of a built-in', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  // What forges, and then tries, is in one function, so that the driver is not among the forged.
  const made = await page.evaluate(() => {
    const forge = (/** @type {any} */ owner, /** @type {string | symbol} */ name, /** @type {any} */ value) => {
      const own = Object.getOwnPropertyDescriptor(owner, name);
      if (own?.configurable !== false) Object.defineProperty(owner, name, { value, configurable: true, writable: true });
      return () => { if (own?.configurable !== false) own ? Object.defineProperty(owner, name, own) : delete owner[name]; };
    };
    const { log, keys } = { log: /** @type {string[]} */ ([]), keys: Reflect.ownKeys };
    const tries = /** @type {Record<string, () => unknown>} */ ({
      element: () => document.createElement('iframe'),
      spaced: () => document.createElementNS('http://www.w3.org/1999/xhtml', 'iframe'),
      link: () => { document.createElement('a').href = 'a'; },
      attribute: () => document.createElement('a').setAttribute('href', 'a'),
      meta: () => /** @type {Element} */ (document.querySelector('meta')).setAttribute('content', 'a'),
      copy: () => document.head.cloneNode(true),
      moved: () => document.body.append(/** @type {Element} */ (document.querySelector('link'))),
      history: () => history.pushState(null, '', '?a'),
    });
    const values = {
      true: () => true, false: () => false, undefined: () => undefined, zero: () => 0, hash: () => '#', p: () => 'p', null: () => null,
    };
    const owners = [String.prototype, RegExp.prototype, Array.prototype, Function.prototype, Object.prototype, Reflect, Object, Element.prototype, Node.prototype, Document.prototype, URL.prototype];
    const names = Object.keys(tries);
    for (let o = 0; o < owners.length; o += 1) {
      const all = keys(owners[o]);
      for (let k = 0; k < all.length; k += 1) {
        const name = all[k];
        if (name === 'constructor' || name === '__proto__' || name in tries || name === 'createElement' || name === 'createElementNS') continue;
        for (const [what, value] of Object.entries(values)) {
          if (['head', 'body', 'append', 'querySelector', 'setAttribute', 'cloneNode', 'entries', 'keys'].includes(String(name))) continue;
          const outcomes = [];
          const restore = forge(owners[o], name, value);
          for (let i = 0; i < names.length; i += 1) {
            try { tries[names[i]](); outcomes[outcomes.length] = names[i]; } catch { /* refused */ }
          }
          restore();
          for (const outcome of outcomes) log.push(`${String(name)} as ${what}: ${outcome}`);
        }
      }
    }
    return log;
  });
  assert.deepEqual(made, []);
});
