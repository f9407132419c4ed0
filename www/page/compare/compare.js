import { labels } from '../labels/labels.js';
import { coreWords, messageOf } from '../ui/core-words.js';
import { find, h } from '../ui/dom.js';
import { createLatest } from '../ui/latest.js';
import { callAside } from '../workers/call-aside.js';
import * as format from '../ui/format.js';
import { readWhole } from '../../shared/read-blob.js';
import { breakable } from '../pipeline/pipeline.js';
import { labelOf, valueLabel } from '../settings/setting-words.js';
import { TABLES } from '../../shared/tables.js';

/**
 * @typedef {import('../../shared/core.js').Difference} Difference
 * @typedef {import('../../shared/core.js').TableChange} TableChange
 */

/** A report holds a thousand rejects at most and a line for each input: larger is another file. */
const LARGEST_REPORT = 64_000_000;
/** Names of inputs that are shown of each kind. */
const LISTED = 100;

/** What the reader calls the numbers that a report names. @type {Record<string, string>} */
const NAMES = {
  admitted: labels.compare.admitted,
  left_out: labels.compare.leftOut,
  owners: labels.compare.peopleCount,
  subjects: labels.compare.subjects,
  smallest_rows: labels.compare.smallestRows,
  median_rows: labels.compare.medianRows,
  timestamps: labels.compare.times,
  timestamps_of_one_subject: labels.compare.oneSubjectTimes,
};

/** What inputs are compared by. */
const COMPARED_BY = { sha256: labels.compare.byHash, size: labels.compare.bySize, content: labels.compare.byContent };

/**
 * Compares the run on the page with an earlier report.json.
 * @param {() => Promise<string | undefined>} report of the run on the page
 * @param {() => import('../../shared/protocol.js').FoundLake | undefined} from the lake that it went on from
 */
export function createCompare(report, from) {
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
    verdict.textContent = labels.compare.comparing(file.name);
    latest.run(
      async (signal) => {
        if (file.size > LARGEST_REPORT) throw new Error(labels.compare.tooLarge);
        const old = new TextDecoder().decode(await readWhole(file));
        const now = await report();
        if (now === undefined) return undefined;
        return { old, difference: await callAside('compare', { old, now }, { signal }) };
      },
      (compared) => {
        if (!compared) return;
        const { old, difference } = compared;
        verdict.textContent = `${file.name}: ${conclusion(difference)}`;
        result.replaceChildren(h('p', { class: 'hint' }, sides(file.name, old, from())), ...shown(difference));
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

/**
 * What is compared with what.
 * @param {string} file
 * @param {string} old its text
 * @param {import('../../shared/protocol.js').FoundLake | undefined} from
 */
function sides(file, old, from) {
  const { runOf, lakeOf, thisRun, continued } = labels.compare;
  const isLake = from !== undefined && old.trim() === from.report.trim();
  return labels.compare.sides(isLake ? lakeOf(from.name) : runOf(file), from ? continued(from.name) : thisRun);
}

/** @param {Difference} difference */
function conclusion({ tables, options, inputs }) {
  const changed = Object.values(tables).filter(
    ({ causes, same_bytes }) => causes.length > 0 || same_bytes === false,
  ).length;
  const files = inputs.added.length + inputs.removed.length + inputs.changed.length;
  if (changed + options.length + files === 0) return labels.compare.nothing;
  return labels.compare.differ(
    format.counted(changed, labels.nouns.table),
    format.counted(options.length, labels.nouns.option),
    format.counted(files, labels.nouns.input),
  );
}

/** @param {Difference} difference */
function* shown({ notes, options, pseudonyms, inputs, tables, people, privacy }) {
  if (notes.length > 0)
    yield h(
      'ul',
      { class: 'plain notes' },
      ...notes.map(({ code, message }) => h('li', { 'data-note': code }, coreWords({ code, message }))),
    );
  if (options.length > 0) yield changesList(labels.compare.options, options);
  if (pseudonyms === 'linked') yield h('p', {}, labels.compare.sameKey);
  yield changesTable(tables);
  yield h('section', {}, h('h3', {}, labels.compare.inputs), ...inputLists(inputs));
  if (people.length > 0) yield changesList(labels.compare.inAndOut, people);
  if (privacy.length > 0) yield changesList(labels.compare.people, privacy);
}

/** @param {Difference['tables']} tables @param {{ name: import('../../shared/core.js').TableName }[]} [listed] */
export function changesTable(tables, listed = TABLES) {
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': labels.compare.rowsChanged },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...[
            labels.compare.table,
            labels.compare.before,
            labels.compare.added,
            labels.compare.removed,
            labels.compare.now,
            labels.compare.why,
          ].map((words, at) => h('th', { scope: 'col', class: at > 0 && at < 5 ? 'number' : '' }, words)),
        ),
      ),
      h('tbody', {}, ...listed.map(({ name }) => row(name, tables[name]))),
    ),
  );
}

