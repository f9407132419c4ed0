import { Shortened, Unreadable, nameOf } from '../../shared/file-errors.js';
import { bytesOf, canRead, readNow } from './file-access.js';

/** Reads a part of a file at once, for the core's calls that cannot wait: only where `canRead`. @param {Blob} blob */
export function readSync(blob) {
  let bytes;
  try {
    bytes = readNow(blob);
  } catch (error) {
    throw unreadable('read a part of this file', error, failureOf(lastOf(blob), readNow));
  }
  return whole(bytes, blob.size);
}

/** A part of a file. @param {Blob} blob @param {string} [tried] follows "could not" */
export async function readPart(blob, tried = 'read a part of this file') {
  try {
    return whole(new Uint8Array(await bytesOf(blob)), blob.size);
  } catch (error) {
    throw await whyUnreadable(blob, tried, error);
  }
}

/** The first bytes of a file, or as many as it has. @param {Blob} file @param {number} bytes */
export function readHead(file, bytes) {
  // Chromium gives a file that is gone the size 0, and reads a slice of it without an error, but not all of it.
  return readPart(file.size > bytes ? file.slice(0, bytes) : file, 'read the beginning of this file');
}

/** Reads back what was given to the browser to keep. @param {Blob} blob */
export async function readBack(blob) {
  try {
    return canRead() ? readNow(blob) : new Uint8Array(await bytesOf(blob));
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

// Chromium reads a slice of a file that is gone as empty.
const lastOf = (/** @type {Blob} */ blob) => (blob.size > 0 ? blob.slice(-1) : blob);

/**
 * What a failed read says, found out by reading the last byte again: the browser has one name for a file that was
 * changed and for memory that ran out, and a stream's error has no telling name.
 * @param {string} tried
 * @param {unknown} error
 * @param {{ error: unknown } | undefined} again why the last byte cannot be read; undefined if it can
 */
function unreadable(tried, error, again) {
  if (error instanceof Unreadable) return error;
  if (!again) return new Unreadable(tried, error, 'again');
  return again.error instanceof Unreadable ? again.error : new Unreadable(tried, again.error);
}

/** @param {Blob} blob @param {string} tried @param {unknown} error */
async function whyUnreadable(blob, tried, error) {
  return error instanceof Unreadable ? error : unreadable(tried, error, await lastByteFails(blob));
}

/** Why the last byte cannot be read; undefined if it can. @param {Blob} blob */
async function lastByteFails(blob) {
  const last = lastOf(blob);
  if (canRead()) return failureOf(last, readNow);
  const [read] = await Promise.allSettled([bytesOf(last)]);
  return failureOf(last, () => {
    if (read.status === 'rejected') throw read.reason;
    return read.value;
  });
}

/**
 * Why a blob cannot be read whole; undefined if it can.
 * @param {Blob} blob
 * @param {(blob: Blob) => { byteLength: number }} read
 */
function failureOf(blob, read) {
  try {
    return read(blob).byteLength < blob.size ? { error: new Shortened() } : undefined;
  } catch (error) {
    return { error };
  }
}

/**
 * The first of some files that cannot be read to its end now.
 * @template {Blob} File
 * @param {File[]} files
 */
export async function findUnreadable(files) {
  for (const [at, file] of files.entries()) {
    const again = await lastByteFails(file);
    if (again) return { at, error: unreadable('read this file to its end', again.error, again) };
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
 * than the reading.
 * @param {Blob} blob
 * @returns {Bytes}
 */
export function openBytes(blob) {
  let isStream = canRead() && streamsAnswer;
  let source = isStream ? openStream(blob.stream()) : openPlain(blob);
  let left = blob.size;
  return {
    cancel: () => source.cancel(),
    async next() {
      try {
        let bytes = await (isStream ? inTime(source.read()) : source.read());
        if (bytes === LATE) {
          streamsAnswer = isStream = false;
          source = openPlain(blob.slice(blob.size - left));
          bytes = await source.read();
        }
        left -= bytes?.length ?? 0;
        if (!bytes && left > 0) throw new Shortened();
        return bytes;
      } catch (error) {
        throw await whyUnreadable(blob, 'read this file to its end', error);
      }
    },
  };
}

/** Milliseconds that a read of a stream may take. */
const PATIENCE = 5000;

/**
 * Firefox 153 leaves one read of a stream in some thousands unanswered, and that run would never end. Once that has
 * happened this worker reads without streams.
 */
let streamsAnswer = true;

const LATE = Symbol();

/** @template Bytes @param {Promise<Bytes>} read @returns {Promise<Bytes | typeof LATE>} */
async function inTime(read) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(LATE), PATIENCE);
  });
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Of a slice that is read at a time. */
const SLICE = 4 << 20;

/** The bytes without a stream: by this worker, which waits for each, or by the page. @param {Blob} blob */
function openPlain(blob) {
  if (!canRead()) return openSlices(blob);
  let at = 0;
  return {
    /** @returns {Promise<Uint8Array | undefined>} */
    read: async () => (at < blob.size ? readNow(blob.slice(at, (at += SLICE))) : undefined),
    async cancel() {
      at = blob.size;
    },
  };
}

/** Slices that the page reads, of which the next one is under way while one is used. @param {Blob} blob */
function openSlices(blob) {
  let at = 0;
  /** @type {Promise<ArrayBuffer> | undefined} */
  let ahead;

  function readOn() {
    if (at >= blob.size) return undefined;
    const slice = bytesOf(blob.slice(at, (at += SLICE)));
    // It may fail before it is asked for.
    slice.catch(() => undefined);
    return slice;
  }

  return {
    /** @returns {Promise<Uint8Array | undefined>} */
    async read() {
      const slice = ahead ?? readOn();
      ahead = readOn();
      return slice && new Uint8Array(await slice);
    },
    async cancel() {
      at = blob.size;
      ahead = undefined;
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

/** The bytes of a blob as a stream that is always answered, by whoever may read it. @param {Blob} blob */
export function streamOf(blob) {
  const bytes = openBytes(blob);
  return new ReadableStream({
    async pull(controller) {
      // A copy: the next read uses the buffer again.
      const chunk = (await bytes.next())?.slice();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
    cancel: () => bytes.cancel(),
  });
}
