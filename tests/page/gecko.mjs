// Firefox by geckodriver, in as much WebDriver as the tests need.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const FIREFOX = '/usr/bin/firefox-esr';
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'stedi-lakehouse');
const GECKODRIVER = join(cache, 'tools/bin/geckodriver');
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** For `skip` of a test: false, or what is missing. */
export const noFirefox = [FIREFOX, GECKODRIVER].every((path) => existsSync(path))
  ? false
  : 'Firefox or geckodriver is not installed';

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * A fresh Firefox, which saves without asking.
 * @param {import('node:test').TestContext} t
 * @param {string} downloads
 * @param {string} [display] of X, to be seen on; else it is headless
 */
export async function firefox(t, downloads, display) {
  const port = await freePort();
  const driver = spawn(GECKODRIVER, ['--port', String(port), '--websocket-port', String(await freePort())], {
    stdio: 'ignore',
    env: { ...process.env, ...(display && { DISPLAY: display, GDK_BACKEND: 'x11', MOZ_ENABLE_WAYLAND: '0' }) },
  });
  /** @type {string | undefined} */
  let session;
  /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  async function command(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: body && JSON.stringify(body),
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
    const { value } = /** @type {any} */ (await response.json());
    if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  }
  t.after(async () => {
    if (session) await command('DELETE', session).catch(() => undefined);
    driver.kill();
  });
  await until('geckodriver', () =>
    command('GET', '/status').then(
      ({ ready }) => ready,
      () => false,
    ),
  );
  const prefs = {
    'browser.download.folderList': 2,
    'browser.download.dir': downloads,
    'browser.download.alwaysOpenPanel': false,
  };
  const { sessionId } = await command('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        browserName: 'firefox',
        'moz:firefoxOptions': { binary: FIREFOX, args: display ? [] : ['-headless'], prefs },
      },
    },
  });
  session = `/session/${sessionId}`;

  const own = {
    /** @param {string} url */
    go: (url) => command('POST', `${session}/url`, { url }),
    /** Runs a function's body in the page. @param {string} script @param {...any} args @returns {Promise<any>} */
    run: (script, ...args) => command('POST', `${session}/execute/sync`, { script, args }),
    /** Types, or gives files to an input. @param {string} selector @param {string} text */
    async type(selector, text) {
      const element = await command('POST', `${session}/element`, { using: 'css selector', value: selector });
      await command('POST', `${session}/element/${element[ELEMENT]}/value`, { text });
    },
    /** @param {string} state */
    async reached(state) {
      const ends = ['done', 'failed', 'cancelled'];
      await until(state, async () => ends.includes(await own.run('return document.documentElement.dataset.state')));
      const now = await own.run('return document.documentElement.dataset.state');
      if (now !== state)
        throw new Error(`the page is ${now}: ${await own.run("return document.querySelector('#status').textContent")}`);
    },
    /** @param {string} what @param {string} name */
    async save(what, name) {
      await until(what, () =>
        own.run(
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is filled in by the browser.
          'const button = document.querySelector(`[data-download="${arguments[0]}"]:enabled`); button?.click(); ' +
            'return button !== null',
          what,
        ),
      );
      // Firefox keeps a file of this ending until it is whole.
      await until(
        name,
        async () =>
          readdirSync(downloads).includes(name) &&
          !readdirSync(downloads).some((file) => file.endsWith('.part')) &&
          readFileSync(join(downloads, name)).length > 0,
      );
      return readFileSync(join(downloads, name));
    },
  };
  return own;
}

/** @param {string} what @param {() => Promise<boolean>} is */
export async function until(what, is) {
  for (let tries = 0; tries < 1200; tries += 1) {
    if (await is()) return;
    await sleep(100);
  }
  throw new Error(`${what} was waited for in vain`);
}
