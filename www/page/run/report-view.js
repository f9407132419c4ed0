import { coreWords, privacyWords, qualityWords } from '../ui/core-words.js';
import { downloadName } from '../export/download-name.js';
import { labels } from '../labels/labels.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { rejectList, tablesByInput } from './reject-list.js';
import { unmatchedList } from './unmatched-list.js';
import { showVerdict } from './verdict.js';
import { warningLinks } from './warning-links.js';

/**
 * @typedef {import('../../shared/core.js').Report} Report
 * @typedef {import('../../shared/core.js').ReportInput} ReportInput
 * @typedef {import('../../shared/core.js').Reject} Reject
 */

/** Long lists are shown to here; the report has them whole. */
const LISTED = 200;

/** More inputs than this that are not read for one reason are one line. */
const ALIKE = 3;

/** Warnings about the whole run: their count means nothing. */
const OF_THE_RUN = /^(no_|nobody_|serial_identity$|consent_as_of_phone$)/;

/** Hides what is shown beside the tables. */
export function clearReport() {
  for (const id of ['#incomplete', '#warnings', '#rejects', '#unknown']) find(id).hidden = true;
  find('#inputs tbody').replaceChildren();
  find('#verdict').replaceChildren();
}

/**
 * Shows what the report says beside the tables.
 * @param {Report} report
 * @param {import('../../shared/protocol.js').RunResult} result
 */
export function showReport(report, result) {
  const { rejects, unknownFields: unknown } = result;
  showVerdict(report);
  showIncomplete(report);
  showWarnings(report, result);
  showInputs(report.inputs);
  showRejects(report, rejects);
  find('#meaning').textContent = privacyWords(report);
  find('#quality').textContent = qualityWords(report);
  find('#unknown').hidden = unknown.length === 0;
  find('#unknown ul').replaceChildren(
    ...unknown
      .slice(0, LISTED)
      .map(({ name, count }) => h('li', {}, h('code', {}, name), ` ${format.counted(count, labels.nouns.occurrence)}`)),
  );
}

/** The run in a sentence. @param {Report} report @param {number} [milliseconds] */
export function summary({ inputs, rejects_total, tables, incomplete }, milliseconds) {
  const number = (/** @type {string} */ status) => inputs.filter((input) => input.status === status).length;
  const records = Object.entries(tables)
    .filter(([name]) => name.endsWith('_landing'))
    .reduce((total, [, table]) => total + table.rows_in, 0);
  const took = milliseconds === undefined ? '' : ` (${format.duration(milliseconds)})`;
  const words = [labels.run.summary(format.count(records), format.counted(number('used'), labels.nouns.input), took)];
  if (incomplete?.length) words.unshift(labels.run.incomplete);
  const set = [];
  if (rejects_total > 0) set.push(labels.run.rejected(format.counted(rejects_total, labels.nouns.record)));
  if (number('refused') > 0) set.push(labels.run.refused(format.counted(number('refused'), labels.nouns.input)));
  if (number('left_out') > 0) set.push(labels.run.leftOut(format.counted(number('left_out'), labels.nouns.input)));
  if (number('duplicate') > 0) set.push(format.counted(number('duplicate'), labels.nouns.duplicate));
  if (set.length > 0) words.push(`${set.join(', ')}.`);
  return words.join(' ');
}

/** Of a saved lake, which does not hold the list itself. @param {Report} report */
export function withdrawalWords({ options: { withdrawals } }) {
  return withdrawals === 0 ? '' : labels.run.madeWith(format.counted(withdrawals, labels.nouns.withdrawal));
}

/** Why some people's consent is not known: shown before all else. @param {Report} report */
function showIncomplete({ incomplete = [] }) {
  find('#incomplete').hidden = incomplete.length === 0;
  find('#incomplete ul').replaceChildren(...incomplete.map((reason) => warningItem(reason)));
}

/** @param {Report} report @param {import('../../shared/protocol.js').RunResult} result */
function showWarnings({ warnings }, result) {
  find('#warnings').hidden = warnings.length === 0;
  find('#warnings ul').replaceChildren(...warnings.map((warning) => warningItem(warning, ...details(warning, result))));
}

/**
 * What a warning is about, which the report does not hold.
 * @param {import('../../shared/core.js').Warning} warning
 * @param {import('../../shared/protocol.js').RunResult} result
 */
function details({ code }, { unmatched, times, nearestToConsent }) {
  if (code === 'withdrawals_unmet') return unmatchedList(unmatched);
  if (code === 'consent_field_missing' && nearestToConsent !== undefined)
    return [h('p', {}, labels.run.nearestField, h('code', {}, nearestToConsent))];
  if (code !== 'no_common_time' || !times) return [];
  const range = (/** @type {[number, number]} */ [first, last]) => labels.run.range(moment(first), moment(last));
  return [
    h(
      'ul',
      {},
      h('li', {}, labels.run.phoneTimes(range(times.accelerometer))),
      h('li', {}, labels.run.stepTimes(range(times.steps))),
    ),
  ];
}

