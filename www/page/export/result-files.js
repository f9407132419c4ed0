import { labels } from '../labels/labels.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { tableNote } from '../pipeline/table-note.js';
import { ready, saveButton } from './save-gate.js';
import { TABLES } from '../../shared/tables.js';

/** @typedef {import('../../shared/core.js').SavedTable} SavedTable */

/** The table that a researcher needs comes first. */
const ORDER = [...TABLES.filter(({ saved }) => saved)].reverse();

/**
 * The files that a run offers, with what each holds of people. Those that identify people are folded away.
 * @param {(table: SavedTable) => void} onSave
 */
export function createTableRows(onSave) {
  const [body, identifying] = [find('#files-saved > table tbody'), find('#identifying tbody')];
  const rows = new Map(
    ORDER.map(({ name }) => {
      const count = h('td', { class: 'number', 'data-label': labels.files.rowsShort });
      const size = h('td', { class: 'number' });
      const first = name === 'machine_learning_curated';
      const button = saveButton(
        h(
          'button',
          {
            type: 'button',
            class: first ? 'save primary' : 'save',
            'data-download': name,
            'aria-label': labels.save.saveFile(name),
          },
          labels.files.save,
        ),
        () => onSave(/** @type {SavedTable} */ (name)),
      );
      (first ? body : identifying).append(
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, h('code', {}, name), '.parquet', h('small', {}, ...tableNote(name))),
          count,
          size,
          h('td', {}, button),
        ),
      );
      return [name, { count, size, button }];
    }),
  );

  return {
    /** @param {Record<SavedTable, Blob>} files @param {import('../../shared/core.js').Counts} counts */
    offer(files, counts) {
      for (const [name, { count, size, button }] of rows) {
        count.textContent = format.count(counts[name]?.rows_out ?? 0);
        size.textContent = format.bytes(files[/** @type {SavedTable} */ (name)].size);
        ready(button, true);
      }
    },
    clear() {
      for (const { button } of rows.values()) ready(button, false);
    },
  };
}

/**
 * The documentation of a run, with what each file is for.
 * @type {{ name: keyof import('../../shared/protocol.js').Documents, note: string }[]}
 */
const DOCUMENTS = [
  { name: 'report', note: labels.save.reportNote },
  { name: 'lineage', note: labels.save.lineageNote },
  { name: 'croissant', note: labels.save.croissantNote },
];

/**
 * The rows of the documentation of a run.
 * @param {(name: keyof import('../../shared/protocol.js').Documents) => void} onSave
 */
export function createDocumentRows(onSave) {
  const rows = DOCUMENTS.map(({ name, note }) => {
    const size = h('td', { class: 'number' });
    const button = saveButton(
      h(
        'button',
        { type: 'button', class: 'save', 'data-download': name, 'aria-label': labels.save.saveDocument(name) },
        labels.files.save,
      ),
      () => onSave(name),
    );
    find('#files-saved > table tbody').append(
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, h('code', {}, name), '.json', h('small', {}, note)),
        h('td'),
        size,
        h('td', {}, button),
      ),
    );
    return { name, size, button };
  });
  return {
    /** @param {Record<keyof import('../../shared/protocol.js').Documents, Blob>} files */
    offer(files) {
      for (const { name, size, button } of rows) {
        size.textContent = format.bytes(files[name].size);
        ready(button, true);
      }
    },
    clear() {
      for (const { size, button } of rows) {
        size.textContent = '';
        ready(button, false);
      }
    },
  };
}
