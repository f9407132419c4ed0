// What the self-test cannot try, for it would destroy the page or needs another one beside it: the first script
// against forged built-ins and whatever empties the page, addresses and frames.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, openPage, pageFile, reached, tempFolder } from './harness.mjs';
import { OTHER, host } from './host.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
const shots = fileURLToPath(new URL('../../test-results', import.meta.url));
before(async () => {
  mkdirSync(shots, { recursive: true });
  browser = await launch();
});
after(() => browser.close());

/**
 * The names of those ways that were not refused.
 * @param {Page} page
 * @param {string} ways the source of a function that gives them
 */
const notRefused = (page, ways) =>
  page.evaluate(`(() => {
  const made = [];
  for (const [name, act] of Object.entries((${ways})())) {
    try {
      act();
      made.push(name);
    } catch (error) {
      if (!/first script/.test(String(error))) made.push(name + ': ' + error);
    }
  }
  return made;
})()`);

test('the first script cannot be undone by a later one', async (t) => {
  const { page } = await openPage(t, browser, 'file');
  const made = await notRefused(
    page,
    String(() => {
      const { prototype } = Document;
      const frame = () => document.createElement('iframe');
      return {
        deleted: () => {
          try {
            delete (/** @type {any} */ (prototype).createElement);
          } catch {
            /* strict */
          }
          return frame();
        },
        defined: () => {
          Reflect.defineProperty(prototype, 'createElement', { value: () => 1 });
          return frame();
        },
        upper: () => document.createElement('IFRAME'),
        written: () => document.write('<iframe></iframe>'),
        opened: () => document.open(),
        designed: () => {
          document.designMode = 'on';
          document.execCommand('insertHTML', false, '<iframe></iframe>');
        },
        sent: () => /** @type {HTMLFormElement} */ (document.querySelector('#options')).submit(),
        instruction: () => document.createProcessingInstruction('xml-stylesheet', 'href="a.xsl"'),
        cookie: () => {
          // biome-ignore lint/suspicious/noDocumentCookie: whether it is refused is the question.
          document.cookie = 'a=b';
        },
        script: () => {
          /** @type {HTMLScriptElement} */ (document.querySelector('script')).src = 'a';
        },
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
    }),
  );
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
      if (own?.configurable !== false)
        Object.defineProperty(owner, name, { value, configurable: true, writable: true });
      return () => {
        if (own?.configurable !== false) own ? Object.defineProperty(owner, name, own) : delete owner[name];
      };
    };
    const { log, keys } = { log: /** @type {string[]} */ ([]), keys: Reflect.ownKeys };
    const tries = /** @type {Record<string, () => unknown>} */ ({
      element: () => document.createElement('iframe'),
      spaced: () => document.createElementNS('http://www.w3.org/1999/xhtml', 'iframe'),
      link: () => {
        document.createElement('a').href = 'a';
      },
      attribute: () => document.createElement('a').setAttribute('href', 'a'),
      meta: () => /** @type {Element} */ (document.querySelector('meta')).setAttribute('content', 'a'),
      copy: () => document.head.cloneNode(true),
      moved: () => document.body.append(/** @type {Element} */ (document.querySelector('link'))),
      history: () => history.pushState(null, '', '?a'),
    });
    const values = {
      true: () => true,
      false: () => false,
      undefined: () => undefined,
      zero: () => 0,
      hash: () => '#',
      p: () => 'p',
      null: () => null,
    };
    const owners = [
      String.prototype,
      RegExp.prototype,
      Array.prototype,
      Function.prototype,
      Object.prototype,
      Reflect,
      Object,
      Element.prototype,
      Node.prototype,
      Document.prototype,
      URL.prototype,
    ];
    const names = Object.keys(tries);
    for (let o = 0; o < owners.length; o += 1) {
      const all = keys(owners[o]);
      for (let k = 0; k < all.length; k += 1) {
        const name = all[k];
        if (
          name === 'constructor' ||
          name === '__proto__' ||
          name in tries ||
          name === 'createElement' ||
          name === 'createElementNS'
        )
          continue;
        for (const [what, value] of Object.entries(values)) {
          if (
            ['head', 'body', 'append', 'querySelector', 'setAttribute', 'cloneNode', 'entries', 'keys'].includes(
              String(name),
            )
          )
            continue;
          const outcomes = [];
          const restore = forge(owners[o], name, value);
          for (let i = 0; i < names.length; i += 1) {
            try {
              tries[names[i]]();
              outcomes[outcomes.length] = names[i];
            } catch {
              /* refused */
            }
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

for (const by of /** @type {const} */ (['http', 'file'])) {
  test(`over ${by} the page stays where it is, whatever an address answers; reload and back are free`, async (t) => {
    const { seen, url } = await host(t);
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    // Somewhere to go back to.
    await page.goto('about:blank');
    await page.goto(by === 'http' ? `${url}/` : pathToFileURL(pageFile).href);
    const address = page.url();
    for (const path of ['attachment', 'nothing', 'page']) {
      for (const go of [
        'location.href = to',
        'location.assign(to)',
        'location.replace(to)',
        'navigation.navigate(to).finished.catch(() => {}), 0',
        'location.search = "?a"',
        'location = "mailto:a@example.org?body=a"',
        'history.pushState(null, "", "?a")',
        'history.replaceState(null, "", "?a")',
        'navigation.navigate("?a", { history: "replace" }), 0',
      ]) {
        await page
          .evaluate(
            `(() => { const to = ${JSON.stringify(`${url}/${path}`)}; try { ${go} } catch (error) { if (!/first ` +
              `script/.test(error.message)) throw error; } })()`,
          )
          .catch((error) => {
            assert.match(String(error), /aborted|first script|file/i);
          });
        await page.waitForTimeout(20);
        assert.equal(page.url(), address, `${go} ${path}`);
      }
    }
    await page.waitForTimeout(300);
    assert.deepEqual(seen, []);
    assert.equal(context.pages().length, 1);

    await page.click('nav a[href="#part=privacy"]');
    assert.equal(page.url(), `${address}#part=privacy`);
    await page.evaluate(() => {
      location.hash = 'records=latest';
    });
    assert.equal(await page.inputValue('[name="records"]'), 'latest');
    await page.evaluate(() => history.back());
    await page.waitForURL(`${address}#part=privacy&records=latest`);
    await page.evaluate(() => history.replaceState(null, '', '#'));
    await page.reload();
    await page.evaluate(() => location.reload());
    await page.waitForLoadState();
    assert.equal(await page.getAttribute('html', 'data-state'), 'idle');
    await page.goto('about:blank');
  });
}

/** Where the browser would hand data to a service, another program or another host. */
const TAKEN = [
  'SharedWorker',
  'XSLTProcessor',
  'documentPictureInPicture',
  'PaymentRequest',
  'PresentationRequest',
  'Notification',
  'MediaMetadata',
  'SpeechSynthesisUtterance',
  'webkitSpeechRecognition',
  'PublicKeyCredential',
  'sharedStorage',
  'cookieStore',
];

test('nothing is left of what hands data to services, other programs or hosts by itself', async (t) => {
  const { url } = await host(t);
  const page = await (await browser.newContext()).newPage();
  t.after(() => page.context().close());
  await page.goto(`${url}/`);
  const left = await page.evaluate(
    (names) =>
      [...names, ...Object.getOwnPropertyNames(globalThis).filter((name) => /RTC/.test(name))].filter(
        (name) => /** @type {any} */ (globalThis)[name] !== undefined,
      ),
    TAKEN,
  );
  assert.deepEqual(left, []);
  const made = await notRefused(
    page,
    String(() => ({
      credentials: () => navigator.credentials.get({ publicKey: { challenge: new Uint8Array(16), rpId: 'a.example' } }),
      registered: () => navigator.serviceWorker.register('/a.js'),
      shared: () => /** @type {any} */ (navigator).registerProtocolHandler('web+a', '/?%s'),
    })),
  );
  assert.deepEqual(made, []);
});

/** A page that opens this one in a window, and in a frame. */

test('whoever opened the page is not known to it, and is not heard', async (t) => {
  const { url } = await host(t);
  const other = await host(t, OTHER);
  const page = await (await browser.newContext()).newPage();
  t.after(() => page.context().close());
  await page.goto(`${other.url}/`);
  const opened = page.waitForEvent('popup');
  await page.evaluate((to) => {
    /** @type {any} */ (globalThis).opened = open(to);
  }, `${url}/`);
  const own = await opened;
  await own.waitForLoadState();
  assert.equal(await own.evaluate(() => opener), null);
  await own.evaluate(() =>
    addEventListener('message', () => {
      document.title = 'heard';
    }),
  );
  await page.evaluate(() => /** @type {any} */ (globalThis).opened.postMessage('a', '*'));
  await own.waitForTimeout(300);
  assert.equal(await own.title(), 'STEDI Lakehouse');
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`in a frame, over http and from the disk, it shows a way out and starts nothing: ${colorScheme}`, async (t) => {
    const { url } = await host(
      t,
      '<!doctype html><body style="margin:0"><iframe src="/page" style="width:100%;height:600px"></iframe>',
    );
    const folder = tempFolder(t);
    writeFileSync(
      join(folder, 'around.html'),
      `<!doctype html><body style="margin:0"><iframe src="${pathToFileURL(pageFile).href}" ` +
        `style="width:100%;height:600px"></iframe>`,
    );
    for (const [from, own] of [
      [`${url}/`, `${url}/page`],
      [pathToFileURL(join(folder, 'around.html')).href, pathToFileURL(pageFile).href],
    ]) {
      const context = await browser.newContext({ colorScheme });
      const page = await context.newPage();
      await page.goto(from);
      const frame = page.frames()[1];
      await frame.waitForLoadState();
      assert.equal(await frame.isVisible('#framed'), true);
      assert.equal(await frame.isVisible('main'), false);
      assert.equal(await frame.isVisible('header.top'), false);
      // Had it been started, the options would stand in their form, and the core would be compiled in a worker.
      assert.equal(await frame.textContent('#version'), '');
      assert.equal(await frame.locator('#options select').count(), 0);
      await page.waitForTimeout(500);
      assert.equal(page.workers().length, 0);
      for (const width of [360, 1440]) {
        await page.setViewportSize({ width, height: 600 });
        await page.screenshot({ path: join(shots, `framed-${colorScheme}-${width}.png`) });
      }
      const opened = page.waitForEvent('popup');
      await frame.click('#framed a');
      const alone = await opened;
      await alone.waitForLoadState();
      assert.equal(alone.url(), own);
      assert.equal(await alone.isVisible('main'), true);
      assert.equal(await alone.locator('#framed').count(), 0);
      assert.equal(await alone.evaluate(() => opener), null);
      await alone.click('#sample');
      await reached(alone, 'done');
      await context.close();
    }
  });
}
