// The loop of edit and see: `make dev`. Serves dist/stedi-lakehouse.html on PORT or 8000 of this machine, builds again
// what a change of the sources asks for, and has open pages reload. Errors are shown here; the last good page stays.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, watch } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { protection } from './serve-headers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const env = { ...process.env, STEDI_PROFILE: 'quick' };

/** What is watched, and whether the core is made of it. */
const SOURCES = { www: false, src: true, sql: true, spark: true };

/** An editor writes a file in several steps: a build starts when it has been quiet for so many milliseconds. */
const QUIET = 50;

/**
 * Reloads the page of this number when another one is there, also after this program was started anew. That is no loss
 * of results to be asked about.
 * @param {number} id
 */
const reload = (id) => `{
  let leaving = false;
  addEventListener('beforeunload', (event) => { if (leaving) event.stopImmediatePropagation(); });
  new EventSource('/changes').onmessage = ({ data }) => {
    leaving = data !== '${id}';
    if (leaving) location.reload();
  };
}`;

/** @type {Set<import('node:http').ServerResponse>} */
const open = new Set();
/** @type {{ content: Buffer, id: number }} */
let page;
let changed = false;
/** Whether the core is older than its sources. */
let stale = false;
let building = false;

/**
 * The page with the script that reloads it. Its policy must let that script run and hear of changes; the built file
 * stays as it is.
 * @param {string} built
 * @param {number} id
 */
function withReload(built, id) {
  const script = reload(id);
  const hash = createHash('sha256').update(script).digest('base64');
  let found = 0;
  const put = (/** @type {string} */ text, /** @type {string} */ old, /** @type {string} */ now) => {
    if (text.includes(old)) found++;
    return text.replace(old, () => now);
  };
  let text = put(built, "connect-src 'none'", "connect-src 'self'");
  text = put(text, "'wasm-unsafe-eval'", `'sha256-${hash}' 'wasm-unsafe-eval'`);
  text = put(text, '</head>', `<script>${script}</script>\n</head>`);
  if (found !== 3) throw new Error('the built page has no place for the script that reloads it');
  return Buffer.from(text);
}

function load() {
  const id = Date.now();
  page = { content: withReload(readFileSync(join(root, 'dist/stedi-lakehouse.html'), 'utf8'), id), id };
  for (const response of open) response.write(`data: ${page.id}\n\n`);
}

/** @param {string} command @param {string[]} args @returns {Promise<boolean>} whether it went well */
function run(command, args) {
  return new Promise((resolve) => {
    // What the parts of the page weigh is of no interest here.
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('exit', (code) => resolve(code === 0));
  });
}

async function build() {
  if (building) return;
  building = true;
  while (changed) {
    changed = false;
    const start = performance.now();
    if (stale) {
      stale = false;
      // What failed is tried again, whatever is changed next.
      if (!(await run('scripts/wasm.sh', []))) stale = true;
    }
    const done = !stale && (await run(process.execPath, ['www/build/build.mjs']));
    if (done) load();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(done ? `built in ${seconds} s` : 'not built: the last good page stays');
  }
  building = false;
}

/** @type {ReturnType<typeof setTimeout>} */
let timer;
for (const [folder, isCore] of Object.entries(SOURCES)) {
  watch(join(root, folder), { recursive: true }, (_, name) => {
    // What a build writes itself.
    if (folder === 'www' && name?.startsWith('pkg')) return;
    changed = true;
    stale ||= isCore;
    clearTimeout(timer);
    timer = setTimeout(build, QUIET);
  });
}

load();
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/changes') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`data: ${page.id}\n\n`);
    open.add(response);
    request.on('close', () => open.delete(response));
    return;
  }
  const content = pathname === '/' ? page.content : undefined;
  response.writeHead(content ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    ...protection(content),
  });
  response.end(content ?? 'not found\n');
});
server.on('error', (error) => {
  console.error(`dev: ${error.message}`);
  process.exit(1);
});
server.listen(Number(process.env.PORT ?? 8000), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`The page is at http://127.0.0.1:${port}/ and follows the sources (Ctrl-C ends it)`);
});
