import { RemoteError, asFailure } from './errors.js';

/**
 * Calls between two threads over one endpoint, in both directions: a worker and its page, or the two ends of a channel.
 * Which methods there are, and their types, is in protocol.js.
 *
 * Not Comlink: it moves buffers too, but a call of it can be neither aborted nor ended with its worker, needs a channel
 * of its own to report progress, and its errors lose their codes. This file is less than 6 KB with its comments.
 * @typedef {{ request: unknown, reply: unknown, progress: unknown }} Method
 * @typedef {Record<string, Method>} Service
 * @typedef {import('./protocol.js').Failure} Failure
 */

/**
 * What travels. An `id` is that of the caller's side.
 * @typedef {{ kind: 'call', id: number, method: string, request: unknown } | { kind: 'abort', id: number }
 *   | { kind: 'progress', id: number, progress: unknown } | { kind: 'result', id: number, result: unknown }
 *   | { kind: 'failed', id: number, failure: Failure }} Message
 */

/**
 * A worker, the global object of one, or a port.
 * @typedef {object} Endpoint
 * @property {(message: Message, transfer: Transferable[]) => void} postMessage
 * @property {((event: MessageEvent<Message>) => void) | null} onmessage
 */

/**
 * @template Progress
 * @typedef {object} CallOptions
 * @property {(progress: Progress) => void} [onProgress]
 * @property {AbortSignal} [signal] rejects the call at once, and aborts it on the other side
 * @property {Transferable[]} [transfer] what moves with the request and is not copied
 */

/**
 * @template Progress
 * @typedef {object} CallContext of a method that is being called
 * @property {(progress: Progress) => void} progress reports to the caller
 * @property {AbortSignal} signal aborted when nobody waits for the reply any more
 */

/**
 * @template {Service} S
 * @typedef {{ [Name in keyof S]: (request: S[Name]['request'], context: CallContext<S[Name]['progress']>) =>
 *   S[Name]['reply'] | Promise<S[Name]['reply']> }} Handlers
 */

/**
 * @template {Service} S
 * @typedef {object} Rpc the methods of the other side
 * @property {<Name extends keyof S & string>(method: Name, request: S[Name]['request'],
 *   options?: CallOptions<S[Name]['progress']>) => Promise<S[Name]['reply']>} call fails with a `RemoteError`
 * @property {(reason: Error) => void} close rejects the calls that wait and those to come
 */

/** What moves with a reply. @type {WeakMap<object, Transferable[]>} */
const transfers = new WeakMap();

/**
 * Marks what a reply moves and does not copy.
 * @template {object} Reply
 * @param {Reply} reply
 * @param {Transferable[]} transfer
 */
export function transferring(reply, transfer) {
  transfers.set(reply, transfer);
  return reply;
}

/**
 * Calls the other side of an endpoint, and serves its calls.
 * @template {Service} Theirs
 * @template {Service} Mine
 * @param {Endpoint} endpoint
 * @param {Handlers<Mine>} [handlers]
 * @returns {Rpc<Theirs>}
 */
export function connect(endpoint, handlers) {
  /**
   * @typedef {object} Waiting
   * @property {(result: unknown) => void} resolve
   * @property {(reason: unknown) => void} reject
   * @property {(progress: unknown) => void} [onProgress]
   */
  /** Calls of this side. @type {Map<number, Waiting>} */
  const waiting = new Map();
  /** Calls of the other side. @type {Map<number, AbortController>} */
  const serving = new Map();
  let last = 0;
  /** @type {Error | undefined} */
  let closed;

  endpoint.onmessage = ({ data }) => {
    switch (data.kind) {
      case 'call':
        return void serve(data.id, data.method, data.request);
      case 'abort':
        return serving.get(data.id)?.abort();
      case 'progress':
        return waiting.get(data.id)?.onProgress?.(data.progress);
      case 'result':
        return take(data.id)?.resolve(data.result);
      case 'failed':
        return take(data.id)?.reject(new RemoteError(data.failure));
    }
  };

  /** @param {number} id */
  function take(id) {
    const call = waiting.get(id);
    waiting.delete(id);
    return call;
  }

  /** @param {number} id @param {string} method @param {unknown} request */
  async function serve(id, method, request) {
    const abort = new AbortController();
    serving.set(id, abort);
    try {
      const handle = handlers?.[method];
      if (!handle) throw new Error(`There is no method ${method}.`);
      const progress = (/** @type {unknown} */ progress) =>
        endpoint.postMessage({ kind: 'progress', id, progress }, []);
      const result = await handle(request, { progress, signal: abort.signal });
      const transfer = result instanceof Object ? transfers.get(result) : undefined;
      endpoint.postMessage({ kind: 'result', id, result }, transfer ?? []);
    } catch (error) {
      endpoint.postMessage({ kind: 'failed', id, failure: asFailure(error) }, []);
    } finally {
      serving.delete(id);
    }
  }

  return {
    call: (method, request, { onProgress, signal, transfer = [] } = {}) =>
      new Promise((resolve, reject) => {
        const failed = closed ?? signal?.reason;
        if (failed) return reject(failed);
        const id = (last += 1);
        endpoint.postMessage({ kind: 'call', id, method, request }, transfer);
        waiting.set(id, /** @type {Waiting} */ ({ resolve, reject, onProgress }));
        const onAbort = () => {
          if (!waiting.has(id)) return;
          take(id)?.reject(signal?.reason);
          endpoint.postMessage({ kind: 'abort', id }, []);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    close(reason) {
      closed = reason;
      endpoint.onmessage = null;
      for (const abort of serving.values()) abort.abort();
      for (const { reject } of waiting.values()) reject(reason);
      waiting.clear();
    },
  };
}
