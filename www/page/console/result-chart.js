import { labels } from '../labels/labels.js';
import { createPlot } from '../charts/plot.js';
import * as format from '../ui/format.js';
import { h } from '../ui/dom.js';
import { pointsOf } from './chart-points.js';

/**
 * @typedef {import('../../shared/protocol.js').SqlRows} SqlRows
 * @typedef {import('../../shared/core.js').SqlColumn} SqlColumn
 */

/** Rows that are drawn at most: more could not be told apart. */
const DRAWN = 10_000;

/**
 * Any column of a result across and any of numbers up, as a chart, chosen from lists.
 * @param {HTMLElement} place
 * @param {(end: number) => Promise<(string | null)[][]>} read the first rows, as they are
 */
export function createResultChart(place, read) {
  const [x, y] = [labels.console.across, labels.console.up].map((label) => h('select', { 'aria-label': label }));
  const words = h('p', { class: 'hint', role: 'status' });
  const drawing = h('div');
  place.append(
    h(
      'div',
      { class: 'tools' },
      h('label', {}, labels.console.acrossLabel, x),
      h('label', {}, labels.console.upLabel, y),
    ),
    words,
    drawing,
  );
  /** @type {SqlRows | undefined} */
  let shown;
  for (const select of [x, y]) select.addEventListener('change', draw);

  async function draw() {
    if (!shown) return;
    const mine = shown;
    const rows = await read(Math.min(mine.rows, DRAWN));
    if (shown !== mine) return;
    const [across, up] = [x, y].map((select) => Number(select.value));
    const isText = across >= 0 && !isNumber(mine.columns[across]);
    const { points, isTime, texts } = pointsOf(rows, { at: across, isText }, up);
    const name = labels.console.chartName(
      mine.columns[up].name,
      across < 0 ? labels.console.row : mine.columns[across].name,
    );
    const of = mine.rows > DRAWN ? labels.console.ofFirst(format.count(DRAWN)) : '';
    drawing.replaceChildren();
    words.textContent =
      points.length === 0
        ? labels.console.noNumbers(name)
        : `${name}: ${format.counted(points.length, labels.nouns.point)}${of}.`;
    if (points.length === 0) return;
    createPlot(drawing, {
      name: labels.console.chart,
      x: {
        time: isTime,
        texts,
        label: across < 0 ? labels.console.row : `${mine.columns[across].name}${isTime ? ', UTC' : ''}`,
      },
      y: { label: mine.columns[up].name },
      lines: [{ label: name, color: '--one', rows: true }],
    }).draw([points.map(([at]) => at), points.map(([, value]) => value)], words.textContent);
  }

  return {
    /** Whether a result can be drawn: a column of numbers is needed. @param {SqlRows} next */
    fits: ({ columns, rows }) => rows > 1 && columns.some(isNumber),
    /** @param {SqlRows} next */
    show(next) {
      shown = next;
      const numeric = next.columns.flatMap((column, at) => (isNumber(column) ? [{ column, at }] : []));
      const option = (/** @type {{ column: SqlColumn, at: number }} */ { column, at }) =>
        h('option', { value: at }, column.name);
      const all = next.columns.map((column, at) => ({ column, at }));
      x.replaceChildren(h('option', { value: -1 }, labels.console.row), ...all.map(option));
      y.replaceChildren(...numeric.map(option));
      // Two columns are most often asked for to be seen one by the other: two of numbers, or one by its texts.
      const text = all.find(({ column }) => !isNumber(column));
      x.value = String(numeric.length > 1 ? numeric[0].at : (text?.at ?? -1));
      y.value = String(numeric[Math.min(1, numeric.length - 1)].at);
      return draw();
    },
    clear() {
      shown = undefined;
      drawing.replaceChildren();
      words.textContent = '';
    },
  };
}

/** @param {SqlColumn} column */
const isNumber = ({ type }) => type !== 'string';
