// Decodes readings that are in memory already, in one worker: the decoder and its sink, without reading files.
import { answer } from './answer.js';
import { decode, load } from './core.js';
import { OWN_SHAPE, SHAPES, members } from './shapes.js';

/** About what one read of a file's stream gives at most. */
const CHUNK = 256 << 10;
/** A file is repeated so many times, so that a run takes long enough to be timed. */
const TIMES = 4;

/**
 * @type {{ name: string, unseen: boolean, claimed: boolean, customers: Uint8Array, input: import('./core.js').Input
 *   }[]}
 */
const cases = [];

answer((message) => ('module' in message ? prepare(message) : run(message.index)));

/** @param {{ module: WebAssembly.Module, customers: File, accelerometer: File, step: File }} given */
async function prepare(given) {
  load(given.module);
  const customers = bytes(await given.customers.text());
  const everybody = bytes(await consenting(given.customers));
  for (const [kind, table, file] of /** @type {const} */ ([
    ['accelerometer', 'accelerometer_landing', given.accelerometer],
    ['step trainer', 'step_trainer_landing', given.step],
  ])) {
    const records = members(await file.text());
    const own = readings(table, records, OWN_SHAPE);
    if (own.bytes !== TIMES * file.size) throw new Error(`${file.name} has another shape than is taken for its own`);
    cases.push(
      { name: `${kind}, the export’s own shape`, unseen: false, claimed: true, customers, input: own },
      {
        name: `${kind}, the same, everybody consents`,
        unseen: false,
        claimed: false,
        customers: everybody,
        input: own,
      },
      ...Object.entries(SHAPES).map(([shape, write]) => ({
        name: `${kind}, ${shape}`,
        unseen: true,
        claimed: true,
        customers,
        input: readings(table, records, write),
      })),
    );
  }
  return cases.map(({ name, unseen, claimed, input: { bytes } }) => ({ name, unseen, claimed, bytes }));
}

/** @param {number} index */
function run(index) {
  const { customers, input } = cases[index];
  return { seconds: decode(customers, input) };
}

/** The customers, each with consent. @param {File} file */
async function consenting(file) {
  const lines = (await file.text()).trim().split('\n');
  return lines
    .map((line) => JSON.stringify({ ...JSON.parse(line), shareWithResearchAsOfDate: 1655560000000 }))
    .join('\n');
}

/**
 * @param {import('./core.js').Landing} table
 * @param {import('./shapes.js').Members[]} records
 * @param {import('./shapes.js').Shape} write
 * @returns {import('./core.js').Input}
 */
function readings(table, records, write) {
  const all = bytes(write(records).repeat(TIMES));
  const chunks = Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, at) =>
    all.subarray(at * CHUNK, (at + 1) * CHUNK),
  );
  return { table, chunks, bytes: all.length, records: records.length * TIMES };
}

/** @param {string} text */
function bytes(text) {
  return new TextEncoder().encode(text);
}
