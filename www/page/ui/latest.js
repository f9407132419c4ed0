/** Work of which only the latest counts: what begins later aborts what came before, and its result is dropped. */
export function createLatest() {
  let current = new AbortController();

  /** @returns {AbortSignal} aborted when something else begins */
  function begin() {
    current.abort();
    current = new AbortController();
    return current.signal;
  }

  return {
    begin,
    cancel: () => current.abort(),
    /**
     * @template Result
     * @param {(signal: AbortSignal) => Promise<Result>} work
     * @param {(result: Result) => void} done
     * @param {(error: unknown) => void} failed of `work` or of `done`
     */
    async run(work, done, failed) {
      const signal = begin();
      try {
        const result = await work(signal);
        if (!signal.aborted) done(result);
      } catch (error) {
        if (!signal.aborted) failed(error);
      }
    },
  };
}
