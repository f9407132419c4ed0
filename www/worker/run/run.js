import { Run } from '../../pkg/stedi_lakehouse.js';
import { createReportTimer } from '../io/report-timer.js';
import { goOnFrom } from './from-lake.js';
import { curate, onEach } from './curate.js';
import { mergeCounts } from './merge-counts.js';
import { beginEngines, readReadings, readSources } from './read-sources.js';
import { scanInputs } from './scan-inputs.js';

/**
 * @typedef {import('./scan-inputs.js').Source} Source
 * @typedef {import('../../shared/core.js').Counts} Counts
 * @typedef {import('../../shared/protocol.js').RunResult} RunResult
 * @typedef {(event: import('../../shared/protocol.js').RunEvent) => void} Report
 */

/** Bytes of customers that are read by one worker. */
const WORTH_SHARING = 8 << 20;

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
export async function runOnce(request, report) {
  const { inputs, refusals, options, key, keyOrigin, memory, helpers } = request;
  const run = new Run(withLists(options), key, keyOrigin);
  for (const { name, bytes, reason, message } of refusals) run.refuse(name, bytes, reason, message);

  report({ kind: 'phase', phase: 'scanning' });
  const meter = createMeter(report);
  const from = await goOnFrom(run, request, withLists(options));
  const found = await scanInputs(inputs, options.all_zones, run, (done, total) => {
    if (meter.isDue()) report({ kind: 'scanning', done, total });
  });
  const sources = from ? await from.leaveOut(found) : found;
  const customers = sources.filter((source) => source.table === 'customer_landing');
  const readings = sources.filter((source) => source.table !== 'customer_landing');
  const ordered = [...customers, ...readings];
  report({ kind: 'sources', sources: ordered.map(({ name, bytes, table }) => ({ name, bytes, table })) });

  const engines = beginEngines(helpers, memory);
  if (customers.length > 0) {
    report({ kind: 'phase', phase: 'customers' });
    await readCustomers(run, customers, engines, withLists(options), (at, bytes) => meter.add(at, bytes));
  }
  if (from) refuseWithoutCustomers(run.counts());
  run.consent();
  report({ kind: 'phase', phase: 'readings' });
  const before = run.counts();
  await readReadings(
    run,
    readings,
    engines,
    (at, bytes) => meter.add(customers.length + at, bytes),
    (counts) => meter.count(() => mergeCounts([before, ...counts])),
    from,
  );
  from?.free();

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
    const context = run.context();
    const hold = await onEach(engines, (engine) => engine.rerun(context));
    if (hold.includes(false)) return undefined;
    for (const counters of await onEach(engines, (engine) => engine.counters())) run.merge(counters);
    return await makeTables(run, engines, (counts) => report({ kind: 'counts', counts }));
  } finally {
    run.free();
  }
}

/**
 * The options as the core takes them: what was typed and what a file holds are lists, and it does not choose the files.
 * @param {import('../../shared/protocol.js').Options} options
 */
function withLists({ withdrawals, withdrawals_file, all_zones: _, ...options }) {
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
    unmatched: run.unmatched(),
    times: run.times(),
    nearestToConsent: run.nearest_to_consent(),
    files,
    outcomes: new Blob([run.outcomes()]),
  };
}

/**
 * Reads the customers into the run. Few are not worth asking others.
 * @param {Run} run
 * @param {Source[]} sources
 * @param {import('./read-sources.js').Engines} engines
 * @param {import('../../shared/protocol.js').CoreOptions} options
 * @param {(source: number, bytes: number) => void} onRead
 */
async function readCustomers(run, sources, engines, options, onRead) {
  const bytes = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  /** @type {import('./read-sources.js').Engines} */
  const readers = bytes > WORTH_SHARING ? engines : [engines[0]];
  await readSources(
    run,
    sources,
    readers,
    (engine) => engine.forget(),
    onRead,
    () => undefined,
  );
  for (const rows of await onEach(readers, (engine) => engine.customers(options))) run.customers(rows);
}

/** Consent is decided on all customers, who therefore come anew. @param {Counts} counts */
function refuseWithoutCustomers(counts) {
  if (Object.values(counts).some(({ rows_in }) => rows_in > 0)) return;
  const message =
    'The inputs hold no customers. When a run continues from a lake, all customers come anew, so that consent is ' +
    'decided on all of them.';
  throw Object.assign(new Error(message), { code: 'no_customers' });
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
