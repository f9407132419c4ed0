import { initSync } from './pkg/stedi_lakehouse.js';
import { auditJob, compareJob, numberJob } from './audit-job.js';
import { asFailure, heedPanics } from './failure.js';
import { help } from './helper.js';
import { live } from './lifeline.js';
import { look } from './look.js';
import { free, narrowed, runJob } from './run.js';
import { sampleJob } from './sample.js';
import { warmUp } from './warm.js';
import { zipJob } from './zip-job.js';

/** @typedef {import('./types.js').RunJob | import('./types.js').NarrowJob | import('./types.js').SampleJob
 *   | import('./types.js').WarmJob | import('./types.js').AuditJob | import('./types.js').CompareJob | import('./types.js').NumberJob | import('./types.js').ZipJob | { kind: 'help', port: MessagePort }
 *   | { kind: 'look', port: MessagePort } | { kind: 'live', lock: string, port: MessagePort }} Job */

heedPanics();
let ready = false;
/** @type {Promise<void> | undefined} */
let watched;
/** @type {import('./run.js').Kept | undefined} */
let kept;

/** @param {MessageEvent<Job & { module: WebAssembly.Module }>} message */
self.onmessage = async ({ data: job }) => {
  /** @param {import('./types.js').WorkerMessage} message */
  const tell = (message) => self.postMessage(message);
  if (job.kind === 'live') {
    watched = live(job.lock, job.port);
    return;
  }
  try {
    if (!ready) initSync({ module: job.module });
    ready = true;
    await watched;
    if (job.kind === 'help') return help(job.port);
    if (job.kind === 'look') return look(job.port);
    tell({ kind: 'done', result: await done(job, tell) });
  } catch (error) {
    tell({ kind: 'failed', failure: asFailure(error) });
  }
};

/** @param {Exclude<Job, { port: MessagePort }>} job @param {(message: import('./types.js').WorkerMessage) => void} tell */
function done(job, tell) {
  switch (job.kind) {
    case 'run':
      return run(job, tell);
    case 'narrow':
      return kept && narrowed(kept, job, tell);
    case 'sample':
      return sampleJob(job, tell);
    case 'warm':
      return warmUp(job.helpers);
    case 'audit':
      return auditJob(job, tell);
    case 'compare':
      return compareJob(job);
    case 'number':
      return numberJob(job);
    case 'zip':
      return zipJob(job, tell);
  }
}

/** @param {import('./types.js').RunJob} job @param {(message: import('./types.js').WorkerMessage) => void} tell */
async function run(job, tell) {
  if (kept) free(kept);
  kept = undefined;
  const { result, kept: now } = await runJob(job, tell);
  kept = now;
  return result;
}
