import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { rejectList } from './reject-list.js';
import { INPUT_STATUS } from '../ui/text.js';
import { REASONS } from '../../shared/core.js';

/**
 * @typedef {import('../../shared/core-types.js').Report} Report
 * @typedef {import('../../shared/core-types.js').ReportInput} ReportInput
 * @typedef {import('../../shared/core-types.js').Reject} Reject
 */

/** Long lists are shown to here; the report has them whole. */
const LISTED = 200;

/** Warnings about the whole run: their count means nothing. */
const OF_THE_RUN = /^(no_|serial_identity$)/;

/** Hides what is shown beside the tables. */
export function clearReport() {
  for (const id of ['#incomplete', '#warnings', '#rejects', '#unknown']) find(id).hidden = true;
  find('#inputs tbody').replaceChildren();
}

/**
 * Shows what the report says beside the tables.
 * @param {Report} report
 * @param {import('../../shared/protocol.js').RunResult} result
 */
export function showReport(report, { rejects, unknownFields: unknown, unmatched }) {
  showIncomplete(report);
  showWarnings(report, unmatched);
  showInputs(report.inputs);
  showRejects(report, rejects);
  find('#meaning').textContent = report.privacy.meaning;
  find('#unknown').hidden = unknown.length === 0;
  find('#unknown ul').replaceChildren(
    ...unknown
      .slice(0, LISTED)
      .map(({ name, count }) => h('li', {}, h('code', {}, name), ` ${format.counted(count, 'time')}`)),
  );
}

/** The run in a sentence. @param {Report} report @param {number} [milliseconds] */
export function summary({ inputs, rejects_total, tables, incomplete }, milliseconds) {
  const number = (/** @type {string} */ status) => inputs.filter((input) => input.status === status).length;
  const records = Object.entries(tables)
    .filter(([name]) => name.endsWith('_landing'))
    .reduce((total, [, table]) => total + table.rows_in, 0);
  const took = milliseconds === undefined ? '' : ` in ${format.duration(milliseconds)}`;
  const words = [`${format.count(records)} records from ${format.counted(number('used'), 'input')}${took}.`];
  if (incomplete?.length) words.unshift('This run is incomplete.');
  const set = [];
  if (rejects_total > 0) set.push(`${format.counted(rejects_total, 'record')} rejected`);
  if (number('refused') > 0) set.push(`${format.counted(number('refused'), 'input')} refused`);
  if (number('duplicate') > 0) set.push(`${format.counted(number('duplicate'), 'duplicate')} left out`);
  if (set.length > 0) words.push(`${set.join(', ')}: see below.`);
  return words.join(' ');
}

/** Of a saved lake, which does not hold the list itself. @param {Report} report */
export function withdrawalWords({ options: { withdrawals } }) {
  return withdrawals === 0
    ? ''
    : `It was made with a list of ${format.counted(withdrawals, 'withdrawal')}. The list itself is not saved, so ` +
        `the options do not show it.`;
}

/** Why some people's consent is not known: shown before all else. @param {Report} report */
function showIncomplete({ incomplete = [] }) {
  find('#incomplete').hidden = incomplete.length === 0;
  find('#incomplete ul').replaceChildren(...incomplete.map((reason) => warningItem(reason)));
}

/** @param {Report} report @param {import('../../shared/core-types.js').UnmatchedEntry[]} unmatched */
function showWarnings({ warnings }, unmatched) {
  find('#warnings').hidden = warnings.length === 0;
  find('#warnings ul').replaceChildren(
    ...warnings.map((warning) =>
      warningItem(warning, ...(warning.code === 'withdrawals_unmet' ? unmatchedList(unmatched) : [])),
    ),
  );
}

/** @param {import('../../shared/core-types.js').Warning} warning @param {...HTMLElement} more */
function warningItem({ code, count, message }, ...more) {
  return h(
    'li',
    { 'data-warning': code },
    ...(OF_THE_RUN.test(code) ? [] : [h('b', {}, format.count(count)), ': ']),
    message,
    ...more,
  );
}

/**
 * The entries of the withdrawals that match nothing.
 * @param {import('../../shared/core-types.js').UnmatchedEntry[]} unmatched
 */
function unmatchedList(unmatched) {
  if (unmatched.length === 0) return [];
  const items = unmatched
    .slice(0, LISTED)
    .map(({ list, line, entry }) => h('li', {}, h('code', {}, entry), list === 0 ? '' : ` (line ${line} of the file)`));
  const left = unmatched.length - items.length;
  return [h('ul', {}, ...items, ...(left > 0 ? [h('li', {}, `and ${format.count(left)} more`)] : []))];
}

/** What was refused comes first: it is what the reader has to know. @param {ReportInput[]} inputs */
function showInputs(inputs) {
  const rank = { refused: 0, duplicate: 1, used: 2 };
  const ordered = [...inputs].sort((a, b) => rank[a.status] - rank[b.status]);
  find('#inputs tbody').replaceChildren(
    ...ordered
      .slice(0, LISTED)
      .map((input) =>
        h(
          'tr',
          { 'data-status': input.status },
          h('td', { class: 'name' }, input.name),
          h('td', {}, h('span', { class: 'status' }, INPUT_STATUS[input.status])),
          h('td', {}, inputWords(input)),
          h('td', { class: 'number' }, format.bytes(input.bytes)),
        ),
      ),
  );
  more('#inputs .more', inputs.length);
}

/** @param {ReportInput} input */
function inputWords({ status, table, records, rejected, duplicate_keys, array_not_closed, message, reason, of }) {
  if (status === 'duplicate') return `The same bytes as ${of}, which is used once.`;
  if (status === 'refused') return message || REASONS[reason ?? ''] || reason || '';
  const words = [`${table}`];
  if (records !== undefined) words.push(format.counted(records, 'record'));
  if (rejected) words.push(`${format.count(rejected)} rejected`);
  if (duplicate_keys) words.push(`${format.counted(duplicate_keys, 'field')} twice in a record, the last one counts`);
  if (array_not_closed) words.push('its array does not end, so it may have been cut');
  return words.join(', ');
}

/** @param {Report} report @param {Reject[]} rejects */
function showRejects({ inputs, rejects_total }, rejects) {
  const tables = new Map(inputs.map(({ name, table }) => [name, table]));
  find('#rejects').hidden = rejects.length === 0;
  find('#rejects > div').replaceChildren(...rejectList(rejects, rejects_total, ({ file }) => tables.get(file)));
}

/** @param {string} selector @param {number} total */
function more(selector, total) {
  find(selector).textContent = total > LISTED ? `The first ${format.count(LISTED)} of ${format.count(total)}.` : '';
}
