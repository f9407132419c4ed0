// The sample exports, made once by the program itself and kept in the cache.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readdirSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from './place.mjs';

/** @typedef {{ folder: string, paths: string[], bytes: number }} Sample */

/** @param {number} scale @param {string} cli @returns {Sample} */
export function sample(scale, cli) {
  return made('src/sample.rs', String(scale), (part) => {
    execFileSync(cli, ['sample', '--scale', String(scale), '--out', part], { stdio: 'ignore' });
  });
}

/**
 * Of the original's readings a hundredth, and so many customers, nearly all without any.
 * @param {number} customers
 * @param {string} cli
 * @returns {Sample}
 */
export function peopleSample(customers, cli) {
  return made('bench/samples.mjs', `people-${customers}`, (part) => {
    execFileSync(cli, ['sample', '--scale', '0.01', '--out', part], { stdio: 'ignore' });
    const file = openSync(join(part, 'customer/landing/customer-many.json'), 'wx');
    for (let start = 0; start < customers; start += 10_000) {
      const lines = Array.from({ length: Math.min(10_000, customers - start) }, (_, at) => customer(start + at));
      writeSync(file, lines.join(''));
    }
    closeSync(file);
  });
}

/** A customer as the export spells one; half of them consent. @param {number} at */
function customer(at) {
  const serial = createHash('md5').update(String(at)).digest('hex');
  const time = 1_655_560_000_000 + at * 61;
  const consent = at % 2 === 0 ? `,"shareWithResearchAsOfDate":${time}` : '';
  return (
    `{"customerName":"Customer ${at}","email":"${serial.slice(0, 8)}.${at}@example.com","phone":"8015550100",` +
    `"birthDay":"1980-01-01","serialNumber":"${serial}","registrationDate":${time},` +
    `"lastUpdateDate":${time}${consent}}\n`
  );
}

/**
 * A sample of the cache, made if it is not there.
 * @param {string} generator the source that it follows from: those of another one are other data under the same name
 * @param {string} name
 * @param {(part: string) => void} make
 */
function made(generator, name, make) {
  const version = createHash('sha256')
    .update(readFileSync(join(root, generator)))
    .digest('hex');
  const folder = join(cache, 'samples', version.slice(0, 12), name);
  if (!existsSync(folder)) {
    const part = `${folder}.${process.pid}.part`;
    make(part);
    renameSync(part, folder);
  }
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort();
  const paths = names.map((name) => join(folder, name));
  return { folder, paths, bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0) };
}
