// Serves the page under test and the bench's own pages, on this machine only.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './place.mjs';

const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', wasm: 'application/wasm' };
/** The scripts of browser/ that a page or a worker asks for by name. */
const SCRIPTS = ['io', 'io-worker', 'js', 'js-worker', 'duckdb', 'decode', 'decode-worker'];
const DUCKDB = ['duckdb-mvp.wasm', 'duckdb-eh.wasm', 'duckdb-browser-mvp.worker.js', 'duckdb-browser-eh.worker.js'];

/**
 * `/bench/NAME` is an empty page with the script NAME.
 * @param {Record<string, string | undefined>} pages by their address: files of built pages, if they are given
 */
export async function serve(pages) {
  /** @type {Map<string, () => Buffer | string>} */
  const routes = new Map();
  for (const [path, file] of Object.entries(pages)) if (file) routes.set(path, () => readFileSync(file));
  const shell = readFileSync(join(root, 'bench/browser/bench.html'), 'utf8');
  for (const name of SCRIPTS) {
    const script = await bundle(name);
    routes.set(`/${name}.js`, () => script);
    routes.set(`/bench/${name}`, () => `${shell}<script src="/${name}.js"></script>\n`);
  }
  for (const name of DUCKDB) {
    routes.set(`/${name}`, () => readFileSync(join(root, 'node_modules/@duckdb/duckdb-wasm/dist', name)));
  }
  routes.set('/core.wasm', () => readFileSync(join(root, 'www/pkg/stedi_lakehouse_bg.wasm')));

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const found = routes.get(path);
    const type = /** @type {keyof typeof TYPES} */ (/\.(\w+)$/.exec(path)?.[1] ?? 'html');
    response.writeHead(found ? 200 : 404, { 'content-type': TYPES[type] ?? TYPES.html, 'cache-control': 'no-store' });
    response.end(found ? found() : 'not found');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** @param {string} name */
async function bundle(name) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`bench/browser/${name}.js`],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
    define: { 'import.meta.url': 'undefined' },
  });
  return outputFiles[0].text;
}
