// `make dev`, on a copy of the sources: what is edited is seen, what is broken is not, and the built page stays.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, pageFile, tempFolder } from './harness.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A copy that may be edited, with the built page. @param {string} folder */
function copySources(folder) {
  for (const name of ['www', 'scripts', 'package.json', 'Cargo.toml'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of ['src', 'sql', 'spark', 'dist']) mkdirSync(join(folder, name));
  cpSync(pageFile, join(folder, 'dist/stedi-lakehouse.html'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
}

test('a style and a text are edited, and the page shows them', async (t) => {
  const folder = join(tempFolder(t), 'copy');
  copySources(folder);
  const edit = (/** @type {string} */ file, /** @type {string} */ old, /** @type {string} */ now) => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes(old), `${file} has ${old}`);
    // As many editors do it.
    writeFileSync(`${path}.new`, text.replace(old, now));
    renameSync(`${path}.new`, path);
  };
  const server = spawn(process.execPath, ['scripts/dev.mjs'], {
    cwd: folder,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => server.kill());
  const lines = createInterface(server.stdout);
  let errors = '';
  server.stderr.on('data', (data) => {
    errors += data;
  });
  const [said] = await once(lines, 'line');
  const [url] = /http:\S+\//.exec(said) ?? [];
  assert.ok(url, said);

  const browser = await launch();
  t.after(() => browser.close());
  const page = await browser.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(url);
  await page.locator('#files').waitFor({ state: 'attached' });

  edit('www/page/index.html', '<title>', '<title>Edited. ');
  await page.waitForFunction(() => document.title.startsWith('Edited.'));

  writeFileSync(join(folder, 'www/styles/page.css'), '@import "./nowhere.css";', { flag: 'a' });
  await new Promise((resolve) => lines.on('line', (line) => line.includes('last good page stays') && resolve(line)));
  assert.match(errors, /nowhere\.css/);
  edit('www/styles/page.css', '@import "./nowhere.css";', 'body { letter-spacing: 7px; }');
  await page.waitForFunction(() => getComputedStyle(document.body).letterSpacing === '7px');
  assert.match(await page.title(), /^Edited/);
  assert.deepEqual(complaints, []);
  // What is served has a script more, what is built has not.
  assert.match(await (await fetch(url)).text(), /EventSource/);
  assert.doesNotMatch(readFileSync(join(folder, 'dist/stedi-lakehouse.html'), 'utf8'), /\/changes/);
});
