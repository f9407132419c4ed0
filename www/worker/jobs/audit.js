import { Audit, Hasher, Splitter, compare as compareReports, numbered } from '../../pkg/stedi_lakehouse.js';
import { readFailure } from '../../shared/read-blob.js';
import { openLakeTable } from '../io/lake-table.js';
import { openBytes } from '../io/read-file.js';
import { readingTables } from '../run/from-lake.js';
import { createReportTimer } from '../io/report-timer.js';

/** @typedef {import('../../shared/protocol.js').JobService} JobService */

/**
 * Reads every input and output once more, for its SHA-256, and makes the three documents from the run's report.
 * @param {JobService['audit']['request']} request
 * @param {(bytes: number) => void} onHashed
 * @returns {Promise<JobService['audit']['reply']>}
 */
export async function audit({ report, reads, inputs, from, outputs, names, commit, wasmSha256, event }, onHashed) {
  const isDue = createReportTimer();
  let done = 0;
  /** @param {Blob} blob @param {Hasher} hasher which takes all of it */
  async function hash(blob, hasher) {
    const bytes = openBytes(blob);
    for (let chunk = await bytes.next(); chunk; chunk = await bytes.next()) {
      hasher.push(chunk);
      done += chunk.length;
      if (isDue()) onHashed(done);
    }
    return hasher;
  }

  const audit = new Audit(report, reads, commit, wasmSha256);
  /** @type {string[]} */
  const changed = [];
  for (const { name, file } of inputs) {
    // One that can no longer be read has no hash, and the report says so.
    const same = audit.input(name, file.size, await hash(file, audit.hasher(name)).catch(() => undefined));
    if (!same) changed.push(name);
  }
  if (from) {
    audit.went_on_from(from.report, from.documents);
    for (const { name, blob } of await readingTables(from))
      audit.input(name, blob.size, await hash(blob, audit.hasher(name)).catch(() => undefined));
  }
  for (const [table, blob] of Object.entries(outputs)) {
    const path = names[table];
    const hashed = await hash(blob, new Hasher()).catch(async (error) => {
      throw await readFailure([{ path, blob }], error);
    });
    const opened = await openLakeTable(table, blob);
    audit.output(opened.file, path, blob.size, hashed.finish());
    opened.free();
  }
  const [completed, lineage, croissant] = audit.finish(event.run_id, event.time);
  const tree = (/** @type {import('../../shared/core.js').Export} */ name, withLanding = false, delta = false) =>
    audit.tree(name, withLanding, delta, event.run_id, event.time);
  const trees = {
    research: tree('research'),
    lake: tree('lake'),
    landing: tree('lake', true),
    delta: tree('lake', false, true),
    deltaLanding: tree('lake', true, true),
  };
  return { files: { report: completed, lineage, croissant }, trees, changed };
}

/**
 * Deals the people of a research export to training and test data, and describes both.
 * @param {JobService['split']['request']} request
 * @returns {Promise<JobService['split']['reply']>}
 */
export async function split({ report, table, share, key, event }) {
  const open = await openLakeTable('machine_learning_curated', table);
  const splitter = new Splitter(report, share, key, open.file);
  await open.rows((group, bytes) => splitter.rows(open.file, group, bytes));
  open.free();
  const made = splitter.finish(event.run_id, event.time);
  const files = made.paths().map((path, at) => ({ path, blob: new Blob([made.split(at)]) }));
  const { documents } = made.documents();
  return [...files, ...documents.map(([path, text]) => ({ path, blob: new Blob([text]) }))];
}

/** @param {JobService['number']['request']} report */
export const number = (report) => numbered(report);

/** @param {JobService['compare']['request']} reports @returns {JobService['compare']['reply']} */
export const compare = ({ old, now }) => JSON.parse(compareReports(old, now));
