// Puts the page together: dist/stedi-lakehouse.html, one file that needs no other.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const name = 'stedi-lakehouse.html';
const limit = { bytes: 2_500_000, gzipped: 1_000_000 };

const wasm = readFileSync(join(root, 'www/pkg/stedi_lakehouse_bg.wasm'));
const packed = readFileSync(join(root, 'www/pkg/stedi_lakehouse_bg.wasm.gz'));
if (!gunzipSync(packed).equals(wasm)) throw new Error('www/pkg: the packed core is of another build');
const define = {
  __VERSION__: JSON.stringify(version()),
  __COMMIT__: JSON.stringify(commit()),
  __WASM_SHA256__: JSON.stringify(sha256(wasm, 'hex')),
  // wasm-bindgen's glue would look for the .wasm beside itself; here it is handed over.
  'import.meta.url': 'undefined',
};

const [guard, style, script, worker, leaks] = await Promise.all(
  ['guard.js', 'style.css', 'main.js', 'worker.js', 'leaks-worker.js'].map(bundle),
);
const wasmText = packed.toString('base64');

const parts = {
  policy: `<meta http-equiv="Content-Security-Policy" content="${policy()}">`,
  guard: `<script>${guard}</script>`,
  style: `<style>${style}</style>`,
  parts:
    `<script type="text/plain" id="worker-source">${worker}</script>\n` +
    `<script type="text/plain" id="leaks-source">${leaks}</script>\n` +
    `<script type="application/octet-stream" id="wasm-gz">${wasmText}</script>`,
  script: `<script>${script}</script>`,
};
const page = fill(readFileSync(join(root, 'www/index.html'), 'utf8'), parts);
refuseOtherHosts(page);

mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(join(root, 'dist', name), page);
writeFileSync(join(root, 'dist/SHA256SUMS'), `${sha256(page, 'hex')}  ${name}\n`);
weigh();

/** @param {string} entry a script or a style sheet in www/ */
async function bundle(entry) {
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
    define,
  });
  const text = outputFiles[0].text.trimEnd();
  // An HTML parser would end the element, or a script's plain state, at any of these.
  if (/<\/(script|style)|<!--|<script/i.test(text)) throw new Error(`${entry}: the bundle cannot be inlined`);
  return text;
}

function policy() {
  return [
    "default-src 'none'",
    `script-src ${hash(guard)} ${hash(script)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    'worker-src blob:',
    'img-src data:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-src 'none'",
    "object-src 'none'",
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
 * @param {string} template with one comment `<!--build:name-->` for each part
 * @param {Record<string, string>} parts
 */
function fill(template, parts) {
  const missing = new Set(Object.keys(parts));
  const page = template.replace(/<!--build:(\w+)-->/g, (_, part) => {
    if (!missing.delete(part)) throw new Error(`www/index.html: build:${part} is unknown or there twice`);
    return parts[part];
  });
  if (missing.size) throw new Error(`www/index.html lacks build:${[...missing].join(', build:')}`);
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

/** Prints what each part weighs, and fails when the page has become too heavy. */
function weigh() {
  const rows = Object.entries({ guard, style, worker, 'wasm, gzip in base64': wasmText, script, page });
  const kilo = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(1).padStart(10);
  console.log(`${''.padEnd(22)}        kB      gzip`);
  console.log(`${'wasm as built'.padEnd(22)}${kilo(wasm.length)}${kilo(gzip(wasm).length)}`);
  for (const [part, text] of rows) {
    console.log(`${part.padEnd(22)}${kilo(Buffer.byteLength(text))}${kilo(gzip(text).length)}`);
  }
  const bytes = Buffer.byteLength(page);
  const gzipped = gzip(page).length;
  if (bytes > limit.bytes || gzipped > limit.gzipped) {
    throw new Error(`the page is over its limit of ${limit.bytes} bytes, ${limit.gzipped} gzipped`);
  }
}
