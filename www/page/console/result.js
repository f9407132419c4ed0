import { labels } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createGrid } from '../explore/grid.js';
import { createResultChart } from './result-chart.js';
import { ready, saveButton } from '../export/save-gate.js';

/**
 * @typedef {import('../../shared/protocol.js').SqlFormat} SqlFormat
 * @typedef {import('../../shared/protocol.js').SqlRows} SqlRows
 */

/** Files end in the name of their format. @type {{ format: SqlFormat, name: string }[]} */
const FORMATS = [
  { format: 'csv', name: 'CSV' },
  { format: 'ndjson', name: labels.console.ndjson },
  { format: 'parquet', name: 'Parquet' },
];

/** Lines of a plan that are shown at most. */
const PLAN = 1000;

/**
 * The rows that a statement gave. Those that a landing table is behind are shown only when that is asked for.
 * @param {HTMLElement} place
 * @param {object} on
 * @param {import('../../shared/rpc.js').Rpc<import('../../shared/protocol.js').QueryService>['call']} on.call
 * @param {(format: SqlFormat, what: string) => void} on.save
 * @param {(error: unknown) => void} on.fail
 */
export function createResult(place, { call, save, fail }) {
  const count = h('p', { id: 'console-count' });
  const mark = h('span', { class: 'rawmark' }, labels.files.raw);
  const reveal = h('button', { type: 'button', id: 'console-reveal' }, labels.console.reveal);
  const gate = h(
    'div',
    { id: 'console-raw', class: 'tools' },
    mark,
    h('p', { class: 'hint' }, labels.console.rawHint),
    reveal,
  );
  const box = h('div', { id: 'console-grid' });
  const chartPlace = h('div', { id: 'console-chart', hidden: true });
  const asChart = h(
    'button',
    { type: 'button', id: 'console-as-chart', 'aria-pressed': 'false' },
    labels.console.asChart,
  );
  const plan = h('pre', { id: 'console-plan', tabindex: 0, 'aria-label': labels.console.plan });
  const seen = h('p', { class: 'more' });
  const files = h(
    'div',
    { class: 'tools', id: 'console-files', role: 'group', 'aria-label': labels.console.saveResult },
    ...FORMATS.map(({ format: as, name }) => {
      const button = saveButton(
        h('button', { type: 'button', class: 'save', 'data-download': `result-${as}` }, name),
        () => save(as, shown?.raw ? 'raw-result' : 'result'),
      );
      ready(button, true);
      return button;
    }),
  );
  place.append(count, gate, h('div', { class: 'actions' }, asChart), box, chartPlace, plan, seen, files);
  const chart = createResultChart(chartPlace, (end) => call('text', { end }));
  const grid = createGrid(
    box,
    ({ start, end, rows }) => {
      seen.textContent =
        rows === 0 || box.hidden
          ? ''
          : labels.console.seen(format.count(start + 1), format.count(end), format.count(rows));
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
    asChart.hidden = isPlan || !chart.fits(mine);
    if (isPlan) {
      const lines = await call('text', { end: PLAN });
      if (shown === mine) plan.textContent = lines.map(([kind, text]) => `${kind}\n${text}`).join('\n');
      return;
    }
    grid.show({
      label: mine.raw ? labels.console.rawRows : labels.console.rows,
      head: labels.console.row,
      rows,
      columns: columns.map((column) => ({ ...column, key: false })),
      read: (start, end) => call('rows', { start, end }),
    });
  }

  /** @param {boolean} is */
  function setChart(is) {
    asChart.setAttribute('aria-pressed', String(is));
    asChart.textContent = is ? labels.console.asTable : labels.console.asChart;
    chartPlace.hidden = !is;
    box.hidden = seen.hidden = is;
    if (is && shown) chart.show(shown).catch(fail);
    else chart.clear();
  }
  asChart.addEventListener('click', () => setChart(chartPlace.hidden === true));

  reveal.addEventListener('click', () => {
    showRows();
    grid.focus();
  });

  return {
    clear() {
      shown = undefined;
      place.hidden = true;
      setChart(false);
      asChart.hidden = true;
      grid.show({ label: labels.console.rows, head: '', columns: [], rows: 0, read: async () => [] });
      plan.textContent = '';
    },
    /**
     * @param {SqlRows} next
     * @param {boolean} isCount whether the statement asks for a count and nothing else: that shows nobody's rows
     */
    show(next, isCount) {
      shown = next;
      setChart(false);
      asChart.hidden = true;
      place.hidden = false;
      const { row, column } = labels.nouns;
      count.textContent = `${format.counted(next.rows, row)}, ${format.counted(next.columns.length, column)}.`;
      if (!next.raw || (isCount && next.rows === 1 && next.columns.length === 1)) return void showRows();
      gate.hidden = reveal.hidden = false;
      box.hidden = plan.hidden = true;
      seen.textContent = '';
    },
  };
}
