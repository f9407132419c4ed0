/**
 * A worker that the browser ends, for want of memory or by its task manager, says nothing: whoever waits for
 * it waits for ever. But a lock that it holds is let go with it, so its end is seen at once and never
 * guessed from a silence, which a slow machine or a tab in the background would have as well.
 */

/** Locks are shared by all pages of an origin. */
const OWN = Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16)).join('');
let last = 0;

/**
 * Makes an error event of a worker's end. Plain http hosts have no locks; there, Cancel is what is left.
 * @param {Worker} worker
 * @param {AbortSignal} signal ends the watch
 */
export function watchOver(worker, signal) {
  const { locks } = navigator;
  if (!locks) return;
  const lock = `stedi-lakehouse ${OWN} ${(last += 1)}`;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    locks
      .request(lock, { signal }, () => {
        worker.dispatchEvent(
          new ErrorEvent('error', {
            message:
              'A worker of this page ended in the middle of its work: the browser or the system stopped it, most often for want of memory. Run again, or give fewer files at once.',
          }),
        );
      })
      .catch(() => undefined);
  };
  worker.postMessage({ kind: 'live', lock, port: port2 }, [port2]);
}

/**
 * In the worker: holds its lock as long as it lives.
 * @param {string} lock
 * @param {MessagePort} port is told once it is held
 * @returns {Promise<void>} before which the worker should not begin: until then nobody would see its end
 */
export function live(lock, port) {
  return new Promise((held) => {
    navigator.locks
      .request(lock, () => {
        port.postMessage(undefined);
        held();
        return new Promise(() => undefined);
      })
      .catch(() => held());
  });
}
