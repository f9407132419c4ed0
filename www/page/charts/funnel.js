import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';

/** @typedef {import('../../shared/core-types.js').Counts} Counts */

/**
 * How many people and readings each rule leaves: a table whose rows are bars, so that it can be read and seen.
 * @param {Counts} counts
 * @param {number | undefined} subjects people in the research table, once they are counted
 */
export function funnels(counts, subjects) {
  const out = (/** @type {import('../../shared/core-types.js').TableName} */ table) => counts[table]?.rows_out ?? 0;
  const research = counts.machine_learning_curated;
  return h(
    'table',
    { class: 'funnel' },
    ...group('Customer records', [
      ['in', out('customer_landing')],
      ['consented', out('customer_trusted')],
      ['with phone readings', out('customer_curated')],
    ]),
    ...group('Phone readings', [
      ['in', out('accelerometer_landing')],
      ['consented', out('accelerometer_trusted')],
      ['joined with a step reading', research?.rows_matched ?? 0],
    ]),
    ...group('Step readings', [
      ['in', out('step_trainer_landing')],
      ['consented, with phone readings', out('step_trainer_trusted')],
    ]),
    h(
      'caption',
      {},
      `Joined: ${format.counted(research?.rows_out ?? 0, 'row')}`,
      subjects === undefined ? '' : ` of ${format.counted(subjects, 'subject')}`,
      '.',
    ),
  );
}

/** @param {string} title @param {[string, number][]} stages */
function group(title, stages) {
  const whole = stages[0][1];
  const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
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
