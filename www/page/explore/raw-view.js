import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { messageOf } from '../../shared/errors.js';
import { createLatest } from '../ui/latest.js';
import { explore } from './explore-client.js';

/**
 * @typedef {import('../../shared/protocol.js').LandingSource} LandingSource
 * @typedef {import('../../shared/protocol.js').RawPage} RawPage
 * @typedef {import('../../shared/core-types.js').Column} Column
 */

/** As the worker has it: a page of a plain file. */
const STEP = 64 * 1024;

/**
 * A landing table: a place in one of its files, and the records around it.
 * @param {ReturnType<typeof import('./grid.js').createGrid>} grid
 * @param {HTMLInputElement} dates
 */
export function createRaw(grid, dates) {
  const file = find('#raw-file', HTMLSelectElement);
  const place = find('#raw-place', HTMLInputElement);
  const seen = find('#raw-seen');
  const back = find('#raw-back', HTMLButtonElement);
  const on = find('#raw-on', HTMLButtonElement);
  /** @type {{ table: string, columns: Column[], sources: LandingSource[] } | undefined} */
  let shown;
  let byte = 0;
  const latest = createLatest();

  function read() {
    if (!shown) return;
    const { table, columns, sources } = shown;
    const source = sources[Number(file.value)];
    if (!source) return;
    latest.run(
      (signal) => explore('rawPage', { source, byte, dates: dates.checked }, { signal }),
      (page) => {
        grid.show({
          label: `Rows of ${table}, raw`,
          head: 'byte',
          columns,
          rows: page.rows,
          read: (start, end) => explore('rawRows', { start, end }),
        });
        describe(page);
      },
      (error) => {
        // Else the rows of another table would stay, under this one's name.
        grid.show({ label: `Rows of ${table}, raw`, head: 'byte', columns, rows: 0, read: async () => [] });
        seen.textContent = `The rows cannot be shown. ${messageOf(error)}`;
      },
    );
  }

  /** @param {RawPage} page */
  function describe({ rows, start, bytes, part }) {
    const whole = part === 'page';
    const last = Math.max(0, Math.ceil(bytes / STEP) - 1);
    byte = start;
    place.max = String(last);
    place.value = String(Math.floor(start / STEP));
    for (const control of [place, back, on, find('#go')]) control.hidden = !whole || last === 0;
    back.disabled = start === 0;
    on.disabled = place.value === place.max;
    const words = whole
      ? `${format.counted(rows, 'record')} from byte ${format.count(start)} of ${format.count(bytes)}.`
      : `The first ${format.counted(rows, 'record')}: a packed file can be read from its start only.`;
    // A record may be longer than a page, or none may start at the beginning of a line.
    seen.textContent =
      rows === 0 && whole && bytes > 0 ? `${words} No record starts at the beginning of a line here.` : words;
    place.setAttribute('aria-valuetext', words);
  }

  file.addEventListener('change', () => {
    byte = 0;
    read();
  });
  place.addEventListener('input', () => {
    byte = Number(place.value) * STEP;
    read();
  });
  back.addEventListener('click', () => {
    byte = Math.max(0, byte - STEP);
    read();
  });
  on.addEventListener('click', () => {
    byte += STEP;
    read();
  });

  return {
    /** The landing table that is shown, if one is. */
    get table() {
      return shown?.table;
    },
    /**
     * @param {string} table
     * @param {Column[]} columns
     * @param {number} rows that the run had
     * @param {LandingSource[]} sources
     */
    show(table, columns, rows, sources) {
      shown = { table, columns, sources };
      byte = 0;
      file.replaceChildren(...sources.map(({ name }, at) => h('option', { value: at }, name)));
      file.hidden = sources.length === 0;
      if (sources.length > 0) return read();
      for (const control of [place, back, on, find('#go')]) control.hidden = true;
      seen.textContent =
        rows > 0
          ? 'Its files are not here: a saved lake has no landing files.'
          : 'No file of the run has records of this table.';
      grid.show({ label: `Rows of ${table}, raw`, head: 'byte', columns, rows: 0, read: async () => [] });
    },
    hide() {
      shown = undefined;
      latest.cancel();
      find('#go').hidden = false;
    },
    again: read,
    /** @param {number} to */
    goTo(to) {
      byte = to;
      read();
    },
  };
}
