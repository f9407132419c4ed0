import { initSync } from '../pkg/stedi_lakehouse.js';
import { auditJob, compareJob, numberJob } from './jobs/audit.js';
import { asFailure, heedPanics } from '../shared/failure.js';
import { help } from './run/remote-engine.js';
import { live } from '../shared/worker-liveness.js';
import { look } from './explore/explore-server.js';
import { free, narrowed, runJob } from './run/run.js';
import { sampleJob } from './jobs/sample.js';
import { warmUp } from './run/warm-up.js';
import { zipJob } from './jobs/zip.js';

/** @typedef {import('../shared/types.js').RunJob | import('../shared/types.js').NarrowJob | import('../shared/types.js').SampleJob
 *   | import('../shared/types.js').WarmJob | import('../shared/types.js').AuditJob | import('../shared/types.js').CompareJob | import('../shared/types.js').NumberJob | import('../shared/types.js').ZipJob | { kind: 'help', port: MessagePort }
 *   | { kind: 'look', port: MessagePort } | { kind: 'live', lock: string, port: MessagePort }} Job */

heedPanics();
let ready = false;
/** @type {Promise<void> | undefined} */
let watched;
/** @type {import('./run/run.js').Kept | undefined} */
let kept;

/** @param {MessageEvent<Job & { module: WebAssembly.Module }>} message */
self.onmessage = async ({ data: job }) => {
  /** @param {import('../shared/types.js').WorkerMessage} message */
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

/** @param {Exclude<Job, { port: MessagePort }>} job @param {(message: import('../shared/types.js').WorkerMessage) => void} tell */
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

/** @param {import('../shared/types.js').RunJob} job @param {(message: import('../shared/types.js').WorkerMessage) => void} tell */
async function run(job, tell) {
  if (kept) free(kept);
  kept = undefined;
  const { result, kept: now } = await runJob(job, tell);
  kept = now;
  return result;
}
