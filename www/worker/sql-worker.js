import { Archive, Engine, initSync } from '../pkg/stedi_query.js';
import { createArchives } from './io/archives.js';
import { cellText, wholeText } from './explore/cell-text.js';
import { InputError, asFailure } from '../shared/failure.js';
import { live } from '../shared/worker-liveness.js';
import { openBytes } from './io/read-file.js';
import { readTable } from '../shared/read-blob.js';

/**
 * @typedef {import('../shared/types.js').SqlAsk} SqlAsk
 * @typedef {import('../shared/types.js').SqlLake} SqlLake
 * @typedef {import('../shared/types.js').SqlColumn} SqlColumn
 * @typedef {import('../shared/types.js').LandingSource} LandingSource
 */

/** Bytes that the rows of all tables may take, and a statement as many again: WASM has 4 GB of memory. */
const BUDGET = 1536 * 2 ** 20;

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet' };

/** @type {Promise<void> | undefined} */
let watched;

/** @param {MessageEvent<{ kind: 'sql', module: WebAssembly.Module, port: MessagePort } | { kind: 'live', lock: string, port: MessagePort }>} message */
self.onmessage = async ({ data }) => {
  if (data.kind === 'live') {
    watched = live(data.lock, data.port);
    return;
  }
  const { module, port } = data;
  try {
    await watched;
    initSync({ module });
    serve(port);
  } catch (error) {
    self.postMessage({ kind: 'failed', failure: asFailure(error) });
  }
};

/** Answers one question after the other. @param {MessagePort} port */
function serve(port) {
  const console = createConsole();
  let busy = Promise.resolve();
  port.onmessage = ({ data: { id, ask } }) => {
    busy = busy.then(async () => {
      try {
        port.postMessage({ id, result: await console.answer(ask) });
      } catch (error) {
        const place = /** @type {{ place?: import('../shared/types.js').Place }} */ (error).place;
        port.postMessage({ id, failure: { ...asFailure(error), place } });
      }
    });
  };
}

function createConsole() {
  let engine = new Engine(BUDGET);
  /** @type {SqlLake} */
  let lake = { sources: [], absent: [], own: [] };
  /** Of the last answer. @type {SqlColumn[]} */
  let columns = [];

  /** Tables that come when a statement names them. @param {string} sql */
  async function load(sql) {
    for (const table of engine.wanted(sql)) {
      const written = lake.files?.[/** @type {import('../shared/types.js').SavedTable} */ (table)];
      if (written) engine.written(table, await bytesOf(written));
      else if (lake.absent.includes(table))
        throw new Error(`The files of ${table} are not here: a kept lake has no landing files.`);
      else
        await loadLanding(
          engine,
          table,
          lake.sources.filter((source) => source.table === table),
        );
    }
  }

  /** The last answer as a file. @param {import('../shared/types.js').SqlFormat} format */
  const file = (format) =>
    new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (engine.file(format))], { type: TYPES[format] });

  return {
    /** @param {SqlAsk} ask */
    async answer(ask) {
      switch (ask.kind) {
        case 'lake':
          engine.free();
          engine = new Engine(BUDGET);
          lake = ask.lake;
          for (const { name, raw, file } of lake.own) engine.own(name, raw, await bytesOf(file));
          return;
        case 'run': {
          await load(ask.sql);
          const done = engine.run(ask.sql);
          columns = done.columns ?? [];
          return done.kind === 'created' ? { ...done, file: file('parquet') } : done;
        }
        case 'rows':
          return engine
            .page(ask.start, ask.end)
            .map((/** @type {(string | null)[]} */ cells, /** @type {number} */ at) => ({
              head: wholeText(ask.start + at + 1),
              cells: cells.map((cell, i) => text(cell, columns[i])),
            }));
        case 'text':
          return engine.page(0, ask.end);
        case 'file':
          return file(ask.format);
      }
    },
  };
}

/** Numbers as the page shows them; what is no finite number, as the engine says it. @param {string | null} cell @param {SqlColumn} column */
function text(cell, column) {
  return column.type !== 'string' && !Number.isFinite(Number(cell))
    ? cell
    : cellText(cell, { ...column, key: false }, false);
}

/** @param {Blob} blob */
const bytesOf = async (blob) => new Uint8Array(await readTable(blob));

/**
 * Reads a landing table from the files, as a run does.
 * @param {Engine} engine
 * @param {string} table
 * @param {LandingSource[]} sources
 */
async function loadLanding(engine, table, sources) {
  engine.load(table);
  const archives = createArchives(Archive);
  /** Where the entries stand in their zips. @type {Map<File, Map<string, number>>} */
  const places = new Map();
  try {
    for (const { name, file, entry } of sources) {
      try {
        if (entry === undefined) await loadFile(engine, file);
        else {
          const archive = archives.open(file, file);
          if (!places.has(file)) places.set(file, placesIn(archive));
          engine.entry(archive, places.get(file)?.get(entry) ?? -1);
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
  return new Map(
    archive.entries().map((/** @type {{ name: string }} */ { name }, /** @type {number} */ at) => [name, at]),
  );
}

/** @param {Engine} engine @param {File} file */
async function loadFile(engine, file) {
  engine.open();
  const bytes = openBytes(file);
  for (let part = await bytes.next(); part; part = await bytes.next()) engine.push(part);
  engine.close();
}
