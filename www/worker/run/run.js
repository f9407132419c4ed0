import { Archive, Run } from '../../pkg/stedi_lakehouse.js';
import { InputError } from '../../shared/errors.js';
import { createArchives } from '../io/archives.js';
import { openBytes } from '../io/read-file.js';
import { createReportTimer } from '../io/report-timer.js';
import { curate, onEach } from './curate.js';
import { mergeCounts } from './merge-counts.js';
import { readReadings } from './read-readings.js';
import { scanInputs } from './scan-inputs.js';

/**
 * @typedef {import('./scan-inputs.js').Source} Source
 * @typedef {import('../../shared/core-types.js').Counts} Counts
 * @typedef {import('../../shared/protocol.js').RunResult} RunResult
 * @typedef {(event: import('../../shared/protocol.js').RunEvent) => void} Report
 */

/**
 * A finished run, and the engines that hold what it admitted: it can be run again under stricter options.
 * @typedef {{ run: Run, engines: import('./remote-engine.js').Engine[] }} FinishedRun
 */

/**
 * One run, from files to Parquet: customers, the consent ledger, readings, the five tables.
 * @param {import('../../shared/protocol.js').RunRequest} request
 * @param {Report} report
 * @returns {Promise<{ result: RunResult, finished: FinishedRun }>}
 */
export async function runOnce({ inputs, refusals, options, key, keyOrigin, memory, helpers }, report) {
  const run = new Run(withLists(options), key, keyOrigin);
  for (const { name, bytes, reason, message } of refusals) run.refuse(name, bytes, reason, message);

  report({ kind: 'phase', phase: 'scanning' });
  const meter = createMeter(report);
  const sources = await scanInputs(inputs, run, (done, total) => {
    if (meter.isDue()) report({ kind: 'scanning', done, total });
  });
  const customers = sources.filter((source) => source.table === 'customer_landing');
  const readings = sources.filter((source) => source.table !== 'customer_landing');
  const ordered = [...customers, ...readings];
  report({ kind: 'sources', sources: ordered.map(({ name, bytes, table }) => ({ name, bytes, table })) });

  if (customers.length > 0) report({ kind: 'phase', phase: 'customers' });
  const archives = createArchives(Archive);
  for (const [index, source] of customers.entries())
    await readCustomers(run, source, archives, (bytes) => meter.add(index, bytes));
  archives.free();
  run.consent();
  report({ kind: 'phase', phase: 'readings' });
  const before = run.counts();
  const engines = await readReadings(
    run,
    readings,
    helpers,
    memory,
    (at, bytes) => meter.add(customers.length + at, bytes),
    (counts) => meter.count(() => mergeCounts([before, ...counts])),
  );

  meter.count(() => run.counts());
  meter.reportAll();
  report({ kind: 'phase', phase: 'curating' });
  return { result: await makeTables(run, engines), finished: { run, engines } };
}

/**
 * The same run under stricter options, from what its engines hold; undefined if that is not enough, and the files have
 * to be read again.
 * @param {FinishedRun} finished
 * @param {import('../../shared/protocol.js').RerunRequest} request
 * @param {Report} report
 * @returns {Promise<RunResult | undefined>}
 */
export async function rerun({ run: whole, engines }, { options, key, keyOrigin }, report) {
  const run = whole.narrowed(withLists(options), key, keyOrigin);
  if (!run) return undefined;
  try {
    const context = run.brief();
    const hold = await onEach(engines, (engine) => engine.rerun(context));
    if (hold.includes(false)) return undefined;
    for (const counters of await onEach(engines, (engine) => engine.counters())) run.absorb(counters);
    return await makeTables(run, engines, (counts) => report({ kind: 'counts', counts }));
  } finally {
    run.free();
  }
}

/**
 * The options as the core takes them: what was typed and what a file holds are lists.
 * @param {import('../../shared/core-types.js').Options} options
 */
function withLists({ withdrawals, withdrawals_file, ...options }) {
  return { ...options, withdrawals: [withdrawals.join('\n'), withdrawals_file ?? ''] };
}

/** @param {FinishedRun} finished */
export function freeRun({ run, engines }) {
  run.free();
  for (const engine of engines) engine.free();
}

/**
 * @param {Run} run
 * @param {import('./remote-engine.js').Engine[]} engines
 * @param {(counts: Counts) => void} [onCounts]
 * @returns {Promise<RunResult>}
 */
async function makeTables(run, engines, onCounts) {
  const files = await curate(run, engines, onCounts);
  return {
    report: run.report(),
    reads: run.reads(),
    rejects: run.rejects(),
    unknownFields: run.unknown_fields(),
    unmatched: run.unmet(),
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
async function readCustomers(run, source, archives, onRead) {
  try {
    if ('archive' in source) {
      run.entry(await archives.open(source.archive, source.file, onRead), source.index, source.name);
      return;
    }
    run.open(source.name, source.bytes);
    const bytes = openBytes(source.file);
    for (let chunk = await bytes.next(); chunk; chunk = await bytes.next()) {
      run.push(chunk);
      onRead(chunk.length);
    }
    run.close();
  } catch (error) {
    throw new InputError(source.name, error);
  }
}

/** Adds up the bytes that are read, and reports them from time to time. @param {Report} report */
function createMeter(report) {
  /** Bytes of sources that were not reported yet. @type {Map<number, number>} */
  let read = new Map();
  /** @type {(() => Counts) | undefined} */
  let counts;
  const isDue = createReportTimer();

  function reportAll() {
    report({ kind: 'read', read: [...read], counts: counts?.() });
    read = new Map();
    counts = undefined;
  }

  return {
    isDue,
    reportAll,
    /** @param {number} source @param {number} bytes */
    add(source, bytes) {
      read.set(source, (read.get(source) ?? 0) + bytes);
      if (isDue()) reportAll();
    },
    /** The tables so far, to be made with the next report only. @param {() => Counts} make */
    count(make) {
      counts = make;
    },
  };
}
