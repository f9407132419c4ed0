import { messageOf } from '../../shared/errors.js';
import { find, h } from '../ui/dom.js';
import { createLatest } from '../ui/latest.js';
import { callAside } from '../workers/call-aside.js';
import * as format from '../ui/format.js';
import { readWhole } from '../../shared/read-blob.js';
import { breakable } from '../pipeline/pipeline.js';
import { REASONS, RULES } from '../../shared/core.js';
import { TABLES } from '../../shared/tables.js';

/**
 * @typedef {import('../../shared/core-types.js').Difference} Difference
 * @typedef {import('../../shared/core-types.js').TableChange} TableChange
 */

/** A report holds a thousand rejects at most and a line for each input: larger is another file. */
const LARGEST_REPORT = 64_000_000;
/** Names of inputs that are shown of each kind. */
const LISTED = 100;

/** What the reader calls the options and numbers that a report names. @type {Record<string, string>} */
const NAMES = {
  consent: 'consent time',
  records: 'consent records',
  shared_serials: 'shared serials',
  join: 'join',
  identity: 'identity',
  withdrawals: 'withdrawals',
  key: 'key',
  owners: 'people',
  subjects: 'subjects',
  smallest_rows: 'fewest rows of a subject',
  median_rows: 'median rows of a subject',
  timestamps: 'times',
  timestamps_of_one_subject: 'times of one subject only',
};

/** What inputs are compared by. */
const COMPARED_BY = { sha256: 'SHA-256', size: 'name and size', content: 'SHA-256, or size where there is none' };

/**
 * Compares the run on the page with an earlier report.json.
 * @param {() => Promise<string | undefined>} report of the run on the page
 */
export function createCompare(report) {
  const picker = find('#compare input', HTMLInputElement);
  const verdict = find('#compare-verdict');
  const result = find('#compare-result');
  const latest = createLatest();

  picker.addEventListener('change', () => {
    const file = picker.files?.[0];
    // Emptied, so that choosing the same file again is a change again.
    picker.value = '';
    if (!file) return;
    result.replaceChildren();
    verdict.textContent = `Comparing with ${file.name} …`;
    latest.run(
      async (signal) => {
        if (file.size > LARGEST_REPORT) throw new Error('it is too large for a report.');
        const old = new TextDecoder().decode(await readWhole(file));
        const now = await report();
        return now === undefined ? undefined : callAside('compare', { old, now }, { signal });
      },
      (difference) => {
        if (!difference) return;
        verdict.textContent = `${file.name}: ${conclusion(difference)}`;
        result.replaceChildren(...shown(difference));
      },
      (error) => {
        verdict.textContent = `${file.name}: ${messageOf(error)}`;
      },
    );
  });

  return {
    clear() {
      latest.cancel();
      verdict.textContent = '';
      result.replaceChildren();
    },
  };
}

/** @param {Difference} difference */
function conclusion({ tables, options, inputs }) {
  const changed = Object.values(tables).filter(
    ({ causes, same_bytes }) => causes.length > 0 || same_bytes === false,
  ).length;
  const files = inputs.added.length + inputs.removed.length + inputs.changed.length;
  if (changed + options.length + files === 0) return 'nothing differs.';
  return (
    `${format.counted(changed, 'table')}, ${format.counted(options.length, 'option')} and ` +
    `${format.counted(files, 'input')} differ.`
  );
}

/** @param {Difference} difference */
function* shown({ notes, options, pseudonyms, inputs, tables, privacy }) {
  if (notes.length > 0)
    yield h(
      'ul',
      { class: 'plain notes' },
      ...notes.map(({ code, message }) => h('li', { 'data-note': code }, message)),
    );
  if (options.length > 0) yield changesList('Options', options);
  if (pseudonyms === 'linked')
    yield h('p', {}, 'Both runs had the same key, so one person has the same pseudonym in both.');
  yield changesTable(tables);
  yield h('section', {}, h('h3', {}, 'Inputs'), ...inputLists(inputs));
  if (privacy.length > 0) yield changesList('People in machine_learning_curated', privacy);
}

