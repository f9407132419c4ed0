import { decimalMark } from './cell-text.js';
// Rows of a table, filtered by a condition on one column and sorted by another: the numbers of the rows, in order.

/**
 * @typedef {import('../../shared/core.js').Column} Column
 * @typedef {import('../../shared/core.js').SavedTable} SavedTable
 * @typedef {import('../../shared/protocol.js').RowOrder} RowOrder
 * @typedef {Awaited<ReturnType<typeof import('./parquet-reader.js').openTable>>} OpenTable
 * @typedef {string | number | bigint | null} Value
 * @typedef {(value: Value) => boolean} Condition
 */

/**
 * Every value of a table, by column: rows in another order lie all over its file, and a page of them would read most
 * of it.
 * @param {OpenTable} table
 * @param {Column[]} columns
 * @returns {Promise<Value[][]>}
 */
export async function readWholeTable(table, columns) {
  /** @type {Value[][]} */
  const all = columns.map(() => []);
  const names = columns.map(({ name }) => name);
  for await (const { start, end, values } of table.read(names, 0, table.rows)) {
    for (const [at, column] of all.entries()) {
      for (let row = 0; row < end - start; row += 1) column.push(values[at][row]);
    }
  }
  return all;
}

/**
 * @param {Value[][]} values by column
 * @param {Column[]} columns
 * @param {RowOrder} order
 */
export function orderRows(values, columns, { sort, descending, where, fits }) {
  const count = values[0]?.length ?? 0;
  let rows = Uint32Array.from({ length: count }, (_, row) => row);
  const filtered = columns.findIndex(({ name }) => name === where);
  if (filtered >= 0 && fits?.trim()) {
    const condition = conditionOf(columns[filtered], fits.trim());
    rows = rows.filter((row) => condition(values[filtered][row]));
  }
  const sorted = columns.findIndex(({ name }) => name === sort);
  if (sorted >= 0) {
    const column = values[sorted];
    const sign = descending ? -1 : 1;
    // Rows of one value stay in the order of the file.
    rows.sort((a, b) => sign * compare(column[a], column[b]) || a - b);
  }
  return rows;
}

/** Nulls first, as in the files. @param {Value} a @param {Value} b */
function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  return a < b ? -1 : 1;
}

/** @type {Record<string, (value: number, wanted: number) => boolean>} */
const COMPARISONS = {
  '<=': (value, wanted) => value <= wanted,
  '>=': (value, wanted) => value >= wanted,
  '<': (value, wanted) => value < wanted,
  '>': (value, wanted) => value > wanted,
  '=': (value, wanted) => value === wanted,
};

/**
 * Text holds what is written, in any case; a number or a time is compared with it. A null fits nothing.
 * @param {Column} column
 * @param {string} text
 * @returns {Condition}
 */
function conditionOf({ type }, text) {
  if (type === 'string') {
    const wanted = text.toLowerCase();
    return (value) => value !== null && String(value).toLowerCase().includes(wanted);
  }
  const [, sign = '=', rest] = /^(<=|>=|<|>|=)?\s*(.*)$/s.exec(text) ?? [];
  const wanted = type === 'bigint' ? (time(rest) ?? number(rest)) : number(rest);
  if (wanted === undefined) {
    const [code, what] = type === 'bigint' ? ['no_time', 'time and no number'] : ['no_number', 'number'];
    throw Object.assign(new Error(`“${rest}” is no ${what}. Write for example: >= 5`), { code });
  }
  return (value) => value !== null && value !== undefined && COMPARISONS[sign](Number(value), wanted);
}

/** As people of the page's language write it. @param {string} text */
function number(text) {
  const decimal = decimalMark();
  const plain = [...text].filter((letter) => letter === decimal || /[-+\deE]/.test(letter)).join('');
  const value = Number(plain.replace(decimal, '.'));
  return /\d/.test(plain) && Number.isFinite(value) ? value : undefined;
}

/** A date, in UTC if it does not say otherwise. @param {string} text */
function time(text) {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d:\d\d)?$/.exec(text.trim());
  if (!parts) return undefined;
  const value = Date.parse(`${parts[1]}T${parts[2] ?? '00:00'}${parts[3] ?? 'Z'}`);
  return Number.isNaN(value) ? undefined : value;
}
