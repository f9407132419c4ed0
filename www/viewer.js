import { JobFailed, startWorker } from './bridge.js';
import { core } from './wasm.js';

/**
 * A worker of its own shows things, so that looking and running do not wait for each other. It starts when
 * it is first asked.
 * @typedef {import('./types.js').LookAsk} LookAsk
 */

/** @type {Promise<MessagePort> | undefined} */
let started;
/** @type {Map<number, { resolve: (result: any) => void, reject: (reason: Error) => void }>} */
const waiting = new Map();
let asked = 0;
/** The run that is looked at; a worker that starts later is told of it. @type {LookAsk & { kind: 'lake' }} */
let lake = { kind: 'lake' };

/** Says which run is on the page, or that none is: then the worker lets go of what it shows. @param {LookAsk & { kind: 'lake' }} ask */
export function setLake(ask) {
  lake = ask;
  started?.then((port) => port.postMessage({ id: 0, ask }));
}

/** @param {LookAsk} ask @returns {Promise<any>} */
export async function look(ask) {
  started ??= start();
  const port = await started;
  return new Promise((resolve, reject) => {
    asked += 1;
    waiting.set(asked, { resolve, reject });
    port.postMessage({ id: asked, ask });
  });
}

async function start() {
  const module = await core();
  const worker = startWorker();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data: { id, result, failure } }) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (failure) reject?.(new JobFailed(failure));
    else resolve?.(result);
  };
  worker.onmessage = ({ data: { failure } }) => fail(failure);
  worker.onerror = ({ message }) => fail({ code: 'worker', message: message || 'A worker could not be started.' });
  worker.postMessage({ kind: 'look', module, port: port2 }, [port2]);
  port1.postMessage({ id: 0, ask: lake });
  return port1;

  /** The next question starts another worker. @param {import('./types.js').Failure} failure */
  function fail(failure) {
    worker.terminate();
    started = undefined;
    for (const { reject } of waiting.values()) reject(new JobFailed(failure));
    waiting.clear();
  }
}
