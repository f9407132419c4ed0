import { Audit, Hasher, compare } from './pkg/stedi_lakehouse.js';
import { openBytes, readFailure } from './read.js';

/**
 * @typedef {import('./types.js').AuditJob} AuditJob
 */

/** Between two messages of progress, in milliseconds. */
const PROGRESS_EVERY = 100;

/**
 * Reads every input and output once more, for its SHA-256, and makes the three files from the run's report.
 * @param {AuditJob} job
 * @param {(event: import('./types.js').HashingEvent) => void} tell
 * @returns {Promise<import('./types.js').AuditResult>}
 */
export async function auditJob({ report, inputs, outputs, commit, wasmSha256, event }, tell) {
  let done = 0;
  let told = 0;
  /** @param {Blob} blob */
  async function hash(blob) {
    const hasher = new Hasher();
    const bytes = openBytes(blob);
    for (let part = await bytes.next(); part; part = await bytes.next()) {
      hasher.push(part);
      done += part.length;
      const now = performance.now();
      if (now - told < PROGRESS_EVERY) continue;
      told = now;
      tell({ kind: 'hashing', bytes: done });
    }
    return hasher.finish();
  }

  const audit = new Audit(report, commit, wasmSha256);
  for (const { name, file } of inputs) {
    // One that can no longer be read has no hash, and the report says so.
    audit.input(name, file.size, await hash(file).catch(() => undefined));
  }
  for (const [table, blob] of Object.entries(outputs)) {
    const path = `${table}.parquet`;
    audit.output(table, path, blob.size, await hash(blob).catch(async (error) => { throw await readFailure([{ path, blob }], error); }));
  }
  const [completed, lineage, croissant] = audit.finish(event.run_id, event.time);
  const tree = (/** @type {import('./types.js').Export} */ name) => audit.tree(name, event.run_id, event.time);
  return { files: { report: completed, lineage, croissant }, trees: { research: tree('research'), lake: tree('lake') } };
}

/** @param {import('./types.js').CompareJob} job @returns {import('./types.js').Difference} */
export function compareJob({ old, now }) {
  return JSON.parse(compare(old, now));
}
