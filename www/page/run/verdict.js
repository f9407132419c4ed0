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
function headline({ privacy: { owners }, people, incomplete }) {
  const within =
    owners === 0 ? labels.verdict.nobody : labels.verdict.people(format.counted(owners, labels.nouns.person));
  // A lake that was saved by an earlier version does not say how many there are.
  const out = people ? people.admitted + people.left_out - owners : 0;
  const all = out > 0 ? labels.verdict.andOut(within, format.count(out)) : within;
  return incomplete?.length ? labels.verdict.incomplete(all) : all;
}

/** @param {Report} report */
function* facts({ tables, people, inputs, rejects_total, options, warnings }) {
  const { customer_landing, customer_trusted, machine_learning_curated } = tables;
  yield fact(labels.verdict.research, format.counted(machine_learning_curated?.rows_out ?? 0, labels.nouns.row));
  const consent = people
    ? { kept: people.admitted, all: people.admitted + people.left_out, noun: labels.nouns.person }
    : {
        kept: customer_trusted?.rows_out ?? 0,
        all: customer_landing?.rows_out ?? 0,
        noun: labels.nouns.customerRecord,
      };
  yield fact(
    labels.verdict.consent,
    labels.verdict.of(format.count(consent.kept), format.counted(consent.all, consent.noun)),
    'rows',
    'customer_landing',
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
  yield fact(labels.verdict.out, leftOut(tables));
}

/**
 * @param {string} term
 * @param {string | (string | Node)[]} words
 * @param {keyof typeof labels.pipeline.places} [leadsTo] the place that lists what is counted
 * @param {import('../../shared/core.js').TableName} [of] whose rows
 */
function fact(term, words, leadsTo, of) {
  const text = typeof words === 'string' ? [words] : words;
  const said = h('dd', {}, ...text);
  if (leadsTo) {
    const name = labels.pipeline.leads(`${term}: ${said.textContent}`, labels.pipeline.places[leadsTo]);
    const link = { type: 'button', class: 'link', 'data-explore': leadsTo, 'data-of': of, 'aria-label': name };
    said.replaceChildren(h('button', link, ...text));
  }
  return h('div', {}, h('dt', {}, term), said);
}

/** What rules leave out, by what is counted: the tables whose rules do, of which the first one is led to. */
const OUT = /** @type {const} */ ([
  [labels.charts.customerRecords, ['customer_trusted', 'customer_curated']],
  [labels.charts.phoneReadings, ['accelerometer_trusted', 'machine_learning_curated']],
  [labels.charts.stepReadings, ['step_trainer_trusted']],
]);

/**
 * How many records of people and how many of their readings are left out, by rule.
 * @param {Report['tables']} tables
 */
function leftOut(tables) {
  const kinds = OUT.flatMap(([name, ruled]) => {
    /** @type {Record<string, number>} */
    const rules = {};
    for (const table of ruled)
      for (const [rule, rows] of Object.entries(tables[table]?.filtered ?? {}))
        if (rows > 0) rules[rule] = (rules[rule] ?? 0) + rows;
    const reasons = Object.entries(rules);
    // Of one reason the number stands there already.
    const why = reasons.map(([rule, rows]) => {
      const name = labels.core.rules[rule] ?? rule;
      return reasons.length > 1 ? `${name} ${format.count(rows)}` : name;
    });
    if (why.length === 0) return [];
    const link = h(
      'button',
      { type: 'button', class: 'link', 'data-to-table': ruled[0] },
      `${name}: ${format.count(format.sum(rules))}`,
    );
    return [[link, ` (${why.join(', ')})`]];
  });
  return kinds.length === 0 ? labels.verdict.nothing : kinds.flatMap((kind, at) => (at > 0 ? ['; ', ...kind] : kind));
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
