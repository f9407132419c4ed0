import { TABLES } from '../../shared/tables.js';
import { scheduleJobs } from './schedule-jobs.js';

/**
 * @typedef {import('./remote-engine.js').Engine} Engine
 * @typedef {import('../../shared/core.js').SavedTable} SavedTable
 * @typedef {import('../../shared/protocol.js').JobRows} JobRows
 * @typedef {import('../../shared/protocol.js').JobResult} JobResult
 */

/** Tables whose rows the lead has. @type {SavedTable[]} */
const OF_CUSTOMERS = ['customer_trusted', 'customer_curated'];

/**
 * Makes the tables: every engine gives its share of the others' jobs and does its own, and the files are put together
 * from what comes back, without a copy.
 * @param {import('../../pkg/stedi_lakehouse.js').Run} run
 * @param {Engine[]} engines
 * @param {(counts: import('../../shared/core.js').Counts) => void} [onCounts] gets the rows before they are
 *   encoded; all of them are in memory at once then
 * @returns {Promise<import('../../shared/protocol.js').Tables>}
 */
export async function curate(run, engines, onCounts) {
  const plan = run.plan_curation();
  const numbered = run.jobs().map((job, number) => ({ ...job, number }));
  const schedule = scheduleJobs(
    numbered.filter(({ table }) => !OF_CUSTOMERS.includes(table)),
    engines.length,
  );
  const customers = numbered.filter(({ table }) => OF_CUSTOMERS.includes(table)).map(({ number }) => number);

  /** Takes jobs of customers until there are none; their rows are sent one job at a time. @param {Engine} engine */
  async function takeCustomers(engine) {
    /** @type {JobResult[]} */
    const done = [];
    for (let job = customers.shift(); job !== undefined; job = customers.shift()) {
      const rows = run.job_customers(job);
      done.push(...(await engine.work([{ job, shares: [], partners: [], customers: rows }])));
    }
    return done;
  }

  const shares = await onEach(engines, (engine, me) => {
    return engine.shares(
      plan,
      schedule.flatMap((jobs, other) => (other === me ? [] : jobs)),
    );
  });
  /** @type {Map<number, JobRows>} */
  const byJob = new Map();
  const rowsOf = (/** @type {number} */ job) => {
    const rows = byJob.get(job) ?? { job, shares: [], partners: [] };
    byJob.set(job, rows);
    return rows;
  };
  for (const share of shares.flat()) {
    rowsOf(share.job).shares.push(...share.shares);
    rowsOf(share.job).partners.push(...share.partners);
  }
  const jobsOf = schedule.map((mine) => mine.map(rowsOf));
  if (onCounts) {
    const counted = await onEach(engines, (engine, me) => engine.count(jobsOf[me]));
    onCounts(run.counted(counted.flat()));
    for (const one of jobsOf.flat()) Object.assign(one, { shares: [], partners: [] });
  }
  const done = await onEach(engines, async (engine, me) => {
    const mine = await engine.work(jobsOf[me]);
    return [...mine, ...(await takeCustomers(engine))];
  });
  const jobs = done.flat().sort((a, b) => a.job - b.job);
  run.finish(jobs.map(({ done }) => done));

  const files = /** @type {Record<SavedTable, Blob>} */ ({});
  for (const { name } of TABLES.filter((table) => table.saved)) {
    const output = run.output(name);
    const bodies = output.jobs.map((job) => jobs[job].body);
    files[/** @type {SavedTable} */ (name)] = new Blob([output.head, ...bodies, output.tail], {
      type: 'application/vnd.apache.parquet',
    });
  }
  return files;
}

/**
 * Calls the others before this worker's own engine, the first, which works while it is called.
 * @template Reply
 * @param {Engine[]} engines
 * @param {(engine: Engine, at: number) => Promise<Reply>} call
 * @returns {Promise<Reply[]>}
 */
export async function onEach([own, ...others], call) {
  const theirs = others.map((engine, at) => call(engine, at + 1));
  return Promise.all([call(own, 0), ...theirs]);
}
