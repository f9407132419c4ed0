import { connect } from '../shared/rpc.js';
import { holdLock } from '../shared/worker-liveness.js';
import { setLocale } from './explore/cell-text.js';
import { setPage } from './io/file-access.js';

/**
 * @typedef {import('../shared/rpc.js').Endpoint} Endpoint
 * @typedef {import('../shared/protocol.js').StartService['start']['request']} StartRequest
 */

/**
 * Serves the page, once `start` has been called: the core is there then, and the page would see this worker's end.
 * @template {import('../shared/rpc.js').Service} S
 * @param {(module: WebAssembly.Module) => void} init
 * @param {import('../shared/rpc.js').Handlers<S>} handlers
 */
export function servePage(init, handlers) {
  /** @type {Promise<void>} */
  let started;

  /** @param {StartRequest} request */
  async function start({ module, lock, locale }) {
    setLocale(locale);
    init(module);
    if (lock) await holdLock(lock);
  }

  /** @type {import('../shared/rpc.js').Handlers<import('../shared/rpc.js').Service>} */
  const service = { start: (request) => (started = start(/** @type {StartRequest} */ (request))) };
  for (const [name, handle] of Object.entries(handlers)) {
    service[name] = async (request, context) => {
      await started;
      return handle(request, context);
    };
  }
  setPage(connect(ownEndpoint(), service));
}

/** This worker's own end; the page's types take it for a window. */
export const ownEndpoint = () => /** @type {Endpoint} */ (/** @type {unknown} */ (self));
