// One scale: every engine started, one round to warm up, then the timed rounds, engine after engine in each.
import { start } from './engines.mjs';
import { Disagreement, agreed } from './tables.mjs';
import { TITLES } from './titles.mjs';

/**
 * @typedef {import('./arguments.mjs').EngineName} EngineName
 * @typedef {import('./tables.mjs').Counts} Counts
 *
 * @typedef {object} Outcome seconds, and peaks in bytes
 * @property {string} version
 * @property {number} [startSeconds]
 * @property {number[]} first runs right after the start; of most engines there is one only
 * @property {number[]} times of the runs after the first
 * @property {number[]} cpu of the same runs: user and system time of all processors
 * @property {import('./engines.mjs').Peak} peak
 * @property {import('./phases.mjs').Phase[]} [phases] of one more run
 *
 * @typedef {object} ScaleResult
 * @property {number} bytes
 * @property {number} files
 * @property {number} rounds
 * @property {Counts} counts the same for all that gave any
 * @property {Partial<Record<EngineName, Outcome>>} engines
 * @property {Partial<Record<EngineName, string>>} failed
 */

/** Minutes that one run may take: an engine that hangs must not hold up the others. */
const LIMIT = 15;

/**
 * @param {EngineName[]} names
 * @param {import('./engines.mjs').Context} context
 * @param {number} rounds
 * @param {(words: string) => void} say
 * @returns {Promise<ScaleResult>}
 */
export async function runRounds(names, context, rounds, say) {
  /** @type {Map<EngineName, import('./engines.mjs').Engine>} */
  const running = new Map();
  /** @type {Map<string, Counts>} */
  const counted = new Map();
  /** @type {ScaleResult} */
  const result = {
    bytes: context.sample.bytes,
    files: context.sample.paths.length,
    rounds,
    counts: {},
    engines: {},
    failed: {},
  };

  /**
   * What an engine cannot do is a result; the others go on.
   * @param {EngineName} name
   * @param {() => Promise<void>} step
   */
  async function attempt(name, step) {
    try {
      await step();
    } catch (error) {
      if (error instanceof Disagreement) throw error;
      result.failed[name] = reasonOf(error);
      say(`${TITLES[name]} failed: ${result.failed[name]}`);
      delete result.engines[name];
      counted.delete(TITLES[name]);
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
        const { seconds, counts } = await limited(engine.run());
        if (counts) counted.set(TITLES[name], counts);
        const { version, startSeconds } = engine;
        result.engines[name] = { version, startSeconds, first: [seconds], times: [], cpu: [], peak: {} };
      });
    }
    result.counts = agreed(counted);
    for (let round = 1; round <= rounds; round += 1) {
      say(`round ${round} of ${rounds}`);
      for (const [name, engine] of rotated([...running], round)) {
        await attempt(name, async () => {
          const { seconds, cpu, counts } = await limited(engine.run());
          if (counts)
            agreed(
              new Map([
                ['the first round', result.counts],
                [TITLES[name], counts],
              ]),
            );
          result.engines[name]?.times.push(seconds);
          if (cpu !== undefined) result.engines[name]?.cpu.push(cpu);
          // What takes minutes is told by one first run well enough.
          if (engine.runFresh && rounds > 1)
            result.engines[name]?.first.push((await limited(engine.runFresh())).seconds);
        });
      }
    }
    say('peak memory');
    for (const [name, engine] of running) {
      const outcome = result.engines[name];
      if (!outcome) continue;
      try {
        outcome.peak = await limited(engine.peak());
      } catch (error) {
        // The times were measured all the same.
        say(`${TITLES[name]}: no peak memory: ${reasonOf(error)}`);
      }
    }
    say('phases');
    for (const [name, engine] of running) {
      const outcome = result.engines[name];
      if (!outcome || !engine.phases) continue;
      try {
        outcome.phases = await limited(engine.phases());
      } catch (error) {
        say(`${TITLES[name]}: no phases: ${reasonOf(error)}`);
      }
    }
    return result;
  } finally {
    for (const engine of running.values()) await engine.stop();
  }
}

/** @template T @param {Promise<T>} run @returns {Promise<T>} */
async function limited(run) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT} minutes`)), LIMIT * 60_000);
  });
  try {
    return /** @type {T} */ (await Promise.race([run, late]));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}

/**
 * Each round starts with another engine, so that none always follows the same one.
 * @template T
 * @param {T[]} items
 * @param {number} by
 */
function rotated(items, by) {
  const at = by % Math.max(items.length, 1);
  return [...items.slice(at), ...items.slice(0, at)];
}
