// Runs in the page under test, in every browser.

/**
 * Takes the time from the choice of files to the end of the run. It is sent to the page as text, and in Firefox has a
 * global object of its own there, so it names what it shares with later scripts by `window`.
 */
export function watch() {
  let chosen = 0;
  let running = false;
  /** @type {(result: { seconds: number, state: string }) => void} */
  let tell = () => {};
  window.addEventListener(
    'change',
    ({ target }) => {
      if (/** @type {HTMLElement} */ (target).id !== 'files') return;
      chosen = performance.now();
      running = false;
      window.bench.last = null;
    },
    true,
  );
  new MutationObserver(() => {
    const { state = '' } = document.documentElement.dataset;
    if (state === 'running') running = true;
    // Until it runs, the state is that of the run before.
    if (!running || (state !== 'done' && state !== 'failed')) return;
    running = false;
    window.bench.last = { seconds: (performance.now() - chosen) / 1000, state };
    tell(window.bench.last);
  }).observe(document, { subtree: true, attributeFilter: ['data-state'] });
  // The page asks before results that were not saved are replaced. The answer takes no time here.
  new MutationObserver(() => {
    if (!document.querySelector('#replace[open]')) return;
    /** @type {HTMLElement | null} */ (document.querySelector('#replace-yes'))?.click();
  }).observe(document, { subtree: true, attributeFilter: ['open'] });
  Object.assign(window, {
    bench: {
      last: null,
      ended: () =>
        new Promise((resolve) => {
          tell = resolve;
        }),
      memories: {},
    },
  });
}
