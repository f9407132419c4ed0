import { labels } from '../labels/labels.js';
import { messageOf } from '../ui/core-words.js';
import { find } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createGrid } from './grid.js';
import { createRaw } from './raw-view.js';
import { createRowOrderForm } from './row-order-form.js';
import { createLatest } from '../ui/latest.js';
import { explore } from './explore-client.js';

/**
 * @typedef {import('../../shared/core.js').TableName} TableName
 * @typedef {import('../../shared/core.js').SavedTable} SavedTable
 * @typedef {import('../../shared/core.js').TableSchema} TableSchema
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
      const window = labels.explore.window(format.count(start + 1), format.count(end));
      const of = rows === all ? '' : labels.explore.ofAll(format.count(all));
      seen.textContent = raw.table
        ? ''
        : rows === 0
          ? labels.explore.noRows(of)
          : labels.explore.seen(window, format.count(rows), of);
    },
    fail,
  );
  const raw = createRaw(grid, dates);
  /** Rows that are shown, and those of the table. */
  let [rows, all] = [0, 0];
  /** Whether the table has times that are dates. */
  let dated = true;
  /** @type {TableSchema | undefined} */
  let schema;
  const latest = createLatest();
  const form = createRowOrderForm((order) => {
    const mine = schema;
    if (!mine) return;
    form.say('');
    if (!order) {
      latest.cancel();
      return showWritten(mine, all);
    }
    const table = /** @type {SavedTable} */ (mine.table);
    latest.run(
      (signal) => explore('ordered', { table, order }, { signal }),
      (count) => showWritten(mine, count, order),
      (error) => form.say(messageOf(error)),
    );
  });

  /**
   * @param {TableSchema} schema
   * @param {number} count
   * @param {import('../../shared/protocol.js').RowOrder} [order]
   */
  function showWritten({ table, columns }, count, order) {
    rows = count;
    grid.show({
      label: labels.explore.rowsOf(table),
      head: labels.explore.row,
      columns,
      rows,
      read: (start, end) =>
        explore('rows', { table: /** @type {SavedTable} */ (table), start, end, dates: dated && dates.checked, order }),
    });
  }

  /** @param {unknown} error */
  function fail(error) {
    seen.textContent = labels.explore.failed(messageOf(error));
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
      latest.cancel();
      form.hide();
      schema = undefined;
      rows = all = 0;
      grid.show({ label: labels.files.rows, head: '', columns: [], rows, read: async () => [] });
    },
    /**
     * @param {TableSchema} next
     * @param {number} count
     * @param {LandingSource[]} sources of a landing table
     * @param {boolean} relative whether its times count from a first row
     */
    show(next, count, sources, relative) {
      const { table, columns } = next;
      latest.cancel();
      schema = undefined;
      const landing = table.endsWith('_landing');
      find('#raw').hidden = !landing;
      find('[for="go-to"]').textContent = landing ? labels.explore.goToByte : labels.explore.goToRow;
      dated = !relative && columns.some(({ type }) => type === 'bigint');
      find('.check:has(#dates)').hidden = !dated;
      goTo.value = '';
      rows = all = count;
      if (landing) {
        form.hide();
        raw.show(table, columns, count, sources);
        return;
      }
      raw.hide();
      schema = next;
      form.show(columns, count);
      showWritten(next, count);
    },
  };
}
