import { ranges, tiles } from '../../pkg/stedi_lakehouse.js';
import { ofAll } from './curate.js';
import { remoteInstance } from './remote-engine.js';
import { createInstance } from './local-engine.js';
import { intoBatches, intoStreams, severalAtOnce } from './batch-ranges.js';

/**
 * @typedef {import('./scan-inputs.js').Source} Source
 * @typedef {import('./read-ranges.js').Part} Part
 * @typedef {import('../../shared/types.js').Counts} Counts
 * @typedef {import('./remote-engine.js').Instance} Instance
 * @typedef {import('../../pkg/stedi_lakehouse.js').Run} Run
 * @typedef {(source: number, bytes: number) => void} OnRead
 * @typedef {Part & { source: number, bytes: number }} Piece a part, and the position of its source
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
    const { instances, untiled } = await readOnce(run, sources, ports, memory, whole, onRead, onCounts);
    if (untiled.length === 0) return instances;
    // Two ranges of these files do not agree where one ends. All that was read is dropped, and they are read in one piece.
    instances[0].free();
    for (const name of untiled) whole.add(name);
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
  const streams = intoStreams(
    sources.flatMap((source, at) => pieces(source, at, whole)),
    ports.length + 1,
  );
  const entries = intoBatches(
    sources.flatMap((entry, source) => ('archive' in entry ? [{ ...entry, source, start: 0 }] : [])),
    ports.length + 1,
  );
  /** What the core told of each source's parts. @type {{ start: number, decoded: Uint8Array }[][]} */
  const told = sources.map(() => []);
  /** The tables so far, of each instance. @type {Counts[]} */
  const counts = [];
  /** @type {unknown} */
  let failed;

  /**
   * Takes from a queue until it is empty.
   * @template {{ source: number, start: number }} Place
   * @param {number} me
   * @param {Place[][]} queue
   * @param {(places: Place[]) => Promise<{ decoded: Uint8Array[], counts: Counts }>} read
   */
  async function takeAll(me, queue, read) {
    for (let places = queue.shift(); places && !failed; places = queue.shift()) {
      try {
        const { decoded, counts: mineSoFar } = await read(places);
        for (const [at, { source, start }] of places.entries()) told[source].push({ start, decoded: decoded[at] });
        counts[me] = mineSoFar;
      } catch (error) {
        failed ??= error;
      }
      onCounts(counts.filter(Boolean));
    }
  }

  /** @param {number} me @param {Instance} instance */
  const takeStreams = (me, instance) =>
    severalAtOnce(() =>
      takeAll(me, streams, (parts) => {
        return instance.read(parts, (at, bytes) => onRead(parts[at].source, bytes));
      }),
    );

  /** @param {number} me @param {Instance} instance */
  const takeEntries = (me, instance) =>
    takeAll(me, entries, (batch) => {
      return instance.entries(batch, (at, bytes) => onRead(batch[at].source, bytes));
    });

  const brief = run.brief();
  const share = memory / (ports.length + 1);
  const own = createInstance(brief, share);
  const others = ports.map(async (port, at) => {
    const helper = await remoteInstance(port, brief, share);
    // The next batch lies there when one is done: this worker, busy with its own, may answer late.
    await severalAtOnce(() => takeEntries(at + 1, helper));
    await takeStreams(at + 1, helper);
    return helper;
  });
  const ownDone = takeEntries(0, own).then(() => takeStreams(0, own));
  const [, ...helpers] = await Promise.all([ownDone, ...others]);
  if (failed) throw failed;
  const instances = [own, ...helpers];
  const parts = told.map((ranges) => ranges.sort((a, b) => a.start - b.start).map(({ decoded }) => decoded));
  const untiled = sources.filter((_, at) => !tiles(parts[at])).map(({ name }) => name);
  if (untiled.length > 0) return { instances, untiled };
  for (const tallies of await ofAll(instances, (instance) => instance.tallies())) run.absorb(tallies);
  for (const [at, { name, bytes, table }] of sources.entries()) run.decoded(name, bytes, table, parts[at]);
  return { instances, untiled };
}

/** The least that can be read of a source on its own. @param {Source} input @param {number} source its position @param {Set<string>} whole @returns {Piece[]} */
function pieces(input, source, whole) {
  if ('archive' in input) return [];
  const { name, table, file, plain } = input;
  const bounds = whole.has(name) || !plain ? [] : ranges(file.size);
  const all = { source, name, table, file, start: 0, end: 0, bytes: file.size };
  if (bounds.length <= 2) return [all];
  return Array.from({ length: bounds.length / 2 }, (_, i) => {
    const [start, end] = bounds.slice(2 * i);
    return { ...all, start, end, bytes: Math.min(end, file.size) - start };
  });
}
