import { makeZip } from 'client-zip';
import { readFailure } from '../../shared/read-blob.js';
import { streamOf } from '../io/read-file.js';
import { createReportTimer } from '../io/report-timer.js';

/**
 * One zip of many files, which go through memory a piece at a time. client-zip (MIT, 3 kB gzipped): it stores
 * and does not compress, as Parquet is compressed already, and knows zip64.
 * @param {import('../../shared/protocol.js').JobService['zip']['request']} request
 * @param {(bytes: number) => void} report
 * @returns {Promise<Blob>}
 */
export async function zip({ files, time }, report) {
  const stream = makeZip(
    files.map(({ path, blob }) => ({
      name: path,
      size: blob.size,
      input: streamOf(blob),
      lastModified: new Date(time),
    })),
  ).getReader();
  const isDue = createReportTimer();
  let bytes = 0;
  const passing = new ReadableStream({
    async pull(controller) {
      const { value: chunk } = await stream.read();
      if (!chunk) return controller.close();
      bytes += chunk.length;
      if (isDue()) report(bytes);
      controller.enqueue(chunk);
    },
  });
  const packed = await new Response(passing).blob().catch(async (error) => {
    throw await readFailure(files, error);
  });
  return packed.slice(0, packed.size, 'application/zip');
}
