import { createColumns, schemaOf } from './columns-view.js';
import { messageOf } from '../../shared/errors.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { rejectList } from '../run/reject-list.js';
import { createLatest } from '../ui/latest.js';
import { setLake } from './explore-client.js';

/**
 * @typedef {import('../../shared/core-types.js').TableName} TableName
 * @typedef {import('../../shared/protocol.js').LandingSource} LandingSource
 * @typedef {import('../run-state.js').Results} Results
 */

/**
 * The results in detail: the selected table's rows, columns, SQL and rejects, and the charts. Nothing is made
 * before it is seen; the bundle evaluates what is imported so only then, so that the page starts fast.
 */
export function createExplorePanel() {
  const section = find('#rows');
  const charts = find('#charts > div');
  const columns = createColumns();
  const rejects = find('#table-rejects', HTMLDetailsElement);
  /** @type {TableName} */
  let table = 'machine_learning_curated';
  /** @type {Results | undefined} */
  let run;
  /** @type {Promise<ReturnType<typeof import('./rows.js').createRows>> | undefined} */
  let rows;
  /** What the grid and the charts show. */
  let shown = /** @type {{ table?: TableName, charts?: Results }} */ ({});
  const [latestRows, latestCharts] = [createLatest(), createLatest()];
  const near = { detail: false, charts: false };

  whenNear(find('#detail'), (is) => {
    near.detail = is;
    showRows();
  });
  whenNear(find('#charts'), (is) => {
    near.charts = is;
    showCharts();
  });

  function showRows() {
    section.hidden = run === undefined;
    if (!run || !near.detail || shown.table === table) return;
    const [{ report, inputs }, wanted] = [run, table];
    rows ??= import('./rows.js').then(({ createRows }) => createRows());
    const made = rows;
    latestRows.run(
      async () => ({ view: await made, schema: await schemaOf(wanted) }),
      ({ view, schema }) => {
        shown.table = wanted;
        view.show(schema, report.tables[wanted]?.rows_out ?? 0, sourcesOf(wanted, report, inputs));
      },
      (error) => made.then(({ fail }) => fail(error)),
    );
  }

  function showCharts() {
    if (!run || !near.charts || shown.charts === run) return;
    const { report } = (shown.charts = run);
    latestCharts.run(
      async (signal) => (await import('../charts/charts.js')).drawCharts(charts, report, signal),
      () => undefined,
      (error) => charts.append(h('p', { class: 'hint' }, `The charts could not be made: ${messageOf(error)}`)),
    );
  }

  /** Only landing has records that are no rows. */
  function showRejects() {
    const count = run ? format.sum(run.report.tables[table]?.rejected ?? {}) : 0;
    rejects.hidden = count === 0;
    find('#table-rejects > div').replaceChildren();
    if (!run || count === 0) return;
    find('#table-rejects > summary').textContent = `Rejected records: ${format.count(count)}`;
    const tables = new Map(run.report.inputs.map((input) => [input.name, input.table]));
    const mine = run.result.rejects.filter(({ file }) => tables.get(file) === table);
    if (rejects.open) find('#table-rejects > div').append(...rejectList(mine, count, () => table, table));
  }
  rejects.addEventListener('toggle', showRejects);

  function show() {
    showRejects();
    showRows();
    showCharts();
  }

  return {
    /** @param {TableName} next */
    select(next) {
      table = next;
      columns.select(next);
      show();
    },
    /** @param {Results} next */
    open(next) {
      run = next;
      shown = {};
      latestRows.cancel();
      latestCharts.cancel();
      setLake(next.result.files);
      show();
    },
    close() {
      run = undefined;
      shown = {};
      latestRows.cancel();
      latestCharts.cancel();
      setLake(undefined);
      charts.replaceChildren();
      rows?.then(({ clear }) => clear());
      show();
    },
  };
}

/**
 * A busy page gets several changes in one call, the oldest first: only the last says where the element is now.
 * @param {Element} element
 * @param {(is: boolean) => void} onChange
 */
function whenNear(element, onChange) {
  new IntersectionObserver((changes) => onChange(changes[changes.length - 1].isIntersecting), {
    rootMargin: '200px',
  }).observe(element);
}

/**
 * The inputs of a landing table that were used, with their files.
 * @param {TableName} table
 * @param {import('../../shared/core-types.js').Report} report
 * @param {import('../../shared/protocol.js').Input[]} inputs
 * @returns {LandingSource[]}
 */
export function sourcesOf(table, report, inputs) {
  const landing = /** @type {import('../../shared/core-types.js').Landing} */ (table);
  const files = new Map(inputs.map(({ name, file }) => [name, file]));
  return report.inputs
    .filter((input) => input.status === 'used' && input.table === table)
    .flatMap(({ name, bytes }) => {
      const plain = files.get(name);
      if (plain) return [{ name, table: landing, bytes, file: plain }];
      for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
        const file = files.get(name.slice(0, at));
        if (file) return [{ name, table: landing, bytes, file, entry: name.slice(at + 1) }];
      }
      return [];
    });
}
