import { labels } from '../labels/labels.js';
import { TABLES } from '../../shared/tables.js';
import { breakable } from '../pipeline/pipeline.js';
import { tableNote } from '../pipeline/table-note.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';

/**
 * @typedef {import('../../shared/core.js').TableName} TableName
 * @typedef {import('../../shared/core.js').Report} Report
 * @typedef {'rows' | 'columns' | 'sql' | 'table-rejects'} Tab of a table
 * @typedef {'charts' | 'inputs' | 'rejects'} View of the whole run
 */

/** Below it a table has no room for its columns beside the list: the settings may take some. */
const WIDE = 880;

/** @type {Tab[]} */
const TABS = ['rows', 'columns', 'sql', 'table-rejects'];
/** @type {Record<View, string>} */
const VIEWS = { charts: labels.explore.charts, inputs: labels.explore.inputs, rejects: labels.explore.rejects };

/** @param {string} name @returns {name is View} */
const isView = (name) => name in VIEWS;
/** @param {string} name @returns {name is Tab} */
const isTab = (name) => TABS.some((tab) => tab === name);

/**
 * What is seen of the results: a table by one of its tabs, or a view of the whole run, chosen from a list.
 * @param {object} on
 * @param {(table: TableName) => void} on.onSelect
 * @param {() => void} on.onTab another tab is shown
 */
export function createExploreView({ onSelect, onTab }) {
  const section = find('#explore');
  const tabs = TABS.map((name) => find(`#tab-${name}`, HTMLButtonElement));
  const items = new Map(
    [...TABLES.map(({ name }) => /** @type {string} */ (name)), ...Object.keys(VIEWS)].map((name) => [
      name,
      item(name),
    ]),
  );
  const group = (/** @type {string[]} */ names) =>
    h('ul', {}, ...names.flatMap((name) => items.get(name)?.parentElement ?? []));
  new ResizeObserver(() => section.toggleAttribute('data-narrow', section.offsetWidth < WIDE)).observe(section);
  find('#explore-list').append(group(TABLES.map(({ name }) => name)), group(Object.keys(VIEWS)));

  /** @type {TableName} */
  let table = 'machine_learning_curated';
  /** @type {Tab} */
  let tab = 'rows';
  /** @type {View | undefined} */
  let view;
  /** @type {Report | undefined} */
  let report;

  /** A tab that the table does not have gives way to its rows. */
  function show() {
    const has = { rows: true, columns: true, sql: !table.endsWith('_landing'), 'table-rejects': rejected() > 0 };
    if (!has[tab]) tab = 'rows';
    section.dataset.view = view ?? 'table';
    for (const [name, button] of items) {
      if (name === (view ?? table)) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
    for (const [at, button] of tabs.entries()) {
      const selected = TABS[at] === tab;
      button.hidden = !has[TABS[at]];
      button.setAttribute('aria-selected', String(selected));
      button.tabIndex = selected ? 0 : -1;
      find(`#${TABS[at]}`).hidden = !selected;
    }
    find('#tab-table-rejects').textContent = labels.explore.rejected(format.count(rejected()));
    for (const button of document.querySelectorAll('#detail-actions [data-explore]')) {
      const name = button.getAttribute('data-explore') ?? '';
      if (button instanceof HTMLElement && isTab(name)) button.hidden = !has[name];
    }
  }

  const rejected = () => format.sum(report?.tables[table]?.rejected ?? {});

  /** @param {Tab} next */
  function setTab(next) {
    tab = next;
    show();
    onTab();
  }

  find('#explore-list').addEventListener('click', ({ target }) => {
    const name = target instanceof Element && target.closest('button')?.dataset.pick;
    if (name) pick(name);
  });
  find('#explore [role="tablist"]').addEventListener('click', ({ target }) => {
    const at = tabs.indexOf(/** @type {HTMLButtonElement} */ (target));
    if (at >= 0) setTab(TABS[at]);
  });
  find('#explore [role="tablist"]').addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const open = tabs.filter((button) => !button.hidden);
    const at = open.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = open[(at + step + open.length) % open.length];
    event.preventDefault();
    setTab(TABS[tabs.indexOf(next)]);
    next.focus();
  });

  /** @param {string} name of a table or a view */
  function pick(name) {
    view = isView(name) ? name : undefined;
    if (view) show();
    else onSelect(/** @type {TableName} */ (name));
  }

  return {
    tab: () => tab,

    /** Where the list scrolls sideways, what was chosen is in sight. */
    reveal() {
      const list = find('#explore-list');
      const chosen = items.get(view ?? table);
      if (chosen) list.scrollTo({ left: chosen.offsetLeft - list.offsetLeft - 16 });
    },

    /** @param {TableName} next */
    select(next) {
      table = next;
      view = undefined;
      find('#table-title').replaceChildren(...breakable(next));
      find('#table-rule').replaceChildren(`${labels.tables[next].rule} `, ...tableNote(next));
      show();
    },

    /** Says of each place how much there is. @param {Report} next */
    count(next) {
      report = next;
      for (const { name } of TABLES) setCount(name, next.tables[name]?.rows_out ?? 0);
      setCount('inputs', next.inputs.length);
      setCount('rejects', next.rejects_total);
      show();
    },

    /** Shows a tab of the selected table, or a view. @param {string} name */
    goTo(name) {
      if (isView(name)) pick(name);
      else if (isTab(name)) {
        view = undefined;
        setTab(name);
      }
    },
  };

  /** @param {string} name @param {number} count */
  function setCount(name, count) {
    const rows = items.get(name)?.querySelector('.rows');
    if (rows) rows.textContent = format.count(count);
  }
}

/** @param {string} name of a table or a view */
function item(name) {
  const words = isView(name) ? [VIEWS[name]] : breakable(name);
  const button = h(
    'button',
    { type: 'button', 'data-pick': name },
    h('span', { class: 'name' }, ...words),
    h('span', { class: 'rows' }),
  );
  h('li', {}, button);
  return button;
}
