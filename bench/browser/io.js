import { blobWorker, offer } from './page.js';

/** Bytes of a range: small enough to share the last ones out evenly. */
const RANGE = 8 << 20;

/** @type {Worker[]} */
let workers = [];

offer({
  async prepare() {
    workers = await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, () => blobWorker('/io-worker.js')));
    return `${workers.length} workers`;
  },

  /** Every byte of every file, by whichever worker is idle, and nothing else. */
  async run(files) {
    const how = location.hash.slice(1);
    const start = performance.now();
    const ranges = files.flatMap((file) => cut(file));
    const read = await Promise.all(workers.map((worker) => drain(worker, ranges, how)));
    const seconds = (performance.now() - start) / 1000;
    const total = read.reduce((sum, bytes) => sum + bytes, 0);
    if (total !== files.reduce((sum, { size }) => sum + size, 0)) throw new Error(`${total} bytes were read`);
    return { seconds };
  },
});

/** @param {File} file */
function cut(file) {
  return Array.from({ length: Math.ceil(file.size / RANGE) }, (_, at) => file.slice(at * RANGE, (at + 1) * RANGE));
}

/** Gives a worker one range after the other. @param {Worker} worker @param {Blob[]} ranges @param {string} how @returns {Promise<number>} */
function drain(worker, ranges, how) {
  return new Promise((resolve, reject) => {
    let total = 0;
    const next = () => {
      const range = ranges.shift();
      if (range) worker.postMessage({ range, how });
      else resolve(total);
    };
    worker.onmessage = ({ data }) => {
      total += data;
      next();
    };
    worker.onerror = (event) => reject(new Error(event.message));
    next();
  });
}
