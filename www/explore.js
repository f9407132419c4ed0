import { createCharts } from './charts.js';
import { createColumns, schemaOf } from './columns-view.js';
import { find } from './dom.js';
import * as format from './format.js';
import { rejectList } from './reject-view.js';
import { createRows } from './rows.js';
import { look } from './viewer.js';

/**
 * @typedef {import('./types.js').TableName} TableName
 * @typedef {import('./types.js').LandingSource} LandingSource
 * @typedef {object} Run what is on the page
 * @property {import('./types.js').RunResult} result
 * @property {import('./types.js').Report} report
 * @property {import('./types.js').Input[]} inputs
 */

/** A run looked into: the selected table's rows, columns, SQL and rejects, and the charts. Nothing is made before it is seen. */
export function createExplore() {
  const section = find('#rows');
  const columns = createColumns();
  const charts = createCharts();
  const rejects = find('#table-rejects', HTMLDetailsElement);
  /** @type {TableName} */
  let table = 'machine_learning_curated';
  /** @type {Run | undefined} */
  let run;
  /** @type {ReturnType<typeof createRows> | undefined} */
  let rows;
  let near = false;

  new IntersectionObserver(([{ isIntersecting }]) => {
    near = isIntersecting;
    show();
  }, { rootMargin: '200px' }).observe(find('#detail'));

  async function show() {
    section.hidden = run === undefined;
    if (!run || !near) return;
    const { result, report, inputs } = run;
    const wanted = table;
    const schema = await schemaOf(wanted);
    // Another table or another run may have come meanwhile.
    if (run?.result !== result || table !== wanted || shown === wanted) return;
    shown = wanted;
    rows ??= createRows();
    rows.show(schema, report.tables[wanted]?.rows_out ?? 0, sourcesOf(wanted, report, inputs));
  }

  /** Only landing has records that are no rows. */
  function showRejects() {
    const count = run ? format.sum(run.report.tables[table]?.rejected ?? {}) : 0;
    rejects.hidden = count === 0;
    if (!run || count === 0) return;
    find('#table-rejects > summary').textContent = `Rejected records: ${format.count(count)}`;
    const tables = new Map(run.report.inputs.map((input) => [input.name, input.table]));
    const mine = run.result.rejects.filter(({ file }) => tables.get(file) === table);
    find('#table-rejects > div').replaceChildren(...(rejects.open ? rejectList(mine, count, () => table, table) : []));
  }
  rejects.addEventListener('toggle', showRejects);

  /** What the grid shows. @type {TableName | undefined} */
  let shown;

  return {
    /** @param {TableName} next */
    select(next) {
      table = next;
      columns.select(next);
      showRejects();
      show();
    },
    /** @param {Run} next */
    open(next) {
      run = next;
      shown = undefined;
      look({ kind: 'lake', files: next.result.files });
      showRejects();
      charts.open(next.report);
      show();
    },
    close() {
      run = undefined;
      shown = undefined;
      section.hidden = true;
      charts.close();
      showRejects();
    },
  };
}

/**
 * The inputs of a landing table that were used, with their files.
 * @param {TableName} table
 * @param {import('./types.js').Report} report
 * @param {import('./types.js').Input[]} inputs
 * @returns {LandingSource[]}
 */
function sourcesOf(table, report, inputs) {
  return report.inputs.filter((input) => input.status === 'used' && input.table === table).flatMap(({ name, bytes }) => {
    const plain = inputs.find((input) => input.name === name);
    const landing = /** @type {import('./types.js').Landing} */ (table);
    if (plain) return [{ name, table: landing, bytes, file: plain.file }];
    const archive = inputs.find((input) => name.startsWith(`${input.name}/`));
    return archive ? [{ name, table: landing, bytes, file: archive.file, entry: name.slice(archive.name.length + 1) }] : [];
  });
}
