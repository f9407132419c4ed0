import { Audit, Hasher, compare, numbered } from '../../pkg/stedi_lakehouse.js';
import { openBytes } from '../io/read-file.js';
import { readFailure } from '../../shared/read-blob.js';

/**
 * @typedef {import('../../shared/types.js').AuditJob} AuditJob
 */

/** Between two messages of progress, in milliseconds. */
const PROGRESS_EVERY = 100;

/**
 * Reads every input and output once more, for its SHA-256, and makes the three files from the run's report.
 * @param {AuditJob} job
 * @param {(event: import('../../shared/types.js').HashingEvent) => void} tell
 * @returns {Promise<import('../../shared/types.js').AuditResult>}
 */
export async function auditJob({ report, reads, inputs, outputs, commit, wasmSha256, event }, tell) {
  let done = 0;
  let told = 0;
  /** @param {Blob} blob @param {Hasher} hasher which takes all of it */
  async function hash(blob, hasher) {
    const bytes = openBytes(blob);
    for (let part = await bytes.next(); part; part = await bytes.next()) {
      hasher.push(part);
      done += part.length;
      const now = performance.now();
      if (now - told < PROGRESS_EVERY) continue;
      told = now;
      tell({ kind: 'hashing', bytes: done });
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
  for (const [table, blob] of Object.entries(outputs)) {
    const path = `${table}.parquet`;
    const hashed = await hash(blob, new Hasher()).catch(async (error) => {
      throw await readFailure([{ path, blob }], error);
    });
    audit.output(table, path, blob.size, hashed.finish());
  }
  const [completed, lineage, croissant] = audit.finish(event.run_id, event.time);
  const tree = (/** @type {import('../../shared/types.js').Export} */ name, along = false) =>
    audit.tree(name, along, event.run_id, event.time);
  const trees = { research: tree('research'), lake: tree('lake'), landing: tree('lake', true) };
  return { files: { report: completed, lineage, croissant }, trees, changed };
}

/** @param {import('../../shared/types.js').NumberJob} job */
export const numberJob = ({ report }) => numbered(report);

/** @param {import('../../shared/types.js').CompareJob} job @returns {import('../../shared/types.js').Difference} */
export function compareJob({ old, now }) {
  return JSON.parse(compare(old, now));
}
