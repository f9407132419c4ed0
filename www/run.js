import { Run } from './pkg/stedi_lakehouse.js';
import { InputError } from './failure.js';
import { look } from './inputs.js';
import { readNext } from './read.js';
import { TABLES } from './text.js';

/**
 * @typedef {import('./inputs.js').Source} Source
 * @typedef {import('./types.js').SavedTable} SavedTable
 * @typedef {(event: import('./types.js').WorkEvent) => void} Tell
 */

/** Between two messages of progress, in milliseconds. */
const PROGRESS_EVERY = 100;

/**
 * One run, from files to Parquet: customers, the consent ledger, readings, the five tables.
 * @param {import('./types.js').RunJob} job
 * @param {Tell} tell
 * @returns {Promise<import('./types.js').RunResult>}
 */
export async function runJob(job, tell) {
  const run = new Run(job.options, job.key, job.keyOrigin);
  for (const { name, bytes, reason, message } of job.refusals) run.refuse(name, bytes, reason, message);

  tell({ kind: 'phase', phase: 'looking' });
  const meter = createMeter(run, tell);
  const { sources, archives } = look(job.inputs, run, meter.add, (done) => {
    if (meter.due()) tell({ kind: 'looking', done, total: job.inputs.length });
  });
  const customers = sources.filter((source) => source.table === 'customer_landing');
  const readings = sources.filter((source) => source.table !== 'customer_landing');
  const ordered = [...customers, ...readings];
  tell({ kind: 'sources', sources: ordered.map(({ name, bytes, table }) => ({ name, bytes, table })) });

  for (const [index, source] of ordered.entries()) {
    if (index === 0 && customers.length > 0) tell({ kind: 'phase', phase: 'customers' });
    if (index === customers.length) endOfCustomers();
    meter.start(index, source);
    await pull(run, source, meter);
  }
  if (readings.length === 0) endOfCustomers();

  tell({ kind: 'counts', counts: run.counts() });
  tell({ kind: 'phase', phase: 'curating' });
  run.curate();
  tell({ kind: 'counts', counts: run.counts() });

  const result = { report: run.report(), rejects: run.rejects(), unknownFields: run.unknown_fields(), files: take(run) };
  run.free();
  for (const archive of archives) archive.free();
  return result;

  function endOfCustomers() {
    run.consent();
    tell({ kind: 'phase', phase: 'readings' });
  }
}

/**
 * Reads one source into the run. If that fails, part of its rows are in already and cannot be taken out
 * again, so the whole run fails, and the error names the source.
 * @param {Run} run
 * @param {Source} source
 * @param {ReturnType<typeof createMeter>} meter
 */
async function pull(run, source, meter) {
  try {
    if ('archive' in source) {
      run.entry(source.archive, source.index, source.name, source.table);
      return;
    }
    run.open(source.name, source.bytes, source.table);
    const stream = source.file.stream().getReader();
    for (let part = await readNext(stream); part; part = await readNext(stream)) {
      run.push(part);
      meter.add(part.length);
    }
    run.close();
  } catch (error) {
    throw new InputError(source.name, error);
  }
}

/** Counts bytes as they are read and tells of them ten times a second. @param {Run} run @param {Tell} tell */
function createMeter(run, tell) {
  let index = -1;
  let read = 0;
  let countable = false;
  let told = 0;

  function due() {
    const now = performance.now();
    if (now - told < PROGRESS_EVERY) return false;
    told = now;
    return true;
  }

  function tellIfDue() {
    if (index >= 0 && due()) tell({ kind: 'progress', index, read, counts: countable ? run.counts() : undefined });
  }

  return {
    due,
    /** What is read from now on. @param {number} next @param {Source} source */
    start(next, source) {
      index = next;
      read = 0;
      // While the core pulls in an archive's entry it holds the run, which cannot be asked then.
      countable = 'file' in source;
      tellIfDue();
    },
    /** @param {number} bytes */
    add(bytes) {
      read += bytes;
      tellIfDue();
    },
  };
}

/** The Parquet files, moved out of the core's memory one by one. @param {Run} run */
function take(run) {
  const files = /** @type {Record<SavedTable, Blob>} */ ({});
  for (const { name } of TABLES.filter((table) => table.saved)) {
    const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (run.take(name));
    files[/** @type {SavedTable} */ (name)] = new Blob([bytes], { type: 'application/vnd.apache.parquet' });
  }
  return files;
}
