import { labels, locale } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createPlot } from './plot.js';
import { createSubjectProfiles } from './subject-profiles.js';
import { repeats } from './repeats.js';
import { schemaOf } from '../explore/columns-view.js';
import { messageOf } from '../ui/core-words.js';
import { explore } from '../explore/explore-client.js';
import { createLatest } from '../ui/latest.js';

/**
 * @typedef {import('../../shared/chart-data.js').Series} Series
 * @typedef {import('../../shared/chart-data.js').Measure} Measure
 */

const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
/** @param {number | null | undefined} value */
const text = (value) => (value === null || value === undefined ? '–' : numbers.format(value));

/**
 * What the sensors measured of one subject, on one axis of time: drag to zoom in, or use the buttons.
 * @param {HTMLElement} place
 * @param {import('../../shared/chart-data.js').Subjects} subjects
 * @param {import('../../shared/core.js').Times} released what the times of the table are
 */
export function createSubjectChart(place, { count, listed }, released) {
  if (count === 0) return void place.append(h('p', { class: 'hint' }, labels.charts.noRows));
  const choice = h(
    'select',
    { 'aria-label': labels.charts.subject },
    ...listed.map(({ subject, rows }, at) =>
      h(
        'option',
        { value: subject },
        `${at + 1}. ${subject.length > 20 ? `${subject.slice(0, 12)}…` : subject}, ` +
          format.counted(rows, labels.nouns.row),
      ),
    ),
  );
  const name = h('input', {
    type: 'text',
    'aria-label': labels.charts.anotherSubject,
    placeholder: labels.charts.orAnother,
    spellcheck: 'false',
  });
  const other = h(
    'form',
    { autocomplete: 'off', ...(count > listed.length ? {} : { hidden: true }) },
    name,
    h('button', { type: 'submit' }, labels.charts.show),
  );
  const buttons = [
    labels.charts.zoomIn,
    labels.charts.zoomOut,
    labels.charts.earlier,
    labels.charts.later,
    labels.charts.resetZoom,
  ].map((name) => h('button', { type: 'button' }, name));
  const [zoomIn, zoomOut, earlier, later, reset] = buttons;
  const words = h('p', { class: 'hint', role: 'status' });
  const plots = h('div', {});
  const values = h('tbody');
  place.append(
    h('div', { class: 'tools' }, choice, other, ...buttons),
    words,
    plots,
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': labels.charts.inNumbers },
      h(
        'table',
        { class: 'measures' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...['', labels.charts.min, labels.charts.mean, labels.charts.max, labels.charts.atPointer].map((head) =>
              head ? h('th', { scope: 'col', class: 'number' }, head) : h('td'),
            ),
          ),
        ),
        values,
      ),
    ),
    ...(count > listed.length
      ? [h('p', { class: 'hint' }, labels.charts.listed(format.count(listed.length), format.count(count)))]
      : []),
  );
  const profiles = createSubjectProfiles(place);

  /** @type {Series | undefined} */
  let series;
  /** The whole time of the subject, and what is seen of it. */
  let whole = { from: 0, to: 0 };
  let seen = { from: 0, to: 0 };
  /** @type {ReturnType<typeof createPlot>[]} */
  let drawn = [];
  const [latest, latestProfiles] = [createLatest(), createLatest()];
  let subject = choice.value;
  /** Whose profiles are shown, or on their way. */
  let profiled = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let selecting;

  /** @param {number} [from] @param {number} [to] */
  function read(from, to) {
    latest.run(
      (signal) => explore('series', { subject, from, to }, { signal }),
      (next) => {
        if (!next) return void (words.textContent = labels.charts.unknownSubject);
        subject = next.subject;
        readProfiles();
        if (from === undefined || to === undefined) {
          whole = { from: next.first, to: next.last };
          seen = whole;
        } else {
          seen = { from, to };
        }
        series = next;
        draw(next);
      },
      (error) => {
        words.textContent = labels.charts.subjectFailed(messageOf(error));
      },
    );
  }

  /** After the charts: it may take all users of a sensor to find the subject's. */
  function readProfiles() {
    if (profiled === subject) return;
    profiled = subject;
    profiles.show();
    const failed = (/** @type {unknown} */ error) => {
      profiled = '';
      profiles.say(labels.charts.subjectFailed(messageOf(error)));
    };
    latestProfiles.run((signal) => explore('quality', subject, { signal }), profiles.show, failed);
  }

  /** @param {Series} next */
  function draw({ subject, rows, times, measures }) {
    if (drawn.length === 0) build(measures);
    const points = repeats(times) ? labels.charts.pointIsRow : '';
    const some = times.length < rows ? labels.charts.someDrawn(format.count(times.length)) : '';
    words.textContent = labels.charts.subjectWords(
      subject.slice(0, 12),
      format.counted(rows, labels.nouns.row),
      released === 'relative' ? since(seen.from) : `${format.instant(seen.from)} UTC`,
      released === 'relative' ? since(seen.to) : `${format.instant(seen.to)} UTC`,
      some,
      points,
    );
    measures.forEach(({ name, least, mean, most, values: all }, at) => {
      drawn[at].draw([times, all], labels.charts.fromTo(name, text(least), text(most)));
      [least, mean, most].forEach((value, i) => {
        values.children[at].children[i + 1].textContent = text(value);
      });
    });
    const span = seen.to - seen.from;
    reset.disabled = zoomOut.disabled = seen.from <= whole.from && seen.to >= whole.to;
    earlier.disabled = seen.from <= whole.from;
    later.disabled = seen.to >= whole.to;
    zoomIn.disabled = span <= 2;
  }

  /** A chart for each measure, one below the other: no colours have to be distinguished. @param {Measure[]} measures */
  function build(measures) {
    values.append(
      ...measures.map(({ name }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, name),
          ...Array.from({ length: 4 }, () => h('td', { class: 'number' }, '–')),
        ),
      ),
    );
    drawn = measures.map(({ name }, at) =>
      createPlot(plots.appendChild(h('div', {}, whatIs(name))), {
        name,
        x: { time: released !== 'relative', label: labels.charts.timeAxis[released], bare: at < measures.length - 1 },
        y: { label: '' },
        height: at < measures.length - 1 ? 100 : 134,
        sync: 'subject',
        lines: [{ label: name, color: '--one', rows: true }],
        onPoint: (point) => {
          values.children[at].children[4].textContent = point === null ? '–' : text(series?.measures[at].values[point]);
        },
        // What is selected in one is selected in all: once is enough.
        onSelect: (from, to) => {
          clearTimeout(selecting);
          selecting = setTimeout(() => read(Math.floor(from), Math.ceil(to)));
        },
      }),
    );
  }

  /** Moves by a share of what is seen, and makes it longer or shorter. @param {number} by @param {number} factor */
  function move(by, factor) {
    const span = Math.max(2, Math.min((seen.to - seen.from) * factor, whole.to - whole.from));
    const middle = (seen.from + seen.to) / 2 + (seen.to - seen.from) * by;
    const from = Math.round(Math.min(Math.max(middle - span / 2, whole.from), whole.to - span));
    if (from <= whole.from && from + span >= whole.to) read();
    else read(from, Math.round(from + span));
  }

  zoomIn.addEventListener('click', () => move(0, 0.5));
  zoomOut.addEventListener('click', () => move(0, 2));
  earlier.addEventListener('click', () => move(-0.5, 1));
  later.addEventListener('click', () => move(0.5, 1));
  reset.addEventListener('click', () => read());
  plots.addEventListener('dblclick', () => read());
  choice.addEventListener('change', () => {
    subject = choice.value;
    read();
  });
  other.addEventListener('submit', () => {
    subject = name.value.trim();
    read();
  });
  read();
}

/** A time since the first row. @param {number} milliseconds */
const since = (milliseconds) => labels.charts.milliseconds(format.count(milliseconds));

/** A column, and what it holds. No export says the units of its sensors. @param {string} name */
function whatIs(name) {
  const meaning = h('span', {});
  schemaOf('machine_learning_curated')
    .then(({ columns }) => {
      const found = columns.find((column) => column.name === name);
      if (found) meaning.textContent = labels.charts.unitOfExport(labels.core.columns[name] ?? found.meaning);
    })
    .catch(() => undefined);
  return h('p', { class: 'what' }, h('code', {}, name), meaning);
}
