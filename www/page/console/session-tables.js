import { labels } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import { save } from '../export/download.js';
import * as format from '../ui/format.js';
import { ready, saveButton } from '../export/save-gate.js';

/** @typedef {import('../../shared/protocol.js').SessionTable} SessionTable */

/**
 * The tables that were made in the session, each with its file.
 * @param {HTMLElement} place
 * @param {(what: string) => string} nameOf what a file is called that is saved
 * @param {(name: string) => void} onDrop
 * @param {() => void} onChange
 */
export function createSessionTables(place, nameOf, onDrop, onChange) {
  const body = h('tbody');
  place.append(
    h('h3', {}, labels.console.session),
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, labels.files.table),
          h('th', { scope: 'col', class: 'number' }, labels.files.rows),
          h('th', { scope: 'col', class: 'number' }, labels.files.size),
          h('td'),
        ),
      ),
      body,
    ),
    h('p', { class: 'hint' }, labels.console.sessionHint),
  );
  /** @type {Map<string, SessionTable>} */
  const tables = new Map();

  function draw() {
    place.hidden = tables.size === 0;
    body.replaceChildren(
      ...[...tables.values()].map(({ name, rows, raw, file }) => {
        const saving = saveButton(
          h(
            'button',
            {
              type: 'button',
              class: 'save',
              'data-download': `session-${name}`,
              'aria-label': labels.console.saveTable(name, raw ? labels.console.commaRaw : ''),
            },
            labels.files.save,
          ),
          () => save(file, `${nameOf(raw ? `raw-${name}` : name)}.parquet`),
        );
        ready(saving, true);
        const dropping = h(
          'button',
          { type: 'button', class: 'quiet', 'aria-label': labels.console.dropTable(name) },
          labels.console.drop,
        );
        dropping.addEventListener('click', () => onDrop(name));
        return h(
          'tr',
          { 'data-session': name },
          h(
            'th',
            { scope: 'row' },
            h('code', {}, name),
            ...(raw ? [' ', h('span', { class: 'rawmark' }, labels.files.raw)] : []),
          ),
          h('td', { class: 'number' }, format.count(rows)),
          h('td', { class: 'number' }, format.bytes(file.size)),
          h('td', {}, saving, dropping),
        );
      }),
    );
    onChange();
  }

  return {
    all: () => [...tables.values()],
    /** @param {SessionTable} table */
    add(table) {
      tables.set(table.name, table);
      draw();
    },
    /** @param {string[]} names */
    drop(names) {
      for (const name of names) tables.delete(name);
      draw();
    },
    clear() {
      if (tables.size === 0) return;
      tables.clear();
      draw();
    },
  };
}
