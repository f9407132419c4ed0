import { ask, blobWorker, offer } from './page.js';

/** Bytes of a range: each costs a stream, so they are large; smaller ones read no faster. */
const RANGE = 32 << 20;

/** @type {Worker[]} */
let workers = [];

offer({
  async prepare() {
    workers = await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, () => blobWorker('/io-worker.js')));
    return `${workers.length} workers`;
  },

  /** Every byte of every file, by whichever worker is idle, and nothing else. */
  async run(files) {
    const start = performance.now();
    const ranges = files.flatMap((file) => Array.from({ length: Math.ceil(file.size / RANGE) }, (_, at) => file.slice(at * RANGE, (at + 1) * RANGE)));
    let total = 0;
    await Promise.all(workers.map(async (worker) => {
      for (let range = ranges.shift(); range; range = ranges.shift()) {
        /** @type {number} */
        const bytes = await ask(worker, range);
        total += bytes;
      }
    }));
    const seconds = (performance.now() - start) / 1000;
    if (total !== files.reduce((sum, { size }) => sum + size, 0)) throw new Error(`${total} bytes were read`);
    return { seconds };
  },
});
