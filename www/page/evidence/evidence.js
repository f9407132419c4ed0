import { coreWords, messageOf, privacyWords, qualityWords } from '../ui/core-words.js';
import { labels, locale } from '../labels/labels.js';
import { TABLES } from '../../shared/tables.js';
import { save } from '../export/download.js';
import { ready, saveButton } from '../export/save-gate.js';
import { breakable } from '../pipeline/pipeline.js';
import { labelOf, optionOf, valueHint, valueLabel } from '../settings/setting-words.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createLatest } from '../ui/latest.js';
import { evidenceName, makeEvidence } from './evidence-file.js';
import { CHOICES } from '../settings/choices.js';

/**
 * @typedef {Omit<import('../../shared/core.js').Report, 'inputs'> & {
 *   tool: { version: string, commit: string | null, wasm_sha256: string | null },
 *   inputs: (import('../../shared/core.js').ReportInput & { sha256?: string | null })[],
 *   outputs: { table: string, file: string, rows: number, sha256: string }[],
 * }} FullReport report.json, with what is known of its files
 */

/** Tables lie one folder deep in a research package, and two in a lake. */
const CHECK = "find . -name '*.parquet' -exec sha256sum {} +";

/** The record of a run on paper: what was done, by which rules, to what, and how to check it. */
export function createEvidence() {
  const place = find('#evidence-record');
  const button = find('#evidence-print', HTMLButtonElement);
  const status = find('#evidence-status');
  const latest = createLatest();
  /** As the run would be saved. @type {Parameters<typeof makeEvidence>[0] | undefined} */
  let lake;
  /** The file that is saved. */
  let name = '';
  const file = saveButton(find('#evidence [data-download]', HTMLButtonElement), () => {
    const made = lake;
    if (!made) return;
    status.textContent = '';
    latest.run(
      (signal) => makeEvidence(made, signal),
      (page) => save(page, name),
      (error) => {
        status.textContent = messageOf(error);
      },
    );
  });
  button.disabled = true;
  // Of this part the record alone is printed, however that is asked for: see print.css.
  button.addEventListener('click', () => print());

  return {
    /** @param {import('../../shared/protocol.js').AuditResult} audit */
    show({ files, trees }) {
      /** @type {FullReport} */
      const report = JSON.parse(files.report);
      const { tables, documents } = trees.lake;
      place.replaceChildren(...record(report, new Map(tables)));
      button.disabled = false;
      // The report is the last of a lake's documents.
      lake = { report: documents.at(-1)?.[1] ?? '', documents: documents.flat() };
      name = evidenceName(report.options);
      ready(file, true);
    },
    /** Until the inputs are hashed. */
    wait() {
      latest.cancel();
      lake = undefined;
      status.textContent = '';
      ready(file, false);
      button.disabled = true;
      place.replaceChildren(h('p', { class: 'hint' }, labels.evidence.wait));
    },
  };
}

/** @param {FullReport} report @param {Map<string, string>} paths */
function* record(report, paths) {
  const { privacy, options, incomplete = [], warnings, tool } = report;
  yield section(labels.evidence.outcome, [
    h(
      'p',
      {},
      h('b', {}, incomplete.length > 0 ? labels.evidence.incomplete : labels.evidence.complete),
      labels.evidence.result(
        format.counted(privacy.owners, labels.nouns.person),
        format.counted(report.tables.machine_learning_curated?.rows_out ?? 0, labels.nouns.row),
        new Date().toLocaleString(locale, { dateStyle: 'long', timeStyle: 'short' }),
      ),
    ),
    ...list([...incomplete, ...warnings].map((warning) => `${coreWords(warning)} (${format.count(warning.count)})`)),
    facts([
      ...consented(report),
      [labels.evidence.program, labels.evidence.version(tool.version, tool.commit ?? labels.evidence.unknown)],
      [labels.evidence.core, tool.wasm_sha256 ?? labels.evidence.unknown],
    ]),
  ]);
  yield section(labels.evidence.rules, [
    facts(
      CHOICES.filter(({ name }) => name !== 'key').flatMap(({ name, label }) => {
        const value = /** @type {Record<string, unknown>} */ (options)[optionOf(name)];
        const words = typeof value === 'string' ? valueLabel(name, value) : undefined;
        return words ? [[label, `${words}. ${valueHint(name, String(value))}`]] : [];
      }),
    ),
  ]);
  const unmatched = warnings.find(({ code }) => code === 'withdrawals_unmet')?.count ?? 0;
  yield section(labels.evidence.withdrawalsAndKey, [
    facts([
      [
        labelOf('withdrawals'),
        options.withdrawals === 0
          ? labels.evidence.noneGiven
          : labels.evidence.matched(format.count(options.withdrawals), format.count(options.withdrawals - unmatched)),
      ],
      [labels.evidence.key, options.key === 'given' ? labels.evidence.keyFile : labels.evidence.randomKey],
      [labels.evidence.keyCheck, options.key_check ?? labels.evidence.none],
    ]),
  ]);
  yield section(labels.evidence.rows, [ledger(report)]);
  yield section(labels.evidence.people, [
    facts([
      [labels.evidence.peopleCount, format.count(privacy.owners)],
      [labels.evidence.subjects, format.count(privacy.subjects)],
      [labels.evidence.smallest, format.count(privacy.smallest_rows)],
      [labels.evidence.median, format.count(privacy.median_rows)],
      [
        labels.evidence.oneSubject,
        labels.evidence.of(format.count(privacy.timestamps_of_one_subject), format.count(privacy.timestamps)),
      ],
    ]),
    h('p', {}, privacyWords(report)),
  ]);
  // A report of an earlier version has none.
  if (report.quality) yield section(labels.evidence.quality, quality(report));
  yield section(labels.evidence.files, [
    hashes(
      labels.evidence.made,
      report.outputs.map(({ table, file, rows, sha256 }) => [
        nameOf(file, paths.get(table)),
        format.counted(rows, labels.nouns.row),
        sha256,
      ]),
    ),
    hashes(
      labels.evidence.read,
      report.inputs.map(({ name, status, bytes, sha256 }) => [
        name,
        `${labels.inputStatus[status]}, ${format.bytes(bytes)}`,
        sha256 ?? '–',
      ]),
    ),
  ]);
  yield section(labels.evidence.check, [
    ...list([labels.evidence.checkHashes]),
    h('pre', {}, h('code', {}, CHECK)),
    ...list([labels.evidence.checkLake, labels.evidence.checkAgain, labels.evidence.checkCompare]),
  ]);
}

