import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { breakable } from './pipeline.js';
import { REASONS, RULES } from '../../shared/core.js';
import { TABLE_TEXT } from '../ui/text.js';

/**
 * @typedef {import('../../shared/core-types.js').TableName} TableName
 * @typedef {import('../../shared/core-types.js').TableReport} TableReport
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
  /** @type {import('../../shared/core-types.js').Counts} */
  let counts = {};

  function show() {
    const report = counts[table];
    bar.hidden = report === undefined;
    ledger.replaceChildren(...(report ? lines(report) : []));
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
      rule.textContent = TABLE_TEXT[next].rule;
      note.textContent = TABLE_TEXT[next].note ?? '';
      show();
    },
    /** @param {import('../../shared/core-types.js').Counts} now */
    show(now) {
      counts = now;
      show();
    },
  };
}

/** The ledger of a table, so that it can be added up. @param {TableReport} report */
function lines({ rows_in, rows_out, rows_in_step, rows_matched, filtered, rejected, duplicates, mixed_pairs }) {
  const line = (/** @type {string} */ kind, /** @type {string} */ words, /** @type {number} */ value) =>
    h('div', { class: kind }, h('dt', {}, words), h('dd', {}, format.count(value)));
  const some = (/** @type {string} */ kind, /** @type {string} */ words, /** @type {number | undefined} */ value) =>
    value ? [line(kind, words, value)] : [];
  const join = rows_matched !== undefined;
  return [
    line('in', join ? 'phone readings in' : 'rows in', rows_in),
    ...Object.entries(rejected).flatMap(([reason, value]) => some('rejected', REASONS[reason] ?? reason, value)),
    ...Object.entries(filtered).flatMap(([rule, value]) => some('filtered', RULES[rule] ?? rule, value)),
    ...(join
      ? [
          line('kept', 'phone readings with a matching step reading', rows_matched),
          ...some('in', 'step readings in', rows_in_step),
        ]
      : []),
    line('out', 'rows out', rows_out),
    ...some('rejected', 'of them pairs of two different people', mixed_pairs),
    ...some('in', 'of them exact duplicates', duplicates),
  ];
}
