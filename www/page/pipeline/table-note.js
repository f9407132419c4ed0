import { labels } from '../labels/labels.js';
import { h } from '../ui/dom.js';

/**
 * What a privacy officer wants to know of the file of a table.
 * @param {import('../../shared/core.js').TableName} table
 * @returns {(Node | string)[]}
 */
export const tableNote = (table) => [
  labels.tables[table].note ?? '',
  ...(table === 'machine_learning_curated' ? [serialsNote()] : []),
];

/** That it names devices, seen if the run had it so: the root knows. */
export const serialsNote = () => h('span', { class: 'with-serials' }, ` ${labels.serials}`);
