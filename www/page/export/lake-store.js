import { labels } from '../labels/labels.js';
import { callAside } from '../workers/call-aside.js';
import { TABLES } from '../../shared/tables.js';
import { writeTree } from './write-tree.js';

/**
 * The browser's own storage of lakes (OPFS): a folder for each, named by the millisecond in which it was saved.
 * Anything can be in there: a tab that was closed while it wrote, another version of the page, another page of the
 * same origin. So each entry is read by itself, and one that is no lake costs only itself.
 * @typedef {import('../../shared/protocol.js').AuditResult} AuditResult
 * @typedef {import('../../shared/protocol.js').RunResult['files']} Tables
 * @typedef {{ audit: AuditResult, tables: Tables }} Lake
 * @typedef {{ audit: AuditResult, rows: number, bytes: number }} Index
 * @typedef {{ name: string, since?: Date, rows: number, bytes: number }} Whole
 * @typedef {{ name: string, since?: Date, damage: string }} Damaged
 * @typedef {Whole | Damaged} Entry
 */

const FOLDER = 'lakes';
/** Written last: a lake without it was not written to its end. */
const INDEX = 'index.json';
/** Milliseconds after which nobody writes it any more. */
const GIVEN_UP = 3_600_000;

const SAVED = /** @type {import('../../shared/core.js').SavedTable[]} */ (
  TABLES.filter(({ saved }) => saved).map(({ name }) => name)
);

/** Fails where the browser stores nothing: from file:// and in some private windows. */
export async function folder() {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}

/**
 * What is there, the newest first; what was not written to its end and is old is removed.
 * @returns {Promise<Entry[]>}
 */
export async function list() {
  const within = await folder();
  const entries = [];
  for await (const handle of within.values()) entries.push(handle);
  const all = await Promise.all(entries.map((handle) => inspect(within, handle)));
  return all.flatMap((entry) => entry ?? []).sort((a, b) => (b.since?.getTime() ?? 0) - (a.since?.getTime() ?? 0));
}

/**
 * One entry; undefined if it is still being written, or was removed.
 * @param {FileSystemDirectoryHandle} within
 * @param {FileSystemHandle} handle
 * @returns {Promise<Entry | undefined>}
 */
async function inspect(within, handle) {
  const { name } = handle;
  const since = timeOf(name);
  if (handle.kind !== 'directory') return { name, since, damage: labels.lakes.isFile };
  const place = /** @type {FileSystemDirectoryHandle} */ (handle);
  try {
    const text = await indexText(place);
    if (text === undefined) return await unfinished(within, name, since);
    const { rows, bytes } = parseIndex(text);
    const tables = await tablesOf(place);
    if (sizeOf(tables) !== bytes) throw new Error(labels.lakes.otherSize);
    return { name, since, rows, bytes };
  } catch (error) {
    return { name, since, damage: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * @param {FileSystemDirectoryHandle} within
 * @param {string} name
 * @param {Date | undefined} since
 * @returns {Promise<Entry | undefined>}
 */
async function unfinished(within, name, since) {
  const age = since && Date.now() - since.getTime();
  // Of an unknown or a future time it is not known that nobody writes it, nor that it is ours.
  if (age === undefined || age < -GIVEN_UP) return { name, since, damage: labels.lakes.unfinished };
  if (age > GIVEN_UP) await within.removeEntry(name, { recursive: true });
  return undefined;
}

/** When an entry was saved, if its name says so. @param {string} name */
function timeOf(name) {
  const time = new Date(/^\d{1,16}$/.test(name) ? Number(name) : NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/**
 * Writes a lake, and gives its name.
 * @param {Lake} lake
 * @param {() => void} check throws if it is no longer to be saved; called before the lake becomes one
 */
export async function write({ audit, tables }, check) {
  const name = String(Date.now());
  const within = await folder();
  try {
    const place = await within.getDirectoryHandle(name, { create: true });
    const { rows_out } = JSON.parse(audit.files.report).tables.machine_learning_curated;
    /** @type {Index} */
    const index = { audit, rows: rows_out, bytes: sizeOf(tables) };
    await writeTree(
      place,
      SAVED.map((table) => ({ path: fileOf(table), blob: tables[table] })),
    );
    check();
    await writeTree(place, [{ path: INDEX, blob: new Blob([JSON.stringify(index)]) }]);
  } catch (error) {
    // What stopped the writing may stop this too; the first error is the one that counts.
    await within.removeEntry(name, { recursive: true }).catch(() => undefined);
    throw error;
  }
  return name;
}

/** @param {string} name @returns {Promise<Lake>} */
export async function read(name) {
  const place = await (await folder()).getDirectoryHandle(name);
  const { audit } = parseIndex((await indexText(place)) ?? '');
  await number(audit.trees.research);
  return { audit, tables: await tablesOf(place) };
}

/**
 * Earlier versions saved a research export that names its inputs.
 * @param {import('../../shared/core.js').Tree} tree
 */
async function number({ documents }) {
  for (const document of documents) {
    if (document[0] !== 'report.json' || JSON.parse(document[1]).inputs_by === 'number') continue;
    document[1] = await callAside('number', document[1]);
  }
}

/** @param {string} name */
export async function remove(name) {
  await (await folder()).removeEntry(name, { recursive: true });
}

/**
 * Undefined if it is not there or was not written: a file that is being made is empty.
 * @param {FileSystemDirectoryHandle} place
 */
async function indexText(place) {
  const handle = await place.getFileHandle(INDEX).catch((/** @type {DOMException} */ error) => {
    if (error.name !== 'NotFoundError') throw new Error(labels.lakes.noIndex);
  });
  const text = await (await handle?.getFile())?.text();
  return text === '' ? undefined : text;
}

/**
 * What the page goes on with is checked, so that a lake that is listed can be opened.
 * @param {string} text
 * @returns {Index}
 */
function parseIndex(text) {
  try {
    /** @type {Index} */
    const index = JSON.parse(text);
    const { files, trees } = index.audit;
    const { tables, inputs, options, privacy, warnings } = JSON.parse(files.report);
    const parts = [trees.research, trees.lake].flatMap((tree) => [tree.tables, tree.documents, tree.landing]);
    const numbers = [index.rows, index.bytes, options.withdrawals, ...SAVED.map((table) => tables[table].rows_out)];
    const texts = [files.lineage, files.croissant, privacy.meaning];
    const whole =
      [...parts, inputs, warnings].every(Array.isArray) &&
      numbers.every(Number.isSafeInteger) &&
      texts.every((value) => typeof value === 'string');
    if (whole) return index;
  } catch {
    // What it is not does not matter.
  }
  throw new Error(labels.lakes.badIndex);
}

/** @param {FileSystemDirectoryHandle} place */
async function tablesOf(place) {
  const tables = /** @type {Tables} */ ({});
  for (const table of SAVED) {
    const handle = await place.getFileHandle(fileOf(table)).catch(() => {
      throw new Error(labels.lakes.missing(table));
    });
    tables[table] = await handle.getFile();
  }
  return tables;
}

/** @param {import('../../shared/core.js').SavedTable} table */
const fileOf = (table) => `${table}.parquet`;

/** @param {Tables} tables */
const sizeOf = (tables) => SAVED.reduce((sum, table) => sum + tables[table].size, 0);
