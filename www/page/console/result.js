import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createGrid } from '../explore/grid.js';
import { ready, saveButton } from '../export/save-gate.js';

/**
 * @typedef {import('../../shared/protocol.js').SqlFormat} SqlFormat
 * @typedef {import('../../shared/protocol.js').SqlRows} SqlRows
 */

/** @type {{ format: SqlFormat, name: string, ending: string }[]} */
const FORMATS = [
  { format: 'csv', name: 'CSV', ending: 'csv' },
  { format: 'ndjson', name: 'JSON, one object per line', ending: 'ndjson' },
  { format: 'parquet', name: 'Parquet', ending: 'parquet' },
];

/** Lines of a plan that are shown at most. */
const PLAN = 1000;

/**
 * The rows that a statement gave. Those that a landing table is behind are shown only when that is asked for.
 * @param {HTMLElement} place
 * @param {object} on
 * @param {import('../../shared/rpc.js').Rpc<import('../../shared/protocol.js').QueryService>['call']} on.call
 * @param {(format: SqlFormat, name: string) => void} on.save
 * @param {(error: unknown) => void} on.fail
 */
export function createResult(place, { call, save, fail }) {
  const count = h('p', { id: 'console-count' });
  const mark = h('span', { class: 'rawmark' }, 'RAW');
  const reveal = h('button', { type: 'button', id: 'console-reveal' }, 'Show the rows');
  const gate = h(
    'div',
    { id: 'console-raw', class: 'tools' },
    mark,
    h(
      'p',
      { class: 'hint' },
      'These rows come from a landing table, which holds people who did not consent. They are shown and saved ' +
        'only when you ask for it.',
    ),
    reveal,
  );
  const box = h('div', { id: 'console-grid' });
  const plan = h('pre', { id: 'console-plan', tabindex: 0, 'aria-label': 'Plan' });
  const seen = h('p', { class: 'more' });
  const files = h(
    'div',
    { class: 'tools', id: 'console-files', role: 'group', 'aria-label': 'Save the result' },
    ...FORMATS.map(({ format: as, name, ending }) => {
      const button = saveButton(
        h('button', { type: 'button', class: 'save', 'data-download': `result-${as}` }, name),
        () => save(as, `${shown?.raw ? 'raw-' : ''}result.${ending}`),
      );
      ready(button, true);
      return button;
    }),
  );
  place.append(count, gate, box, plan, seen, files);
  const grid = createGrid(
    box,
    ({ start, end, rows }) => {
      seen.textContent =
        rows === 0 || box.hidden
          ? ''
          : `Rows ${format.count(start + 1)} to ${format.count(end)} of ${format.count(rows)}.`;
    },
    fail,
  );

  /** @type {SqlRows | undefined} */
  let shown;

  async function showRows() {
    if (!shown) return;
    const mine = shown;
    const { columns, rows } = mine;
    gate.hidden = !mine.raw;
    reveal.hidden = true;
    const isPlan = columns.length === 2 && columns[0].name === 'plan_type';
    plan.hidden = !isPlan;
    box.hidden = isPlan || columns.length === 0;
    if (isPlan) {
      const lines = await call('text', { end: PLAN });
      if (shown === mine) plan.textContent = lines.map(([kind, text]) => `${kind}\n${text}`).join('\n');
      return;
    }
    grid.show({
      label: mine.raw ? 'Rows of the result, raw' : 'Rows of the result',
      head: 'row',
      rows,
      columns: columns.map((column) => ({ ...column, key: false })),
      read: (start, end) => call('rows', { start, end }),
    });
  }

  reveal.addEventListener('click', () => {
    showRows();
    grid.focus();
  });

  return {
    clear() {
      shown = undefined;
      place.hidden = true;
      grid.show({ label: 'Rows of the result', head: '', columns: [], rows: 0, read: async () => [] });
      plan.textContent = '';
    },
    /** @param {SqlRows} next */
    show(next) {
      shown = next;
      place.hidden = false;
      count.textContent = `${format.counted(next.rows, 'row')}, ${format.counted(next.columns.length, 'column')}.`;
      if (!next.raw) return void showRows();
      gate.hidden = reveal.hidden = false;
      box.hidden = plan.hidden = true;
      seen.textContent = '';
    },
  };
}
