// The sample exports, made once by the program itself and kept in the cache.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cache, root } from './place.mjs';

/** @typedef {{ folder: string, paths: string[], bytes: number }} Sample */
/** @typedef {'zip' | 'gz'} Packing one zip of the whole export, or each of its files as .gz */

/** @param {number} scale @param {string} cli @returns {Sample} */
export function sample(scale, cli) {
  return made(['src/sample.rs'], String(scale), (part) => generate(cli, part, ['--scale', String(scale)]));
}

/**
 * Customers many times over, and no line ends.
 * @param {number} scale
 * @param {string} cli
 * @returns {Sample}
 */
export function originalSample(scale, cli) {
  return made(['src/sample.rs', 'src/sample/original.rs'], `original-${scale}`, (part) =>
    generate(cli, part, ['--shape', 'original', '--scale', String(scale)]),
  );
}

/**
 * Of the original's readings a hundredth, and so many customers, nearly all without any.
 * @param {number} customers
 * @param {string} cli
 * @returns {Sample}
 */
export function peopleSample(customers, cli) {
  return made(['src/sample.rs', 'bench/samples.mjs'], `people-${customers}`, (part) => {
    generate(cli, part, ['--scale', '0.01']);
    const file = openSync(join(part, 'customer/landing/customer-many.json'), 'wx');
    for (let start = 0; start < customers; start += 10_000) {
      const lines = Array.from({ length: Math.min(10_000, customers - start) }, (_, at) => customer(start + at));
      writeSync(file, lines.join(''));
    }
    closeSync(file);
  });
}

/**
 * A plain sample as people pack exports, beside it in the cache.
 * @param {Sample} plain
 * @param {Packing} packing
 * @returns {Sample} whose bytes are packed ones
 */
export function packed({ folder, paths }, packing) {
  return kept(`${folder}-${packing}`, (part) => {
    mkdirSync(part);
    if (packing === 'zip') {
      // By Python, which the bench needs anyway: not every machine has a zip.
      const zip = ['-m', 'zipfile', '-c', join(part, 'export.zip'), ...readdirSync(folder).sort()];
      execFileSync('python3', zip, { cwd: folder });
      return;
    }
    for (const path of paths) {
      const to = join(part, `${relative(folder, path)}.gz`);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, gzipSync(readFileSync(path)));
    }
  });
}

/** @param {string} cli @param {string} out @param {string[]} given */
function generate(cli, out, given) {
  execFileSync(cli, ['sample', ...given, '--out', out], { stdio: 'ignore' });
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
 * @param {string[]} generator the sources that it follows from: those of others are other data under the same name
 * @param {string} name
 * @param {(part: string) => void} make
 */
function made(generator, name, make) {
  const version = createHash('sha256');
  for (const source of generator) version.update(readFileSync(join(root, source)));
  return kept(join(cache, 'samples', version.digest('hex').slice(0, 12), name), make);
}

/** @param {string} folder @param {(part: string) => void} make @returns {Sample} */
function kept(folder, make) {
  if (!existsSync(folder)) {
    const part = `${folder}.${process.pid}.part`;
    make(part);
    renameSync(part, folder);
  }
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(json|gz|zip)$/.test(name))
    .sort();
  const paths = names.map((name) => join(folder, name));
  return { folder, paths, bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0) };
}
