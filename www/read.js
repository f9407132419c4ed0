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
 * The next part of a file, or undefined at its end.
 * @param {ReadableStreamDefaultReader<Uint8Array>} stream
 */
export async function readNext(stream) {
  try {
    return (await stream.read()).value;
  } catch {
    throw new Unreadable();
  }
}
