import { freeRun, rerun, runOnce } from './run.js';
import { warmUp } from './warm-up.js';

/**
 * Leads runs, and holds the last one for reruns.
 * @returns {import('../../shared/rpc.js').Handlers<
 *   Pick<import('../../shared/protocol.js').RunService, 'run' | 'rerun' | 'warmUp'>>}
 */
export function createRunServer() {
  /** @type {import('./run.js').FinishedRun | undefined} */
  let last;
  return {
    async run(request, { progress }) {
      if (last) freeRun(last);
      last = undefined;
      const { result, finished } = await runOnce(request, progress);
      last = finished;
      return result;
    },
    rerun: (request, { progress }) => last && rerun(last, request, progress),
    warmUp: ({ helpers }) => warmUp(helpers),
  };
}