/** A report of an earlier version has no such counts. @param {FullReport} report @returns {[string, string][]} */
function consented({ people }) {
  if (!people) return [];
  const { admitted, left_out } = people;
  return [[labels.evidence.consent, labels.evidence.inAndOut(format.count(admitted), format.count(left_out))]];
}

/** @param {FullReport} report */
function ledger({ tables }) {
  const words = (/** @type {Record<string, number>} */ counts, /** @type {Record<string, string>} */ names) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${names[name] ?? name}: ${format.count(count)}`);
  return table(
    labels.evidence.rows,
    [labels.evidence.table, labels.evidence.in, labels.evidence.left, labels.evidence.out],
    TABLES.flatMap(({ name }) => {
      const counts = tables[name];
      if (!counts) return [];
      const { rows_in, rows_out, filtered, rejected } = counts;
      const left = [...words(filtered, labels.core.rules), ...words(rejected, labels.core.reasons)].join('; ') || '–';
      return [[h('code', {}, ...breakable(name)), format.count(rows_in), left, format.count(rows_out)]];
    }),
  );
}

/** @param {FullReport} report */
function quality(report) {
  const { tables } = report.quality;
  const all = Object.values(tables);
  const ranges = (/** @type {Record<string, number>} */ subjects) =>
    Object.entries(subjects)
      .map(([range, subjects]) => `${range}: ${format.count(subjects)}`)
      .join(', ');
  /** @type {[string, (of: import('../../shared/core.js').TableQuality) => string][]} */
  const figures = [
    [labels.evidence.subjects, ({ subjects }) => format.count(subjects)],
    [labels.evidence.rowsOf, ({ rows }) => format.count(rows)],
    [labels.evidence.rates, ({ by_rate }) => ranges(by_rate)],
    [labels.evidence.medianRate, ({ median_rate }) => format.hertz(median_rate)],
    [labels.evidence.spans, ({ by_span }) => ranges(by_span)],
    [labels.evidence.gaps, ({ with_gaps }) => format.count(with_gaps)],
    [labels.evidence.repeated, ({ repeated }) => format.count(repeated)],
    [labels.evidence.constant, ({ constant }) => format.count(constant)],
    [
      labels.evidence.outOfRange,
      ({ measures }) => format.count(Object.values(measures).reduce((sum, one) => sum + (one?.out_of_range ?? 0), 0)),
    ],
  ];
  return [
    h('p', {}, qualityWords(report)),
    table(
      labels.evidence.quality,
      [labels.evidence.figure, ...Object.keys(tables)],
      figures.map(([name, figure]) => [name, ...all.map(figure)]),
    ),
    h('p', { class: 'hint' }, labels.evidence.qualityNote),
  ];
}

/** @param {string} title @param {[name: string | Node, size: string, hash: string][]} rows */
const hashes = (title, rows) =>
  table(
    `${labels.evidence.files}: ${labels.within(title)}`,
    [title, labels.evidence.content, 'SHA-256'],
    rows.map(([name, size, hash]) => [name, size, h('code', {}, hash)]),
  );

/**
 * A table by its path in a lake, as the command of `CHECK` prints it there, and by the name that it has alone.
 * @param {string} file
 * @param {string | undefined} path
 */
const nameOf = (file, path) =>
  path === undefined ? file : h('span', {}, path, h('small', {}, labels.evidence.savedAlone(file)));

/**
 * The first cell of a row is its head.
 * @param {string} name
 * @param {string[]} head
 * @param {(string | Node)[][]} rows
 */
function table(name, head, rows) {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...head.map((words) => h('th', { scope: 'col' }, words)))),
      h(
        'tbody',
        {},
        ...rows.map(([first, ...cells]) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, first),
            ...cells.map((cell, at) => h('td', { 'data-label': labels.within(head[at + 1]) }, cell)),
          ),
        ),
      ),
    ),
  );
}

/** @param {string} title @param {Node[]} content */
const section = (title, content) => h('section', {}, h('h3', {}, title), ...content);

/** None, if it has no items. @param {string[]} items */
const list = (items) =>
  items.length === 0 ? [] : [h('ul', { class: 'plain' }, ...items.map((words) => h('li', {}, words)))];

/** @param {string[][]} rows */
const facts = (rows) =>
  h('dl', { class: 'facts' }, ...rows.map(([term, words]) => h('div', {}, h('dt', {}, term), h('dd', {}, words))));
