/** Between two changes of what is shown of a run, in milliseconds: drawing takes cores from the workers. */
const SHOWN_EVERY = 200;

/**
 * Shows events together, five times a second.
 * @template Event
 * @param {(event: Event) => void} show
 */
export function createEventThrottle(show) {
  /** What has come and is not shown yet. @type {Event[]} */
  let events = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** Drops what has come. */
  function clear() {
    clearTimeout(timer);
    timer = undefined;
    events = [];
  }

  /** Shows what has come. */
  function flush() {
    const all = events;
    clear();
    all.forEach(show);
  }

  return {
    /** @param {Event} event */
    add(event) {
      events.push(event);
      timer ??= setTimeout(flush, SHOWN_EVERY);
    },
    flush,
    clear,
  };
}
