import { labels } from '../labels/labels.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { settingWords } from '../settings/setting-words.js';

/** @typedef {import('../../shared/core.js').Report} Report */

/** What came of a run, before all else: who is in the research table, who is not, and what is missing. */
export function showVerdict(/** @type {Report} */ report) {
  find('#verdict-title').textContent = headline(report);
  find('#verdict').replaceChildren(...facts(report));
}

/** @param {Report} report */
function headline({ privacy, incomplete }) {
  const people =
    privacy.owners === 0
      ? labels.verdict.nobody
      : labels.verdict.people(format.counted(privacy.owners, labels.nouns.person));
  return incomplete?.length ? labels.verdict.incomplete(people) : people;
}

/** @param {Report} report */
function* facts({ tables, inputs, rejects_total, options, warnings }) {
  const { customer_landing, customer_trusted, machine_learning_curated } = tables;
  yield fact(labels.verdict.research, format.counted(machine_learning_curated?.rows_out ?? 0, labels.nouns.row));
  yield fact(
    labels.verdict.consent,
    labels.verdict.of(
      format.count(customer_trusted?.rows_out ?? 0),
      format.counted(customer_landing?.rows_out ?? 0, labels.nouns.customerRecord),
    ),
  );
  if (options.withdrawals > 0) {
    const unmatched = warnings.find(({ code }) => code === 'withdrawals_unmet')?.count ?? 0;
    yield fact(
      labels.verdict.withdrawals,
      labels.verdict.matched(format.count(options.withdrawals - unmatched), format.count(options.withdrawals)),
    );
  }
  yield fact(
    labels.verdict.rejected,
    format.counted(rejects_total, labels.nouns.record),
    rejects_total > 0 ? 'rejects' : undefined,
  );
  yield fact(labels.verdict.inputs, inputWords(inputs), 'inputs');
  yield fact(labels.verdict.settings, settingWords(options));
}

/**
 * @param {string} term
 * @param {string} words
 * @param {string} [leadsTo] the place that lists what is counted
 */
function fact(term, words, leadsTo) {
  const text = leadsTo ? h('button', { type: 'button', class: 'link', 'data-explore': leadsTo }, words) : words;
  return h('div', {}, h('dt', {}, term), h('dd', {}, text));
}

/** How many inputs there are of each status, those that were used first. @param {Report['inputs']} inputs */
function inputWords(inputs) {
  const statuses = /** @type {(keyof typeof labels.inputStatus)[]} */ (Object.keys(labels.inputStatus));
  return statuses
    .map((status) => ({ status, count: inputs.filter((input) => input.status === status).length }))
    .filter(({ status, count }) => status === 'used' || count > 0)
    .map(({ status, count }) => `${format.count(count)} ${labels.inputStatus[status]}`)
    .join(', ');
}
