import { labels } from '../labels/labels.js';
import { h, svg } from '../ui/dom.js';
import { flows, keyLines, layout, rejectBranch } from './flow.js';
import * as format from '../ui/format.js';
import { TABLES } from '../../shared/tables.js';

/**
 * @typedef {import('../../shared/core.js').TableName} TableName
 * @typedef {import('../../shared/core.js').TableReport} TableReport
 * @typedef {import('../../shared/core.js').Counts} Counts
 * @typedef {ReturnType<typeof createNode>} Node
 */

/** Pixels across a sheet of A4 within its margins. */
const PAPER = 680;

/**
 * The eight tables and what flows between them: empty before a run, counting while it runs. The tables are
 * buttons, in reading order, with their counts in words; the drawing behind them is for the eye only.
 * @param {HTMLElement} place
 * @param {(table: TableName) => void} onSelect
 */
export function createPipeline(place, onSelect) {
  const nodes = new Map(TABLES.map(({ name }) => [name, createNode(name)]));
  const drawing = svg('svg', { 'aria-hidden': 'true', focusable: 'false' });
  const heads = new Map(
    Object.entries(labels.zones).map(([zone, meaning]) => [
      zone,
      h('header', {}, h('h3', { id: `zone-${zone}` }, zone), h('p', {}, meaning)),
    ]),
  );
  place.append(
    drawing,
    ...Object.keys(labels.zones).map((zone) =>
      h(
        'section',
        { 'data-zone': zone, 'aria-labelledby': `zone-${zone}` },
        heads.get(zone) ?? '',
        h(
          'ul',
          {},
          ...TABLES.filter((table) => table.zone === zone).flatMap(({ name }) => nodes.get(name)?.item ?? []),
        ),
      ),
    ),
  );
  place.addEventListener('click', ({ target }) => {
    const item = target instanceof Element && target.closest('button.node')?.parentElement;
    if (item) select(/** @type {TableName} */ (item.dataset.table));
  });

  /** @type {Counts} */
  let counts = {};
  /** @type {TableName} */
  let selected = 'machine_learning_curated';
  let byTime = false;
  let plan = layout(0);
  let frame = 0;

  // The first size comes before the first picture.
  new ResizeObserver(
    ([
      {
        contentRect: { width },
      },
    ]) => {
      if (width === 0) return;
      plan = layout(width);
      // What is drawn for a window is made to fit a sheet of paper.
      place.style.setProperty('--on-paper', String(Math.min(1, PAPER / width)));
      arrange();
      draw();
    },
  ).observe(place);

  /** @param {TableName} table */
  function select(table) {
    selected = table;
    for (const [name, { button }] of nodes) button.setAttribute('aria-pressed', String(name === table));
    mark();
    onSelect(table);
  }

  function arrange() {
    place.style.height = `${plan.height}px`;
    place.classList.toggle('wide', plan.wide);
    drawing.setAttribute('viewBox', `0 0 ${place.clientWidth} ${plan.height}`);
    for (const [name, node] of nodes) {
      const { x, y, width, height } = plan.nodes[name];
      put(node.button, { x, y, width });
      node.button.style.height = `${height}px`;
    }
    for (const [zone, head] of heads) put(head, plan.zones[zone]);
  }

  /** At most once a frame. */
  function drawSoon() {
    if (frame === 0) frame = requestAnimationFrame(draw);
  }

  function draw() {
    frame = 0;
    /** @type {SVGElement[]} */
    const shapes = [];
    for (const flow of flows(plan, counts)) {
      const node = /** @type {Node} */ (nodes.get(flow.to));
      shapes.push(svg('path', { class: flow.known ? 'kept' : 'line', d: flow.path }));
      if (flow.branch)
        shapes.push(
          svg('path', { class: 'filtered', d: flow.branch, fill: plan.wide ? 'url(#fade-down)' : 'url(#fade-right)' }),
        );
      if (flow.label) put(node.left, flow.label);
      // The sum of the two streams that meet is said once.
      if (flow.from !== 'accelerometer_trusted') {
        node.rule.textContent =
          flow.to === 'machine_learning_curated' && byTime ? labels.passesByTime : (labels.passes[flow.to] ?? '');
        put(node.rule, flow.rule);
      }
    }
    for (const { name } of TABLES.filter(({ zone }) => zone === 'landing')) {
      const { path, label } = rejectBranch(plan, name);
      const node = /** @type {Node} */ (nodes.get(name));
      put(node.left, label);
      if (path && format.sum(counts[name]?.rejected ?? {}) > 0)
        shapes.push(svg('path', { class: 'rejected', d: path, fill: 'url(#fade-rejected)' }));
    }
    const keys = keyLines(plan).map(({ from, to, path }) =>
      svg('path', { class: 'key', d: path, 'data-from': from, 'data-to': to }),
    );
    drawing.replaceChildren(fades(), ...shapes, ...keys);
    mark();
  }

  /** Highlights the keys of the selected table. */
  function mark() {
    for (const key of drawing.querySelectorAll('.key')) {
      key.classList.toggle(
        'near',
        key.getAttribute('data-from') === selected || key.getAttribute('data-to') === selected,
      );
    }
  }

  select(selected);
  return {
    select,
    /** Selects a table, and the keyboard goes on at it. @param {TableName} table */
    goTo(table) {
      select(table);
      nodes.get(table)?.button.focus();
    },
    /**
     * @param {Counts} now
     * @param {boolean} [final] whether what they count can be looked at
     */
    show(now, final = false) {
      counts = now;
      for (const [name, node] of nodes) {
        const report = counts[name];
        if (report) node.show(report, final);
      }
      drawSoon();
    },
    clear() {
      counts = {};
      for (const node of nodes.values()) node.clear();
      drawSoon();
    },
    /** @param {boolean} time whether readings are joined on time only */
    joinByTime(time) {
      byTime = time;
      drawSoon();
    },
  };
}

