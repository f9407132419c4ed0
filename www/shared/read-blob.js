import { Unreadable, nameOf } from './file-errors.js';

/** How a blob is read on the page; a worker may have another way. @param {Blob} blob */
const bytesOfBlob = (blob) => blob.arrayBuffer();

/** All of a small file. @param {Blob} file @param {(blob: Blob) => Promise<ArrayBuffer>} [bytesOf] */
export async function readWhole(file, bytesOf = bytesOfBlob) {
  try {
    return new Uint8Array(await bytesOf(file));
  } catch (error) {
    throw new Unreadable('read this file', error);
  }
}

/**
 * Reads back a part of a table of this page.
 * @param {Blob} blob
 * @param {(blob: Blob) => Promise<ArrayBuffer>} [bytesOf]
 */
export async function readTable(blob, bytesOf = bytesOfBlob) {
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
 * @param {(blob: Blob) => Promise<ArrayBuffer>} [bytesOf]
 */
export async function readFailure(files, error, bytesOf = bytesOfBlob) {
  for (const { path, blob } of files) {
    const last = blob.size > 0 ? blob.slice(-1) : blob;
    try {
      await (blob instanceof File ? readWhole(last, bytesOf) : readTable(last, bytesOf));
    } catch (now) {
      return new Error(`${path}: ${now instanceof Error ? now.message : now}`);
    }
  }
  return error;
}
