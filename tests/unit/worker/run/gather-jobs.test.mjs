// Jobs are gathered together where they need the same readings of others, of which few are in memory at a time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../../../../www/shared/core.js';
import { gatherJobs } from '../../../../www/worker/run/gather-jobs.js';

/** As many bytes, which nobody reads. @param {number} size @returns {Blob} */
function blobOf(size) {
  const blob = { size, slice: (start = 0, end = size) => blobOf(Math.min(end, size) - start) };
  return /** @type {Blob} */ (/** @type {unknown} */ (blob));
}

/**
 * What becomes of jobs if each has `own` bytes, and takes `taken` of what it is shown at a time.
 * @param {{ job: number, shares: Uint8Array<ArrayBuffer>[], partners: Blob[] }[]} jobs
 * @param {{ own: number, taken: number }} sizes
 */
async function gathered(jobs, { own, taken }) {
  /** @type {Map<number, { bytes: number, seen: number }>} */
  const held = new Map();
  const all = { read: 0, largest: 0, most: 0, done: /** @type {[job: number, seen: number][]} */ ([]) };
  const builder = {
    gather: (/** @type {number} */ job) => held.set(job, { bytes: own, seen: 0 }) && undefined,
    take_partners(/** @type {Uint32Array} */ those, /** @type {Uint8Array} */ rows) {
      for (const job of those) {
        const one = held.get(job);
        assert.ok(one, `job ${job} has begun`);
        one.bytes += taken;
        one.seen += rows.length;
      }
      all.most = Math.max(all.most, builder.gathered_bytes());
    },
    gathered_bytes: () => [...held.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    forget: (/** @type {number} */ job) => held.delete(job) && undefined,
  };
  const read = async (/** @type {Blob} */ { size }) => {
    all.read += size;
    all.largest = Math.max(all.largest, size);
    return /** @type {Uint8Array} */ ({ length: size });
  };
  const take = (/** @type {number} */ job) => {
    all.done.push([job, held.get(job)?.seen ?? -1]);
    held.delete(job);
  };
  await gatherJobs(jobs, builder, take, read);
  return all;
}

/** @param {number} count @param {Blob[]} partners */
const jobsWith = (count, partners) => Array.from({ length: count }, (_, job) => ({ job, shares: [], partners }));

const MANY = 3 * LIMITS.partner_bytes + 17;

test('readings that many jobs need are read once for all of them, some at a time', async () => {
  const all = await gathered(jobsWith(8, [blobOf(MANY), blobOf(34)]), { own: 1000, taken: 10 });
  assert.equal(all.read, MANY + 34);
  assert.equal(all.largest, LIMITS.partner_bytes);
  assert.deepEqual(
    all.done,
    Array.from({ length: 8 }, (_, job) => [job, MANY + 34]),
  );
});

test('jobs that take too much together are done in turn, each with all that it needs', async () => {
  const taken = LIMITS.gathered_bytes / 4;
  const all = await gathered(jobsWith(8, [blobOf(MANY)]), { own: 1000, taken });
  assert.deepEqual(
    all.done,
    Array.from({ length: 8 }, (_, job) => [job, MANY]),
  );
  assert.ok(all.read > MANY, 'some begin again');
  assert.ok(all.most <= 2 * LIMITS.gathered_bytes + 8 * (taken + 1000), 'no more than was shown at once is over');
});

test('one job takes whatever it needs, and jobs of large readings are not gathered together', async () => {
  const one = await gathered(jobsWith(1, [blobOf(MANY)]), { own: 1, taken: LIMITS.gathered_bytes });
  assert.deepEqual(one.done, [[0, MANY]]);
  const large = await gathered(jobsWith(3, [blobOf(MANY)]), { own: LIMITS.gathered_bytes, taken: 1 });
  assert.equal(large.read, 3 * MANY);
});

test('jobs that need nothing in common are gathered one by one', async () => {
  const jobs = [blobOf(17), blobOf(36)].map((blob, job) => ({ job, shares: [], partners: [blob] }));
  const all = await gathered([...jobs, { job: 2, shares: [], partners: [] }], { own: 5, taken: 1 });
  assert.deepEqual(all.done, [
    [0, 17],
    [1, 36],
    [2, 0],
  ]);
  assert.equal(all.most, 6, 'one at a time');
});

test('a job whose own readings are more than an instance holds is refused by their size', async () => {
  const jobs = [{ job: 0, shares: [/** @type {never} */ ({ length: LIMITS.job_bytes + 2 ** 20 })], partners: [] }];
  await assert.rejects(gathered(jobs, { own: 1, taken: 0 }), /801 MB of readings belong together/);
});
