// Firefox and WebKitGTK (Safari's engine) by WebDriver, as a test asks for them.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Builder, By, Capabilities } from 'selenium-webdriver';
import { program } from '../../scripts/program.mjs';
import { noScreen, screen } from './drag.mjs';

// Debian has it under the first name.
const FIREFOX = program('firefox-esr', 'firefox');
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'stedi-lakehouse');
const GECKODRIVER = join(cache, 'tools/bin/geckodriver');
const WEBKITDRIVER = program('WebKitWebDriver');
/** No package puts it on PATH. */
const MINIBROWSER = [
  '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
  '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
  '/usr/libexec/webkit2gtk-4.1/MiniBrowser',
  '/usr/lib/webkit2gtk-4.1/MiniBrowser',
].find((path) => existsSync(path));

/** For `skip` of a test: false, or what is missing. */
export const noFirefox = FIREFOX && existsSync(GECKODRIVER) ? false : 'Firefox or geckodriver is not installed';
/** For `skip` of a test: false, or what is missing. */
export const noWebKit = WEBKITDRIVER && MINIBROWSER ? noScreen : 'WebKitWebDriver or MiniBrowser is not installed';

/**
 * The engines beside Chromium: how one is started, what is missing if it cannot be, and of which ways out of a worker
 * it does not say that the policy refused them.
 * @typedef {{ name: string, start: typeof firefox, missing: string | false, unsaid: string[] }} Engine
 * @type {Engine[]}
 */
export const ENGINES = [
  { name: 'Firefox', start: firefox, missing: noFirefox, unsaid: ['EventSource', 'WebTransport', 'import()'] },
  {
    name: 'WebKit',
    start: webkit,
    missing: noWebKit,
    unsaid: ['fetch', 'XMLHttpRequest', 'EventSource', 'import()', 'a worker of another address', 'importScripts'],
  },
];

/** Not all browsers are named by selenium; this one is known by its capabilities. */
const WEBKIT = 'MiniBrowser';

/** @typedef {Awaited<ReturnType<typeof firefox>>} Driven */

/**
 * A fresh Firefox, which saves without asking.
 * @param {import('node:test').TestContext} t
 * @param {string} downloads
 * @param {string} [display] of X, to be seen on; else it is headless
 */
export async function firefox(t, downloads, display) {
  const environment = display && { DISPLAY: display, GDK_BACKEND: 'x11', MOZ_ENABLE_WAYLAND: '0' };
  const ports = async (/** @type {number} */ port) => ['--port', port, '--websocket-port', await freePort()];
  return driven(t, await start(t, GECKODRIVER, ports, environment || {}), downloads, {
    browserName: 'firefox',
    'moz:firefoxOptions': {
      binary: FIREFOX,
      args: display ? [] : ['-headless'],
      prefs: {
        'browser.download.folderList': 2,
        'browser.download.dir': downloads,
        'browser.download.alwaysOpenPanel': false,
      },
    },
  });
}

/**
 * A fresh WebKitGTK, which saves without asking.
 * @param {import('node:test').TestContext} t
 * @param {string} downloads
 * @param {string} [display] of X; else one of its own
 */
