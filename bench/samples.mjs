// The sample exports, made once by the program itself and kept in the cache.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from './place.mjs';

/** @typedef {{ scale: number, folder: string, paths: string[], bytes: number }} Sample */

/** @param {number} scale @param {string} cli @returns {Sample} */
export function sample(scale, cli) {
  // Samples of an earlier generator are other data under the same name.
  const generator = createHash('sha256').update(readFileSync(join(root, 'src/sample.rs'))).digest('hex').slice(0, 12);
  const all = join(cache, 'samples');
  mkdirSync(all, { recursive: true });
  for (const other of readdirSync(all)) if (other !== generator) rmSync(join(all, other), { recursive: true });

  const folder = join(all, generator, String(scale));
  if (!existsSync(folder)) {
    const part = `${folder}.part`;
    rmSync(part, { recursive: true, force: true });
    execFileSync(cli, ['sample', '--scale', String(scale), '--out', part], { stdio: 'ignore' });
    renameSync(part, folder);
  }
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json')).sort().map((name) => join(folder, name));
  return { scale, folder, paths, bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0) };
}