/** @param {import('../../shared/core.js').TableName} name @param {TableChange} change */
function row(name, change) {
  const signed = (/** @type {number} */ rows, /** @type {string} */ sign) =>
    rows > 0 ? `${sign}${format.count(rows)}` : '–';
  return h(
    'tr',
    { 'data-changed': name },
    h('th', { scope: 'row' }, h('code', {}, ...breakable(name))),
    h('td', { class: 'number', 'data-label': labels.compare.beforeShort }, format.count(change.old)),
    h(
      'td',
      { class: change.gained > 0 ? 'number' : 'number none', 'data-label': labels.compare.addedShort },
      signed(change.gained, '+'),
    ),
    h(
      'td',
      { class: change.lost > 0 ? 'number' : 'number none', 'data-label': labels.compare.removedShort },
      signed(change.lost, '−'),
    ),
    h('td', { class: 'number', 'data-label': labels.compare.nowShort }, format.count(change.new)),
    h('td', {}, why(change)),
  );
}

/** @param {TableChange} change */
function why({ causes, same_bytes }) {
  if (causes.length === 0)
    return same_bytes === false ? labels.compare.otherRows : same_bytes ? labels.compare.sameBytes : '';
  return causes
    .map(({ kind, name = '', change }) => {
      const [count, adds] = [format.count(Math.abs(change)), change > 0];
      const { moreLeftOut, fewerLeftOut, moreRejected, fewerRejected } = labels.compare;
      // Rows that are left out no more are not rows that came with what would have left them out.
      if (kind === 'filtered') return (adds ? fewerLeftOut : moreLeftOut)(count, labels.core.rules[name] ?? name);
      if (kind === 'rejected') return (adds ? fewerRejected : moreRejected)(count, labels.core.reasons[name] ?? name);
      if (kind === 'other_files') return labels.compare.otherFiles;
      if (kind === 'pairs_left_out') return (adds ? fewerLeftOut : moreLeftOut)(count, labels.compare.pairsLeftOut);
      return `${kind === 'pairs' ? labels.compare.pairs : labels.compare.rowsIn} ${adds ? '+' : '−'}${count}`;
    })
    .join(', ');
}

/** @param {string | number | null} value */
const words = (value) =>
  value === null ? labels.compare.unknown : typeof value === 'number' ? format.count(value) : value;

/** @param {import('../../shared/core.js').Changed} change */
export const changeWords = (change) => `${nameOf(change)}: ${fromTo(change)}`;

/** An option by its label, a number by its name. @param {import('../../shared/core.js').Changed} change */
const nameOf = ({ name }) => NAMES[name] ?? labelOf(name);

/** @param {import('../../shared/core.js').Changed} change */
const fromTo = ({ name, old, new: now }) =>
  `${valueLabel(name, old) ?? words(old)} → ${valueLabel(name, now) ?? words(now)}`;

/** @param {string} title @param {import('../../shared/core.js').Changed[]} changes */
export function changesList(title, changes) {
  return h(
    'section',
    {},
    h('h3', {}, title),
    h(
      'dl',
      { class: 'changes' },
      ...changes.map((change) => h('div', {}, h('dt', {}, nameOf(change)), h('dd', {}, fromTo(change)))),
    ),
  );
}

/** @param {Difference['inputs']} inputs */
function* inputLists({ compared_by, same, added, removed, changed, renamed }) {
  yield h('p', {}, labels.compare.sameInputs(format.counted(same, labels.nouns.input), COMPARED_BY[compared_by]));
  const lists = {
    [labels.compare.addedInputs]: added.map(({ name, status }) =>
      status === 'used' ? name : `${name} (${labels.inputStatus[status]})`,
    ),
    [labels.compare.removedInputs]: removed.map(({ name }) => name),
    [labels.compare.changedInputs]: changed.map(({ name }) => name),
    [labels.compare.renamedInputs]: renamed.map(([old, now]) => `${old} → ${now}`),
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
