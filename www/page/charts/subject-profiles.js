import { labels } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';

/**
 * @typedef {import('../../shared/chart-data.js').SubjectProfiles} SubjectProfiles
 * @typedef {import('../../shared/core.js').SubjectQuality} SubjectQuality
 */

/** In the order of the pipeline: what is joined stands below what it was made of. */
const TABLES = /** @type {const} */ (['accelerometer_trusted', 'step_trainer_trusted', 'machine_learning_curated']);

/** @type {[string, (quality: SubjectQuality) => string][]} */
const FIGURES = [
  [labels.evidence.rowsOf, ({ rows }) => format.count(rows)],
  [labels.charts.rate, ({ rate }) => format.hertz(rate)],
  [labels.charts.span, ({ span }) => format.duration(span * 1000)],
  [labels.charts.gaps, ({ gaps }) => format.count(gaps)],
  [labels.evidence.repeated, ({ repeated }) => format.count(repeated)],
  [labels.evidence.outOfRange, ({ out_of_range }) => format.count(out_of_range)],
  [labels.charts.constant, ({ constant }) => constant.join(', ') || '–'],
];

/**
 * How often and how long each sensor of a subject was read, and what is wrong with it, beside the pairs. It is for who
 * looks at that subject: what is saved of a run has counts of all subjects only.
 * @param {HTMLElement} place
 */
export function createSubjectProfiles(place) {
  const rows = h('tbody');
  const note = h('p', { class: 'hint' });
  const title = labels.charts.bySensor;
  place.append(
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title },
      h(
        'table',
        { class: 'profiles' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, labels.evidence.table),
            ...FIGURES.map(([name]) => h('th', { scope: 'col', class: 'number' }, name)),
          ),
        ),
        rows,
      ),
    ),
    note,
  );

  /** @param {string} words */
  function say(words) {
    note.textContent = words;
    note.hidden = words === '';
  }

  /** Without any: they are not known yet. @param {SubjectProfiles} [found] */
  function show(found) {
    const profiles = found?.profiles ?? [];
    rows.replaceChildren(
      ...TABLES.flatMap((name) => {
        const mine = profiles.filter(({ table }) => table === name);
        return mine.length > 0 ? mine.map(({ quality }) => rowOf(name, quality)) : [rowOf(name)];
      }),
    );
    if (found && found.more === undefined) say(labels.charts.sensorsUnknown);
    else say(found?.more ? labels.charts.moreSensors(format.count(found.more)) : '');
  }

  show();
  return { show, say };
}

/** @param {string} table @param {SubjectQuality} [quality] */
const rowOf = (table, quality) =>
  h(
    'tr',
    {},
    h('th', { scope: 'row' }, table),
    ...FIGURES.map(([, figure]) => h('td', { class: 'number' }, quality ? figure(quality) : '–')),
  );
