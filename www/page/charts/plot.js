import { labels, locale } from '../labels/labels.js';
import uPlot from 'uplot';
import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { repeats } from './repeats.js';

/**
 * A line chart by uPlot (MIT, 23 kB gzipped), which draws on a canvas and sets styles by script only, as the
 * page's policy demands. A canvas cannot be read by a screen reader: its words are beside it.
 * @typedef {object} Line
 * @property {string} label
 * @property {string} color name of a custom property of the style sheet
 * @property {boolean} [filled]
 * @property {boolean} [steps]
 * @property {number[]} [dash] of a line that may lie exactly on another one, which is seen between the dashes
 * @property {boolean} [rows] each value is a row: where several have one time they are points, not joined
 * @typedef {object} Axis
 * @property {boolean} [time] epoch milliseconds, shown in UTC
 * @property {boolean} [zero] starts at zero
 * @property {boolean} [bare] without labels: another chart below has them
 * @property {string[]} [texts] in the place of the whole numbers from 1 on
 * @property {string} label
 */

const HEIGHT = 220;
/** Right of the drawing: as much as half of the longest label of a time, which stands about its tick. */
const RIGHT = 50;

/** @returns {Partial<uPlot.Series>} */
function pointsWhereRepeated() {
  const line = uPlot.paths.linear?.();
  return {
    paths: (plot, ...more) => (repeats(plot.data[0]) ? null : (line?.(plot, ...more) ?? null)),
    points: { size: 3, width: 0, fill: (plot, at) => String(stroke(plot, at)), show: (plot) => repeats(plot.data[0]) },
  };
}

/** @param {uPlot} plot @param {number} at */
function stroke(plot, at) {
  const own = plot.series[at].stroke;
  return typeof own === 'function' ? own(plot, at) : own;
}

/**
 * @param {HTMLElement} place
 * @param {{ name: string, x: Axis, y: Axis, lines: Line[], height?: number, sync?: string,
 *   onPoint?: (at: number | null) => void, onSelect?: (from: number, to: number) => void }} options
 */
export function createPlot(place, { name, x, y, lines, height = HEIGHT, sync, onPoint, onSelect }) {
  const figure = h('div', { class: 'plot', role: 'img', 'aria-label': name });
  place.append(figure);
  const style = getComputedStyle(figure);
  const color = (/** @type {string} */ property) => style.getPropertyValue(property);
  const axis = {
    stroke: () => color('--soft'),
    grid: { stroke: () => color('--line'), width: 1 },
    ticks: { stroke: () => color('--line'), width: 1 },
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    labelSize: 18,
  };
  const plot = new uPlot(
    {
      width: Math.max(figure.clientWidth, 200),
      height,
      ms: 1,
      padding: [null, RIGHT, null, null],
      tzDate: (time) => uPlot.tzDate(new Date(time), 'Etc/UTC'),
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: onSelect !== undefined, y: false, setScale: false },
        points: { size: 6 },
        ...(sync ? { sync: { key: sync } } : {}),
      },
      scales: {
        x: { time: x.time ?? false },
        y: y.zero ? { range: (_, __, most) => [0, Math.max(1, (most ?? 0) * 1.06)] } : {},
      },
      axes: [
        {
          ...axis,
          ...(x.time || x.texts ? { space: 90 } : {}),
          ...(x.texts ? { incrs: RANKS } : {}),
          ...(x.bare ? { size: 8, ticks: { show: false }, values: () => [] } : { label: x.label, size: 34 }),
          ...(x.bare
            ? {}
            : x.time
              ? { values: (_, times) => timeLabels(times) }
              : { values: (_, values) => values.map(x.texts ? textLabel(x.texts) : numberLabel) }),
        },
        {
          ...axis,
          ...(y.label ? { label: y.label } : {}),
          size: 62,
          space: 24,
          values: (_, values) => values.map(numberLabel),
        },
      ],
      series: [
        {},
        ...lines.map(({ label, color: property, filled, steps, dash, rows }) => ({
          label,
          stroke: () => color(property),
          width: 1.5,
          points: { show: false },
          ...(dash ? { dash } : {}),
          ...(filled ? { fill: () => `color-mix(in srgb, ${color(property)} 22%, transparent)` } : {}),
          ...(rows ? pointsWhereRepeated() : {}),
          ...(steps ? { paths: uPlot.paths.stepped?.({ align: 1 }) } : {}),
        })),
      ],
      hooks: {
        setCursor: [({ cursor }) => onPoint?.(cursor.idx ?? null)],
        setSelect: [
          (self) => {
            const { left, width } = self.select;
            if (width < 4) return;
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            onSelect?.(self.posToVal(left, 'x'), self.posToVal(left + width, 'x'));
          },
        ],
      },
    },
    [[]],
    figure,
  );

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => plot.redraw(false);
  dark.addEventListener('change', redraw);
  const observer = new ResizeObserver(() => {
    const width = figure.clientWidth;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height });
    if (figure.isConnected) return;
    // Its run has left the page.
    observer.disconnect();
    dark.removeEventListener('change', redraw);
    plot.destroy();
  });
  observer.observe(figure);

  return {
    /** @param {(number | null)[][]} data x first @param {string} words what is to be seen */
    draw(data, words) {
      figure.setAttribute('aria-label', `${name}. ${words}`);
      plot.setData(/** @type {import('uplot').AlignedData} */ (data));
    },
  };
}

const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
/** @param {number | null} value */
const numberLabel = (value) => (value === null ? '' : numbers.format(value));

/** Between two texts of an axis: whole numbers. */
const RANKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
/** Characters of a text on an axis. */
const TEXT = 14;
/** @param {string[]} texts */
const textLabel = (texts) => (/** @type {number | null} */ rank) => {
  const text = texts[(rank ?? 0) - 1] ?? '';
  return text.length > TEXT ? `${text.slice(0, TEXT - 1)}…` : text;
};

/** As much of each time as distinguishes it from its neighbours. @param {number[]} times */
function timeLabels(times) {
  const step = times.length > 1 ? times[1] - times[0] : 0;
  const long = (times.at(-1) ?? 0) - times[0] >= 86_400_000;
  /** @type {Intl.DateTimeFormatOptions} */
  const options =
    step >= 86_400_000
      ? { dateStyle: 'medium' }
      : long
        ? { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }
        : step >= 60_000
          ? { hour: '2-digit', minute: '2-digit' }
          : {
              hour: '2-digit',
              minute: '2-digit',
              second: '2-digit',
              ...(step < 1000 ? { fractionalSecondDigits: 3 } : {}),
            };
  const label = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  return times.map((time) => label.format(time));
}

/**
 * A chart as a table, made when it is opened.
 * @param {string} name
 * @param {string[]} heads
 * @param {() => (string | number)[][]} rows
 */
export function asTable(name, heads, rows) {
  const place = h('div', {
    class: 'scroll',
    tabindex: 0,
    role: 'region',
    'aria-label': labels.charts.namedTable(name),
  });
  const details = h('details', {}, h('summary', {}, labels.charts.asTable), place);
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    const kind = (/** @type {string | number} */ value) => (typeof value === 'number' ? { class: 'number' } : {});
    const all = rows();
    place.replaceChildren(
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h('tr', {}, ...heads.map((head, i) => h('th', { scope: 'col', ...kind(all[0]?.[i] ?? '') }, head))),
        ),
        h(
          'tbody',
          {},
          ...all.map((cells) =>
            h(
              'tr',
              {},
              ...cells.map((cell) => h('td', kind(cell), typeof cell === 'number' ? format.count(cell) : cell)),
            ),
          ),
        ),
      ),
    );
  });
  return details;
}
