// Engines that are processes: this project's program, and those in Python.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../place.mjs';
import { phasesOf } from '../phases.mjs';
import { TABLES } from '../tables.mjs';
import { family, highWater } from './processes.mjs';

const MEASURE = join(root, 'bench/native/measure.py');

/**
 * The program, from its start to its end, each time a new process.
 * @param {import('../engines.mjs').Context} context
 * @returns {Promise<import('../engines.mjs').Engine>}
 */
export async function cli({ sample, cli, out }) {
  const lake = join(out, 'cli');
  const report = join(lake, 'report.json');
  const command = [cli, 'run', sample.folder, '--out', lake, '--report', report];
  let resident = 0;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let running;

  /** @returns {Promise<{ seconds: number, cpu: number, resident: number }>} */
  const measured = () =>
    new Promise((resolve, reject) => {
      running = execFile('python3', [MEASURE, ...command], (error, told, reason) => {
        running = undefined;
        if (error) reject(new Error(reason.trim() || error.message));
        else resolve(JSON.parse(told));
      });
    });

  return {
    version: execFileSync(cli, ['--version'], { encoding: 'utf8' }).trim(),
    async run() {
      rmSync(lake, { recursive: true, force: true });
      const { seconds, cpu, ...used } = await measured();
      resident = Math.max(resident, used.resident);
      const { tables } = JSON.parse(readFileSync(report, 'utf8'));
      return { seconds, cpu, counts: Object.fromEntries(TABLES.map((table) => [table, tables[table].rows_out])) };
    },
    peak: async () => ({ resident }),
    phases: () =>
      new Promise((resolve, reject) => {
        rmSync(lake, { recursive: true, force: true });
        const [program, ...words] = [...command, '--verbose'];
        running = execFile(program, words, { maxBuffer: 2 ** 28 }, (error, _, said) => {
          running = undefined;
          if (error) reject(new Error(error.message.split('\n')[0]));
          else resolve(phasesOf(said));
        });
      }),
    stop: async () => {
      running?.kill();
    },
  };
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
      // Spark's work is done in a child.
      resident: family(/** @type {number} */ (child.pid)).reduce((sum, pid) => sum + highWater(pid), 0),
    }),
    async stop() {
      // Not asked to end: it may be in the middle of a job that takes too long.
      child.kill();
      // An engine may have made the signal its own.
      const last = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exit;
      clearTimeout(last);
    },
  };
}
