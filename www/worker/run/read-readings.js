import { ranges, tiles } from '../../pkg/stedi_lakehouse.js';
import { batchEntries, batchRanges, forEachStream } from './batch-ranges.js';
import { onEach } from './curate.js';
import { createLocalEngine } from './local-engine.js';
import { beginRemoteEngine } from './remote-engine.js';

/**
 * @typedef {import('./scan-inputs.js').Source} Source
 * @typedef {import('./remote-engine.js').Engine} Engine
 * @typedef {import('../../shared/core-types.js').Counts} Counts
 * @typedef {import('../../shared/protocol.js').ReadReply} ReadReply
 * @typedef {import('../../pkg/stedi_lakehouse.js').Run} Run
 * @typedef {(source: number, bytes: number) => void} OnRead
 * @typedef {import('../../shared/protocol.js').ByteRange & { source: number, bytes: number }} SourceRange with the
 *   position of its source
 */

/**
 * Reads all readings, by this worker and its helpers: whoever is idle takes the next batch. The run gets what was
 * counted; the readings stay with the engines that have read them.
 * @param {Run} run
 * @param {Source[]} sources
 * @param {MessagePort[]} ports of the helpers
 * @param {number} memory bytes of readings that all engines together may hold
 * @param {OnRead} onRead
 * @param {(counts: Counts[]) => void} onCounts
 * @returns {Promise<Engine[]>} this worker's first
 */
export async function readReadings(run, sources, ports, memory, onRead, onCounts) {
  /** @type {Set<string>} */
  const whole = new Set();
  for (;;) {
    const { engines, untiled } = await readOnce(run, sources, ports, memory, whole, onRead, onCounts);
    if (untiled.length === 0) return engines;
    // Two ranges of these files disagree where one ends. What was read is dropped, and they are read in one piece.
    engines[0].free();
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
  const rangeQueue = batchRanges(
    sources.flatMap((source, at) => rangesOf(source, at, whole)),
    ports.length + 1,
  );
  const entryQueue = batchEntries(
    sources.flatMap((entry, source) => ('archive' in entry ? [{ ...entry, source, start: 0 }] : [])),
    ports.length + 1,
  );
  /** What was decoded of each source, by range. @type {{ start: number, bytes: Uint8Array }[][]} */
  const decoded = sources.map(() => []);
  /** The tables so far, of each engine. @type {Counts[]} */
  const counts = [];
  /** @type {unknown} */
  let failed;

  /**
   * Takes from a queue until it is empty.
   * @template {{ source: number, start: number }} Place
   * @param {number} me
   * @param {Place[][]} queue
   * @param {(places: Place[]) => Promise<ReadReply>} read
   */
  async function takeAll(me, queue, read) {
    for (let places = queue.shift(); places && !failed; places = queue.shift()) {
      try {
        const reply = await read(places);
        for (const [at, { source, start }] of places.entries())
          decoded[source].push({ start, bytes: reply.decoded[at] });
        counts[me] = reply.counts;
      } catch (error) {
        failed ??= error;
      }
      onCounts(counts.filter(Boolean));
    }
  }

  /** @param {number} me @param {Engine} engine */
  const takeRanges = (me, engine) =>
    forEachStream(() =>
      takeAll(me, rangeQueue, (batch) => {
        return engine.read(batch, (at, bytes) => onRead(batch[at].source, bytes));
      }),
    );

  /** @param {number} me @param {Engine} engine */
  const takeEntries = (me, engine) =>
    takeAll(me, entryQueue, (batch) => {
      return engine.entries(batch, (at, bytes) => onRead(batch[at].source, bytes));
    });

  const context = run.brief();
  const share = memory / (ports.length + 1);
  const own = createLocalEngine(context, share);
  const others = ports.map(async (port, at) => {
    const helper = await beginRemoteEngine(port, context, share);
    // The next batch lies there when one is done: this worker, busy with its own, may answer late.
    await forEachStream(() => takeEntries(at + 1, helper));
    await takeRanges(at + 1, helper);
    return helper;
  });
  const ownDone = takeEntries(0, own).then(() => takeRanges(0, own));
  const [, ...helpers] = await Promise.all([ownDone, ...others]);
  if (failed) throw failed;
  const engines = [own, ...helpers];
  const ordered = decoded.map((all) => all.sort((a, b) => a.start - b.start).map(({ bytes }) => bytes));
  const untiled = sources.filter((_, at) => !tiles(ordered[at])).map(({ name }) => name);
  if (untiled.length > 0) return { engines, untiled };
  for (const counters of await onEach(engines, (engine) => engine.counters())) run.absorb(counters);
  for (const [at, { name, bytes, table }] of sources.entries()) run.decoded(name, bytes, table, ordered[at]);
  return { engines, untiled };
}

/**
 * The smallest ranges of a source that can be read alone.
 * @param {Source} input
 * @param {number} source its position
 * @param {Set<string>} whole
 * @returns {SourceRange[]}
 */
function rangesOf(input, source, whole) {
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
