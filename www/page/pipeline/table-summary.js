import { labels } from '../labels/labels.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { breakable } from './pipeline.js';
import { tableNote } from './table-note.js';

/**
 * @typedef {import('../../shared/core.js').TableName} TableName
 * @typedef {import('../../shared/core.js').TableReport} TableReport
 */

/** What is known of the selected table: its rule, and its ledger once there is one. */
export function createTableSummary() {
  const title = find('#detail-title');
  const rule = find('#detail .rule');
  const note = find('#detail .note');
  const ledger = find('#detail .ledger');
  const bar = find('#detail .bar');
  /** @type {TableName} */
  let table = 'machine_learning_curated';
  /** @type {import('../../shared/core.js').Counts} */
  let counts = {};
  let linked = false;

  function show() {
    const report = counts[table];
    bar.hidden = report === undefined;
    ledger.replaceChildren(...(report ? lines(table, report, linked) : []));
    if (!report) return;
    const parts = [report.rows_matched ?? report.rows_out, format.sum(report.filtered), format.sum(report.rejected)];
    for (const [i, part] of parts.entries()) {
      /** @type {HTMLElement} */ (bar.children[i]).style.flexGrow = String(part);
    }
  }

  return {
    /** @param {TableName} next */
    select(next) {
      table = next;
      title.replaceChildren(...breakable(next));
      rule.textContent = labels.tables[next].rule;
      note.replaceChildren(...tableNote(next));
      show();
    },
    /**
     * @param {import('../../shared/core.js').Counts} now
     * @param {boolean} [final] whether what they count can be looked at
     */
    show(now, final = false) {
      counts = now;
      linked = final;
      show();
    },
  };
}

/** The table that the rows of another come from. @type {Partial<Record<TableName, TableName>>} */
const SOURCES = {
  customer_trusted: 'customer_landing',
  accelerometer_trusted: 'accelerometer_landing',
  customer_curated: 'customer_trusted',
  step_trainer_trusted: 'step_trainer_landing',
  machine_learning_curated: 'accelerometer_trusted',
};

/**
 * The ledger of a table, so that it can be added up. Each number leads to its rows, or to what left them out: the
 * rejected records, or the SQL of the rules. Records of a landing table come from the inputs.
 * @param {TableName} table
 * @param {TableReport} report
 * @param {boolean} linked whether what they count can be looked at
 */
function lines(table, report, linked) {
  const { rows_in, rows_out, rows_in_step, rows_matched, filtered, rejected, duplicates } = report;
  const source = SOURCES[table];
  /**
   * @param {string} kind @param {string} words @param {number} value
   * @param {keyof typeof labels.pipeline.places} place @param {TableName} [of]
   */
  const line = (kind, words, value, place, of) => {
    const text = format.count(value);
    // A number alone says neither what it counts nor where it leads.
    const name = labels.pipeline.leads(`${words}: ${text}`, labels.pipeline.places[place]);
    const to = { 'data-explore': place, 'data-of': of, title: labels.pipeline.show, 'aria-label': name };
    const button = () => h('button', { type: 'button', class: 'link', ...to }, text);
    return h('div', { class: kind }, h('dt', {}, words), h('dd', {}, linked && value > 0 ? button() : text));
  };
  /**
   * @param {string} kind @param {string} words @param {number | undefined} value
   * @param {keyof typeof labels.pipeline.places} place @param {TableName} [of]
   */
  const some = (kind, words, value, place, of) => (value ? [line(kind, words, value, place, of)] : []);
  const join = rows_matched !== undefined;
  return [
    line('in', join ? labels.pipeline.phoneIn : labels.pipeline.rowsIn, rows_in, source ? 'rows' : 'inputs', source),
    ...Object.entries(rejected).flatMap(([reason, value]) =>
      some('rejected', labels.core.reasons[reason] ?? reason, value, 'table-rejects'),
    ),
    ...Object.entries(filtered).flatMap(([rule, value]) =>
      some('filtered', labels.core.rules[rule] ?? rule, value, 'sql'),
    ),
    ...(join
      ? [
          line('kept', labels.pipeline.phoneMatched, rows_matched, 'rows'),
          ...some('in', labels.pipeline.stepsIn, rows_in_step, 'rows', 'step_trainer_trusted'),
        ]
      : []),
    ...some('filtered', labels.pipeline.pairsLeftOut, report.pairs_left_out, 'sql'),
    line('out', labels.pipeline.rowsOut, rows_out, 'rows'),
    ...some('rejected', labels.pipeline.mixedPairs, report.mixed_pairs, 'sql'),
    ...some('in', labels.pipeline.duplicates, duplicates, 'rows'),
  ];
}
