// One scale: every engine started, one round to warm up, then the timed rounds, engine after engine in each.
import { TITLES, start } from './engines.mjs';

/**
 * @typedef {import('./arguments.mjs').EngineName} EngineName
 * @typedef {import('./engines.mjs').Counts} Counts
 *
 * @typedef {object} Outcome seconds, and peaks in bytes
 * @property {string} version
 * @property {number} startSeconds
 * @property {number} cold the first job
 * @property {number[]} times the jobs after it
 * @property {import('./engines.mjs').Peak} peak
 *
 * @typedef {object} ScaleResult
 * @property {number} bytes
 * @property {number} files
 * @property {Counts} counts the same for all that gave any
 * @property {Partial<Record<EngineName, Outcome>>} engines
 * @property {Partial<Record<EngineName, string>>} failed
 */

/**
 * @param {EngineName[]} names
 * @param {import('./engines.mjs').Context} context
 * @param {number} runs
 * @param {(words: string) => void} say
 * @returns {Promise<ScaleResult>}
 */
export async function rounds(names, context, runs, say) {
  /** @type {Map<EngineName, import('./engines.mjs').Engine>} */
  const running = new Map();
  /** @type {ScaleResult} */
  const result = { bytes: context.sample.bytes, files: context.sample.paths.length, counts: {}, engines: {}, failed: {} };
  /** @type {Map<EngineName, Counts>} */
  const counted = new Map();

  /** What an engine cannot do is a result; the others go on. @param {EngineName} name @param {() => Promise<void>} step */
  async function attempt(name, step) {
    try {
      await step();
    } catch (error) {
      if (error instanceof Disagreement) throw error;
      const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
      say(`${TITLES[name]} failed: ${reason}`);
      result.failed[name] = reason;
      delete result.engines[name];
      counted.delete(name);
      await running.get(name)?.stop();
      running.delete(name);
    }
  }

  try {
    for (const name of names) {
      await attempt(name, async () => {
        say(`${TITLES[name]}: start and first run`);
        const engine = await start[name](context);
        running.set(name, engine);
        const { seconds, counts } = await engine.run();
        if (counts) counted.set(name, counts);
        const { version, startSeconds } = engine;
        result.engines[name] = { version, startSeconds, cold: seconds, times: [], peak: {} };
      });
    }
    result.counts = agreed(counted);
    for (let run = 1; run <= runs; run += 1) {
      say(`round ${run} of ${runs}`);
      for (const [name, engine] of [...running]) {
        await attempt(name, async () => {
          const { seconds, counts } = await engine.run();
          if (counts) agreed(new Map([[TITLES[name], counts], ['the first round', result.counts]]));
          result.engines[name]?.times.push(seconds);
        });
      }
    }
    say('peak memory');
    for (const [name, engine] of [...running]) {
      await attempt(name, async () => {
        const outcome = result.engines[name];
        if (outcome) outcome.peak = await engine.peak();
      });
    }
    return result;
  } finally {
    for (const engine of running.values()) await engine.stop();
  }
}

/** The counts that all agree on. @param {Map<string, Counts>} counted @returns {Counts} */
function agreed(counted) {
  const [first, ...others] = counted;
  if (!first) return {};
  const text = (/** @type {Counts} */ counts) => JSON.stringify(Object.entries(counts).sort());
  for (const other of others) {
    if (text(first[1]) !== text(other[1])) {
      throw new Disagreement([first, other].map(([name, counts]) => `${name}: ${JSON.stringify(counts)}`).join('\n'));
    }
  }
  return first[1];
}

/** Engines that give different rows: then no time means anything. */
export class Disagreement extends Error {}
