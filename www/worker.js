import { initSync } from './pkg/stedi_lakehouse.js';
import { asFailure } from './failure.js';
import { help } from './helper.js';
import { look } from './look.js';
import { runJob } from './run.js';
import { sampleJob } from './sample.js';

/** @typedef {import('./types.js').RunJob | import('./types.js').SampleJob | { kind: 'help', port: MessagePort } | { kind: 'look', port: MessagePort }} Job */

let ready = false;

/** @param {MessageEvent<Job & { module: WebAssembly.Module }>} message */
self.onmessage = async ({ data: job }) => {
  /** @param {import('./types.js').WorkerMessage} message */
  const tell = (message) => self.postMessage(message);
  try {
    if (!ready) initSync({ module: job.module });
    ready = true;
    if (job.kind === 'help') return help(job.port);
    if (job.kind === 'look') return look(job.port);
    const result = job.kind === 'run' ? await runJob(job, tell) : sampleJob(job, tell);
    tell({ kind: 'done', result });
  } catch (error) {
    tell({ kind: 'failed', failure: asFailure(error) });
  }
};
