/** Between two changes of what is shown of a run, in milliseconds: to draw takes cores from the workers. */
const SHOWN_EVERY = 200;

/**
 * Shows events together, five times a second.
 * @template Event
 * @param {(event: Event) => void} show
 */
export function createPace(show) {
  /** What has come and is not shown yet. @type {Event[]} */
  let news = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** What has come is not to be shown any more. */
  function clear() {
    clearTimeout(timer);
    timer = undefined;
    news = [];
  }

  /** Shows what has come. */
  function flush() {
    const all = news;
    clear();
    all.forEach(show);
  }

  return {
    /** @param {Event} event */
    show(event) {
      news.push(event);
      timer ??= setTimeout(flush, SHOWN_EVERY);
    },
    flush,
    clear,
  };
}
