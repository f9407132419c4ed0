import { ask, blobWorker, offer } from './page.js';

/** @type {Worker} */
let worker;

offer({
  async prepare() {
    worker = await blobWorker('/js-worker.js');
    return 'hyparquet-writer';
  },

  async run(files) {
    const start = performance.now();
    const { blobs, counts } = await ask(worker, files);
    const seconds = (performance.now() - start) / 1000;
    if (!Object.values(blobs).every((blob) => blob.size > 0)) throw new Error('a Blob is empty');
    return { seconds, counts };
  },
});
