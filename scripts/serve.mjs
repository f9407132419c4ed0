// Serves dist/ on this machine only, on PORT or 8000.
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const page = 'stedi-lakehouse.html';
const port = Number(process.env.PORT ?? 8000);

const server = createServer((request, response) => {
  const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1) || page;
  // Only names that are listed are read, so no path leads out of dist/.
  const found = readdirSync(dist).includes(name);
  response.writeHead(found ? 200 : 404, {
    'content-type': `text/${name.endsWith('.html') ? 'html' : 'plain'}; charset=utf-8`,
    'cache-control': 'no-store',
  });
  response.end(found ? readFileSync(join(dist, name)) : 'not found\n');
});
server.on('error', (error) => {
  console.error(`serve: ${error.message}`);
  process.exitCode = 1;
});
server.listen(port, '127.0.0.1', () => console.log(`The page is at http://127.0.0.1:${port}/ (Ctrl-C ends it)`));
