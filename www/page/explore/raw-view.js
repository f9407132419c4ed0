import { labels } from '../labels/labels.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { messageOf } from '../ui/core-words.js';
import { createLatest } from '../ui/latest.js';
import { explore } from './explore-client.js';

/**
 * @typedef {import('../../shared/protocol.js').LandingSource} LandingSource
 * @typedef {import('../../shared/protocol.js').RawPage} RawPage
 * @typedef {import('../../shared/core.js').Column} Column
 * @typedef {import('../../shared/protocol.js').GridRow} GridRow
 */

/** As the worker has it: a page of a plain file. */
const STEP = 64 * 1024;

/** What the rules made of each record: no column of the table. @type {import('./grid.js').ShownColumn} */
const OUTCOME = {
  name: labels.explore.consent,
  type: 'string',
  key: false,
  meaning: labels.explore.consentMeaning,
  made: true,
};

/**
 * A landing table: a place in one of its files, and the records around it.
 * @param {ReturnType<typeof import('./grid.js').createGrid>} grid
 * @param {HTMLInputElement} dates
 */
export function createRaw(grid, dates) {
  const file = find('#raw-file', HTMLSelectElement);
  const place = find('#raw-place', HTMLInputElement);
  const seen = find('#raw-seen');
  const consent = find('#raw-consent');
  const back = find('#raw-back', HTMLButtonElement);
  const on = find('#raw-on', HTMLButtonElement);
  /** @type {{ table: string, columns: Column[], sources: LandingSource[] } | undefined} */
  let shown;
  let byte = 0;
  const latest = createLatest();

  /**
   * @param {string} table
   * @param {Column[]} columns
   * @param {Pick<RawPage, 'rows' | 'outcomes'>} [page] that was read
   */
  function list(table, columns, { rows, outcomes } = { rows: 0, outcomes: false }) {
    consent.hidden = !outcomes;
    /** @param {number} start @param {number} end */
    const read = async (start, end) => {
      const page = await explore('rawRows', { start, end });
      return outcomes ? page.map(withOutcome) : page;
    };
    grid.show({
      label: labels.explore.rawRowsOf(table),
      head: labels.explore.byte,
      columns: outcomes ? [OUTCOME, ...columns] : columns,
      rows,
      read: rows > 0 ? read : async () => [],
    });
  }

  function read() {
    if (!shown) return;
    const { table, columns, sources } = shown;
    const source = sources[Number(file.value)];
    if (!source) return;
    latest.run(
      (signal) => explore('rawPage', { source, byte, dates: dates.checked }, { signal }),
      (page) => {
        list(table, columns, page);
        describe(page);
      },
      (error) => {
        // Else the rows of another table would stay, under this one's name.
        list(table, columns);
        seen.textContent = labels.explore.failed(messageOf(error));
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
      ? labels.explore.around(format.counted(rows, labels.nouns.record), format.count(start), format.count(bytes))
      : labels.explore.firstRecords(format.counted(rows, labels.nouns.record));
    // A record may be longer than a page, or none may start at the beginning of a line.
    seen.textContent = rows === 0 && whole && bytes > 0 ? labels.explore.noStart(words) : words;
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
      seen.textContent = rows > 0 ? labels.explore.noFiles : labels.explore.noRecords;
      list(table, columns);
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

/** The text of a rejected record is the one cell of its row. @param {GridRow} row */
const withOutcome = (row) =>
  row.outcome ? { ...row, cells: [labels.core.outcomes[row.outcome] ?? row.outcome, ...row.cells] } : row;
