// Reads at random where the page has to read: a call that misses bytes is made again, and no more is read than it
// takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, canRead, setPage } from '../../../../www/worker/io/file-access.js';
import { createRandomAccess } from '../../../../www/worker/io/random-access.js';

/** Reads of the page: their sizes, and those that are under way. */
const reads = { sizes: /** @type {number[]} */ ([]), open: 0, together: 0 };
setPage(
  /** @type {any} */ ({
    /** @param {string} _ @param {Blob} blob */
    async call(_, blob) {
      reads.sizes.push(blob.size);
      reads.open += 1;
      reads.together = Math.max(reads.together, reads.open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      reads.open -= 1;
      return blob.arrayBuffer();
    },
  }),
);

const MB = 2 ** 20;
const content = Uint8Array.from({ length: 9 * MB }, (_, at) => (at * 31) % 251);
const file = new File([content], 'a.zip');

/** Reads as the core does: as often as it takes. @param {ReturnType<typeof createRandomAccess>['readAt']} readAt */
function readAll(readAt, /** @type {number} */ from, /** @type {number} */ to) {
  const all = new Uint8Array(to - from);
  for (let at = from; at < to; ) {
    const part = readAt(at, Math.min(128 * 1024, to - at));
    assert.ok(part.length > 0);
    all.set(part, at - from);
    at += part.length;
  }
  return all;
}

test('a worker without a reader of its own asks the page', () => assert.equal(canRead(), false));

test('a call gets its bytes, whatever it jumps to, by a few reads', async () => {
  reads.sizes = [];
  const access = createRandomAccess(file);
  const [end, start] = await access.call(() => [
    readAll(access.readAt, 9 * MB - 100, 9 * MB),
    readAll(access.readAt, 100, 5 * MB),
  ]);
  assert.deepEqual(end, content.slice(-100));
  assert.deepEqual(start, content.slice(100, 5 * MB));
  assert.ok(reads.sizes.length <= 6, `${reads.sizes.length} reads`);
});

test('what follows closely is here already, and little is read for little', async () => {
  reads.sizes = [];
  let read = 0;
  const access = createRandomAccess(file, (bytes) => {
    read += bytes;
  });
  for (let at = 0; at < 100; at += 1) {
    const bytes = await access.call(() => readAll(access.readAt, at * 1000, at * 1000 + 1000));
    assert.deepEqual(bytes, content.slice(at * 1000, at * 1000 + 1000));
  }
  assert.deepEqual(reads.sizes, [MB / 2]);
  assert.equal(read, MB / 2);
});

test('a miss counts even if the core does not speak of it, and its own errors are passed on', async () => {
  const access = createRandomAccess(file);
  let calls = 0;
  const seen = await access.call(() => {
    calls += 1;
    try {
      return access.readAt(3 * MB, 1)[0];
    } catch {
      return 'swallowed';
    }
  });
  assert.deepEqual([calls, seen], [2, content[3 * MB]]);
  await assert.rejects(
    access.call(() => {
      throw new Error('a bad zip');
    }),
    /a bad zip/,
  );
});

test('a file that cannot be read says so, and the call is not made again', async () => {
  const gone = /** @type {any} */ ({
    size: 10,
    slice: () => ({
      size: 10,
      slice: () => new Blob(['x']),
      arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
    }),
  });
  const access = createRandomAccess(gone);
  let calls = 0;
  const call = access.call(() => {
    calls += 1;
    access.readAt(0, 1);
  });
  await assert.rejects(call, { code: 'unreadable' });
  assert.equal(calls, 1);
});

test('at most two reads of a worker are under way', async () => {
  reads.together = 0;
  await Promise.all(Array.from({ length: 20 }, (_, at) => bytesOf(file.slice(at, at + 10))));
  assert.equal(reads.together, 2);
});
