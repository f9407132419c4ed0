import { labels } from '../labels/labels.js';
import { createColumns, schemaOf } from './columns-view.js';
import { createExploreView } from './explore-view.js';
import { messageOf } from '../ui/core-words.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { downloadName } from '../export/download-name.js';
import { rejectList, tablesByInput } from '../run/reject-list.js';
import { createLatest } from '../ui/latest.js';
import { setLake } from './explore-client.js';

/**
 * @typedef {import('../../shared/core.js').TableName} TableName
 * @typedef {import('../../shared/protocol.js').LandingSource} LandingSource
 * @typedef {import('../run-state.js').Results} Results
 */

/**
 * The results in detail: the selected table's rows, columns, SQL and rejects, and the charts. Nothing is made
 * before it is seen; the bundle evaluates what is imported so only then, so that the page starts fast.
 * @param {(table: TableName) => void} onSelect a table was chosen from the list
 */
export function createExplorePanel(onSelect) {
  const charts = find('#charts > div');
  const columns = createColumns();
  const rejects = find('#table-rejects');
  const view = createExploreView({ onSelect, onTab: show });
  /** @type {TableName} */
  let table = 'machine_learning_curated';
  /** @type {Results | undefined} */
  let run;
  /** @type {Promise<ReturnType<typeof import('./rows.js').createRows>> | undefined} */
  let rows;
  /** What the grid and the charts show. */
  let shown = /** @type {{ table?: TableName, charts?: Results }} */ ({});
  const [latestRows, latestCharts] = [createLatest(), createLatest()];
  const near = { rows: false, charts: false };

  whenNear(find('#rows'), (is) => {
    near.rows = is;
    if (is) view.reveal();
    showRows();
  });
  whenNear(find('#charts'), (is) => {
    near.charts = is;
    showCharts();
  });

  function showRows() {
    if (!run || !near.rows || shown.table === table) return;
    const [{ report, inputs }, wanted] = [run, table];
    rows ??= import('./rows.js').then(({ createRows }) => createRows());
    const made = rows;
    latestRows.run(
      async () => ({ view: await made, schema: await schemaOf(wanted) }),
      ({ view, schema }) => {
        shown.table = wanted;
        const relative = wanted === 'machine_learning_curated' && report.options.times === 'relative';
        view.show(schema, report.tables[wanted]?.rows_out ?? 0, sourcesOf(wanted, report, inputs), relative);
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
      (error) => charts.append(h('p', { class: 'hint' }, labels.charts.failed(messageOf(error)))),
    );
  }

  /** Only landing has records that are no rows. */
  function showRejects() {
    rejects.replaceChildren();
    if (!run || view.tab() !== 'table-rejects') return;
    const count = format.sum(run.report.tables[table]?.rejected ?? {});
    const tables = tablesByInput(run.report.inputs);
    const mine = run.result.rejects.filter(({ file }) => tables.get(file) === table);
    const [name, { options }] = [`rejects-${table}`, run.report];
    rejects.append(
      ...rejectList(
        mine,
        count,
        () => table,
        () => downloadName(name, options),
        table,
      ),
    );
  }

  function show() {
    if (view.tab() === 'columns' || view.tab() === 'sql') columns.show();
    showRejects();
    showRows();
    showCharts();
  }

  return {
    goTo: view.goTo,
    /** @param {TableName} next */
    select(next) {
      table = next;
      columns.select(next);
      view.select(next);
      show();
    },
    /** @param {Results} next @param {Uint8Array} [key] of its pseudonyms */
    open(next, key) {
      run = next;
      shown = {};
      latestRows.cancel();
      latestCharts.cancel();
      const { files, outcomes } = next.result;
      setLake({ files, outcomes, identity: next.report.options.identity, key });
      view.count(next.report);
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
 * @param {import('../../shared/core.js').Report} report
 * @param {import('../../shared/protocol.js').Input[]} inputs
 * @returns {LandingSource[]}
 */
export function sourcesOf(table, report, inputs) {
  const landing = /** @type {import('../../shared/core.js').Landing} */ (table);
  const files = new Map(inputs.map(({ name, file }) => [name, file]));
  /** How many tables an input has records of. @type {Map<string, number>} */
  const tables = new Map();
  for (const { name, status } of report.inputs) if (status === 'used') tables.set(name, (tables.get(name) ?? 0) + 1);
  return report.inputs
    .filter((input) => input.status === 'used' && input.table === table)
    .flatMap(({ name, bytes }) => {
      const share = (tables.get(name) ?? 0) > 1;
      const plain = files.get(name);
      if (plain) return [{ name, table: landing, share, bytes, file: plain }];
      for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
        const file = files.get(name.slice(0, at));
        if (file) return [{ name, table: landing, share, bytes, file, entry: name.slice(at + 1) }];
      }
      return [];
    });
}
