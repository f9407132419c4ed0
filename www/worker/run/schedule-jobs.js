/**
 * @typedef {import('../../shared/core.js').SavedTable} SavedTable
 * @typedef {import('../../shared/core.js').Job} Job
 */

/** What a row of a table of readings costs to make, against the others: measured, and used for scheduling only. */
const COST = /** @type {Record<SavedTable, number>} */ ({
  accelerometer_trusted: 1,
  step_trainer_trusted: 0.4,
  machine_learning_curated: 1.6,
});

/**
 * The jobs of each engine, by number: the largest first, each to the engine that has least to do.
 * @param {(Job & { number: number })[]} jobs
 * @param {number} engines
 * @returns {number[][]}
 */
export function scheduleJobs(jobs, engines) {
  const costs = jobs.map(({ number, table, rows }) => ({ number, cost: rows * COST[table] }));
  const schedule = Array.from({ length: engines }, () => ({ cost: 0, jobs: /** @type {number[]} */ ([]) }));
  for (const { number, cost } of costs.sort((a, b) => b.cost - a.cost)) {
    const least = schedule.reduce((one, other) => (other.cost < one.cost ? other : one));
    least.cost += cost;
    least.jobs.push(number);
  }
  return schedule.map((one) => one.jobs);
}
