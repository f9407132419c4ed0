import { messageOf } from '../../shared/errors.js';
import { find } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createGrid } from './grid.js';
import { createRaw } from './raw-view.js';
import { explore } from './explore-client.js';

/**
 * @typedef {import('../../shared/core-types.js').TableName} TableName
 * @typedef {import('../../shared/core-types.js').SavedTable} SavedTable
 * @typedef {import('../../shared/core-types.js').TableSchema} TableSchema
 * @typedef {import('../../shared/protocol.js').LandingSource} LandingSource
 */

/** The rows of the selected table: of a written one all of them, of a landing one those around a place. */
export function createRows() {
  const seen = find('#seen');
  const dates = find('#dates', HTMLInputElement);
  const goTo = find('#go-to', HTMLInputElement);
  const grid = createGrid(
    find('#grid'),
    ({ start, end, rows }) => {
      const window = `${format.count(start + 1)} to ${format.count(end)}`;
      seen.textContent = raw.table ? '' : rows === 0 ? 'No rows.' : `Rows ${window} of ${format.count(rows)}.`;
    },
    fail,
  );
  const raw = createRaw(grid, dates);
  let rows = 0;

  /** @param {unknown} error */
  function fail(error) {
    seen.textContent = `The rows cannot be shown. ${messageOf(error)}`;
  }

  dates.addEventListener('change', () => (raw.table ? raw.again() : grid.refresh()));
  find('#go').addEventListener('submit', () => {
    // As people write numbers: with the marks of their language, or with blanks.
    const wanted = Number(goTo.value.replace(/\D/g, ''));
    if (goTo.value.trim() === '') return;
    if (raw.table) raw.goTo(wanted);
    else if (rows > 0) grid.goTo(Math.min(Math.max(wanted, 1), rows) - 1);
  });

  return {
    fail,
    /** Shows nothing. */
    clear() {
      raw.hide();
      rows = 0;
      grid.show({ label: 'Rows', head: '', columns: [], rows, read: async () => [] });
    },
    /**
     * @param {TableSchema} schema
     * @param {number} count
     * @param {LandingSource[]} sources of a landing table
     */
    show({ table, columns }, count, sources) {
      const landing = table.endsWith('_landing');
      find('#raw').hidden = !landing;
      find('[for="go-to"]').textContent = landing ? 'Go to byte' : 'Go to row';
      find('.check:has(#dates)').hidden = !columns.some(({ type }) => type === 'bigint');
      goTo.value = '';
      rows = count;
      if (landing) {
        raw.show(table, columns, count, sources);
        return;
      }
      raw.hide();
      grid.show({
        label: `Rows of ${table}`,
        head: 'row',
        columns,
        rows,
        read: (start, end) =>
          explore('rows', { table: /** @type {SavedTable} */ (table), start, end, dates: dates.checked }),
      });
    },
  };
}
