// Serves dist/ on this machine only, on PORT or 8000 (0: any that is free).
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { protection } from './serve-headers.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const page = 'stedi-lakehouse.html';
const port = Number(process.env.PORT ?? 8000);

const server = createServer((request, response) => {
  const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1) || page;
  // Only files that are listed are read, so no path leads out of dist/.
  const listed = readdirSync(dist, { withFileTypes: true }).some((entry) => entry.isFile() && entry.name === name);
  const content = listed ? readFileSync(join(dist, name)) : undefined;
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
