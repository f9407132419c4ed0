import { Hasher, Lake } from '../../pkg/stedi_lakehouse.js';
import { readAll, unpacked } from '../io/lake-blob.js';
import { openLakeTable } from '../io/lake-table.js';

/**
 * @typedef {import('./scan-inputs.js').Source} Source
 * @typedef {import('../../shared/protocol.js').LakeBlob} LakeBlob
 * @typedef {import('../../pkg/stedi_lakehouse.js').Run} Run
 * @typedef {import('../../shared/protocol.js').FoundLake} FoundLake
 * @typedef {import('../../pkg/stedi_lakehouse.js').Reader} Reader
 */

/** @type {string[]} */
const CUSTOMERS = ['customer_trusted', 'customer_curated'];
/** @type {string[]} */
const READINGS = ['accelerometer_trusted', 'step_trainer_trusted'];

/**
 * Makes a run go on from a lake, which stands in for the readings that it was made of: see docs/lake.md.
 * @param {Run} run
 * @param {import('../../shared/protocol.js').RunRequest} request
 * @param {import('../../shared/protocol.js').CoreOptions} options
 */
export async function goOnFrom(run, { from, key, keyOrigin }, options) {
  if (!from) return undefined;
  const { lake: found, newKey } = from;
  const lake = new Lake(found.report);
  const earlier = lake.earlier(await hashOf(new Blob([found.report])), options, key, keyOrigin, newKey);
  await refuseChanged(lake, found.files);
  const tables = await partsOf(lake, found);
  for (const { table: kind, blob } of tables.filter(({ table }) => CUSTOMERS.includes(table))) {
    const table = await openLakeTable(kind, blob);
    await table.rows((group, bytes) => earlier.customers(table.file, group, bytes));
    table.free();
  }
  const readings = await readingsOf(tables);
  for (const { path, table } of readings.tables) run.lake_table(inputName(found.name, path), table.bytes, table.file);
  lake.free();

  return {
    /**
     * Takes out the files of readings that the lake was made of. Customers always come whole.
     * @param {Source[]} sources
     */
    async leaveOut(sources) {
      /** @type {Map<File, boolean>} */
      const known = new Map();
      for (const { file, table } of sources) {
        if (table === 'customer_landing' || known.has(file)) continue;
        // What cannot be read is not known; reading it will say why.
        known.set(
          file,
          await hashOf(file).then(
            (sha256) => earlier.has_read(sha256),
            () => false,
          ),
        );
      }
      const left = sources.filter(({ table, file }) => table !== 'customer_landing' && known.get(file));
      for (const { name, bytes } of left) run.in_lake(name, bytes);
      // The run has it from here on.
      run.go_on_from(earlier);
      return sources.filter((source) => !left.includes(source));
    },

    ...readings,
  };
}

/**
 * The readings of a lake, which readers take a row group at a time.
 * @param {Awaited<ReturnType<typeof partsOf>>} parts
 */
export async function readingsOf(parts) {
  /** @type {{ path: string, table: Awaited<ReturnType<typeof openLakeTable>> }[]} */
  const tables = [];
  for (const { table, path, blob } of parts)
    if (READINGS.includes(table)) tables.push({ path, table: await openLakeTable(table, blob) });

  return {
    tables,
    /** Hands them to a reader. @param {(take: (reader: Reader) => void) => void} admit */
    async read(admit) {
      for (const { table } of tables)
        await table.rows((group, bytes) => admit((reader) => reader.lake_rows(table.file, group, bytes)));
    },
    free() {
      for (const { table } of tables) table.free();
    },
  };
}

/** How the report names a table of a lake as an input. @param {string} lake @param {string} path */
const inputName = (lake, path) => `${lake}/${path}`;

/** The tables of readings of a lake, as inputs. @param {FoundLake} found */
export async function readingTables(found) {
  const lake = new Lake(found.report);
  const tables = await partsOf(lake, found);
  lake.free();
  const readings = tables.filter(({ table }) => READINGS.includes(table));
  return readings.map(({ path, blob }) => ({ name: inputName(found.name, path), blob }));
}

/** The tables of a lake, with their files. @param {Lake} lake @param {FoundLake} found */
export async function partsOf(lake, { files }) {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return Promise.all(
    lake.tables().flatMap(({ table, path }) => {
      const file = byPath.get(path);
      return file ? [unpacked(file).then((blob) => ({ table, path, blob }))] : [];
    }),
  );
}

/** @param {Blob} blob */
export async function hashOf(blob) {
  const hasher = new Hasher();
  await readAll(blob, (bytes) => hasher.push(bytes));
  return hasher.finish();
}

/** Nothing is taken from a lake that is not what its report says. @param {Lake} lake @param {LakeBlob[]} files */
export async function refuseChanged(lake, files) {
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const [at, { path }] of lake.files().entries()) {
    const file = byPath.get(path);
    if (file && lake.is_whole(at, await hashOf(await unpacked(file)))) continue;
    const message = `${path} is not what the report of the lake says. “Check this lake” says more.`;
    throw Object.assign(new Error(message), { code: 'not_a_lake' });
  }
}
