import { Archive, Engine, initSync } from '../pkg/stedi_query.js';
import { LIMITS } from '../shared/core.js';
import { InputError, asFailure } from '../shared/errors.js';
import { readTable } from '../shared/read-blob.js';
import { cellText, wholeText } from './explore/cell-text.js';
import { createArchives } from './io/archives.js';
import { openBytes } from './io/read-file.js';
import { servePage } from './serve-page.js';

/**
 * @typedef {import('../shared/protocol.js').QueryService} QueryService
 * @typedef {import('../shared/protocol.js').SqlLake} SqlLake
 * @typedef {import('../shared/core.js').SqlColumn} SqlColumn
 * @typedef {import('../shared/protocol.js').LandingSource} LandingSource
 */

/** What the engine lists beside the tables describes them, and is no table of the lake. */
const LIST = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name";

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet' };

servePage((module) => initSync({ module }), oneAfterTheOther(createQueryServer()));

/**
 * Answers one call after the other.
 * @param {import('../shared/rpc.js').Handlers<QueryService>} handlers
 * @returns {typeof handlers}
 */
function oneAfterTheOther(handlers) {
  /** @type {Promise<unknown>} */
  let busy = Promise.resolve();
  const queued = Object.entries(handlers).map(([name, handle]) => [
    name,
    (/** @type {Parameters<typeof handle>} */ ...given) => {
      const reply = busy.then(() => /** @type {(...given: unknown[]) => unknown} */ (handle)(...given));
      busy = reply.catch(() => undefined);
      return reply;
    },
  ]);
  return Object.fromEntries(queued);
}

/** @returns {import('../shared/rpc.js').Handlers<QueryService>} */
function createQueryServer() {
  /** @type {Engine | undefined} */
  let engine;
  /** @type {SqlLake} */
  let lake = { sources: [], absent: [], session: [] };
  /** Of the last result. @type {SqlColumn[]} */
  let columns = [];

  const current = () => (engine ??= new Engine(LIMITS.console_bytes));

  /** Tables that come when a statement names them. @param {string} sql */
  async function load(sql) {
    const engine = current();
    for (const table of engine.wanted(sql)) {
      const written = lake.files?.[/** @type {import('../shared/core.js').SavedTable} */ (table)];
      if (written) engine.written(table, await tableBytes(written));
      else if (lake.absent.includes(table))
        throw Object.assign(new Error(`The files of ${table} are not here: a saved lake has no landing files.`), {
          code: 'no_landing',
        });
      else
        await loadLanding(
          engine,
          table,
          lake.sources.filter((source) => source.table === table),
        );
    }
  }

  /** The last result as a file. @param {import('../shared/protocol.js').SqlFormat} format */
  const file = (format) => new Blob([current().file(format)], { type: TYPES[format] });

  return {
    async lake(next) {
      engine?.free();
      engine = new Engine(LIMITS.console_bytes);
      lake = next;
      for (const { name, raw, file } of lake.session) engine.own(name, raw, await tableBytes(file));
    },
    async query(sql) {
      await load(sql);
      const done = current().run(/^\s*show\s+tables\s*;?\s*$/i.test(sql) ? LIST : sql);
      columns = done.kind === 'rows' ? done.columns : [];
      return done.kind === 'created' ? { ...done, file: file('parquet') } : done;
    },
    rows: ({ start, end }) =>
      current()
        .page(start, end)
        .map((cells, at) => ({
          head: wholeText(start + at + 1),
          cells: cells.map((cell, i) => text(cell, columns[i])),
        })),
    text: ({ end }) => current().page(0, end),
    file,
  };
}

/**
 * Numbers as the page shows them; what is no finite number, as the engine writes it.
 * @param {string | null} cell
 * @param {SqlColumn} column
 */
function text(cell, column) {
  return column.type !== 'string' && !Number.isFinite(Number(cell))
    ? cell
    : cellText(cell, { ...column, key: false }, false);
}

/** @param {Blob} blob */
const tableBytes = async (blob) => new Uint8Array(await readTable(blob));

/**
 * Reads a landing table from the files, as a run does.
 * @param {Engine} engine
 * @param {string} table
 * @param {LandingSource[]} sources
 */
async function loadLanding(engine, table, sources) {
  engine.load(table);
  const archives = createArchives(Archive);
  /** The position of entries in their zips. @type {Map<File, Map<string, number>>} */
  const places = new Map();
  try {
    for (const { name, file, entry, share } of sources) {
      try {
        if (entry === undefined) await loadFile(engine, file, share);
        else {
          if (!places.has(file)) places.set(file, await archives.use(file, file, placesIn));
          const index = places.get(file)?.get(entry) ?? -1;
          await archives.readEntry(
            { archive: file, file, index },
            {
              whole: (archive) => engine.entry(archive, index, share),
              open: (packed) => engine.open_entry(packed, share),
              push: (bytes) => engine.push(bytes),
              close: () => engine.close(),
            },
          );
        }
      } catch (error) {
        if (asFailure(error).code === 'too_large') throw error;
        throw new InputError(name, error);
      }
    }
  } finally {
    archives.free();
  }
  engine.loaded();
}

/** @param {Archive} archive */
function placesIn(archive) {
  return new Map(archive.entries().map(({ name }, at) => [name, at]));
}

/** @param {Engine} engine @param {File} file @param {boolean} share */
async function loadFile(engine, file, share) {
  engine.open(share);
  const bytes = openBytes(file);
  for (let chunk = await bytes.next(); chunk; chunk = await bytes.next()) engine.push(chunk);
  engine.close();
}
