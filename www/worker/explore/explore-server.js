import { LandingView, pseudonyms, schema, subject_quality } from '../../pkg/stedi_lakehouse.js';
import { REASONS } from '../../shared/core.js';
import { readTable } from '../../shared/read-blob.js';
import { cellText, wholeText } from './cell-text.js';
import { openTable } from './parquet-reader.js';
import { readRawPage } from './raw-page.js';
import { orderRows, readWholeTable } from './row-order.js';
import { findSensors } from './sensors.js';
import { binTimes, findOwner, findOwners, readSeries, readSubject, sumOwners } from './series.js';

/**
 * @typedef {import('../../shared/protocol.js').ExploreService} ExploreService
 * @typedef {import('../../shared/protocol.js').GridRow} GridRow
 * @typedef {import('../../shared/core.js').SavedTable} SavedTable
 * @typedef {import('../../shared/core.js').TableName} TableName
 * @typedef {import('../../shared/core.js').Column} Column
 * @typedef {Awaited<ReturnType<typeof openTable>>} OpenTable
 * @typedef {import('./series.js').Owner} Owner
 */

/** Users, and devices, of one subject that are profiled: an export may have given a serial number to many people. */
const MOST_SENSORS = 10;

/**
 * Shows what a run has made, and its inputs, a page at a time; a page does not wait for a long sum.
 * @returns {import('../../shared/rpc.js').Handlers<ExploreService>}
 */
export function createExploreServer() {
  /** @type {ExploreService['lake']['request']} */
  let lake;
  /**
   * Shows its landing records. Left to be collected: when another lake comes, a page may still be read by it.
   * @type {Promise<LandingView> | undefined}
   */
  let landing;
  /** @type {Map<SavedTable, Promise<OpenTable>>} */
  const tables = new Map();
  /** Of the tables of readings. @type {Map<SavedTable, ReturnType<typeof findOwners>>} */
  const owners = new Map();
  /** What the users of accelerometer_trusted are called in the research table. @type {Promise<string[]> | undefined} */
  let names;
  /**
   * The table that was ordered last, whole.
   * @type {{ name: SavedTable, values: ReturnType<typeof readWholeTable> } | undefined}
   */
  let whole;
  /** Its last order. @type {{ key: string, rows: Uint32Array } | undefined} */
  let last;
  /** The last raw page; the next one takes its place. @type {GridRow[]} */
  let raw = [];

  /** @param {SavedTable} name */
  function table(name) {
    if (!lake) throw new Error('There is no run to show.');
    const open = tables.get(name) ?? openTable(lake.files[name]);
    tables.set(name, open);
    return open;
  }

  /** @param {SavedTable} name @param {import('../../shared/protocol.js').RowOrder} order */
  async function ordered(name, order) {
    if (whole?.name !== name) whole = { name, values: readWholeTable(await table(name), columnsOf(name)) };
    const values = await whole.values;
    const key = JSON.stringify([name, order]);
    if (last?.key !== key) last = { key, rows: orderRows(values, columnsOf(name), order) };
    return { values, rows: last.rows };
  }

  /** @param {SavedTable} name */
  function ownersOf(name) {
    const found = owners.get(name) ?? table(name).then((open) => findOwners(open, columnsOf(name)));
    owners.set(name, found);
    return found;
  }

  const findSubjects = () => ownersOf('machine_learning_curated');

  /**
   * Whose sensors measured a subject: nobody knows of a pseudonym without its key.
   * @param {string} subject
   * @param {AbortSignal} signal
   */
  async function sensorsOf(subject, signal) {
    const customers = await table('customer_curated');
    /** @type {(isTheirs: (email: string, serial: string) => boolean) => ReturnType<typeof findSensors>} */
    const find = (isTheirs) => findSensors(customers, columnsOf('customer_curated'), isTheirs, signal);
    if (lake?.identity === 'serial') return find((_, serial) => serial === subject);
    const key = lake?.key;
    if (!key) return undefined;
    const users = ownersOf('accelerometer_trusted');
    // In the order of the users; kept, for a hash of each takes a while.
    names ??= users.then((all) => pseudonyms(all.map(emailOf), key));
    const user = (await users)[(await names).indexOf(subject)];
    return find((email) => email === user?.subject);
  }

  /** @param {SavedTable} name @param {Owner} owner @param {AbortSignal} signal */
  async function profile(name, owner, signal) {
    const { times, measured } = await readSubject(await table(name), columnsOf(name), owner, signal);
    return { table: name, quality: subject_quality(name, times, measured) };
  }

  return {
    schema: () => schema(),
    lake(next) {
      lake = next;
      landing = undefined;
      tables.clear();
      whole = undefined;
      last = undefined;
      owners.clear();
      names = undefined;
      raw = [];
    },
    async rows(request) {
      const columns = columnsOf(request.table);
      if (!request.order) return readRows(await table(request.table), columns, request);
      const { values, rows } = await ordered(request.table, request.order);
      return Array.from(rows.subarray(request.start, request.end), (row) => ({
        head: wholeText(row + 1),
        cells: columns.map((column, at) => cellText(values[at][row], column, request.dates)),
      }));
    },
    ordered: async ({ table: name, order }) => (await ordered(name, order)).rows.length,
    async rawPage({ source, byte, dates }) {
      landing ??= viewOf(lake?.outcomes);
      const { rows, rejects, start, bytes, part } = await readRawPage(await landing, source, byte);
      raw = merge(rows, rejects, columnsOf(source.table), dates);
      const outcomes = raw.some(({ outcome }) => outcome !== undefined);
      return { rows: raw.length, outcomes, start, bytes, part };
    },
    rawRows: ({ start, end }) => raw.slice(start, end),
    times: async (names, { signal }) =>
      binTimes(
        await Promise.all(names.map(async (name) => ({ name, table: await table(name), columns: columnsOf(name) }))),
        signal,
      ),
    subjects: async () => sumOwners(await findSubjects()),
    async series({ subject, from, to }, { signal }) {
      const owner = findOwner(await findSubjects(), subject);
      if (!owner) return undefined;
      const columns = columnsOf('machine_learning_curated');
      return readSeries(await table('machine_learning_curated'), columns, owner, { from, to, signal });
    },
    async quality(subject, { signal }) {
      const owner = findOwner(await findSubjects(), subject);
      if (!owner) return undefined;
      const profiles = [await profile('machine_learning_curated', owner, signal)];
      const sensors = await sensorsOf(owner.subject, signal);
      if (!sensors) return { profiles };
      let more = 0;
      for (const [name, theirs] of /** @type {const} */ ([
        ['accelerometer_trusted', sensors.users],
        ['step_trainer_trusted', sensors.devices],
      ])) {
        const found = (await ownersOf(name)).filter((one) => theirs.has(one.subject));
        more += Math.max(0, found.length - MOST_SENSORS);
        for (const one of found.slice(0, MOST_SENSORS)) profiles.push(await profile(name, one, signal));
      }
      return { profiles, more };
    },
  };
}

