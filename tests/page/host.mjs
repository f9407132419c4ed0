// A host that serves the built page, and another page of the same origin.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { pageFile } from './harness.mjs';

export const OTHER = '<!doctype html><title>other</title>';

/**
 * A host that keeps what is asked of it: `/` is given, `/attachment` is a file to save, all else is nothing.
 * @param {import('node:test').TestContext} t
 * @param {string} [html]
 */
export async function host(t, html = readFileSync(pageFile, 'utf8')) {
  /** @type {string[]} */
  const seen = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/' || path === '/page')
      return response.setHeader('content-type', 'text/html').end(path === '/' ? html : readFileSync(pageFile));
    seen.push(`${request.method} ${path}`);
    if (path.startsWith('/attachment')) response.setHeader('content-disposition', 'attachment; filename=a').end('a');
    else response.writeHead(204).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, url: `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}` };
}
