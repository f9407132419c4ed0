import { labels } from '../labels/labels.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { SORTABLE_ROWS } from '../../shared/tables.js';

/** @typedef {import('../../shared/protocol.js').RowOrder} RowOrder */

/**
 * Filter and sort of the rows of a written table: one column to filter by, one to sort by.
 * @param {(order: RowOrder | undefined) => void} onOrder none is the order of the file
 */
export function createRowOrderForm(onOrder) {
  const form = find('#rows-order', HTMLFormElement);
  const where = find('#rows-where', HTMLSelectElement);
  const fits = find('#rows-fits', HTMLInputElement);
  const sort = find('#rows-sort', HTMLSelectElement);
  const descending = find('#rows-descending', HTMLInputElement);
  const note = find('#rows-note');

  function tell() {
    const filters = where.value !== '' && fits.value.trim() !== '';
    onOrder(
      filters || sort.value !== ''
        ? { sort: sort.value, descending: descending.checked, where: where.value, fits: filters ? fits.value : '' }
        : undefined,
    );
    if (where.value === '' && fits.value.trim() !== '') note.textContent = labels.explore.chooseColumn;
  }
  form.addEventListener('change', tell);
  form.addEventListener('submit', tell);

  return {
    /** Begins anew, for a table. @param {import('../../shared/core.js').Column[]} columns @param {number} rows */
    show(columns, rows) {
      form.hidden = rows === 0 || rows > SORTABLE_ROWS;
      note.textContent = rows > SORTABLE_ROWS ? labels.explore.tooManyToSort(format.count(SORTABLE_ROWS)) : '';
      const options = columns.map(({ name }) => h('option', { value: name }, name));
      where.replaceChildren(h('option', { value: '' }, labels.explore.any), ...options);
      sort.replaceChildren(
        h('option', { value: '' }, labels.explore.asInFile),
        ...options.map((option) => h('option', { value: option.value }, option.value)),
      );
      fits.value = '';
      descending.checked = false;
    },
    hide() {
      form.hidden = true;
      note.textContent = '';
    },
    /** @param {string} words why the rows are not ordered so */
    say(words) {
      note.textContent = words;
    },
  };
}
