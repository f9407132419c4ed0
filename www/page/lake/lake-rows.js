import { labels } from '../labels/labels.js';
import { breakable } from '../pipeline/pipeline.js';
import { TABLES } from '../../shared/tables.js';
import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';

/**
 * Rows by table, in the order of the tables; null is not known.
 * @typedef {Partial<Record<import('../../shared/core.js').TableName, number | null>>} Rows
 */

/**
 * @param {Rows} rows
 * @param {(table: import('../../shared/core.js').TableName) => string} [more] follows a number
 */
export const rowLines = (rows, more = () => '') =>
  TABLES.flatMap(({ name }) => {
    const count = rows[name];
    if (count === undefined) return [];
    const words = count === null ? labels.lake.notKnown : format.count(count) + more(name);
    return [
      h('tr', { 'data-rows-of': name }, h('th', { scope: 'row' }, h('code', {}, ...breakable(name))), cell(words)),
    ];
  });

/** @param {string} words */
const cell = (words) => h('td', { class: 'number' }, words);

/** @param {Rows} rows @param {Parameters<typeof rowLines>[1]} [more] */
export const rowsTable = (rows, more) =>
  h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, labels.lake.table),
        h('th', { scope: 'col', class: 'number' }, labels.lake.rows),
      ),
    ),
    h('tbody', {}, ...rowLines(rows, more)),
  );
