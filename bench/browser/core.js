// The core as the page's workers use it; where its boundary changes, this changes with it.
import { Reader, Run, initSync } from '../../www/pkg/stedi_lakehouse.js';

/** @type {import('../../www/shared/core.js').Options} */
const OPTIONS = {
  consent: 'ever',
  records: 'any',
  emails: 'exact',
  shared_serials: 'keep',
  duplicates: 'keep',
  join: 'owner',
  identity: 'pseudonym',
  times: 'exact',
  one_per_instant: 'off',
  compression: 'snappy',
  withdrawals: [],
};

/** @typedef {import('../../www/shared/core.js').Landing} Landing */

/** @typedef {{ table: Landing, chunks: Uint8Array[], bytes: number, records: number }} Input */

/** @param {WebAssembly.Module} module */
export function load(module) {
  initSync({ module });
}

/**
 * Seconds to decode one file of readings, of these customers, into what the joins then work on.
 * @param {Uint8Array} customers
 * @param {Input} input
 */
export function decode(customers, input) {
  const run = new Run(OPTIONS, new TextEncoder().encode('key'), 'given');
  const reader = new Reader();
  const first = reader.open('customers', 'customer_landing', 0, 0, false);
  reader.push(first, customers);
  run.decoded('customers', customers.length, 'customer_landing', [reader.close(first)]);
  run.customers(reader.customers(OPTIONS));
  run.consent();
  reader.admit(run.context());

  const start = performance.now();
  const file = reader.open('readings', input.table, 0, 0, false);
  for (const chunk of input.chunks) reader.push(file, chunk);
  reader.close(file);
  const seconds = (performance.now() - start) / 1000;

  const records = reader.counts()[input.table]?.rows_out;
  reader.free();
  run.free();
  if (records !== input.records) throw new Error(`${records} of ${input.records} records are rows`);
  return seconds;
}
