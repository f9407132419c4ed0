import { sample } from '../jobs/sample.js';
import { freeRun, runOnce } from './run.js';

/** Of the original’s size: enough to be compiled well, and over before most have chosen files. */
const SCALE = 0.1;

/**
 * Runs a made-up export and throws it away. A browser compiles a core well only after it has run for a while,
 * and the first run of someone's files should not be that while.
 * @param {MessagePort[]} helpers
 */
export async function warmUp(helpers) {
  const silent = () => undefined;
  const inputs = sample({ scale: SCALE, defects: false }, silent);
  // The core has a default for every choice.
  const options = /** @type {import('../../shared/protocol.js').Options} */ (
    /** @type {Partial<import('../../shared/protocol.js').Options>} */ ({ withdrawals: [] })
  );
  const { finished } = await runOnce(
    {
      inputs,
      refusals: [],
      options,
      key: new Uint8Array(16),
      keyOrigin: 'random',
      memory: 2 ** 28,
      helpers,
    },
    silent,
  );
  freeRun(finished);
}
