import { makeZip } from 'client-zip';
import { readFailure } from '../../shared/read-blob.js';

/** Between two messages of progress, in milliseconds. */
const PROGRESS_EVERY = 100;

/**
 * One zip of many files, which go through memory a piece at a time. client-zip (MIT, 3 kB gzipped): it stores
 * and does not compress, as Parquet is compressed already, and knows zip64.
 * @param {import('../../shared/types.js').ZipJob} job
 * @param {(event: import('../../shared/types.js').HashingEvent) => void} tell
 * @returns {Promise<Blob>}
 */
export async function zipJob({ files, time }, tell) {
  const stream = makeZip(
    files.map(({ path, blob }) => ({ name: path, input: blob, lastModified: new Date(time) })),
  ).getReader();
  let bytes = 0;
  let told = 0;
  const passing = new ReadableStream({
    async pull(controller) {
      const { value: part } = await stream.read();
      if (!part) return controller.close();
      bytes += part.length;
      const now = performance.now();
      if (now - told >= PROGRESS_EVERY) {
        told = now;
        tell({ kind: 'zipping', bytes });
      }
      controller.enqueue(part);
    },
  });
  const zip = await new Response(passing).blob().catch(async (error) => {
    throw await readFailure(files, error);
  });
  return zip.slice(0, zip.size, 'application/zip');
}
