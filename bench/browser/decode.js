import { ask, blobWorker, files, ofKind } from './page.js';

/** @type {Worker} */
let worker;

Object.assign(globalThis, {
  bench: {
    async cases() {
      worker = await blobWorker('/decode-worker.js');
      const module = await WebAssembly.compileStreaming(fetch('/core.wasm'));
      const [customers, accelerometer, step] = ['customer', 'accelerometer', 'step_trainer'].map(
        (kind) => ofKind(files(), kind)[0],
      );
      return ask(worker, { module, customers, accelerometer, step });
    },
    /** @param {number} index */
    decode: (index) => ask(worker, { index }),
  },
});