/** @param {Difference['tables']} tables @param {{ name: import('../../shared/core-types.js').TableName }[]} [listed] */
export function changesTable(tables, listed = TABLES) {
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Rows gained and lost' },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...['Table', 'Before', 'Gained', 'Lost', 'Now', 'Why'].map((words, at) =>
            h('th', { scope: 'col', class: at > 0 && at < 5 ? 'number' : '' }, words),
          ),
        ),
      ),
      h('tbody', {}, ...listed.map(({ name }) => row(name, tables[name]))),
    ),
  );
}

/** @param {import('../../shared/core-types.js').TableName} name @param {TableChange} change */
function row(name, change) {
  const signed = (/** @type {number} */ rows, /** @type {string} */ sign) =>
    rows > 0 ? `${sign}${format.count(rows)}` : '–';
  return h(
    'tr',
    { 'data-changed': name },
    h('th', { scope: 'row' }, h('code', {}, ...breakable(name))),
    h('td', { class: 'number', 'data-label': 'before' }, format.count(change.old)),
    h('td', { class: 'number', 'data-label': 'gained' }, signed(change.gained, '+')),
    h('td', { class: 'number', 'data-label': 'lost' }, signed(change.lost, '−')),
    h('td', { class: 'number', 'data-label': 'now' }, format.count(change.new)),
    h('td', {}, why(change)),
  );
}

/** @param {TableChange} change */
function why({ causes, same_bytes }) {
  if (causes.length === 0)
    return same_bytes === false ? 'as many rows, but not the same' : same_bytes ? 'the same bytes' : '';
  return causes
    .map(({ kind, name = '', change }) => {
      const words = {
        rows_in: 'rows in',
        filtered: RULES[name] ?? name,
        rejected: REASONS[name] ?? name,
        pairs: 'more than one pair per reading',
      }[kind];
      return `${words} ${change > 0 ? '+' : '−'}${format.count(Math.abs(change))}`;
    })
    .join(', ');
}

/** @param {string | number | null} value */
const words = (value) => (value === null ? 'unknown' : typeof value === 'number' ? format.count(value) : value);

/** @param {import('../../shared/core-types.js').Changed} change */
export const changeWords = ({ name, old, new: now }) => `${NAMES[name] ?? name}: ${words(old)} → ${words(now)}`;

/** @param {string} title @param {import('../../shared/core-types.js').Changed[]} changes */
export function changesList(title, changes) {
  return h(
    'section',
    {},
    h('h3', {}, title),
    h(
      'dl',
      { class: 'changes' },
      ...changes.map(({ name, old, new: now }) =>
        h('div', {}, h('dt', {}, NAMES[name] ?? name), h('dd', {}, `${words(old)} → ${words(now)}`)),
      ),
    ),
  );
}

/** @param {Difference['inputs']} inputs */
function* inputLists({ compared_by, same, added, removed, changed, renamed }) {
  yield h('p', {}, `${format.counted(same, 'input')} the same, by ${COMPARED_BY[compared_by]}.`);
  const lists = {
    Added: added.map(({ name, status }) => (status === 'used' ? name : `${name} (${status})`)),
    Removed: removed.map(({ name }) => name),
    Changed: changed.map(({ name }) => name),
    Renamed: renamed.map(([old, now]) => `${old} → ${now}`),
  };
  for (const [kind, names] of Object.entries(lists)) {
    if (names.length === 0) continue;
    yield h('h4', {}, `${kind}: ${format.count(names.length)}`);
    yield h(
      'ul',
      { class: 'plain names' },
      ...names.slice(0, LISTED).map((name) => h('li', {}, name)),
      ...(names.length > LISTED ? [h('li', {}, '…')] : []),
    );
  }
}
