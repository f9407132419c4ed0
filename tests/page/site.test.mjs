import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { protection } from '../../scripts/serve-headers.mjs';

test('the site is the released page, its sums, and the headers that make serve sends', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  context.after(() => rmSync(folder, { recursive: true }));
  copyFileSync('dist/stedi-lakehouse.html', join(folder, 'stedi-lakehouse.html'));
  writeFileSync(join(folder, 'SHA256SUMS'), 'sums\n');
  const site = join(folder, 'site');
  const env = { ...process.env, STEDI_SITE: 'page.example' };
  execFileSync('node', ['scripts/site.mjs', folder, site], { env });

  const page = readFileSync('dist/stedi-lakehouse.html');
  assert.ok(readFileSync(join(site, 'index.html')).equals(page));
  assert.equal(readFileSync(join(site, 'SHA256SUMS'), 'utf8'), 'sums\n');
  assert.equal(readFileSync(join(site, 'CNAME'), 'utf8'), 'page.example\n');
  const [place, ...lines] = readFileSync(join(site, '_headers'), 'utf8').trimEnd().split('\n');
  assert.equal(place, '/*');
  assert.deepEqual(Object.fromEntries(lines.map((line) => line.trim().split(/: (.*)/, 2))), protection(page));
});
