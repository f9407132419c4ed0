// Serves dist/ on this machine only, on PORT or 8000 (0: any that is free).
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const page = 'stedi-lakehouse.html';
/** What any host of the page should send; `stedi-lakehouse page --serve` sends them too. */
const headers = JSON.parse(readFileSync(new URL('page-headers.json', import.meta.url), 'utf8'));
const port = Number(process.env.PORT ?? 8000);

const server = createServer((request, response) => {
  const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1) || page;
  // Only names that are listed are read, so no path leads out of dist/.
  const content = readdirSync(dist).includes(name) ? readFileSync(join(dist, name)) : undefined;
  response.writeHead(content ? 200 : 404, {
    'content-type': `text/${name.endsWith('.html') ? 'html' : 'plain'}; charset=utf-8`,
    'cache-control': 'no-store',
    ...protection(content),
  });
  response.end(content ?? 'not found\n');
});
server.on('error', (error) => {
  console.error(`serve: ${error.message}`);
  process.exitCode = 1;
});
server.listen(port, '127.0.0.1', () => {
  const { port: own } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`The page is at http://127.0.0.1:${own}/ (Ctrl-C ends it)`);
});

/**
 * The page's own policy, no frames, and no window in common with a page that opens it, which could read it if it is
 * of the same origin.
 * @param {Buffer | undefined} content
 * @returns {Record<string, string>}
 */
function protection(content) {
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(String(content)) ?? [];
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace('{policy}', policy ?? "default-src 'none'")]),
  );
}