export async function webkit(t, downloads, display) {
  const home = mkdtempSync(join(tmpdir(), 'stedi-webkit-'));
  mkdirSync(join(home, 'config'));
  writeFileSync(join(home, 'config/user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  const url = await start(t, WEBKITDRIVER, async (port) => [`--port=${port}`], {
    DISPLAY: display ?? (await screen(t)).display,
    GDK_BACKEND: 'x11',
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    // Its sandbox does not start for root, and the pages here are our own.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    LIBGL_ALWAYS_SOFTWARE: '1',
    MESA_SHADER_CACHE_DISABLE: 'true',
  });
  const own = await driven(t, url, downloads, {
    browserName: WEBKIT,
    'webkitgtk:browserOptions': { binary: MINIBROWSER, args: ['--automation'] },
  });
  // After the browser has ended, and all that it writes at its end.
  t.after(() => rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  return own;
}

/**
 * Starts a driver, and waits until it listens. A port that was free may be another's by then: it ends, and has another.
 * @param {import('node:test').TestContext} t
 * @param {string} program
 * @param {(port: number) => Promise<(string | number)[]>} args
 * @param {NodeJS.ProcessEnv} environment
 */
async function start(t, program, args, environment) {
  for (let tries = 0; tries < 3; tries += 1) {
    const port = await freePort();
    const words = (await args(port)).map(String);
    const driver = spawn(program, words, { stdio: 'ignore', env: { ...process.env, ...environment } });
    let hasEnded = false;
    driver.once('exit', () => {
      hasEnded = true;
    });
    t.after(() => {
      driver.kill();
    });
    const url = `http://127.0.0.1:${port}`;
    const listens = () =>
      fetch(`${url}/status`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(program, async () => hasEnded || (await listens()));
    if (!hasEnded) return url;
  }
  throw new Error(`${program} ends as soon as it is started`);
}

/**
 * @param {import('node:test').TestContext} t
 * @param {string} url
 * @param {string} downloads
 * @param {object} capabilities
 */
async function driven(t, url, downloads, capabilities) {
  const driver = await new Builder()
    .disableEnvironmentOverrides()
    .usingServer(url)
    .withCapabilities(new Capabilities(capabilities))
    .build();
  t.after(() => driver.quit().catch(() => undefined));
  await driver.manage().setTimeouts({ script: 120_000, pageLoad: 120_000 });

  const own = {
    driver,
    /** @param {string} url */
    go: (url) => driver.get(url),
    /** Runs a function's body in the page. @param {string} script @param {...any} args @returns {Promise<any>} */
    run: (script, ...args) => driver.executeScript(script, ...args),
    /** Types, or gives files to an input. @param {string} selector @param {string} text */
    type: (selector, text) => driver.findElement(By.css(selector)).sendKeys(text),
    /** @param {string} state */
    async reached(state) {
      const ends = ['done', 'failed', 'cancelled'];
      let now = '';
      // What was just chosen is not run yet: the results are those before it.
      const look = `const { dataset } = document.documentElement;
        return document.querySelector('#drop')?.ariaBusy ? 'busy' : dataset.state;`;
      await until(state, async () => {
        now = await own.run(look);
        return ends.includes(now);
      });
      if (now !== state)
        throw new Error(`the page is ${now}: ${await own.run("return document.querySelector('#status').textContent")}`);
    },
    /**
     * Saves a file, and calls it as it is called without its day and options.
     * @param {string} what
     * @param {string} name
     */
    async save(what, name) {
      await until(what, () =>
        own.run(
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is filled in by the browser.
          'const button = document.querySelector(`[data-download="${arguments[0]}"]:enabled`); button?.click(); ' +
            'return button !== null',
          what,
        ),
      );
      // Under its last name it may still grow.
      let before = -1;
      let saved = '';
      const [stem, ending] = name.split('.');
      const wanted = new RegExp(`^stedi-${stem}-\\d{4}-\\d\\d-\\d\\d.*\\.${ending}$`);
      await until(name, async () => {
        const files = readdirSync(downloads);
        saved = files.find((file) => wanted.test(file)) ?? '';
        if (saved === '' || files.some(isPartial)) return false;
        const { size } = statSync(join(downloads, saved));
        const settled = size > 0 && size === before;
        before = size;
        return settled;
      });
      renameSync(join(downloads, saved), join(downloads, name));
      return readFileSync(join(downloads, name));
    },
  };
  return own;
}

/** Firefox keeps a file of the one ending until it is whole, WebKit one of the other. @param {string} file */
function isPartial(file) {
  return file.endsWith('.part') || file.endsWith('.wkdownload');
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @param {string} what @param {() => Promise<boolean>} is */
export async function until(what, is) {
  for (let tries = 0; tries < 1200; tries += 1) {
    if (await is()) return;
    await sleep(100);
  }
  throw new Error(`${what} was waited for in vain`);
}
