import { ErasingAbout, Lake, in_landing } from '../../pkg/stedi_lakehouse.js';
import { LIMITS } from '../../shared/core.js';
import { textOf } from '../io/lake-blob.js';
import { openLakeTable } from '../io/lake-table.js';
import { readPart } from '../io/read-file.js';
import { curate } from '../run/curate.js';
import { hashOf, partsOf, readingsOf, refuseChanged } from '../run/from-lake.js';
import { beginEngines, readReadings } from '../run/read-sources.js';

/**
 * @typedef {import('../../shared/protocol.js').JobService} JobService
 * @typedef {import('../../shared/protocol.js').FoundLake} FoundLake
 */

/** Places that are named. */
const NAMED = 10;

/**
 * Makes a lake without the people that lists name, from that lake alone: see docs/lake.md.
 * @param {JobService['eraseLake']['request']} request
 * @param {(bytes: number) => void} onRead
 * @returns {Promise<JobService['eraseLake']['reply']>}
 */
export async function eraseLake(
  { lake: found, lists, reference, key, given, newKey, keyIsKnown, commit, wasmSha256, event },
  onRead,
) {
  let done = 0;
  const read = (/** @type {number} */ bytes) => onRead((done += bytes));
  const lake = new Lake(found.report);
  const erasing = lake.erase(lists, reference, key, given, newKey);
  await refuseChanged(lake, found.files);
  const tables = await partsOf(lake, found);
  const run = erasing.run();
  for (const { table: name, blob } of tables) {
    const isPairs = name === 'machine_learning_curated' && erasing.wants_pairs();
    if (name !== 'customer_trusted' && !isPairs) continue;
    const table = await openLakeTable(name, blob);
    await table.rows((group, bytes) => {
      if (isPairs) erasing.pairs(table.file, group, bytes);
      else erasing.customers(run, table.file, group, bytes);
      read(bytes.length);
    });
    table.free();
  }
  run.consent();
  const readings = await readingsOf(tables);
  const engines = beginEngines([], LIMITS.readings_bytes);
  await readReadings(
    run,
    [],
    engines,
    () => undefined,
    () => undefined,
    readings,
  );
  readings.free();
  const blobs = await curate(run, engines);

  erasing.ended(run);
  /** @type {import('../../shared/protocol.js').TreeFile[]} */
  const files = [];
  /** @type {Map<string, string>} */
  const tableOf = new Map();
  for (const [table, blob] of Object.entries(blobs)) {
    const opened = await openLakeTable(table, blob);
    const path = erasing.output(opened.file, blob.size, await hashOf(blob));
    opened.free();
    erasing.search(path, await readPart(blob));
    read(blob.size);
    files.push({ path, blob });
    tableOf.set(path, table);
  }
  const croissant = found.files.find(({ path }) => path === 'croissant.json');
  const texts = [...found.documents, ...(croissant ? [croissant.path, await textOf(croissant)] : [])];
  const about = new ErasingAbout(event.run_id, event.time, commit, wasmSha256, keyIsKnown);
  const landing = found.files.filter(({ path }) => in_landing(path)).length;
  const documents = erasing.documents(run, lake, texts, landing, about);
  for (const [path, text] of documents) {
    files.push({ path, blob: new Blob([text]) });
  }
  refuseMatches(erasing.matches(), tableOf);
  const evidence = JSON.parse(documents.find(([path]) => path === 'erasure.json')?.[1] ?? '{}');
  const unmatched = erasing.unmatched(run);
  engines[0].free();
  run.free();
  erasing.free();
  lake.free();
  return { files, documents, erasure: evidence.erasures.at(-1), unmatched };
}

/**
 * Nothing is handed over that somebody would still be found in: all files are the lake's own, so it is a value of
 * somebody else.
 * @param {[path: string, part: string][]} matches
 * @param {Map<string, string>} tableOf Tables by their files.
 */
function refuseMatches(matches, tableOf) {
  if (matches.length === 0) return;
  const places = [...new Set(matches.map(([path]) => tableOf.get(path) ?? path))].slice(0, NAMED).join(', ');
  const message =
    `Nothing is erased: somebody on the list would still be found in ${places}, as part of a value in the row of ` +
    'somebody who stays. Withdraw that person too, or keep the lake as it is.';
  throw Object.assign(new Error(message), { code: 'still_found' });
}
