import { h } from './dom.js';
import * as format from './format.js';
import { REASONS, RULES, TABLES, ZONES } from './text.js';

/**
 * @typedef {import('./types.js').TableReport} TableReport
 * @typedef {ReturnType<typeof createCard>} Card
 */

/**
 * The eight tables as a map of the pipeline: empty before a run, counting while it runs.
 * @param {HTMLElement} container
 * @param {(table: import('./types.js').SavedTable) => void} onDownload
 */
export function createTables(container, onDownload) {
  const cards = new Map(TABLES.map((table) => [table.name, createCard(table)]));
  for (const [zone, meaning] of Object.entries(ZONES)) {
    const inZone = TABLES.filter((table) => table.zone === zone);
    container.append(h('section', { class: 'zone', 'data-zone': zone, 'aria-labelledby': `zone-${zone}` },
      h('header', {}, h('h3', { id: `zone-${zone}` }, zone), h('p', {}, meaning)),
      ...inZone.flatMap(({ name }) => cards.get(name)?.element ?? [])));
  }
  container.addEventListener('click', ({ target }) => {
    const table = target instanceof Element && target.closest('button')?.dataset.download;
    if (table) onDownload(/** @type {any} */ (table));
  });

  return {
    /** @param {import('./types.js').Counts} counts */
    show(counts) {
      for (const [name, card] of cards) {
        const report = counts[name];
        if (report) card.show(report);
      }
    },
    clear() {
      for (const card of cards.values()) card.clear();
    },
    /** @param {Record<string, Blob>} files by table */
    offer(files) {
      for (const [name, card] of cards) {
        if (files[name]) card.offer(files[name].size);
      }
    },
  };
}

/** @param {import('./text.js').TableText} table */
function createCard({ name, saved, rule, note }) {
  const rows = h('strong', {}, '–');
  const of = h('span', {});
  const bar = h('div', { class: 'bar', 'aria-hidden': true }, h('i', { class: 'kept' }), h('i', { class: 'filtered' }), h('i', { class: 'rejected' }));
  const ledger = h('ul', { class: 'ledger' });
  const size = h('span', { class: 'size' });
  const button = saved ? h('button', { type: 'button', 'data-download': name, disabled: true, 'aria-label': `Download ${name}.parquet` }, 'Parquet') : undefined;
  const element = h('article', { class: 'card', 'data-table': name, 'aria-labelledby': `table-${name}` },
    h('h4', { id: `table-${name}` }, ...breakable(name)),
    h('p', { class: 'rule' }, rule),
    h('p', { class: 'rows' }, rows, ' ', of),
    bar, ledger,
    h('footer', {}, ...(button ? [button, size] : []), h('span', { class: 'note' }, saved ? note ?? '' : 'Never kept.')));

  return {
    element,
    /** @param {TableReport} report */
    show(report) {
      const rejected = format.sum(report.rejected);
      Object.assign(element.dataset, { rows: report.rows_out, in: report.rows_in, rejected });
      rows.textContent = format.count(report.rows_out);
      of.textContent = inWords(report);
      const parts = [report.rows_matched ?? report.rows_out, format.sum(report.filtered), rejected];
      for (const [i, part] of parts.entries()) {
        /** @type {HTMLElement} */ (bar.children[i]).style.flexGrow = String(part);
      }
      ledger.replaceChildren(...lines(report).map(([kind, words, value]) =>
        h('li', { class: kind }, h('span', {}, words), h('b', {}, format.count(value)))));
    },
    clear() {
      for (const key of ['rows', 'in', 'rejected']) delete element.dataset[key];
      rows.textContent = '–';
      of.textContent = '';
      for (const part of /** @type {HTMLCollectionOf<HTMLElement>} */ (bar.children)) part.style.flexGrow = '0';
      ledger.replaceChildren();
      size.textContent = '';
      if (button) button.disabled = true;
    },
    /** @param {number} bytes */
    offer(bytes) {
      if (button) button.disabled = false;
      size.textContent = format.bytes(bytes);
    },
  };
}

/** @param {TableReport} report */
function inWords({ rows_in, rows_out, rows_in_step, rows_matched }) {
  if (rows_in === 0) return 'rows';
  if (rows_in_step === undefined || rows_matched === undefined) {
    return rows_in === rows_out ? 'rows, all that came in' : `rows of ${format.count(rows_in)} in`;
  }
  return `rows of ${format.count(rows_in)} phone and ${format.count(rows_in_step)} step readings in`;
}

/** The lines of the ledger under the count. @param {TableReport} report @returns {[string, string, number][]} */
function lines({ filtered, rejected, duplicates, rows_matched, mixed_pairs }) {
  /** @type {[string, string, number][]} */
  const all = [
    ...(rows_matched === undefined ? [] : [/** @type {[string, string, number]} */ (['fact', 'phone readings with a partner', rows_matched])]),
    ...Object.entries(filtered).map(([rule, value]) => /** @type {[string, string, number]} */ (['filtered', RULES[rule] ?? rule, value])),
    ...Object.entries(rejected).map(([reason, value]) => /** @type {[string, string, number]} */ (['rejected', REASONS[reason] ?? reason, value])),
    ['rejected', 'pairs of two different people', mixed_pairs ?? 0],
    ['fact', 'exact duplicates, kept', duplicates ?? 0],
  ];
  return all.filter(([, , value]) => value > 0);
}

/** A long name may break after an underscore. @param {string} name */
function breakable(name) {
  return name.split(/(?<=_)/).flatMap((part) => [part, h('wbr')]);
}
