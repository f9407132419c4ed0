import { JobFailed, endWorker, startWorker, workerFailed } from './run-workers.js';

/**
 * Asks a worker of its own, one that starts when it is first asked and again after it was stopped.
 * @template Ask
 * @param {object} of
 * @param {'look' | 'sql'} of.kind what the worker is told to be
 * @param {string} [of.source] where the page holds its script
 * @param {() => Promise<WebAssembly.Module>} of.module
 * @param {() => Ask} of.first what a worker is told when it starts
 */
export function createAsker({ kind, source, module, first }) {
  /** @type {{ worker?: Worker, port: Promise<MessagePort> } | undefined} */
  let started;
  /** @type {Map<number, { resolve: (result: any) => void, reject: (reason: Error) => void }>} */
  const waiting = new Map();
  let asked = 0;

  function start() {
    const mine = (started = /** @type {NonNullable<typeof started>} */ ({}));
    mine.port = begin(mine);
    // What failed once is tried again.
    mine.port.catch(() => {
      if (started === mine) started = undefined;
    });
    return mine;
  }

  /** @param {NonNullable<typeof started>} mine */
  async function begin(mine) {
    const compiled = await module();
    const worker = startWorker(source);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data: { id, result, failure } }) => {
      const { resolve, reject } = waiting.get(id) ?? {};
      waiting.delete(id);
      if (failure) reject?.(new JobFailed(failure));
      else resolve?.(result);
      // After a fault the core cannot go on.
      if (failure && ['panic', 'memory'].includes(failure.code)) stop(new JobFailed(failure));
    };
    worker.onmessage = ({ data: { failure } }) => stop(new JobFailed(failure));
    worker.onerror = (event) => stop(workerFailed(event));
    worker.postMessage({ kind, module: compiled, port: port2 }, [port2]);
    port1.postMessage({ id: 0, ask: first() });
    // It may have been stopped before it came.
    if (started === mine) mine.worker = worker;
    else endWorker(worker);
    return port1;
  }

  /** Ends the worker, whatever it is doing; the next question starts another. @param {Error} reason for those who wait */
  function stop(reason) {
    if (started?.worker) endWorker(started.worker);
    started = undefined;
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
  }

  return {
    stop,
    /** Says something that has no answer, if there is somebody to hear it. @param {Ask} ask */
    tell(ask) {
      started?.port.then(
        (port) => port.postMessage({ id: 0, ask }),
        () => undefined,
      );
    },
    /** @param {Ask} ask @returns {Promise<any>} */
    ask(ask) {
      return new Promise((resolve, reject) => {
        const id = (asked += 1);
        waiting.set(id, { resolve, reject });
        (started ?? start()).port.then(
          (port) => {
            if (waiting.has(id)) port.postMessage({ id, ask });
          },
          (error) => {
            waiting.delete(id);
            reject(error);
          },
        );
      });
    },
  };
}
