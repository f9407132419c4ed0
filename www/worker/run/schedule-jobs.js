/** @typedef {import('../../shared/core-types.js').SavedTable} SavedTable */

/** What a row of a table costs to make, against the others: measured, and used for scheduling only. */
const COST = /** @type {Record<SavedTable, number>} */ ({
  accelerometer_trusted: 1,
  step_trainer_trusted: 0.4,
  machine_learning_curated: 1.6,
});

/**
 * The jobs of each engine, by number: the largest first, each to the engine that has least to do.
 * @param {{ table: SavedTable, rows: number }[]} jobs
 * @param {number} engines
 * @returns {number[][]}
 */
export function scheduleJobs(jobs, engines) {
  const cost = jobs.map(({ table, rows }) => rows * COST[table]);
  const schedule = Array.from({ length: engines }, () => ({ cost: 0, jobs: /** @type {number[]} */ ([]) }));
  for (const job of [...jobs.keys()].sort((a, b) => cost[b] - cost[a])) {
    const least = schedule.reduce((one, other) => (other.cost < one.cost ? other : one));
    least.cost += cost[job];
    least.jobs.push(job);
  }
  return schedule.map((one) => one.jobs);
}
