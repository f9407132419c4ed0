import { Reader, is_plain, ranges } from './pkg/stedi_lakehouse.js';
import { InputError, asFailure } from './failure.js';
import { askHelper } from './helper.js';
import { readPart } from './part.js';
import { readSync } from './read.js';

/**
 * @typedef {import('./inputs.js').Source} Source
 * @typedef {import('./part.js').Part} Part
 * @typedef {import('./types.js').Counts} Counts
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
 * Reads all readings into the run, by this worker and its helpers: whoever is idle takes the next part.
 * @param {Run} run
 * @param {Source[]} sources
 * @param {MessagePort[]} ports of the helpers
 * @param {OnRead} onRead
 * @param {(counts: Counts[]) => void} onCounts
 */
export async function readReadings(run, sources, ports, onRead, onCounts) {
  const ledger = run.ledger();
  const helpers = ports.map(askHelper);
  /** @type {Set<number>} */
  const whole = new Set();
  for (;;) {
    try {
      await readOnce(run, ledger, sources, helpers, whole, onRead, onCounts);
      break;
    } catch (error) {
      // What was read is dropped: the readers go with it.
      if (!(error instanceof Crossing)) throw error;
      whole.add(error.source);
    }
  }
  for (const helper of helpers) helper.end();
}

/**
 * @param {Run} run
 * @param {Uint8Array} ledger
 * @param {Source[]} sources
 * @param {ReturnType<typeof askHelper>[]} helpers
 * @param {Set<number>} whole sources that cannot be read in ranges
 * @param {OnRead} onRead
 * @param {(counts: Counts[]) => void} onCounts
 */
async function readOnce(run, ledger, sources, helpers, whole, onRead, onCounts) {
  const work = sources.flatMap((source, at) => parts(source, whole.has(at)).map((part, nth) => ({ source: at, nth, part })));
  /** What the core told of each source's parts. @type {Uint8Array[][]} */
  const told = sources.map(() => []);
  /** The tables so far, of each reader. @type {Counts[]} */
  const counts = helpers.map(() => ({}));
  const reader = new Reader(ledger);
  /** @type {unknown} */
  let failed;

  /** Takes parts until there are none. @param {(one: Work) => Promise<Uint8Array>} read @param {(one: Work) => boolean} mine */
  async function takeAll(read, mine) {
    for (;;) {
      const at = work.findIndex(mine);
      if (at < 0 || failed) return;
      const [one] = work.splice(at, 1);
      try {
        told[one.source][one.nth] = await read(one);
      } catch (error) {
        const { code } = asFailure(error);
        failed ??= code === 'crosses' ? new Crossing(one.source) : new InputError(sources[one.source].name, error);
      }
      onCounts([reader.counts(), ...counts]);
    }
  }

  const own = takeAll(async ({ source, part }) => {
    if (part) return readPart(reader, part, (bytes) => onRead(source, bytes));
    const entry = /** @type {Extract<Source, { archive: any }>} */ (sources[source]);
    return reader.entry(entry.archive, entry.index, entry.name, entry.table);
  }, () => true);

  const others = helpers.map(async (helper, at) => {
    await helper.ask({ kind: 'ledger', ledger });
    await takeAll(async ({ source, part }) => {
      const answer = await helper.ask({ kind: 'part', part: /** @type {Part} */ (part) }, (bytes) => onRead(source, bytes));
      if (answer.kind !== 'part') throw fault(answer);
      counts[at] = answer.counts;
      return answer.decoded;
      // An entry belongs to an archive that this worker alone holds open.
    }, ({ part }) => part !== undefined);
  });
  await Promise.all([own, ...others]);

  if (failed) {
    reader.free();
    throw failed;
  }
  for (const helper of helpers) {
    const answer = await helper.ask({ kind: 'readings' });
    if (answer.kind !== 'readings') throw fault(answer);
    run.absorb_bytes(answer.readings);
  }
  run.absorb(reader);
  sources.forEach(({ name, bytes, table }, at) => run.decoded(name, bytes, table, told[at]));
}

/** A helper's failure, as the error that it was. @param {import('./helper.js').Answer} answer */
function fault(answer) {
  const { code, message } = answer.kind === 'failed' ? answer.failure : { code: 'helper', message: 'A helper lost its way.' };
  return Object.assign(new Error(message), { code });
}

/** What can be taken of a source at a time. @param {Source} source @param {boolean} whole @returns {(Part | undefined)[]} */
function parts(source, whole) {
  if (!('file' in source)) return [undefined];
  const { name, table, file } = source;
  const all = { name, table, file, start: 0, end: 0 };
  if (whole || !is_plain(readSync(file.slice(0, 4)))) return [all];
  const bounds = ranges(file.size);
  if (bounds.length === 2) return [all];
  return Array.from({ length: bounds.length / 2 }, (_, i) => ({ name, table, file, start: bounds[2 * i], end: bounds[2 * i + 1] }));
}