/** @param {TableName} name */
function createNode(name) {
  const rows = h('strong', {}, '–');
  const of = h('span', {});
  const left = h('p', { class: 'left' });
  const rule = h('p', { class: 'passes' });
  const button = h(
    'button',
    { type: 'button', class: 'node', 'aria-pressed': 'false', 'aria-controls': 'detail' },
    h('span', { class: 'name' }, ...breakable(name)),
    h('span', { class: 'rows' }, rows, ' ', of),
  );
  const item = h('li', { 'data-table': name }, button, rule, left);

  return {
    item,
    button,
    rule,
    left,
    /** @param {TableReport} report @param {boolean} linked whether what left leads to its reasons */
    show(report, linked) {
      const rejected = format.sum(report.rejected);
      Object.assign(item.dataset, { rows: report.rows_out, in: report.rows_in, rejected });
      rows.textContent = format.count(report.rows_out);
      of.textContent = ofWhat(report);
      const filtered = Object.entries(report.filtered).filter(([, value]) => value > 0);
      left.classList.toggle('rejected', rejected > 0);
      const gone = rejected > 0 ? rejected : format.sum(report.filtered);
      const why = rejected > 0 ? labels.pipeline.rejected : ` ${filteredWords(filtered)}`;
      const words = [h('b', {}, format.count(gone)), why];
      const place = rejected > 0 ? 'table-rejects' : 'sql';
      const to = { type: 'button', class: 'link', 'data-explore': place, 'data-of': name };
      left.replaceChildren(...(gone === 0 ? [] : linked ? [h('button', to, ...words)] : words));
    },
    clear() {
      for (const key of ['rows', 'in', 'rejected']) delete item.dataset[key];
      rows.textContent = '–';
      of.textContent = '';
      left.replaceChildren();
    },
  };
}

/** @param {TableReport} report */
function ofWhat({ rows_in, rows_out, rows_matched }) {
  if (rows_matched !== undefined || rows_in === rows_out)
    return rows_out === 1 ? labels.pipeline.row : labels.pipeline.rows;
  return labels.pipeline.of(format.count(rows_in));
}

/** @param {[string, number][]} filtered */
function filteredWords(filtered) {
  return filtered.length === 1
    ? (labels.core.rules[filtered[0][0]] ?? filtered[0][0])
    : labels.pipeline.byRules(format.count(filtered.length));
}

/** What leaves the pipeline fades. */
function fades() {
  const fade = (/** @type {string} */ id, /** @type {Record<string, number>} */ to) =>
    svg(
      'linearGradient',
      { id: `fade-${id}`, x1: 0, y1: 0, x2: 0, y2: 0, class: id === 'rejected' ? 'rejected' : 'filtered', ...to },
      svg('stop', { offset: 0.35 }),
      svg('stop', { offset: 1, 'stop-opacity': 0 }),
    );
  return svg('defs', {}, fade('down', { y2: 1 }), fade('right', { x2: 1 }), fade('rejected', { y2: 1 }));
}

/** @param {HTMLElement} element @param {import('./flow.js').Place} at */
function put({ style }, { x, y, width }) {
  style.left = `${x}px`;
  style.top = `${y}px`;
  style.width = `${width}px`;
}

/** A long name may break after an underscore. @param {string} name */
export function breakable(name) {
  return name.split(/(?<=_)/).flatMap((part) => [part, h('wbr')]);
}
