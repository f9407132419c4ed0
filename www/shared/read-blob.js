import { Unreadable, nameOf } from './file-errors.js';

/** How a blob is read on this thread; a worker may have another way. */
let bytesOf = (/** @type {Blob} */ blob) => blob.arrayBuffer();

/** @param {(blob: Blob) => Promise<ArrayBuffer>} read */
export function setReader(read) {
  bytesOf = read;
}

/** All of a small file. @param {Blob} file */
export async function readWhole(file) {
  try {
    return new Uint8Array(await bytesOf(file));
  } catch (error) {
    throw new Unreadable('read this file', error);
  }
}

/** Reads back a part of a table of this page. @param {Blob} blob */
export async function readTable(blob) {
  try {
    return await bytesOf(blob);
  } catch (error) {
    throw new Error(
      `The browser could not read back a table that it stored for this page (${nameOf(error)}): its storage ` +
        'is full or was cleared. Free space on the disk, then run again.',
    );
  }
}

/**
 * Why a stream over files has failed: the error of the first that cannot be read, or the stream's own, which
 * names no file.
 * @param {import('./protocol.js').TreeFile[]} files
 * @param {unknown} error
 */
export async function readFailure(files, error) {
  for (const { path, blob } of files) {
    const last = blob.size > 0 ? blob.slice(-1) : blob;
    try {
      await (blob instanceof File ? readWhole(last) : readTable(last));
    } catch (now) {
      return new Error(`${path}: ${now instanceof Error ? now.message : now}`);
    }
  }
  return error;
}
