import { labels, locale } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';

/** @typedef {import('../../shared/core.js').Counts} Counts */

/**
 * How many people and readings each rule leaves: a table whose rows are bars, so that it can be read and seen.
 * @param {Counts} counts
 * @param {number | undefined} subjects people in the research table, once they are counted
 */
export function funnels(counts, subjects) {
  const out = (/** @type {import('../../shared/core.js').TableName} */ table) => counts[table]?.rows_out ?? 0;
  const research = counts.machine_learning_curated;
  return h(
    'table',
    { class: 'funnel' },
    ...group(labels.charts.customerRecords, [
      [labels.charts.in, out('customer_landing')],
      [labels.charts.consented, out('customer_trusted')],
      [labels.charts.withPhone, out('customer_curated')],
    ]),
    ...group(labels.charts.phoneReadings, [
      [labels.charts.in, out('accelerometer_landing')],
      [labels.charts.consented, out('accelerometer_trusted')],
      [labels.charts.joinedWithStep, research?.rows_matched ?? 0],
    ]),
    ...group(labels.charts.stepReadings, [
      [labels.charts.in, out('step_trainer_landing')],
      [labels.charts.consentedWithPhone, out('step_trainer_trusted')],
    ]),
    h(
      'caption',
      {},
      labels.charts.joined(format.counted(research?.rows_out ?? 0, labels.nouns.row)),
      subjects === undefined ? '' : labels.charts.ofSubjects(format.counted(subjects, labels.nouns.subject)),
      '.',
    ),
  );
}

/** @param {string} title @param {[string, number][]} stages */
function group(title, stages) {
  const whole = stages[0][1];
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  return [
    h(
      'tbody',
      {},
      h('tr', {}, h('th', { scope: 'rowgroup', colspan: 4 }, title)),
      ...stages.map(([stage, value], at) => {
        const bar = h('i', { 'aria-hidden': 'true' });
        bar.style.width = `${whole > 0 ? (value / whole) * 100 : 0}%`;
        return h(
          'tr',
          {},
          h('th', { scope: 'row' }, stage),
          h('td', { class: 'bars' }, bar),
          h('td', { class: 'number' }, format.count(value)),
          h('td', { class: 'number share' }, at > 0 && whole > 0 ? share.format(value / whole) : ''),
        );
      }),
    ),
  ];
}