/** A time of a reading as a date, if it is in milliseconds; else as it stands in the file. @param {number} time */
const moment = (time) => (time >= 1e11 && time < 1e14 ? `${format.instant(time)} UTC` : String(time));

/** @param {import('../../shared/core.js').Warning} warning @param {...HTMLElement} more */
function warningItem({ code, count, message }, ...more) {
  return h(
    'li',
    { 'data-warning': code },
    ...(OF_THE_RUN.test(code) ? [] : [h('b', {}, format.count(count)), ': ']),
    coreWords({ code, message }),
    ...more,
    ...warningLinks(code),
  );
}

/** What was refused comes first: it is what the reader has to know. @param {ReportInput[]} inputs */
function showInputs(inputs) {
  const rank = { refused: 0, left_out: 1, in_lake: 1, duplicate: 2, lake: 3, used: 3, skipped: 4 };
  const ordered = [...inputs].sort((a, b) => rank[a.status] - rank[b.status]);
  /** @type {Map<string, ReportInput[]>} */
  const kinds = new Map();
  for (const input of ordered) {
    const kind = input.status === 'used' ? input.name : `${input.status}: ${inputWords(input)}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), input]);
  }
  const rows = [...kinds.values()].flatMap((alike) => (alike.length > ALIKE ? [alike] : alike.map((input) => [input])));
  find('#inputs tbody').replaceChildren(...rows.slice(0, LISTED).map(inputRow));
  more('#inputs .more', rows.length);
}

/** One input, or several that were not read for one reason. @param {ReportInput[]} alike */
function inputRow(alike) {
  const [input] = alike;
  return h(
    'tr',
    { 'data-status': input.status },
    h('td', { class: 'name' }, alike.length > 1 ? nameList(alike) : input.name),
    h('td', {}, h('span', { class: 'status' }, labels.inputStatus[input.status])),
    h('td', {}, inputWords(input)),
    h('td', { class: 'number' }, format.bytes(alike.reduce((sum, { bytes }) => sum + bytes, 0))),
  );
}

/** @param {ReportInput[]} inputs */
function nameList(inputs) {
  const items = inputs.slice(0, LISTED).map(({ name }) => h('li', {}, name));
  const left = inputs.length - items.length;
  if (left > 0) items.push(h('li', {}, labels.run.andMore(format.count(left))));
  return h('details', {}, h('summary', {}, format.counted(inputs.length, labels.nouns.file)), h('ul', {}, ...items));
}

/** @param {ReportInput} input */
function inputWords(input) {
  if (input.status === 'duplicate') return labels.run.sameBytes(input.of);
  if (input.status === 'skipped' || input.status === 'left_out')
    return labels.core.unread[input.reason] ?? input.reason;
  if (input.status === 'refused') return input.message || labels.core.reasons[input.reason] || input.reason;
  if (input.status === 'in_lake') return labels.run.inLake;
  if (input.status === 'lake') return `${input.table}, ${format.counted(input.records, labels.nouns.row)}`;
  const { table, records, rejected, reasons, dates, duplicate_keys, array_not_closed } = input;
  const words = [table, format.counted(records, labels.nouns.record)];
  const why = Object.entries(reasons ?? {}).map(
    ([name, count]) => `${labels.core.reasons[name]}: ${format.count(count)}`,
  );
  if (rejected)
    words.push(labels.run.rejectedWhy(format.count(rejected), why.length > 0 ? ` (${why.join(', ')})` : ''));
  if (dates) words.push(labels.run.dates(format.counted(dates, labels.nouns.time)));
  if (duplicate_keys) words.push(labels.run.twice(format.counted(duplicate_keys, labels.nouns.field)));
  if (array_not_closed) words.push(labels.run.notClosed);
  return words.join(', ');
}

/** @param {Report} report @param {Reject[]} rejects */
function showRejects({ inputs, rejects_total, options }, rejects) {
  const tables = tablesByInput(inputs);
  find('#rejects').hidden = rejects.length === 0;
  find('#rejects > div').replaceChildren(
    ...rejectList(
      rejects,
      rejects_total,
      ({ file }) => tables.get(file),
      () => downloadName('rejects', options),
    ),
  );
}

/** @param {string} selector @param {number} total */
function more(selector, total) {
  find(selector).textContent = total > LISTED ? labels.rejects.first(format.count(LISTED), format.count(total)) : '';
}
