import { Archive, Run } from '../../pkg/stedi_lakehouse.js';
import { createArchives } from '../io/archives.js';
import { sum } from './merge-counts.js';
import { curate, ofAll } from './curate.js';
import { InputError } from '../../shared/failure.js';
import { look } from './scan-inputs.js';
import { openBytes } from '../io/read-file.js';
import { readReadings } from './read-readings.js';

/**
 * @typedef {import('./scan-inputs.js').Source} Source
 * @typedef {(event: import('../../shared/types.js').WorkEvent) => void} Tell
 */

/** Between two messages of progress, in milliseconds. */
const PROGRESS_EVERY = 100;

/**
 * A finished run, and the instances that hold what it admitted: it can go on under narrower options.
 * @typedef {{ run: Run, instances: import('./remote-engine.js').Instance[] }} Kept
 * @typedef {import('../../shared/types.js').RunResult} RunResult
 */

/**
 * One run, from files to Parquet: customers, the consent ledger, readings, the five tables.
 * @param {import('../../shared/types.js').RunJob} job
 * @param {Tell} tell
 * @returns {Promise<{ result: RunResult, kept: Kept }>}
 */
export async function runJob(job, tell) {
  const run = new Run(withLists(job.options), job.key, job.keyOrigin);
  for (const { name, bytes, reason, message } of job.refusals) run.refuse(name, bytes, reason, message);

  tell({ kind: 'phase', phase: 'looking' });
  const meter = createMeter(tell);
  const sources = await look(job.inputs, run, (done, total) => {
    if (meter.due()) tell({ kind: 'looking', done, total });
  });
  const customers = sources.filter((source) => source.table === 'customer_landing');
  const readings = sources.filter((source) => source.table !== 'customer_landing');
  const ordered = [...customers, ...readings];
  tell({ kind: 'sources', sources: ordered.map(({ name, bytes, table }) => ({ name, bytes, table })) });

  if (customers.length > 0) tell({ kind: 'phase', phase: 'customers' });
  const archives = createArchives(Archive);
  for (const [index, source] of customers.entries())
    await pull(run, source, archives, (bytes) => meter.addTo(index, bytes));
  archives.free();
  run.consent();
  tell({ kind: 'phase', phase: 'readings' });
  const before = run.counts();
  const instances = await readReadings(
    run,
    readings,
    job.helpers,
    job.memory,
    (at, bytes) => meter.addTo(customers.length + at, bytes),
    (counts) => {
      meter.count(() => sum([before, ...counts]));
    },
  );

  meter.count(() => run.counts());
  meter.tellAll();
  tell({ kind: 'phase', phase: 'curating' });
  const result = await curated(run, instances);
  return { result, kept: { run, instances } };
}

/**
 * The same run under other options, from what its instances hold; undefined if that is not enough, and the
 * files have to be read again.
 * @param {Kept} kept
 * @param {import('../../shared/types.js').NarrowJob} job
 * @param {Tell} tell
 * @returns {Promise<RunResult | undefined>}
 */
export async function narrowed({ run: whole, instances }, job, tell) {
  const run = whole.narrowed(withLists(job.options), job.key, job.keyOrigin);
  if (!run) return undefined;
  try {
    const brief = run.brief();
    const hold = await ofAll(instances, (instance) => instance.narrow(brief));
    if (hold.includes(false)) return undefined;
    for (const tallies of await ofAll(instances, (instance) => instance.tallies())) run.absorb(tallies);
    return await curated(run, instances, (counts) => tell({ kind: 'counts', counts }));
  } finally {
    run.free();
  }
}

/** The options as the core takes them: what was typed and what a file holds are lists. @param {import('../../shared/types.js').Options} options */
function withLists({ withdrawals, withdrawals_file, ...options }) {
  return { ...options, withdrawals: [withdrawals.join('\n'), withdrawals_file ?? ''] };
}

/** @param {Kept} kept */
export function free({ run, instances }) {
  run.free();
  for (const instance of instances) instance.free();
}

/**
 * @param {Run} run
 * @param {import('./remote-engine.js').Instance[]} instances
 * @param {Parameters<typeof curate>[2]} [onCounts]
 * @returns {Promise<RunResult>}
 */
async function curated(run, instances, onCounts) {
  const files = await curate(run, instances, onCounts);
  return {
    report: run.report(),
    reads: run.reads(),
    rejects: run.rejects(),
    unknownFields: run.unknown_fields(),
    unmet: run.unmet(),
    files,
  };
}

/**
 * Reads one source into the run. If that fails, part of its rows are in already and cannot be taken out
 * again, so the whole run fails, and the error names the source.
 * @param {Run} run
 * @param {Source} source
 * @param {ReturnType<typeof createArchives<Archive>>} archives
 * @param {(bytes: number) => void} onRead
 */
async function pull(run, source, archives, onRead) {
  try {
    if ('archive' in source) {
      run.entry(archives.open(source.archive, source.file, onRead), source.index, source.name);
      return;
    }
    run.open(source.name, source.bytes);
    const bytes = openBytes(source.file);
    for (let part = await bytes.next(); part; part = await bytes.next()) {
      run.push(part);
      onRead(part.length);
    }
    run.close();
  } catch (error) {
    throw new InputError(source.name, error);
  }
}

/** Counts bytes as they are read and tells of them ten times a second. @param {Tell} tell */
function createMeter(tell) {
  /** Bytes of sources that were not told of yet. @type {Map<number, number>} */
  let news = new Map();
  /** @type {(() => import('../../shared/types.js').Counts) | undefined} */
  let counts;
  let told = 0;

  function due() {
    const now = performance.now();
    if (now - told < PROGRESS_EVERY) return false;
    told = now;
    return true;
  }

  /** @param {number} source @param {number} bytes */
  function addTo(source, bytes) {
    news.set(source, (news.get(source) ?? 0) + bytes);
    if (due()) tellAll();
  }

  /** What was not told yet. */
  function tellAll() {
    tell({ kind: 'progress', read: [...news], counts: counts?.() });
    news = new Map();
    counts = undefined;
  }

  return {
    due,
    addTo,
    tellAll,
    /** What the tables come to; asked for when it is told only. @param {() => import('../../shared/types.js').Counts} make */
    count(make) {
      counts = make;
    },
  };
}
