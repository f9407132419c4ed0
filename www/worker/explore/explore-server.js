import { schema } from '../../pkg/stedi_lakehouse.js';
import { cellText, wholeText } from './cell-text.js';
import { asFailure } from '../../shared/failure.js';
import { openTable } from './parquet-reader.js';
import { lookAt } from './raw-page.js';
import { binTimes, findOwner, findOwners, readSeries, sumOwners } from './series.js';
import { REASONS } from '../../shared/reject-reasons.js';

/**
 * @typedef {import('../../shared/types.js').LookAsk} LookAsk
 * @typedef {import('../../shared/types.js').GridRow} GridRow
 * @typedef {import('../../shared/types.js').SavedTable} SavedTable
 * @typedef {import('../../shared/types.js').Column} Column
 * @typedef {Awaited<ReturnType<typeof openTable>>} OpenTable
 */

/** The tables whose readings are shown over time. @type {SavedTable[]} */
const READINGS = ['accelerometer_trusted', 'step_trainer_trusted', 'machine_learning_curated'];

/** Shows what a run has made, and its inputs, a page at a time; a page does not wait for a long sum. @param {MessagePort} port */
export function look(port) {
  const columns = new Map(
    schema().map((/** @type {import('../../shared/types.js').TableSchema} */ table) => [table.table, table.columns]),
  );
  /** @type {Record<SavedTable, Blob> | undefined} */
  let files;
  /** @type {Map<SavedTable, Promise<OpenTable>>} */
  const tables = new Map();
  /** Of the research table. @type {ReturnType<typeof findOwners> | undefined} */
  let owners;
  /** The part of a landing table that is looked at; the next one takes its place. @type {GridRow[]} */
  let raw = [];

  /** @param {SavedTable} name */
  function table(name) {
    if (!files) throw new Error('There is no run to look at.');
    const open = tables.get(name) ?? openTable(files[name]);
    tables.set(name, open);
    return open;
  }

  async function subjects() {
    owners ??= findOwners(await table('machine_learning_curated'), columns.get('machine_learning_curated'));
    return owners;
  }

  /** @param {LookAsk} ask */
  async function answer(ask) {
    switch (ask.kind) {
      case 'schema':
        return schema();
      case 'lake':
        files = ask.files;
        tables.clear();
        owners = undefined;
        raw = [];
        return;
      case 'rows':
        return rows(await table(ask.table), columns.get(ask.table), ask);
      case 'raw': {
        const { rows, rejects, start, bytes, part } = lookAt(ask.source, ask.byte);
        raw = merge(rows, rejects, columns.get(ask.source.table), ask.dates);
        return { rows: raw.length, start, bytes, part };
      }
      case 'rawRows':
        return raw.slice(ask.start, ask.end);
      case 'times':
        return binTimes(
          await Promise.all(
            READINGS.map(async (name) => ({ name, table: await table(name), columns: columns.get(name) })),
          ),
        );
      case 'subjects':
        return sumOwners(await subjects());
      case 'series': {
        const owner = findOwner(await subjects(), ask.subject);
        return (
          owner &&
          readSeries(
            await table('machine_learning_curated'),
            columns.get('machine_learning_curated'),
            owner,
            ask.from,
            ask.to,
          )
        );
      }
    }
  }

  port.onmessage = async ({ data: { id, ask } }) => {
    try {
      port.postMessage({ id, result: await answer(ask) });
    } catch (error) {
      port.postMessage({ id, failure: asFailure(error) });
    }
  };
}

/**
 * @param {OpenTable} table
 * @param {Column[]} columns
 * @param {{ start: number, end: number, dates: boolean }} range
 */
async function rows(table, columns, { start, end, dates }) {
  /** @type {GridRow[]} */
  const rows = [];
  for await (const part of table.read(
    columns.map(({ name }) => name),
    start,
    end,
  )) {
    for (let at = 0; at < part.end - part.start; at += 1) {
      rows.push({
        head: wholeText(part.start + at + 1),
        cells: columns.map((column, i) => cellText(part.values[i][at], column, dates)),
      });
    }
  }
  return rows;
}

/**
 * Rows and what is no row, as they stand in the file.
 * @param {import('../../shared/types.js').Peek['rows']} rows
 * @param {import('../../shared/types.js').Reject[]} rejects
 * @param {Column[]} columns
 * @param {boolean} dates
 */
function merge(rows, rejects, columns, dates) {
  const all = [
    ...rows.map(({ offset, cells }) => ({ offset, cells: cells.map((cell, i) => cellText(cell, columns[i], dates)) })),
    ...rejects.map(({ offset, reason, field, text }) => ({
      offset,
      cells: [text.trim()],
      bad: [REASONS[reason] ?? reason, ...(field ? [field] : [])].join(': '),
    })),
  ];
  all.sort((a, b) => a.offset - b.offset);
  return all.map(({ offset, ...row }) => ({ head: wholeText(offset), ...row }));
}
