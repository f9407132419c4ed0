import { core } from './compile-wasm.js';
import { startWorker } from './start-worker.js';

/** @typedef {import('../../shared/protocol.js').CoreService} CoreService */

/**
 * Calls a worker of its own, which ends with the call: a run may go on meanwhile.
 * @template {keyof import('../../shared/protocol.js').JobService} Name
 * @param {Name} method
 * @param {CoreService[Name]['request']} request
 * @param {import('../../shared/rpc.js').CallOptions<CoreService[Name]['progress']>} [options]
 * @returns {Promise<CoreService[Name]['reply']>}
 */
export async function callAside(method, request, options) {
  const module = await core();
  options?.signal?.throwIfAborted();
  /** @type {import('./start-worker.js').Started<CoreService>} */
  const worker = startWorker('#core-worker-source', module);
  try {
    return await worker.call(method, request, options);
  } finally {
    worker.end(new Error(`${method} is done.`));
  }
}
