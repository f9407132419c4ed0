import { ranges } from './pkg/stedi_lakehouse.js';
import { ofAll } from './curate.js';
import { InputError } from './failure.js';
import { remoteInstance } from './helper.js';
import { createInstance } from './instance.js';

/**
 * @typedef {import('./inputs.js').Source} Source
 * @typedef {import('./part.js').Part} Part
 * @typedef {import('./types.js').Counts} Counts
 * @typedef {import('./helper.js').Instance} Instance
 * @typedef {import('./pkg/stedi_lakehouse.js').Run} Run
 * @typedef {(source: number, bytes: number) => void} OnRead
 * @typedef {{ source: number, nth: number }} Place of a part among its source's
 * @typedef {{ places: Place[], parts: Part[] } | { places: Place[], entry: Entry }} Work what one instance reads at
 *   a time: parts, as one stream, or an entry of an archive
 * @typedef {Extract<Source, { archive: any }>} Entry
 */

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
  /** @type {Set<string>} */
  const whole = new Set();
  for (;;) {
    try {
      return await readOnce(run, sources, ports, memory, whole, onRead, onCounts);
    } catch (error) {
      // A record that two ranges share: its file has to be read in one. What was read is dropped with the readers.
      if (!isCrossing(error)) throw error;
      whole.add(error.file);
    }
  }
}

/**
 * @param {Run} run
 * @param {Source[]} sources
 * @param {MessagePort[]} ports
 * @param {number} memory
 * @param {Set<string>} whole names of sources that cannot be read in ranges
 * @param {OnRead} onRead
 * @param {(counts: Counts[]) => void} onCounts
 */
async function readOnce(run, sources, ports, memory, whole, onRead, onCounts) {
  const work = deal(sources, whole, ports.length + 1);
  /** What the core told of each source's parts. @type {Uint8Array[][]} */
  const told = sources.map(() => []);
  /** The tables so far, of each instance. @type {Counts[]} */
  const counts = [];
  /** @type {unknown} */
  let failed;

  /**
   * Takes work until there is none.
   * @param {number} me
   * @param {Instance & Partial<ReturnType<typeof createInstance>>} instance
   */
  async function takeAll(me, instance) {
    for (;;) {
      // An entry belongs to an archive that this worker alone holds open.
      const at = work.findIndex((one) => 'parts' in one || instance.entry);
      if (at < 0 || failed) return;
      const [one] = work.splice(at, 1);
      try {
        const { decoded, counts: mineSoFar } = 'parts' in one
          ? await instance.read(one.parts, (part, bytes) => onRead(one.places[part].source, bytes))
          : await /** @type {typeof own} */ (instance).entry(one.entry);
        one.places.forEach(({ source, nth }, part) => { told[source][nth] = decoded[part]; });
        counts[me] = mineSoFar;
      } catch (error) {
        failed ??= error;
      }
      onCounts(counts.filter(Boolean));
    }
  }

  const brief = run.brief();
  const share = memory / (ports.length + 1);
  const own = createInstance(brief, share);
  const others = ports.map(async (port, at) => {
    const helper = await remoteInstance(port, brief, share);
    await severalAtOnce(() => takeAll(at + 1, helper));
    return helper;
  });
  const ownDone = severalAtOnce(() => takeAll(0, own));
  const [, ...helpers] = await Promise.all([ownDone, ...others]);
  if (failed) {
    // Only then is it read again. After another fault the core may be in the middle of something and refuse
    // to be freed, which would hide the fault; the worker ends anyway.
    if (isCrossing(failed)) own.free();
    throw failed;
  }
  const instances = [own, ...helpers];
  for (const tallies of await ofAll(instances, (instance) => instance.tallies())) run.absorb(tallies);
  sources.forEach(({ name, bytes, table }, at) => run.decoded(name, bytes, table, told[at]));
  return instances;
}

/** @param {unknown} error @returns {error is InputError & { file: string }} */
const isCrossing = (error) => error instanceof InputError && error.code === 'crosses';

/** While one stream's bytes are decoded, the others' come. */
const STREAMS = 2;

/** @param {() => Promise<void>} takeAll */
const severalAtOnce = (takeAll) => Promise.all(Array.from({ length: STREAMS }, takeAll));

/** Bytes of a stream. More would be waited for at the end by those who are done. */
const MOST = 16 << 20;

/**
 * Cuts sources into ranges and puts these together again, as many as make a stream.
 * @param {Source[]} sources
 * @param {Set<string>} whole
 * @param {number} instances
 * @returns {Work[]}
 */
function deal(sources, whole, instances) {
  const most = Math.min(MOST, sources.reduce((sum, { bytes }) => sum + bytes, 0) / (instances * STREAMS));
  /** @type {Work[]} */
  const work = [];
  /** @type {{ places: Place[], parts: Part[] } | undefined} */
  let open;
  let taken = 0;
  for (const [source, input] of sources.entries()) {
    if ('archive' in input) {
      work.push({ places: [{ source, nth: 0 }], entry: input });
      continue;
    }
    let nth = 0;
    for (const { start, end, bytes } of rangesOf(input, whole.has(input.name))) {
      if (!open || taken + bytes / 2 > most) {
        work.push(open = { places: [], parts: [] });
        taken = 0;
      }
      taken += bytes;
      if (open.places.at(-1)?.source === source) open.parts[open.parts.length - 1].end = end;
      else {
        open.places.push({ source, nth: nth++ });
        open.parts.push({ name: input.name, table: input.table, file: input.file, start, end });
      }
    }
  }
  return work;
}

/** @param {Exclude<Source, Entry>} source @param {boolean} whole it cannot be read in ranges */
function rangesOf({ file, plain }, whole) {
  const bounds = whole || !plain ? [] : ranges(file.size);
  if (bounds.length <= 2) return [{ start: 0, end: 0, bytes: file.size }];
  return Array.from({ length: bounds.length / 2 }, (_, i) => {
    const [start, end] = bounds.slice(2 * i);
    return { start, end, bytes: Math.min(end, file.size) - start };
  });
}
