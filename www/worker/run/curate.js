import { TABLES } from '../../shared/tables.js';

/**
 * @typedef {import('./remote-engine.js').Instance} Instance
 * @typedef {import('../../shared/types.js').SavedTable} SavedTable
 * @typedef {{ table: SavedTable, rows: number }} Job
 */

/** What a row of a table costs to make, against the others: measured, and only for dealing. */
const COST = /** @type {Record<SavedTable, number>} */ ({
  accelerometer_trusted: 1,
  step_trainer_trusted: 0.4,
  machine_learning_curated: 1.6,
});

/**
 * Makes the tables: jobs are dealt, every instance gives its share of each, and the files are put together
 * from what comes back, without a copy.
 * @param {import('../../pkg/stedi_lakehouse.js').Run} run
 * @param {Instance[]} instances
 * @param {(counts: import('../../shared/types.js').Counts) => void} [onCounts] to be told of the rows before they are
 *   encoded; all of them are in memory at once then
 * @returns {Promise<Record<SavedTable, Blob>>}
 */
export async function curate(run, instances, onCounts) {
  const plan = run.settle();
  const dealt = deal(run.jobs(), instances.length);
  const shares = await ofAll(instances, (instance, me) => {
    return instance.shares(
      plan,
      dealt.flatMap((jobs, other) => (other === me ? [] : jobs)),
    );
  });
  /** @type {Map<number, import('./local-engine.js').Share[]>} */
  const byJob = new Map();
  for (const share of shares.flat()) byJob.set(share.job, [...(byJob.get(share.job) ?? []), ...share.shares]);
  const given = dealt.map((mine) => mine.map((job) => ({ job, shares: byJob.get(job) ?? [] })));
  if (onCounts) {
    const counted = await ofAll(instances, (instance, me) => instance.count(given[me]));
    onCounts(run.counted(counted.flat()));
    for (const one of given.flat()) one.shares = [];
  }
  const done = await ofAll(instances, (instance, me) => instance.work(given[me]));
  const jobs = done.flat().sort((a, b) => a.job - b.job);
  run.finish(jobs.map(({ done }) => done));

  const files = /** @type {Record<SavedTable, Blob>} */ ({});
  for (const { name } of TABLES.filter((table) => table.saved)) {
    /** @type {{ head: Uint8Array<ArrayBuffer>, jobs: number[], tail: Uint8Array<ArrayBuffer> }} */
    const output = run.output(name);
    const bodies = output.jobs.map((job) => jobs[job].body);
    files[/** @type {SavedTable} */ (name)] = new Blob([output.head, ...bodies, output.tail], {
      type: 'application/vnd.apache.parquet',
    });
  }
  return files;
}

/**
 * Asks the others before this worker's own, the first, which answers while it is asked.
 * @template Answer
 * @param {Instance[]} instances
 * @param {(instance: Instance, at: number) => Promise<Answer>} ask
 * @returns {Promise<Answer[]>}
 */
export async function ofAll([own, ...others], ask) {
  const theirs = others.map((instance, at) => ask(instance, at + 1));
  return Promise.all([ask(own, 0), ...theirs]);
}

/** The largest first, each to whoever has least. @param {Job[]} jobs @param {number} instances @returns {number[][]} */
function deal(jobs, instances) {
  const cost = jobs.map(({ table, rows }) => rows * COST[table]);
  const dealt = Array.from({ length: instances }, () => ({ cost: 0, jobs: /** @type {number[]} */ ([]) }));
  for (const job of [...jobs.keys()].sort((a, b) => cost[b] - cost[a])) {
    const least = dealt.reduce((one, other) => (other.cost < one.cost ? other : one));
    least.cost += cost[job];
    least.jobs.push(job);
  }
  return dealt.map((one) => one.jobs);
}
