import { labels } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createPageCache } from './page-cache.js';
import { createScroll } from './virtual-scroll.js';

/**
 * @typedef {import('../../shared/core.js').Column} Column
 * @typedef {import('../../shared/protocol.js').GridRow} GridRow
 * @typedef {Column & { made?: boolean }} ShownColumn one that is `made` is none of the table
 * @typedef {object} Shown
 * @property {string} label
 * @property {string} head what names a row: its number, or its byte
 * @property {ShownColumn[]} columns
 * @property {number} rows
 * @property {(start: number, end: number) => Promise<GridRow[]>} read
 */

const ROW_HEIGHT = 28;
/** Rows drawn beyond what is seen, so that a turn of the wheel finds them there. */
const BEYOND = 8;
/** Characters of the widest column; longer text is cut, and whole in its title. */
const WIDEST = 36;
/** After the last wheel or touch, in milliseconds, moves of the bar are still theirs. */
const FINE = 250;

let grids = 0;

/**
 * A table of any length: only the rows that are seen are in the document.
 * @param {HTMLElement} place
 * @param {(seen: { start: number, end: number, rows: number }) => void} onSee
 * @param {(error: unknown) => void} onFail
 */
export function createGrid(place, onSee, onFail) {
  const head = h('div', { role: 'row', 'aria-rowindex': 1, class: 'row' });
  const body = h('div', { role: 'rowgroup', class: 'body' });
  const space = h('div', { class: 'space' }, body);
  const box = h(
    'div',
    { role: 'grid', tabindex: 0, class: 'grid', 'aria-readonly': 'true' },
    h('div', { role: 'rowgroup', class: 'head' }, head),
    space,
  );
  place.append(box);
  grids += 1;
  const activeId = `grid-${grids}-active`;

  /** @type {Shown} */
  let shown = { label: '', head: '', columns: [], rows: 0, read: async () => [] };
  let scroll = createScroll(0, ROW_HEIGHT, 0);
  let pages = createPageCache(shown.read, 0, draw, onFail);
  let active = { row: 0, column: 0 };
  /** Of each column, in characters, that of the row's name first. @type {number[]} */
  let widths = [];
  let fineUntil = 0;
  let left = 0;
  let frame = 0;

  function drawSoon() {
    if (frame === 0) frame = requestAnimationFrame(draw);
  }

  function draw() {
    cancelAnimationFrame(frame);
    frame = 0;
    const { start, end } = scroll.range(BEYOND);
    while (body.children.length < end - start) body.append(h('div', { role: 'row', class: 'row' }));
    while (body.children.length > end - start) body.lastElementChild?.remove();
    body.style.transform = `translateY(${scroll.place(start)}px)`;
    let missing = false;
    for (let row = start; row < end; row += 1) {
      const data = pages.get(row);
      missing ||= !data;
      fill(/** @type {HTMLElement} */ (body.children[row - start]), row, data);
    }
    widen();
    box.setAttribute('aria-busy', String(missing));
    mark(start, end);
    const seen = scroll.range();
    pages.want(start, end);
    onSee({ ...seen, rows: shown.rows });
  }

  /** @param {HTMLElement} element @param {number} row @param {GridRow} [data] */
  function fill(element, row, data) {
    const cells = data?.bad === undefined ? shown.columns.length : 1;
    element.setAttribute('aria-rowindex', String(row + 2));
    element.classList.toggle('bad', data?.bad !== undefined);
    while (element.children.length < cells + 1)
      element.append(h('div', { role: element.children.length === 0 ? 'rowheader' : 'gridcell' }));
    while (element.children.length > cells + 1) element.lastElementChild?.remove();
    // A row that has not come yet has a head all the same: an empty one says nothing to who hears it.
    write(element.children[0], data ? data.head : '…', '');
    for (let i = 0; i < cells; i += 1) {
      const cell = element.children[i + 1];
      const text = data ? data.cells[i] : '';
      const bad = data?.bad;
      if (bad === undefined) cell.removeAttribute('aria-colspan');
      else cell.setAttribute('aria-colspan', String(shown.columns.length));
      write(
        cell,
        bad === undefined ? (text ?? 'null') : `${bad}: ${text}`,
        text === null ? 'null' : (bad ?? kindOf(shown.columns[i])),
      );
      if (text && bad === undefined) widths[i + 1] = Math.max(widths[i + 1], Math.min(text.length, WIDEST));
    }
    if (data) widths[0] = Math.max(widths[0], data.head.length);
  }

  /** Columns grow with what they show, and never shrink: they would jump about. */
  function widen() {
    const template = widths
      .map((width) => `calc(${width}ch + 21px)`)
      .concat('1fr')
      .join(' ');
    if (space.dataset.template === template) return;
    space.dataset.template = template;
    box.style.setProperty('--columns', template);
  }

  /** @param {number} start @param {number} end */
  function mark(start, end) {
    box.querySelector(`#${activeId}`)?.removeAttribute('id');
    const inside = active.row >= start && active.row < end;
    const cells = inside ? body.children[active.row - start].children : head.children;
    const cell = inside ? cells[Math.min(active.column, cells.length - 1)] : undefined;
    if (cell) {
      cell.id = activeId;
      box.setAttribute('aria-activedescendant', activeId);
    } else {
      box.removeAttribute('aria-activedescendant');
    }
    return cell;
  }

  /** @param {number} row @param {number} column */
  function activate(row, column) {
    active = {
      row: Math.min(Math.max(0, row), Math.max(0, shown.rows - 1)),
      column: Math.min(Math.max(0, column), shown.columns.length),
    };
    box.scrollTop = scroll.reveal(active.row);
    draw();
    // The first column stays in sight, so it must not cover the cell.
    const cell = /** @type {HTMLElement | null} */ (box.querySelector(`#${activeId}`));
    const first = /** @type {HTMLElement | null} */ (head.firstElementChild);
    if (!cell || !first || active.column === 0) return;
    const left = cell.offsetLeft - first.offsetWidth;
    if (left < box.scrollLeft) box.scrollLeft = left;
    else if (cell.offsetLeft + cell.offsetWidth > box.scrollLeft + box.clientWidth)
      box.scrollLeft = cell.offsetLeft + cell.offsetWidth - box.clientWidth;
  }

  box.addEventListener('keydown', (event) => {
    const { row, column } = active;
    const page = Math.max(1, Math.floor((box.clientHeight - head.offsetHeight) / ROW_HEIGHT) - 1);
    const whole = event.ctrlKey || event.metaKey;
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ArrowDown: [whole ? Infinity : row + 1, column],
      ArrowUp: [whole ? 0 : row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: [whole ? 0 : row, 0],
      End: [whole ? Infinity : row, Infinity],
    };
    const move = moves[event.key];
    if (!move || event.altKey || event.shiftKey) return;
    event.preventDefault();
    activate(...move);
  });
  box.addEventListener('click', ({ target }) => {
    const cell = target instanceof Element ? target.closest('.body [role]') : null;
    const row = cell?.parentElement;
    if (!row || row === body || !cell) return;
    activate(Number(row.getAttribute('aria-rowindex')) - 2, [...row.children].indexOf(cell));
  });
  for (const type of ['wheel', 'touchmove'])
    box.addEventListener(
      type,
      () => {
        fineUntil = performance.now() + FINE;
      },
      { passive: true },
    );
  box.addEventListener(
    'scroll',
    () => {
      const now = performance.now();
      const fine = now < fineUntil;
      if (fine) fineUntil = now + FINE;
      if (box.scrollLeft !== left) box.style.setProperty('--left', `${(left = box.scrollLeft)}px`);
      scroll.moved(box.scrollTop, fine);
      drawSoon();
    },
    { passive: true },
  );
  box.addEventListener('scrollend', () => {
    fineUntil = 0;
    const bar = scroll.settle();
    if (Math.abs(bar - box.scrollTop) >= 1) box.scrollTop = bar;
    drawSoon();
  });
  new ResizeObserver(() => fit()).observe(box);

  /** The size of the box has changed, or what it shows. */
  function fit() {
    const { start } = scroll.range();
    scroll = createScroll(shown.rows, ROW_HEIGHT, Math.max(0, box.clientHeight - head.offsetHeight));
    space.style.height = `${scroll.height}px`;
    box.scrollTop = scroll.begin(start);
    draw();
  }

  return {
    /** @param {Shown} next */
    show(next) {
      shown = next;
      pages = createPageCache(next.read, next.rows, drawSoon, onFail);
      active = { row: 0, column: 0 };
      widths = [
        Math.max(next.head.length, format.count(next.rows).length),
        ...next.columns.map(({ name }) => name.length),
      ];
      box.setAttribute('aria-label', next.label);
      box.setAttribute('aria-rowcount', String(next.rows + 1));
      box.setAttribute('aria-colcount', String(next.columns.length + 1));
      head.replaceChildren(
        h('div', { role: 'columnheader' }, next.head),
        ...next.columns.map((column) => {
          const { name, meaning } = column;
          const title = labels.core.columns[name] ?? meaning;
          return h('div', { role: 'columnheader', 'data-kind': kindOf(column), title }, name);
        }),
      );
      for (const row of body.children) row.replaceChildren();
      box.scrollLeft = 0;
      box.scrollTop = 0;
      scroll = createScroll(0, ROW_HEIGHT, 0);
      fit();
    },

    focus: () => box.focus({ preventScroll: true }),

    /** The same rows, read again: the way in which they are shown has changed. */
    refresh() {
      pages = createPageCache(shown.read, shown.rows, drawSoon, onFail);
      draw();
    },

    /** @param {number} row from 0 */
    goTo(row) {
      box.scrollTop = scroll.begin(row);
      activate(row, active.column);
      box.focus({ preventScroll: true });
    },
  };
}

/** How a column is shown. @param {ShownColumn} column */
const kindOf = ({ made, type }) => (made ? 'made' : type);

/** @param {Element} cell @param {string} text @param {string} kind */
function write(cell, text, kind) {
  if (cell.textContent !== text) cell.textContent = text;
  if (cell.getAttribute('data-kind') !== kind) cell.setAttribute('data-kind', kind);
  if (text.length > WIDEST) cell.setAttribute('title', text);
  else cell.removeAttribute('title');
}
