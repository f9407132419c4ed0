// The bench: `make bench`. See README.md.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { readArguments } from './arguments.mjs';
import { claims } from './claims.mjs';
import { decodeRates } from './decode.mjs';
import { missing } from './engines.mjs';
import { startUp } from './engines/page.mjs';
import { cache, results, root } from './place.mjs';
import { plot } from './plot.mjs';
import * as report from './report.mjs';
import { runRounds } from './rounds.mjs';
import { originalSample, peopleSample, sample } from './samples.mjs';
import { serve } from './server.mjs';
import { Disagreement } from './tables.mjs';
import { TITLES } from './titles.mjs';

const wanted = readArguments(process.argv.slice(2));
const say = (/** @type {string} */ words) => console.error(`bench: ${words}`);
for (const file of wanted.files) if (!existsSync(file)) throw new Error(`${file} is missing: make dist cli`);
const about = describe();
print(
  `${about.machine.cpu}, ${about.machine.cores} cores, ${Math.round(about.machine.memory / 1e9)} GB; commit ` +
    `${about.commit}, ${about.started}`,
);
if (about.machine.load_before > 0.5)
  say(`the machine is busy (load ${about.machine.load_before.toFixed(1)}): trust no figure of this run`);

/** @type {import('./claims.mjs').Measured} */
const measured = { scales: {}, people: {}, original: {}, startUp: [], decode: [] };
mkdirSync(cache, { recursive: true });
const out = mkdtempSync(join(cache, 'out-'));
// Up to gigabytes of tables, which must not stay after Ctrl-C either.
process.on('exit', () => rmSync(out, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
const server = await serve({ '/': wanted.page, '/before': wanted['page-before'], '/serve': wanted['page-serve'] });
try {
  await measure();
} catch (error) {
  if (!(error instanceof Disagreement)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  server.close();
}

async function measure() {
  if (wanted.startUp) {
    say('start-up of the page');
    measured.startUp = await startUp(server.url, wanted.rounds);
    print(report.ofStartUp(measured.startUp));
  }
  if (wanted.decode) {
    say('decode rates');
    measured.decode = await decodeRates(sample(1, wanted.cli), server.url, wanted.rounds);
    print(report.ofDecode(measured.decode));
  }
  /**
   * @param {import('./arguments.mjs').EngineName[]} engines
   * @param {import('./samples.mjs').Sample} sample
   * @param {string} name
   * @param {number} rounds
   */
  const rows = async (engines, sample, name, rounds) => {
    const { cli, 'cli-before': cliBefore, musl } = wanted;
    const context = { sample, url: server.url, cli, cliBefore, musl, out };
    const there = engines.filter((name) => {
      const why = missing(name);
      if (why) say(`${TITLES[name]} is not measured: ${why}`);
      return !why;
    });
    const result = await runRounds(there, context, rounds, say);
    print(report.ofScale(name, result));
    if (Object.keys(result.failed).length > 0) process.exitCode = 1;
    return result;
  };
  for (const scale of wanted.scales) {
    const engines = wanted.enginesAt(scale);
    if (engines.length === 0) continue;
    say(`scale ${scale}`);
    measured.scales[scale] = await rows(engines, sample(scale, wanted.cli), `Scale ${scale}`, wanted.roundsAt(scale));
  }
  if (wanted.original > 0 && wanted.enginesOfOriginal.length > 0) {
    const scale = wanted.original;
    say(`the first public export’s shape, scale ${scale}`);
    const name = `The first public export’s shape, scale ${scale}`;
    const rounds = Math.min(wanted.roundsAt(scale), 3);
    const made = originalSample(scale, wanted.cli);
    measured.original[scale] = await rows(wanted.enginesOfOriginal, made, name, rounds);
  }
  for (const people of wanted.enginesOfPeople.length > 0 ? wanted.people : []) {
    const name = `${people.toLocaleString('en')} customers`;
    say(name);
    const made = peopleSample(people, wanted.cli);
    measured.people[people] = await rows(wanted.enginesOfPeople, made, name, wanted.roundsOf(people));
  }
  if (Object.keys(measured.scales).length > 1) print(report.ofCurve(measured.scales));
  const held = claims(measured);
  print(report.ofClaims(held));

  const file = join(results, `${wanted.name}.json`);
  mkdirSync(results, { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ ...about, ended: new Date().toISOString(), claims: held, ...measured }, null, 2)}\n`,
  );
  say(`written to ${file}`);
  say(`drawn in ${plot()}`);
}

/** @param {string} words */
function print(words) {
  console.log(`${words}\n`);
}

/** What is measured, when and where. */
function describe() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const git = ['--no-optional-locks', '-C', root, 'describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
  return {
    format: 'stedi-lakehouse-bench',
    version: 1,
    units: 'seconds and bytes',
    started: new Date().toISOString(),
    commit: execFileSync('git', git, { encoding: 'utf8' }).trim(),
    page_sha256: createHash('sha256').update(readFileSync(wanted.page)).digest('hex'),
    machine: {
      cpu: cpus()[0].model,
      cores: availableParallelism(),
      memory: totalmem(),
      kernel: release(),
      load_before: loadavg()[0],
    },
    versions: {
      node: process.version,
      '@duckdb/duckdb-wasm': devDependencies['@duckdb/duckdb-wasm'],
      'hyparquet-writer': devDependencies['hyparquet-writer'],
    },
  };
}
