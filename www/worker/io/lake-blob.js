import { openBytes, readPart, streamOf } from './read-file.js';

/** @typedef {import('../../shared/protocol.js').LakeBlob} LakeBlob */

/** A file of a lake as it is, unpacked if a zip holds it so. @param {LakeBlob} file @returns {Promise<Blob>} */
export async function unpacked({ blob, deflated }) {
  if (!deflated) return blob;
  const inflated = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (streamOf(blob)).pipeThrough(
    new DecompressionStream('deflate-raw'),
  );
  return new Response(inflated).blob();
}

/** Its text. @param {LakeBlob} file */
export const textOf = async (file) => new TextDecoder().decode(await readPart(await unpacked(file)));

/**
 * Takes all of its bytes.
 * @param {Blob} blob
 * @param {(bytes: Uint8Array) => void} take
 */
export async function readAll(blob, take) {
  const bytes = openBytes(blob);
  for (let chunk = await bytes.next(); chunk; chunk = await bytes.next()) take(chunk);
}
