import { LIMITS } from '../../shared/core.js';
import { readBack } from '../io/read-file.js';

/**
 * @typedef {import('../../shared/protocol.js').JobRows} JobRows
 * @typedef {import('../../shared/protocol.js').Share} Share
 * @typedef {Pick<
 *   import('../../pkg/stedi_lakehouse.js').RowGroupBuilder,
 *   'gather' | 'take_partners' | 'gathered_bytes' | 'forget'
 * >} Builder what gathers the readings of jobs
 */

/**
 * Gathers the readings of jobs, and hands on each job that has all of them. Jobs that need some of the same readings of
 * others are gathered together, as many as fit: these readings are then read once for all of them.
 * @param {JobRows[]} jobs with what this engine has handed to the browser
 * @param {Builder} builder
 * @param {(job: number) => void} take
 * @param {(blob: Blob) => Promise<Uint8Array>} [read]
 */
export async function gatherJobs(jobs, builder, take, read = readBack) {
  const waiting = [...jobs];
  while (waiting.length > 0) {
    /** @type {JobRows[]} */
    const batch = [];
    do {
      const [next] = waiting.splice(0, 1);
      await begin(next, builder, read);
      batch.push(next);
    } while (waiting[0] && joins(waiting[0], batch) && builder.gathered_bytes() < LIMITS.gathered_bytes);
    waiting.unshift(...(await takePartners(batch, builder, read)));
    for (const { job } of batch) take(job);
  }
}

/** Whether a job needs readings that all jobs of a batch need. @param {JobRows} job @param {JobRows[]} batch */
const joins = ({ partners }, batch) => partners.some((blob) => batch.every((other) => other.partners.includes(blob)));

/**
 * Begins a job with its own readings.
 * @param {JobRows} rows
 * @param {Builder} builder
 * @param {(blob: Blob) => Promise<Uint8Array>} read
 */
async function begin({ job, shares }, builder, read) {
  refuseTooMuch(shares.reduce((sum, share) => sum + (share instanceof Blob ? share.size : share.length), 0));
  builder.gather(job, await Promise.all(shares.map((share) => (share instanceof Blob ? read(share) : share))));
}

/**
 * Jobs that have begun take what they need of the readings that may be paired with theirs, of which only some are in
 * memory at a time. Gives those that have to begin again, because all together take too much.
 * @param {JobRows[]} batch
 * @param {Builder} builder
 * @param {(blob: Blob) => Promise<Uint8Array>} read
 */
async function takePartners(batch, builder, read) {
  /** @type {JobRows[]} */
  const again = [];
  for (const blob of new Set(batch.flatMap(({ partners }) => partners))) {
    for (let at = 0; at < blob.size; at += LIMITS.partner_bytes) {
      const rows = await read(blob.slice(at, at + LIMITS.partner_bytes));
      const those = batch.filter(({ partners }) => partners.includes(blob));
      builder.take_partners(
        Uint32Array.from(those, ({ job }) => job),
        rows,
      );
      while (batch.length > 1 && builder.gathered_bytes() > 2 * LIMITS.gathered_bytes) {
        const [last] = batch.splice(-1);
        builder.forget(last.job);
        again.unshift(last);
      }
    }
  }
  return again;
}

/** @param {number} bytes */
function refuseTooMuch(bytes) {
  if (bytes <= LIMITS.job_bytes) return;
  throw Object.assign(
    new Error(
      `${Math.round(bytes / 2 ** 20)} MB of readings belong together, more than this page can take at once: ` +
        'those of one person or of one device. The command line can do it.',
    ),
    { code: 'too_large' },
  );
}
