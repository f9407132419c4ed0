import { ranges, tiles } from '../../pkg/stedi_lakehouse.js';
import { batchEntries, batchRanges, forEachStream } from './batch-ranges.js';
import { onEach } from './curate.js';
import { createLocalEngine } from './local-engine.js';
import { beginRemoteEngine } from './remote-engine.js';

/**
 * @typedef {import('./scan-inputs.js').Source} Source
 * @typedef {import('./remote-engine.js').Engine} Engine
 * @typedef {[import('./remote-engine.js').LocalEngine, ...Engine[]]} Engines this worker's own first
 * @typedef {import('../../shared/core.js').Counts} Counts
 * @typedef {import('../../shared/protocol.js').ReadReply} ReadReply
 * @typedef {import('../../pkg/stedi_lakehouse.js').Run} Run
 * @typedef {(source: number, bytes: number) => void} OnRead
 * @typedef {Awaited<ReturnType<typeof import('./from-lake.js').readingsOf>>} Lake the readings of one
 * @typedef {import('../../shared/protocol.js').ByteRange & { source: number, bytes: number }} SourceRange with the
 *   position of its source
 */

/**
 * Begins as many engines as there are workers, this one's first.
 * @param {MessagePort[]} ports of the helpers
 * @param {number} memory bytes of readings that all engines together may hold
 * @returns {Engines}
 */
export function beginEngines(ports, memory) {
  const share = memory / (ports.length + 1);
  return [createLocalEngine(share), ...ports.map((port) => beginRemoteEngine(port, share))];
}

/**
 * Reads the readings, once the run has decided on consent. The run gets what was counted; the readings stay with the
 * engines that have read them.
 * @param {Run} run
 * @param {Source[]} sources
 * @param {Engines} engines
 * @param {OnRead} onRead
 * @param {(counts: Counts[]) => void} onCounts
 * @param {Lake} [from] a lake, whose readings are read too
 */
export async function readReadings(run, sources, engines, onRead, onCounts, from) {
  const context = run.context();
  await readSources(run, sources, engines, (engine) => engine.admit(context), onRead, onCounts, from);
  for (const counters of await onEach(engines, (engine) => engine.counters())) run.merge(counters);
}

/**
 * Reads sources of one kind, by all engines: whoever is idle takes the next batch. The run gets the accounts of the
 * files; rows stay with the engines that have read them.
 * @param {Run} run
 * @param {Source[]} sources
 * @param {Engines} engines
 * @param {(engine: Engine) => Promise<void>} begin makes an engine ready to read them
 * @param {OnRead} onRead
 * @param {(counts: Counts[]) => void} onCounts
 * @param {Lake} [from] a lake, whose readings are read too
 */
export async function readSources(run, sources, engines, begin, onRead, onCounts, from) {
  /** @type {Set<string>} */
  const whole = new Set();
  for (;;) {
    const untiled = await readOnce(run, sources, engines, begin, whole, onRead, onCounts, from);
    if (untiled.length === 0) return;
    // Two ranges of these files disagree where one ends. What was read is dropped, and they are read in one piece.
    for (const name of untiled) whole.add(name);
  }
}

/**
 * @param {Run} run
 * @param {Source[]} sources
 * @param {Engines} engines
 * @param {(engine: Engine) => Promise<void>} begin
 * @param {Set<string>} whole names of sources that cannot be read in ranges
 * @param {OnRead} onRead
 * @param {(counts: Counts[]) => void} onCounts
 * @param {Lake} [from]
 * @returns {Promise<string[]>} the names of those whose ranges do not tile them
 */
async function readOnce(run, sources, engines, begin, whole, onRead, onCounts, from) {
  const rangeQueue = batchRanges(
    sources.flatMap((source, at) => rangesOf(source, at, whole)),
    engines.length,
  );
  const entryQueue = batchEntries(
    sources.flatMap((entry, source) => ('archive' in entry ? [{ ...entry, source, start: 0 }] : [])),
    engines.length,
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

  const [own, ...helpers] = engines;
  const others = helpers.map(async (helper, at) => {
    await begin(helper);
    // The next batch lies there when one is done: this worker, busy with its own, may answer late.
    await forEachStream(() => takeEntries(at + 1, helper));
    await takeRanges(at + 1, helper);
  });
  await Promise.all([
    begin(own)
      .then(() => takeEntries(0, own))
      .then(() => takeRanges(0, own))
      .then(() => from && own.takeLake(from)),
    ...others,
  ]);
  if (failed) throw failed;
  const ordered = decoded.map((all) => all.sort((a, b) => a.start - b.start).map(({ bytes }) => bytes));
  const untiled = sources.filter((_, at) => !tiles(ordered[at])).map(({ name }) => name);
  if (untiled.length > 0) return untiled;
  for (const [at, { name, bytes, table }] of sources.entries()) run.decoded(name, bytes, table, ordered[at]);
  return untiled;
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
  const { name, table, share, file, plain } = input;
  const bounds = whole.has(name) || !plain || share ? [] : ranges(file.size);
  const all = { source, name, table, share, file, start: 0, end: 0, bytes: file.size };
  if (bounds.length <= 2) return [all];
  return Array.from({ length: bounds.length / 2 }, (_, i) => {
    const [start, end] = bounds.slice(2 * i);
    return { ...all, start, end, bytes: Math.min(end, file.size) - start };
  });
}
