import { RemoteError } from '../../shared/errors.js';
import { startWorker } from './start-worker.js';

/**
 * Calls a worker of its own, which starts with the first call, and again after it was stopped.
 * @template {import('../../shared/rpc.js').Service} S
 * @param {import('./start-worker.js').Source} source
 * @param {() => Promise<WebAssembly.Module>} compile
 * @param {(call: import('./start-worker.js').Started<S>['call']) => Promise<unknown>} configure says what a worker has
 *   to know: called when it starts, and by `update`
 */
export function createRpcClient(source, compile, configure) {
  /** @typedef {import('./start-worker.js').Started<S>} Worker */
  /** @type {Promise<Worker> | undefined} */
  let started;
  /** Rejects the calls that wait for a start. */
  let starting = new AbortController();

  function start() {
    const { signal } = starting;
    /** @type {Promise<never>} */
    const stopped = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const mine = Promise.race([compile(), stopped]).then((module) => {
      /** @type {Worker} */
      const worker = startWorker(source, module, forget);
      configured(worker);
      return worker;
    });
    // What failed once is tried again.
    mine.catch(forget);
    function forget() {
      if (started === mine) started = undefined;
    }
    return (started = mine);
  }

  /** If it cannot be, the calls that follow fail too. @param {Worker} worker */
  const configured = (worker) => configure(worker.call).catch(() => undefined);

  /** Ends the worker, whatever it is doing. @param {Error} reason for those who wait */
  function stop(reason) {
    const mine = started;
    started = undefined;
    starting.abort(reason);
    starting = new AbortController();
    mine?.then(
      ({ end }) => end(reason),
      () => undefined,
    );
  }

  return {
    stop,

    /** Configures the worker anew, if there is one. */
    update() {
      started?.then(configured, () => undefined);
    },

    /**
     * @template {keyof S & string} Name
     * @param {Name} method
     * @param {S[Name]['request']} request
     * @param {import('../../shared/rpc.js').CallOptions<S[Name]['progress']>} [options]
     * @returns {Promise<S[Name]['reply']>}
     */
    async call(method, request, options) {
      const mine = started ?? start();
      try {
        return await (await mine).call(method, request, options);
      } catch (error) {
        // After a fault the core cannot go on.
        const fault = error instanceof RemoteError && ['panic', 'memory'].includes(error.failure.code);
        if (fault && started === mine) stop(error);
        throw error;
      }
    },
  };
}
