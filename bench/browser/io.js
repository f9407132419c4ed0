import { batchRanges, forEachStream } from '../../www/worker/run/batch-ranges.js';
import { ask, blobWorker, offer } from './page.js';

/** Bytes of the ranges that the core cuts files into. */
const RANGE = 4 << 20;

/** @type {Worker[]} */
let workers = [];

offer({
  async prepare() {
    workers = await Promise.all(
      Array.from({ length: navigator.hardwareConcurrency }, () => blobWorker('/io-worker.js')),
    );
    return `${workers.length} workers`;
  },

  /** Every byte of every file, as the page's workers read them, and nothing else. */
  async run(files) {
    const start = performance.now();
    const ranges = files.flatMap((file) =>
      Array.from({ length: Math.ceil(file.size / RANGE) }, (_, at) => {
        const [start, end] = [at * RANGE, Math.min((at + 1) * RANGE, file.size)];
        return { file, start, end, bytes: end - start };
      }),
    );
    const batches = batchRanges(ranges, workers.length);
    let total = 0;
    await Promise.all(
      workers.map((worker) =>
        forEachStream(async () => {
          for (let batch = batches.shift(); batch; batch = batches.shift()) {
            /** @type {number} */
            const bytes = await ask(worker, new Blob(batch.map(({ file, start, end }) => file.slice(start, end))));
            total += bytes;
          }
        }),
      ),
    );
    const seconds = (performance.now() - start) / 1000;
    if (total !== files.reduce((sum, { size }) => sum + size, 0)) throw new Error(`${total} bytes were read`);
    return { seconds };
  },
});
