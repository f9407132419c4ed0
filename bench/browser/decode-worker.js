// Decodes readings that are in memory already, in one worker: the decoder and its sink, without reading files.
import { decode, load } from './core.js';
import { SHAPES } from './shapes.js';

/** About what one read of a file's stream gives at most. */
const CHUNK = 256 << 10;
/** A file is repeated so many times, so that a run takes long enough to be timed. */
const TIMES = 4;

/** @type {{ name: string, unseen: boolean, whole: boolean, customers: Uint8Array, input: import('./core.js').Input }[]} */
let cases = [];

self.onmessage = async ({ data }) => {
  try {
    self.postMessage('module' in data ? await prepare(data) : run(data.index));
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};

/** @param {{ module: WebAssembly.Module, customers: File, accelerometer: File, step: File }} given */
async function prepare(given) {
  load(given.module);
  const [customers, accelerometer, step] = await Promise.all([given.customers, given.accelerometer, given.step].map(parse));
  const asked = text(customers.map((record) => JSON.stringify(record)).join('\n'));
  const everybody = consent(customers, 1655560000000);
  const nobody = consent(customers, null);
  const own = { accelerometer: readings('accelerometer_landing', accelerometer, ndjson), step: readings('step_trainer_landing', step, ndjson) };

  cases = [
    { name: 'accelerometer, the export’s own shape', unseen: false, whole: true, customers: asked, input: own.accelerometer },
    { name: 'accelerometer, own shape, all consent', unseen: false, whole: false, customers: everybody, input: own.accelerometer },
    { name: 'accelerometer, own shape, none consents', unseen: false, whole: false, customers: nobody, input: own.accelerometer },
    { name: 'step trainer, the export’s own shape', unseen: false, whole: true, customers: asked, input: own.step },
    { name: 'step trainer, own shape, all consent', unseen: false, whole: false, customers: everybody, input: own.step },
    { name: 'step trainer, own shape, none consents', unseen: false, whole: false, customers: nobody, input: own.step },
    ...Object.entries(SHAPES).flatMap(([shape, write]) => [
      { name: `accelerometer, ${shape}`, unseen: true, whole: true, customers: asked, input: readings('accelerometer_landing', accelerometer, write) },
      { name: `step trainer, ${shape}`, unseen: true, whole: true, customers: asked, input: readings('step_trainer_landing', step, write) },
    ]),
  ];
  return cases.map(({ name, unseen, whole, input: { bytes } }) => ({ name, unseen, whole, bytes }));
}

/** @param {number} index */
function run(index) {
  const { customers, input } = cases[index];
  return { seconds: decode(customers, input) };
}

/** @param {File} file @returns {Promise<any[]>} */
async function parse(file) {
  return (await file.text()).trim().split('\n').map((line) => JSON.parse(line));
}

/** @param {any[]} customers @param {number | null} since */
function consent(customers, since) {
  return text(customers.map((record) => JSON.stringify({ ...record, shareWithResearchAsOfDate: since })).join('\n'));
}

/** @type {import('./shapes.js').Shape} */
function ndjson(records) {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/**
 * @param {string} table
 * @param {any[]} records
 * @param {import('./shapes.js').Shape} write
 * @returns {import('./core.js').Input}
 */
function readings(table, records, write) {
  const once = text(`${write(records)}\n`);
  const bytes = new Uint8Array(once.length * TIMES);
  for (let at = 0; at < TIMES; at += 1) bytes.set(once, at * once.length);
  const chunks = Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, at) => bytes.subarray(at * CHUNK, (at + 1) * CHUNK));
  return { table, chunks, bytes: bytes.length, records: records.length * TIMES };
}

/** @param {string} words */
function text(words) {
  return new TextEncoder().encode(words);
}
