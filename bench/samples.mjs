// The sample exports, made once by the program itself and kept in the cache.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from './place.mjs';

/** @typedef {{ folder: string, paths: string[], bytes: number }} Sample */

/** @param {number} scale @param {string} cli @returns {Sample} */
export function sample(scale, cli) {
  // Samples of another generator are other data under the same name.
  const generator = createHash('sha256')
    .update(readFileSync(join(root, 'src/sample.rs')))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cache, 'samples', generator, String(scale));
  if (!existsSync(folder)) {
    const part = `${folder}.${process.pid}.part`;
    execFileSync(cli, ['sample', '--scale', String(scale), '--out', part], { stdio: 'ignore' });
    renameSync(part, folder);
  }
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort();
  const paths = names.map((name) => join(folder, name));
  return { folder, paths, bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0) };
}
