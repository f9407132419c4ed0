import { ranges } from './pkg/stedi_lakehouse.js';
import { ofAll } from './curate.js';
import { InputError, asFailure } from './failure.js';
import { remoteInstance } from './helper.js';
import { createInstance } from './instance.js';

/**
 * @typedef {import('./inputs.js').Source} Source
 * @typedef {import('./part.js').Part} Part
 * @typedef {import('./types.js').Counts} Counts
 * @typedef {import('./helper.js').Instance} Instance
 * @typedef {import('./pkg/stedi_lakehouse.js').Run} Run
 * @typedef {(source: number, bytes: number) => void} OnRead
 * @typedef {{ source: number, nth: number, part?: Part }} Work
 */

/** A record that two ranges share: the file has to be read in one. */
class Crossing extends Error {
  /** @param {number} source */
  constructor(source) {
    super();
    this.source = source;
  }
}

/**
 * Reads all readings, by this worker and its helpers: whoever is idle takes the next part. The run gets
 * what was counted; the readings stay with the instances that have read them.
 * @param {Run} run
 * @param {Source[]} sources
 * @param {MessagePort[]} ports of the helpers
 * @param {number} memory bytes that all instances together may hold of readings
 * @param {OnRead} onRead
 * @param {(counts: Counts[]) => void} onCounts
 * @returns {Promise<Instance[]>} this worker's first
 */
export async function readReadings(run, sources, ports, memory, onRead, onCounts) {
  /** @type {Set<number>} */
  const whole = new Set();
  for (;;) {
    try {
      return await readOnce(run, sources, ports, memory, whole, onRead, onCounts);
    } catch (error) {
      // What was read is dropped: the readers go with it.
      if (!(error instanceof Crossing)) throw error;
      whole.add(error.source);
    }
  }
}

/**
 * @param {Run} run
 * @param {Source[]} sources
 * @param {MessagePort[]} ports
 * @param {number} memory
 * @param {Set<number>} whole sources that cannot be read in ranges
 * @param {OnRead} onRead
 * @param {(counts: Counts[]) => void} onCounts
 */
async function readOnce(run, sources, ports, memory, whole, onRead, onCounts) {
  const work = sources.flatMap((source, at) => parts(source, whole.has(at)).map((part, nth) => ({ source: at, nth, part })));
  /** What the core told of each source's parts. @type {Uint8Array[][]} */
  const told = sources.map(() => []);
  /** The tables so far, of each instance. @type {Counts[]} */
  const counts = [];
  /** @type {unknown} */
  let failed;

  /**
   * Takes parts until there are none.
   * @param {number} me
   * @param {(one: Work) => Promise<{ decoded: Uint8Array, counts: Counts }>} read
   * @param {(one: Work) => boolean} mine
   */
  async function takeAll(me, read, mine) {
    for (;;) {
      const at = work.findIndex(mine);
      if (at < 0 || failed) return;
      const [one] = work.splice(at, 1);
      try {
        const { decoded, counts: mineSoFar } = await read(one);
        told[one.source][one.nth] = decoded;
        counts[me] = mineSoFar;
      } catch (error) {
        const { code } = asFailure(error);
        failed ??= code === 'crosses' ? new Crossing(one.source) : new InputError(sources[one.source].name, error);
      }
      onCounts(counts.filter(Boolean));
    }
  }

  const brief = run.brief();
  const share = memory / (ports.length + 1);
  const own = createInstance(brief, share);
  const others = ports.map(async (port, at) => {
    const helper = await remoteInstance(port, brief, share);
    await twoAhead(() => takeAll(at + 1, ({ source, part }) => helper.read(/** @type {Part} */ (part), (bytes) => onRead(source, bytes)),
      // An entry belongs to an archive that this worker alone holds open.
      ({ part }) => part !== undefined));
    return helper;
  });
  const ownDone = twoAhead(() => takeAll(0, ({ source, part }) => {
    if (part) return own.read(part, (bytes) => onRead(source, bytes));
    return own.entry(/** @type {Extract<Source, { archive: any }>} */ (sources[source]));
  }, () => true));
  const [, ...helpers] = await Promise.all([ownDone, ...others]);
  if (failed) {
    // Only then is it read again. After another fault the core may be in the middle of something and refuse
    // to be freed, which would hide the fault; the worker ends anyway.
    if (failed instanceof Crossing) own.free();
    throw failed;
  }
  const instances = [own, ...helpers];
  for (const tallies of await ofAll(instances, (instance) => instance.tallies())) run.absorb(tallies);
  sources.forEach(({ name, bytes, table }, at) => run.decoded(name, bytes, table, told[at]));
  return instances;
}

/** Ranges that are taken together: to begin a read costs more than some of them. */
const AT_ONCE = 4;

/** While one part is decoded, the next one's bytes come. @param {() => Promise<void>} takeAll */
const twoAhead = (takeAll) => Promise.all([takeAll(), takeAll()]);

/** What can be taken of a source at a time. @param {Source} source @param {boolean} whole @returns {(Part | undefined)[]} */
function parts(source, whole) {
  if (!('file' in source)) return [undefined];
  const { name, table, file, plain } = source;
  const all = { name, table, file, start: 0, end: 0 };
  if (whole || !plain) return [all];
  const bounds = ranges(file.size);
  if (bounds.length === 2) return [all];
  const count = Math.ceil(bounds.length / 2 / AT_ONCE);
  return Array.from({ length: count }, (_, i) => ({
    name, table, file, start: bounds[2 * AT_ONCE * i], end: bounds[Math.min(2 * AT_ONCE * (i + 1), bounds.length) - 1],
  }));
}
