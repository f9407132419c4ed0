// Puts the page together: dist/stedi-lakehouse.html, one file that needs no other; with --sql also
// dist/stedi-lakehouse-sql.html, the same page with the SQL console.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { decompress } from 'fzstd';
import { fillLabels } from './fill-labels.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const template = 'www/page/index.html';
const wasm = packed('stedi_lakehouse', 'core');
const define = {
  __VERSION__: JSON.stringify(version()),
  __COMMIT__: JSON.stringify(commit()),
  __WASM_SHA256__: JSON.stringify(sha256(wasm.bytes, 'hex')),
};
/**
 * uPlot asks for numbers in navigator.language, which WebKit gives as "C" where the system has no language: an error.
 * Without a language Intl takes the browser's own.
 * @type {import('esbuild').Plugin}
 */
const anyLanguage = {
  name: 'any-language',
  setup(build) {
    build.onLoad({ filter: /uPlot\.esm\.js$/ }, ({ path }) => {
      const [before, after, more] = readFileSync(path, 'utf8').split("domEnv ? nav.language : 'en-US'");
      if (after === undefined || more !== undefined) throw new Error(`${path}: where is its language?`);
      return { contents: `${before}undefined${after}`, loader: 'js' };
    });
  },
};

const [lockdown, coreWorker, selfTestWorker] = await Promise.all(
  ['page/lockdown/lockdown.js', 'worker/core-worker.js', 'worker/self-test-worker.js'].map((entry) => bundle(entry)),
);

mkdirSync(join(root, 'dist'), { recursive: true });
const pages = { 'stedi-lakehouse.html': await small() };
if (process.argv.includes('--sql')) Object.assign(pages, { 'stedi-lakehouse-sql.html': await withConsole() });
for (const [name, page] of Object.entries(pages)) writeFileSync(join(root, 'dist', name), page);
writeFileSync(
  join(root, 'dist/SHA256SUMS'),
  Object.entries(pages)
    .map(([name, page]) => `${sha256(page, 'hex')}  ${name}\n`)
    .join(''),
);

async function small() {
  const [style, script] = await Promise.all([bundle('styles/page.css'), bundle('page/main.js')]);
  const page = put(style, script, []);
  weigh({ lockdown, style, 'core worker': coreWorker, 'core in base64': wasm.text, script, page }, page, {
    bytes: 2_200_000,
    gzipped: 1_400_000,
  });
  return page;
}

/** Its engine is inflated and compiled only when the console is opened. */
async function withConsole() {
  const engine = packed('stedi_query', 'engine');
  const [style, script, sqlWorker] = await Promise.all([
    bundle('styles/sql.css'),
    bundle('page/main.js', true),
    bundle('worker/sql-worker.js'),
  ]);
  const page = put(style, script, [
    `<script type="text/plain" id="sql-worker-source">${sqlWorker}</script>`,
    `<script type="application/octet-stream" id="engine-zst">${engine.text}</script>`,
  ]);
  weigh({ style, 'sql worker': sqlWorker, 'engine in base64': engine.text, script, page }, page, {
    bytes: 10_000_000,
    gzipped: 7_100_000,
  });
  return page;
}

/** @param {string} style @param {string} script @param {string[]} more blocks of the edition */
function put(style, script, more) {
  const page = fill(fillLabels(readFileSync(join(root, template), 'utf8')), {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy(style, script)}">`,
    lockdown: `<script>${lockdown}</script>`,
    style: `<style>${style}</style>`,
    parts: [
      `<script type="text/plain" id="core-worker-source">${coreWorker}</script>`,
      `<script type="text/plain" id="self-test-worker-source">${selfTestWorker}</script>`,
      `<script type="application/octet-stream" id="core-zst">${wasm.text}</script>`,
      ...more,
    ].join('\n'),
    script: `<script>${script}</script>`,
  });
  refuseOtherHosts(page);
  return page;
}

/**
 * A module as it was built, and as the page carries it.
 * @param {string} name of its crate
 * @param {string} what
 */
