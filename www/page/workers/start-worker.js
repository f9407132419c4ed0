import { labels, locale } from '../labels/labels.js';
import { RemoteError } from '../../shared/errors.js';
import { connect } from '../../shared/rpc.js';
import { newLock, watchLock } from '../../shared/worker-liveness.js';
import { find } from '../ui/dom.js';
import { blobWorker } from './blob-worker.js';
import { pageService } from './page-service.js';

/**
 * @template {import('../../shared/rpc.js').Service} S
 * @typedef {object} Started
 * @property {import('../../shared/rpc.js').Rpc<S>['call']} call
 * @property {(reason: Error) => void} end terminates it, whatever it is doing, and rejects the calls that wait
 */

/** @typedef {'#core-worker-source' | '#sql-worker-source' | '#self-test-worker-source'} Source */

/** Of each script its URL. @type {Map<string, string>} */
const urls = new Map();

/**
 * A classic worker from a blob: URL, and nothing else: it alone inherits the page's policy, and it alone starts from
 * file://.
 * @template {import('../../shared/rpc.js').Service} S
 * @param {Source} source where the page holds its script
 * @param {WebAssembly.Module} [module] that it runs
 * @param {(error: Error) => void} [onDeath] when it ends by itself; `end` was called by then
 * @returns {Started<S>}
 */
export function startWorker(source, module, onDeath) {
  const url =
    urls.get(source) ?? URL.createObjectURL(new Blob([find(source).textContent ?? ''], { type: 'text/javascript' }));
  urls.set(source, url);
  const worker = blobWorker(url);
  /** @type {import('../../shared/rpc.js').Rpc<S & import('../../shared/protocol.js').StartService>} */
  const rpc = connect(worker, pageService);
  const watch = new AbortController();

  /** @param {Error} reason */
  function end(reason) {
    worker.onerror = null;
    watch.abort();
    rpc.close(reason);
    worker.terminate();
  }

  /** @param {string} message */
  function died(message) {
    // A lock that was waited for may still be granted when the page itself ends the worker.
    if (watch.signal.aborted) return;
    const error = new RemoteError({ code: 'worker', message });
    end(error);
    onDeath?.(error);
  }

  worker.onerror = ({ message }) => died(message || labels.workers.notStarted);
  if (module) {
    const lock = newLock();
    rpc.call('start', { module, lock, locale }).then(
      () => lock && watchLock(lock, watch.signal, () => died(labels.workers.ended)),
      // Every other call fails for the same reason.
      () => undefined,
    );
  }
  return { call: rpc.call, end };
}
