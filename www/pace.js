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

  return {
    /** @param {Event} event */
    show(event) {
      news.push(event);
      timer ??= setTimeout(() => {
        timer = undefined;
        news.splice(0).forEach(show);
      }, SHOWN_EVERY);
    },

    /** What comes next says it all. */
    clear() {
      clearTimeout(timer);
      timer = undefined;
      news = [];
    },
  };
}
