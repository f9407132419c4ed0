import { core } from './compile-wasm.js';
import { startWorker } from './start-worker.js';

/**
 * @typedef {import('../../shared/protocol.js').CoreService} CoreService
 * @typedef {import('./start-worker.js').Started<CoreService>} CoreWorker
 * @typedef {import('../../shared/rpc.js').CallOptions<import('../../shared/protocol.js').RunEvent>} RunOptions
 */

/** More would wait for the disk. */
const MOST_WORKERS = 16;

/** The first leads a run; the others read for it. @type {CoreWorker[]} */
let workers = [];
/** The call under way. @type {object | undefined} */
let current;
/** Ends the warm-up. @type {AbortController | undefined} */
let warming;

/**
 * A run, by all workers.
 * @param {Omit<CoreService['run']['request'], 'helpers'>} request
 * @param {RunOptions} options
 */
export const run = (request, options) =>
  withHelpers(options.signal, (lead, helpers) =>
    lead.call('run', { ...request, helpers }, { ...options, transfer: helpers }),
  );

/**
 * The last run again under stricter options.
 * @param {CoreService['rerun']['request']} request
 * @param {RunOptions} options
 */
export const rerun = (request, options) =>
  withWorkers(1, options.signal, ([lead]) => lead.call('rerun', request, options));

/** @param {CoreService['sample']['request']} request @param {RunOptions} options */
export const makeSample = (request, options) =>
  withWorkers(1, options.signal, ([lead]) => lead.call('sample', request, options));

/** Makes the workers fast, unless and until they are called. */
export async function warmUp() {
  await core();
  if (current) return;
  warming = new AbortController();
  const { signal } = warming;
  await withHelpers(signal, (lead, helpers) => lead.call('warmUp', { helpers }, { signal, transfer: helpers }));
}

/**
 * @template Reply
 * @param {AbortSignal | undefined} signal
 * @param {(lead: CoreWorker, helpers: MessagePort[]) => Promise<Reply>} call
 */
function withHelpers(signal, call) {
  const wanted = Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS);
  return withWorkers(wanted, signal, ([lead, ...others]) => {
    const helpers = others.map((helper) => {
      const { port1, port2 } = new MessageChannel();
      const failed = (/** @type {Error} */ error) => {
        // Said late, it is about workers that have ended: those that took their place are to go on.
        if (workers.includes(helper)) endWorkers(error);
      };
      helper.call('help', port1, { transfer: [port1] }).catch(failed);
      return port2;
    });
    return call(lead, helpers);
  });
}

/**
 * Does one thing at a time with the workers. If it fails or is aborted they end at once, whatever they are doing, for
 * they may hold half a run: the next call starts new ones.
 * @template Reply
 * @param {number} wanted
 * @param {AbortSignal | undefined} signal
 * @param {(workers: CoreWorker[]) => Promise<Reply>} act
 */
async function withWorkers(wanted, signal, act) {
  if (warming?.signal !== signal) warming?.abort();
  const mine = (current = {});
  const stop = () => endWorkers(signal?.reason);
  signal?.addEventListener('abort', stop);
  try {
    const module = await core();
    signal?.throwIfAborted();
    while (workers.length < wanted) workers.push(startWorker('#core-worker-source', module, endWorkers));
    return await act(workers.slice(0, wanted));
  } catch (error) {
    if (current === mine) endWorkers(/** @type {Error} */ (error));
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    if (current === mine) current = undefined;
  }
}

/** What one of them held is lost with it, so all end together. @param {Error} reason */
function endWorkers(reason) {
  const all = workers;
  workers = [];
  for (const worker of all) worker.end(reason);
}
