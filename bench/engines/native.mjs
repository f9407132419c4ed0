// Engines that are processes: this project's program, and those in Python.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../place.mjs';
import { TABLES } from '../tables.mjs';
import { highWater } from './chromium.mjs';

/** Runs a program and tells the peak resident memory of it alone. */
const PEAK = `
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)`;

/**
 * The program, from its start to its end, each time a new process.
 * @param {import('../engines.mjs').Context} context
 * @returns {Promise<import('../engines.mjs').Engine>}
 */
export async function cli({ sample, cli, out }) {
  const lake = join(out, 'cli');
  const report = join(lake, 'report.json');
  const command = ['run', sample.folder, '--out', lake, '--report', report];
  return {
    version: execFileSync(cli, ['--version'], { encoding: 'utf8' }).trim(),
    async run() {
      rmSync(lake, { recursive: true, force: true });
      const seconds = await timed(cli, command);
      const { tables } = JSON.parse(readFileSync(report, 'utf8'));
      return { seconds, counts: Object.fromEntries(TABLES.map((table) => [table, tables[table].rows_out])) };
    },
    peak: async () => ({
      resident: Number(execFileSync('python3', ['-c', PEAK, cli, ...command], { encoding: 'utf8' })),
    }),
    stop: async () => {},
  };
}

/** Seconds that a program takes. @param {string} program @param {string[]} given @returns {Promise<number>} */
function timed(program, given) {
  return new Promise((resolve, reject) => {
    const since = performance.now();
    const child = spawn(program, given, { stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve((performance.now() - since) / 1000);
      else reject(new Error(`${program} ended with ${code}`));
    });
  });
}

/**
 * One process that takes jobs, so that all but the first are warm.
 * @param {import('../engines.mjs').Context} context
 * @param {string} name
 * @returns {Promise<import('../engines.mjs').Engine>}
 */
export async function python({ sample, out }, name) {
  const threads = availableParallelism();
  const program = name === 'spark' ? process.env.BENCH_SPARK_PYTHON : process.env.BENCH_PYTHON;
  if (!program) throw new Error('scripts/env.sh tells where Python is; source it first');
  const env = {
    ...process.env,
    POLARS_MAX_THREADS: String(threads),
    BENCH_THREADS: String(threads),
    // Where `make bench` puts this project's package.
    PYTHONPATH: join(root, 'dist/wheel/unpacked'),
  };
  const since = performance.now();
  const child = spawn(program, [join(root, `bench/native/${name}_job.py`)], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  // All of it is Spark's chatter while it works, and the reason when it fails.
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-2000);
  });
  child.stdin.on('error', () => {});
  const exit = new Promise((resolve) => child.on('close', resolve));
  child.on('error', (error) => {
    said += String(error);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value } = await lines.next();
    if (value === undefined) throw new Error(`${name} ended: ${said.trim()}`);
    return JSON.parse(value);
  };

  const { ready } = await answer();
  const folder = join(out, name);
  return {
    version: `${ready}, ${threads} threads`,
    startSeconds: (performance.now() - since) / 1000,
    run() {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      child.stdin.write(`${JSON.stringify({ inputs: sample.folder, out: folder, threads })}\n`);
      return answer();
    },
    peak: async () => ({
      resident: family(/** @type {number} */ (child.pid)).reduce((sum, pid) => sum + highWater(pid), 0),
    }),
    async stop() {
      // Not asked to end: it may be in the middle of a job that takes too long.
      child.kill();
      await exit;
    },
  };
}

/** A process and those it started: Spark's work is done in a child. @param {number} pid @returns {number[]} */
function family(pid) {
  let children = '';
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  } catch {
    // It has ended.
  }
  return [
    pid,
    ...children
      .split(' ')
      .filter(Boolean)
      .flatMap((child) => family(Number(child))),
  ];
}