/** @param {Blob | undefined} outcomes */
async function viewOf(outcomes) {
  return new LandingView(outcomes && new Uint8Array(await readTable(outcomes)));
}

/** @param {Owner} user */
const emailOf = ({ subject }) => subject;

/** @type {Map<TableName, Column[]> | undefined} */
let columns;

/** @param {TableName} table */
function columnsOf(table) {
  columns ??= new Map(schema().map(({ table, columns }) => [table, columns]));
  return columns.get(table) ?? [];
}

/**
 * @param {OpenTable} table
 * @param {Column[]} columns
 * @param {{ start: number, end: number, dates: boolean }} range
 */
async function readRows(table, columns, { start, end, dates }) {
  /** @type {GridRow[]} */
  const rows = [];
  for await (const range of table.read(
    columns.map(({ name }) => name),
    start,
    end,
  )) {
    for (let at = 0; at < range.end - range.start; at += 1) {
      rows.push({
        head: wholeText(range.start + at + 1),
        cells: columns.map((column, i) => cellText(range.values[i][at], column, dates)),
      });
    }
  }
  return rows;
}

/**
 * Rows and what is no row, in the order of the file.
 * @param {import('../../shared/core.js').Peek['rows']} rows
 * @param {import('../../shared/core.js').Reject[]} rejects
 * @param {Column[]} columns
 * @param {boolean} dates
 */
function merge(rows, rejects, columns, dates) {
  const all = [
    ...rows.map(({ offset, cells, outcome }) => ({
      offset,
      cells: cells.map((cell, i) => cellText(cell, columns[i], dates)),
      outcome,
    })),
    ...rejects.map(({ offset, reason, field, text }) => ({
      offset,
      cells: [text.trim()],
      bad: [REASONS[reason] ?? reason, ...(field ? [field] : [])].join(': '),
    })),
  ];
  all.sort((a, b) => a.offset - b.offset);
  return all.map(({ offset, ...row }) => ({ head: wholeText(offset), ...row }));
}
