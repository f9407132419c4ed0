import { Unreadable } from './failure.js';

/**
 * The part of FileReaderSync that is used. It exists in workers only, so the page's types do not know it.
 * @typedef {{ readAsArrayBuffer(blob: Blob): ArrayBuffer }} SyncReader
 */

/** @type {SyncReader | undefined} */
let reader;

/** Reads a part of a file at once, for the core's calls that cannot wait. Workers only. @param {Blob} blob */
export function readSync(blob) {
  reader ??= /** @type {SyncReader} */ (new (/** @type {any} */ (globalThis).FileReaderSync)());
  try {
    return new Uint8Array(reader.readAsArrayBuffer(blob));
  } catch {
    throw new Unreadable();
  }
}

/** The first bytes of a file, or as many as it has. @param {File} file @param {number} bytes */
export async function readHead(file, bytes) {
  try {
    return new Uint8Array(await file.slice(0, bytes).arrayBuffer());
  } catch {
    throw new Unreadable();
  }
}

/** Reads back what was given to the browser to keep. Workers only. @param {Blob} blob */
export function readBack(blob) {
  try {
    return readSync(blob);
  } catch {
    throw Object.assign(new Error('Readings that did not fit into memory could not be kept: the browser has no more space for them. Free space on the disk, or give fewer files at once.'), { code: 'no_space' });
  }
}

/**
 * The bytes of a blob as they come.
 * @typedef {object} Bytes
 * @property {() => Promise<Uint8Array | undefined>} next the next of them, to be used before it is called again;
 *   undefined at the end
 * @property {() => Promise<void>} cancel no more of them are wanted
 */

/** Of a buffer that is read into. */
const BUFFER = 1 << 20;

/** Buffers that nobody reads into at the moment. @type {ArrayBuffer[]} */
const spare = [];

/** Chromium forgets a stream that nothing else holds while it is read like this, and the read never ends. @type {Set<ReadableStreamBYOBReader>} */
const held = new Set();

/**
 * Reads into buffers that are used again, where the browser can: fresh memory for every part would cost more
 * than the reading.
 * @param {Blob} blob
 * @returns {Bytes}
 */
export function openBytes(blob) {
  const stream = blob.stream();
  /** @type {ReadableStreamBYOBReader} */
  let reader;
  try {
    reader = stream.getReader({ mode: 'byob' });
  } catch {
    const plain = stream.getReader();
    return { next: () => readNext(plain), cancel: () => plain.cancel() };
  }
  /** Undefined while it is the stream's, and before the first read. @type {ArrayBuffer | undefined} */
  let buffer;

  function giveBack() {
    if (buffer) spare.push(buffer);
    buffer = undefined;
  }

  return {
    async next() {
      const view = new Uint8Array(buffer ?? spare.pop() ?? new ArrayBuffer(BUFFER));
      buffer = undefined;
      held.add(reader);
      try {
        const { value } = await reader.read(view);
        buffer = value?.buffer;
        if (value?.length) return value;
        giveBack();
        return undefined;
      } catch {
        throw new Unreadable();
      } finally {
        held.delete(reader);
      }
    },
    cancel() {
      giveBack();
      return reader.cancel();
    },
  };
}

/**
 * The next part of a stream, or undefined at its end.
 * @param {ReadableStreamDefaultReader<Uint8Array>} stream
 */
export async function readNext(stream) {
  try {
    return (await stream.read()).value;
  } catch {
    throw new Unreadable();
  }
}