function packed(name, what) {
  const file = join(root, `www/pkg/${name}_bg.wasm`);
  const [bytes, small] = [readFileSync(file), readFileSync(`${file}.zst`)];
  if (!bytes.equals(decompress(small))) throw new Error(`www/pkg: the packed ${what} is of another build`);
  console.log(`${`${what} as built`.padEnd(22)}${kilo(bytes.length)}${kilo(small.length)} packed`);
  return { bytes, text: small.toString('base64') };
}

/**
 * @param {string} entry a script or a style sheet in www/
 * @param {boolean} [sqlConsole] without it no code of the console stays
 */
async function bundle(entry, sqlConsole = false) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`www/${entry}`],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
    define: { ...define, __CONSOLE__: String(sqlConsole) },
    plugins: [anyLanguage],
  });
  const text = outputFiles[0].text.trimEnd();
  // An HTML parser would end the element, or a script's plain state, at any of these.
  if (/<\/(script|style)|<!--|<script/i.test(text)) throw new Error(`${entry}: the bundle cannot be inlined`);
  return text;
}

/** @param {string} style @param {string} script */
function policy(style, script) {
  return [
    "default-src 'none'",
    `script-src ${hash(lockdown)} ${hash(script)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    'worker-src blob:',
    'img-src data:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-src 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types blob-worker',
  ].join('; ');
}

/** @param {string} text */
function hash(text) {
  return `'sha256-${sha256(text, 'base64')}'`;
}

/**
 * @param {string | Buffer} content
 * @param {'hex' | 'base64'} encoding
 */
function sha256(content, encoding) {
  return createHash('sha256').update(content).digest(encoding);
}

/** @param {string | Buffer} content */
function gzip(content) {
  return gzipSync(content, { level: 9 });
}

/**
 * @param {string} text with one comment `<!--build:name-->` for each part
 * @param {Record<string, string>} parts
 */
function fill(text, parts) {
  const missing = new Set(Object.keys(parts));
  const page = text.replace(/<!--build:(\w+)-->/g, (_, part) => {
    if (!missing.delete(part)) throw new Error(`${template}: build:${part} is unknown or there twice`);
    return parts[part];
  });
  if (missing.size) throw new Error(`${template} lacks build:${[...missing].join(', build:')}`);
  return page;
}

/** @param {string} page */
function refuseOtherHosts(page) {
  for (const [url] of page.matchAll(/(https?|wss?|ftp):\/\/[^\s"'`<>)]*/gi)) {
    // Names of XML namespaces, which nothing fetches.
    if (!url.startsWith('http://www.w3.org/')) throw new Error(`the page names another host: ${url}`);
  }
}

function version() {
  const manifest = readFileSync(join(root, 'Cargo.toml'), 'utf8');
  const found = /^version = "(.+)"$/m.exec(manifest);
  if (!found) throw new Error('Cargo.toml has no version');
  return found[1];
}

function commit() {
  try {
    const git = ['--no-optional-locks', '-C', root, 'describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
    return execFileSync('git', git, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

/** @param {number} bytes */
function kilo(bytes) {
  return (bytes / 1000).toFixed(1).padStart(10);
}

/**
 * Prints what each part weighs, and fails when the page has become too heavy.
 * @param {Record<string, string>} parts
 * @param {string} page
 * @param {{ bytes: number, gzipped: number }} limit
 */
function weigh(parts, page, limit) {
  console.log(`${''.padEnd(22)}        kB      gzip`);
  for (const [part, text] of Object.entries(parts)) {
    console.log(`${part.padEnd(22)}${kilo(Buffer.byteLength(text))}${kilo(gzip(text).length)}`);
  }
  const bytes = Buffer.byteLength(page);
  const gzipped = gzip(page).length;
  // No other profile is published.
  if ((process.env.STEDI_PROFILE ?? 'release') !== 'release') return;
  if (bytes > limit.bytes || gzipped > limit.gzipped) {
    throw new Error(`the page is over its limit of ${limit.bytes} bytes, ${limit.gzipped} gzipped`);
  }
}
