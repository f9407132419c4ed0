/**
 * A worker that the browser ends, for want of memory or by its task manager, sends nothing: whoever waits for it waits
 * for ever. But a lock that it holds is released with it, so its end is seen at once and never guessed from a silence,
 * which a slow machine or a tab in the background would have as well.
 */

/** Locks are shared by all pages of an origin. */
const OWN = Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16)).join('');
let last = 0;

/**
 * The name of a lock for a worker; undefined on plain http hosts, which have no locks: there, Cancel is what is left.
 */
export const newLock = () => (navigator.locks ? `stedi-lakehouse ${OWN} ${(last += 1)}` : undefined);

/**
 * In the page: waits for the end of a worker that holds its lock.
 * @param {string} lock
 * @param {AbortSignal} signal ends the watch
 * @param {() => void} onEnd
 */
export function watchLock(lock, signal, onEnd) {
  navigator.locks.request(lock, { signal }, onEnd).catch(() => undefined);
}

/**
 * In the worker: holds its lock as long as it lives.
 * @param {string} lock
 * @returns {Promise<void>} before which the worker should not begin: until then nobody would see its end
 */
export function holdLock(lock) {
  return new Promise((held) => {
    navigator.locks
      .request(lock, () => {
        held();
        return new Promise(() => undefined);
      })
      .catch(() => held());
  });
}
