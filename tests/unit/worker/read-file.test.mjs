import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

/** As a worker has it; Node has none. */
class Reader {
  /** @param {Partial<Silent>} blob */
  readAsArrayBuffer = ({ bytes = new Uint8Array(1) }) => bytes.slice().buffer;
}

/** A file whose stream answers twice, and then no more. */
class Silent {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.size = bytes.length;
  }

  /** @param {number} [start] @param {number} [end] */
  slice = (start = 0, end = this.size) => new Silent(this.bytes.slice(start, end));

  stream() {
    let at = 0;
    const read = (/** @type {Uint8Array} */ view) => {
      if (at === 20) return new Promise(() => undefined);
      view.set(this.bytes.subarray(at, (at += 10)));
      return Promise.resolve({ value: view.subarray(0, 10) });
    };
    return { getReader: () => ({ read, cancel: async () => undefined }) };
  }
}

test('where a stream does not answer, the file is read on from there without it, and later ones at once', async () => {
  Object.assign(globalThis, { FileReaderSync: Reader });
  const { openBytes, streamOf } = await import('../../../www/worker/io/read-file.js');
  const content = Uint8Array.from({ length: 50 }, (_, at) => at);
  const blob = /** @type {Blob} */ (/** @type {unknown} */ (new Silent(content)));

  async function read(bytes = openBytes(blob)) {
    const parts = /** @type {number[][]} */ ([]);
    for (let part = await bytes.next(); part; part = await bytes.next()) parts.push([...part]);
    return parts;
  }

  mock.timers.enable({ apis: ['setTimeout'] });
  const other = openBytes(blob);
  const first = read();
  // Both answers come before it is waited for the third.
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  mock.timers.tick(5000);
  const parts = await first;
  assert.deepEqual(parts.flat(), [...content]);
  assert.deepEqual(
    parts.map(({ length }) => length),
    [10, 10, 30],
  );
  // A stream that was open by then is watched as before.
  const second = read(other);
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  mock.timers.tick(5000);
  assert.deepEqual((await second).flat(), [...content]);
  assert.deepEqual(await read(), [[...content]], 'nobody waits for a stream again');
  mock.reset();
  // As a stream it is the same, in pieces that nothing writes over later.
  const stream = await new Response(streamOf(blob)).arrayBuffer();
  assert.deepEqual([...new Uint8Array(stream)], [...content]);
});
