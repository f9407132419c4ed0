import { createColumns, schemaOf } from './columns-view.js';
import { find } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { rejectList } from '../run/reject-list.js';
import { setLake } from './explore-client.js';

/**
 * @typedef {import('../../shared/types.js').TableName} TableName
 * @typedef {import('../../shared/types.js').LandingSource} LandingSource
 * @typedef {object} Run what is on the page
 * @property {import('../../shared/types.js').RunResult} result
 * @property {import('../../shared/types.js').Report} report
 * @property {import('../../shared/types.js').Input[]} inputs
 */

/**
 * A run looked into: the selected table's rows, columns, SQL and rejects, and the charts. Nothing is made
 * before it is seen; the bundle evaluates what is imported so only then, which keeps the page's start short.
 */
export function createExplore() {
  const section = find('#rows');
  const charts = find('#charts > div');
  const columns = createColumns();
  const rejects = find('#table-rejects', HTMLDetailsElement);
  /** @type {TableName} */
  let table = 'machine_learning_curated';
  /** @type {Run | undefined} */
  let run;
  /** @type {Promise<ReturnType<typeof import('./rows.js').createRows>> | undefined} */
  let rows;
  /** What the grid shows, and the run that the charts show. */
  let shown = /** @type {{ table?: TableName, run?: Run }} */ ({});
  const near = { detail: false, charts: false };

  whenNear(find('#detail'), (is) => {
    near.detail = is;
    showRows();
  });
  whenNear(find('#charts'), (is) => {
    near.charts = is;
    showCharts();
  });

  async function showRows() {
    section.hidden = run === undefined;
    if (!run || !near.detail) return;
    const [mine, wanted] = [run, table];
    rows ??= import('./rows.js').then(({ createRows }) => createRows());
    const [{ show, fail }, schema] = await Promise.all([rows, schemaOf(wanted).catch((error) => error)]);
    if (schema instanceof Error) return fail(schema);
    // Another table or another run may have come meanwhile.
    if (run !== mine || table !== wanted || shown.table === wanted) return;
    shown.table = wanted;
    show(schema, mine.report.tables[wanted]?.rows_out ?? 0, sourcesOf(wanted, mine.report, mine.inputs));
  }

  async function showCharts() {
    if (!run || !near.charts || shown.run === run) return;
    const mine = (shown.run = run);
    const { drawCharts } = await import('../charts/charts.js');
    if (run === mine) drawCharts(charts, mine.report, () => run === mine);
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
    /** @param {Run} next */
    open(next) {
      run = next;
      shown = {};
      setLake({ kind: 'lake', files: next.result.files });
      show();
    },
    close() {
      run = undefined;
      shown = {};
      setLake({ kind: 'lake' });
      charts.replaceChildren();
      rows?.then(({ clear }) => clear());
      show();
    },
  };
}

/**
 * A busy page hears of several changes in one call, the oldest first: only the last says where the element is now.
 * @param {Element} element
 * @param {(is: boolean) => void} tell
 */
function whenNear(element, tell) {
  new IntersectionObserver((changes) => tell(changes[changes.length - 1].isIntersecting), {
    rootMargin: '200px',
  }).observe(element);
}

/**
 * The inputs of a landing table that were used, with their files.
 * @param {TableName} table
 * @param {import('../../shared/types.js').Report} report
 * @param {import('../../shared/types.js').Input[]} inputs
 * @returns {LandingSource[]}
 */
export function sourcesOf(table, report, inputs) {
  const landing = /** @type {import('../../shared/types.js').Landing} */ (table);
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
