/**
 * @typedef {import('../../shared/core.js').Counts} Counts
 * @typedef {import('../../shared/core.js').TableReport} TableReport
 */

/** The tables of several readers together. @param {Counts[]} counts @returns {Counts} */
export function mergeCounts(counts) {
  /** @type {Counts} */
  const total = {};
  for (const some of counts) {
    for (const [name, report] of Object.entries(some)) {
      const table = /** @type {import('../../shared/core.js').TableName} */ (name);
      const known = total[table];
      total[table] = known ? added(known, report) : report;
    }
  }
  return total;
}

/** @param {TableReport} one @param {TableReport} other @returns {TableReport} */
function added(one, other) {
  return {
    rows_in: one.rows_in + other.rows_in,
    rows_out: one.rows_out + other.rows_out,
    filtered: addedByName(one.filtered, other.filtered),
    rejected: addedByName(one.rejected, other.rejected),
  };
}

/** @param {Record<string, number>} one @param {Record<string, number>} other */
function addedByName(one, other) {
  const all = { ...one };
  for (const [name, count] of Object.entries(other)) all[name] = (all[name] ?? 0) + count;
  return all;
}
