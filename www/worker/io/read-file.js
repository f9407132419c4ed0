import { Shortened, Unreadable, nameOf } from '../../shared/file-errors.js';

/** @type {InstanceType<typeof FileReaderSync> | undefined} */
let reader;

/** @param {Blob} blob */
function readNow(blob) {
  reader ??= new FileReaderSync();
  return new Uint8Array(reader.readAsArrayBuffer(blob));
}

/** Reads a part of a file at once, for the core's calls that cannot wait. Workers only. @param {Blob} blob */
export function readSync(blob) {
  let bytes;
  try {
    bytes = readNow(blob);
  } catch (error) {
    throw unreadable(blob, 'read a part of this file', error);
  }
  return whole(bytes, blob.size);
}

/** The first bytes of a file, or as many as it has. Workers only. @param {File} file @param {number} bytes */
export async function readHead(file, bytes) {
  try {
    // Chromium gives a file that is gone the size 0, and reads a slice of it without an error, but not all of it.
    const head = file.size > bytes ? file.slice(0, bytes) : file;
    return whole(new Uint8Array(await head.arrayBuffer()), head.size);
  } catch (error) {
    throw unreadable(file, 'read the beginning of this file', error);
  }
}

/** Reads back what was handed to the browser. Workers only. @param {Blob} blob */
export function readBack(blob) {
  try {
    return readNow(blob);
  } catch (error) {
    const message =
      `Readings that did not fit into memory could not be read back (${nameOf(error)}): most likely the ` +
      'browser has no more space for them. Free space on the disk, or give fewer files at once.';
    throw Object.assign(new Error(message), { code: 'no_space' });
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {number} size */
function whole(bytes, size) {
  if (bytes.length < size) throw new Shortened();
  return bytes;
}

/**
 * What a failed read says, found out by reading again: the browser has one name for a file that was changed,
 * for memory that ran out, and for a worker that may read nothing; and a stream's error has no telling name.
 * Workers only.
 * @param {Blob} blob
 * @param {string} tried
 * @param {unknown} error
 */
function unreadable(blob, tried, error) {
  if (error instanceof Unreadable) return error;
  const now = lastByteFails(blob);
  if (now === undefined) return new Unreadable(tried, error, 'again');
  if (now instanceof Unreadable) return now;
  return new Unreadable(tried, now, lastByteFails(new Blob(['x'])) === undefined ? undefined : 'browser');
}

/** Why the last byte cannot be read; undefined if it can. @param {Blob} blob */
function lastByteFails(blob) {
  // Chromium reads a slice of a file that is gone as empty.
  const last = blob.size > 0 ? blob.slice(-1) : blob;
  try {
    return readNow(last).length < last.size ? new Shortened() : undefined;
  } catch (error) {
    return error;
  }
}

/**
 * The first of some files that cannot be read to its end now. Workers only.
 * @template {Blob} File
 * @param {File[]} files
 */
export function findUnreadable(files) {
  for (const [at, file] of files.entries()) {
    const error = lastByteFails(file);
    if (error !== undefined) return { at, error: unreadable(file, 'read this file to its end', error) };
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

/**
 * Chromium forgets a stream that nothing else holds while it is read like this, and the read never ends.
 * @type {Set<ReadableStreamBYOBReader>}
 */
const held = new Set();

/**
 * Reads into buffers that are used again, where the browser can: fresh memory for every part would cost more
 * than the reading. Workers only.
 * @param {Blob} blob
 * @returns {Bytes}
 */
export function openBytes(blob) {
  const { read, cancel } = openStream(blob.stream());
  let left = blob.size;
  return {
    cancel,
    async next() {
      try {
        const bytes = await read();
        left -= bytes?.length ?? 0;
        if (!bytes && left > 0) throw new Shortened();
        return bytes;
      } catch (error) {
        throw unreadable(blob, 'read this file to its end', error);
      }
    },
  };
}

/**
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream
 * @returns {{ read: () => Promise<Uint8Array | undefined>, cancel: () => Promise<void> }}
 */
function openStream(stream) {
  /** @type {ReadableStreamBYOBReader} */
  let reader;
  try {
    reader = stream.getReader({ mode: 'byob' });
  } catch {
    const plain = stream.getReader();
    return { read: async () => (await plain.read()).value, cancel: () => plain.cancel() };
  }
  /** Undefined while it is the stream's, and before the first read. @type {ArrayBuffer | undefined} */
  let buffer;

  function giveBack() {
    if (buffer) spare.push(buffer);
    buffer = undefined;
  }

  return {
    async read() {
      const view = new Uint8Array(buffer ?? spare.pop() ?? new ArrayBuffer(BUFFER));
      buffer = undefined;
      held.add(reader);
      try {
        const { value } = await reader.read(view);
        buffer = value?.buffer;
        if (value?.length) return value;
        giveBack();
        return undefined;
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
