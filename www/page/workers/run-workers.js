import { blobWorker } from './blob-worker.js';
import { find } from '../ui/dom.js';
import { watchOver } from '../../shared/worker-liveness.js';
import { core } from './compile-wasm.js';

/** @typedef {import('../../shared/types.js').Failure} Failure */

/** The answer to a job that the user stopped. */
export class Cancelled extends Error {}

/** The answer to a job that could not be done; `failure` says why, for people. */
export class JobFailed extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** More would wait for the disk. */
const MOST_WORKERS = 16;

/** The first leads a run; the others read for it. @type {Worker[]} */
let workers = [];
/** The job under way. @type {{ kind: string, stop: (reason: Error) => void } | undefined} */
let current;

/**
 * Gives the workers one job and passes on what their lead says meanwhile. One job at a time.
 * @template Result
 * @param {Omit<import('../../shared/types.js').RunJob, 'helpers'> | Omit<import('../../shared/types.js').WarmJob, 'helpers'>
 *   | import('../../shared/types.js').NarrowJob | import('../../shared/types.js').SampleJob} job
 * @param {(event: import('../../shared/types.js').WorkEvent) => void} onEvent
 * @returns {Promise<Result>}
 */
export async function ask(job, onEvent) {
  if (current?.kind === 'warm') cancel();
  /** @type {NonNullable<typeof current>} */
  const mine = (current = { kind: job.kind, stop: () => undefined });
  /** @type {Promise<never>} */
  const stopped = new Promise((_, reject) => {
    mine.stop = reject;
  });
  try {
    const module = await Promise.race([core(), stopped]);
    const answer = new Promise((resolve, reject) => {
      const wanted =
        job.kind === 'run' || job.kind === 'warm' ? Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS) : 1;
      while (workers.length < wanted) workers.push(startWorker());
      const [lead, ...others] = workers;
      const channels = others.slice(0, wanted - 1).map((helper) => {
        const { port1, port2 } = new MessageChannel();
        helper.postMessage({ kind: 'help', module, port: port1 }, [port1]);
        return port2;
      });
      lead.onmessage = ({ data }) => {
        if (data.kind === 'done') resolve(data.result);
        else if (data.kind === 'failed') reject(new JobFailed(data.failure));
        else onEvent(data);
      };
      for (const worker of workers) {
        worker.onerror = (event) => {
          // Also between two jobs: what a dead worker held is lost, and the next job gets fresh ones.
          endWorkers();
          reject(workerFailed(event));
        };
      }
      for (const helper of others) {
        helper.onmessage = ({ data }) => {
          if (data.kind === 'failed') reject(new JobFailed(data.failure));
        };
      }
      lead.postMessage({ ...job, module, helpers: channels }, channels);
    });
    return /** @type {Result} */ (await Promise.race([answer, stopped]));
  } catch (error) {
    // A worker that failed may hold half a run; the next job gets fresh ones, or has them already.
    if (current === mine) endWorkers();
    throw error;
  } finally {
    if (current === mine) current = undefined;
  }
}

/** Makes the workers fast, unless and until they have a job. */
export async function warmUp() {
  await core();
  if (!current) await ask({ kind: 'warm' }, () => undefined);
}

/**
 * Gives one job to a worker of its own, which ends with it: a run may go on meanwhile.
 * @template Result
 * @param {import('../../shared/types.js').AuditJob | import('../../shared/types.js').CompareJob | import('../../shared/types.js').NumberJob | import('../../shared/types.js').ZipJob} job
 * @param {(event: import('../../shared/types.js').HashingEvent) => void} [onEvent]
 * @returns {{ answer: Promise<Result>, stop: () => void }} after `stop` there is no answer
 */
export function askAside(job, onEvent) {
  /** @type {Worker | undefined} */
  let worker;
  let stopped = false;
  const stop = () => {
    stopped = true;
    if (worker) endWorker(worker);
  };
  const answer = core()
    .then(
      (module) =>
        new Promise((resolve, reject) => {
          if (stopped) return;
          worker = startWorker();
          worker.onmessage = ({ data }) => {
            if (data.kind === 'done') resolve(data.result);
            else if (data.kind === 'failed') reject(new JobFailed(data.failure));
            else onEvent?.(data);
          };
          worker.onerror = (event) => reject(workerFailed(event));
          worker.postMessage({ ...job, module });
        }),
    )
    .finally(stop);
  return { answer: /** @type {Promise<Result>} */ (answer), stop };
}

/** Stops the job at once, whatever the workers are doing. The next job starts new ones. */
export function cancel() {
  endWorkers();
  current?.stop(new Cancelled());
  current = undefined;
}

function endWorkers() {
  for (const worker of workers) endWorker(worker);
  workers = [];
}

/** @param {ErrorEvent} event */
export function workerFailed(event) {
  return new JobFailed({ code: 'worker', message: event.message || 'A worker could not be started.' });
}

/** Of each script its URL. @type {Map<string, string>} */
const urls = new Map();
/** Ends the watch over a worker. @type {WeakMap<Worker, AbortController>} */
const watches = new WeakMap();

/**
 * A classic worker from a blob: URL, and nothing else: it alone inherits the page's policy, and it alone
 * starts from file://. Its end, too, is an error event.
 * @param {string} [source] where the page holds its script
 */
export function startWorker(source = '#core-worker-source') {
  const url =
    urls.get(source) ?? URL.createObjectURL(new Blob([find(source).textContent ?? ''], { type: 'text/javascript' }));
  urls.set(source, url);
  const worker = blobWorker(url);
  const watch = new AbortController();
  watches.set(worker, watch);
  watchOver(worker, watch.signal);
  return worker;
}

/** Nothing is heard of it afterwards. @param {Worker} worker */
export function endWorker(worker) {
  worker.onmessage = worker.onerror = null;
  watches.get(worker)?.abort();
  worker.terminate();
}
