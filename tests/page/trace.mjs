// How long the page's main thread is busy, by the browser's own trace.

/**
 * The longest task of the page's main thread while something is done: `cpu` is the time that the thread ran,
 * `wall` has what other programs took of a shared machine in it too. Milliseconds.
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<void>} action
 */
export async function longest(browser, page, action) {
  await browser.startTracing(page, { categories: ['toplevel'] });
  await action();
  /**
   * @type {{ traceEvents: { name: string, ph: string, pid: number, tid: number, dur: number, tdur?: number, args: {
   *   name?: string } }[] }}
   */
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}:${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && /RunTask$/.test(name) && mains.has(`${pid}:${tid}`),
  );
  if (tasks.length === 0) throw new Error('the trace has no task of the main thread');
  const most = (/** @type {number[]} */ times) => Math.round(Math.max(...times) / 100) / 10;
  return {
    cpu: most(tasks.map(({ tdur }) => tdur ?? 0)),
    wall: most(tasks.map(({ dur }) => dur)),
    tasks: tasks.length,
  };
}
