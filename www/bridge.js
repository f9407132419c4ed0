import { find } from './dom.js';
import { core } from './wasm.js';

/** @typedef {import('./types.js').Failure} Failure */

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

/** @type {Worker | undefined} */
let worker;
/** @type {((reason: Error) => void) | undefined} */
let abort;

/**
 * Gives the worker one job and passes on what it says meanwhile. One job at a time.
 * @template Result
 * @param {import('./types.js').RunJob | import('./types.js').SampleJob} job
 * @param {(event: import('./types.js').WorkEvent) => void} onEvent
 * @returns {Promise<Result>}
 */
export async function ask(job, onEvent) {
  /** @type {Promise<never>} */
  const stopped = new Promise((_, reject) => { abort = reject; });
  try {
    const module = await Promise.race([core(), stopped]);
    const answer = new Promise((resolve, reject) => {
      worker ??= startWorker();
      worker.onmessage = ({ data }) => {
        if (data.kind === 'done') resolve(data.result);
        else if (data.kind === 'failed') reject(new JobFailed(data.failure));
        else onEvent(data);
      };
      worker.onerror = (event) => {
        reject(new JobFailed({ code: 'worker', message: event.message || 'The worker could not be started.' }));
      };
      worker.postMessage({ ...job, module });
    });
    return /** @type {Result} */ (await Promise.race([answer, stopped]));
  } catch (error) {
    // A worker that failed may hold half a run; the next job gets a fresh one.
    endWorker();
    throw error;
  } finally {
    abort = undefined;
  }
}

/** Stops the job at once, whatever the worker is doing. The next job starts a new worker. */
export function cancel() {
  endWorker();
  abort?.(new Cancelled());
}

function endWorker() {
  if (worker) worker.onmessage = worker.onerror = null;
  worker?.terminate();
  worker = undefined;
}

/** @type {string | undefined} */
let workerUrl;

/**
 * A classic worker from a blob: URL, and nothing else: it alone inherits the page's policy, and it alone
 * starts from file://.
 */
function startWorker() {
  workerUrl ??= URL.createObjectURL(new Blob([find('#worker-source').textContent ?? ''], { type: 'text/javascript' }));
  return new Worker(workerUrl);
}
