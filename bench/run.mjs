// The bench: `make bench`. See README.md.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { readArguments } from './arguments.mjs';
import { claims } from './claims.mjs';
import { decodeRates } from './decode.mjs';
import { startUp } from './engines/page.mjs';
import { cache, root } from './place.mjs';
import * as report from './report.mjs';
import { rounds } from './rounds.mjs';
import { sample } from './samples.mjs';
import { serve } from './server.mjs';

const wanted = readArguments(process.argv.slice(2));
const say = (/** @type {string} */ words) => console.error(`bench: ${words}`);
const server = await serve(wanted.page);
const out = join(cache, 'out');
const started = new Date().toISOString();
const load = loadavg()[0];
if (load > 0.5) say(`the machine is busy (load ${load.toFixed(1)}): trust no figure of this run`);

/** @type {import('./claims.mjs').Measured} */
const measured = { scales: {}, startUp: [], decode: [] };
try {
  if (wanted.startUp) {
    say('start-up of the page');
    measured.startUp = await startUp(server.url, wanted.runs);
    print(report.ofStartUp(measured.startUp));
  }
  if (wanted.decode) {
    say('decode rates');
    measured.decode = await decodeRates(sample(1, wanted.cli), server.url, wanted.runs);
    print(report.ofDecode(measured.decode));
  }
  for (const scale of wanted.scales) {
    const engines = wanted.enginesAt(scale);
    if (engines.length === 0) continue;
    say(`scale ${scale}`);
    const context = { sample: sample(scale, wanted.cli), url: server.url, cli: wanted.cli, out };
    measured.scales[scale] = await rounds(engines, context, wanted.runsAt(scale), say);
    print(report.ofScale(String(scale), measured.scales[scale]));
  }
} finally {
  server.close();
  rmSync(out, { recursive: true, force: true });
}
if (Object.keys(measured.scales).length > 1) print(report.ofCurve(measured.scales));
const verdicts = claims(measured);
print(report.ofClaims(verdicts));

const file = join(root, 'bench/results', `${wanted.name}.json`);
mkdirSync(join(root, 'bench/results'), { recursive: true });
writeFileSync(file, `${JSON.stringify({ ...about(), claims: verdicts, ...measured }, null, 2)}\n`);
say(`written to ${file}`);

/** @param {string} words */
function print(words) {
  console.log(`${words}\n`);
}

/** What was measured, when and where. */
function about() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const git = ['--no-optional-locks', '-C', root, 'describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
  return {
    format: 'stedi-lakehouse-bench',
    version: 1,
    started,
    ended: new Date().toISOString(),
    commit: execFileSync('git', git, { encoding: 'utf8' }).trim(),
    page_sha256: createHash('sha256').update(readFileSync(wanted.page)).digest('hex'),
    machine: { cpu: cpus()[0].model, cores: availableParallelism(), memory: totalmem(), kernel: release(), load_before: load },
    versions: {
      node: process.version,
      '@duckdb/duckdb-wasm': devDependencies['@duckdb/duckdb-wasm'],
      'hyparquet-writer': devDependencies['hyparquet-writer'],
    },
  };
}
