// Whose sensors measured a subject of the research table. Their emails and serial numbers stay in the worker.

/**
 * @typedef {Awaited<ReturnType<typeof import('./parquet-reader.js').openTable>>} OpenTable
 * @typedef {import('../../shared/core.js').Column} Column
 */

/**
 * The emails and serial numbers of the rows of customer_curated that are a subject's.
 * @param {OpenTable} table
 * @param {Column[]} columns
 * @param {(email: string, serial: string) => boolean} isTheirs
 * @param {AbortSignal} [signal]
 */
export async function findSensors(table, columns, isTheirs, signal) {
  // The keys of customers: the email, then the serial number.
  const keys = columns.filter(({ key }) => key).map(({ name }) => name);
  /** @type {Set<string>} */
  const users = new Set();
  /** @type {Set<string>} */
  const devices = new Set();
  for await (const {
    values: [emails, serials],
  } of table.read(keys, 0, table.rows)) {
    signal?.throwIfAborted();
    for (let i = 0; i < emails.length; i += 1) {
      const [email, serial] = [String(emails[i]), String(serials[i])];
      if (!isTheirs(email, serial)) continue;
      users.add(email);
      devices.add(serial);
    }
  }
  return { users, devices };
}
