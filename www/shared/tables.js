/**
 * The tables, in the order in which the pipeline makes them within each zone. Names as in the core, the SQL and the
 * report.
 * @type {{ name: import('./core-types.js').TableName, zone: 'landing' | 'trusted' | 'curated', saved: boolean }[]}
 *   saved: offered as Parquet; landing rows are never written
 */
export const TABLES = [
  { name: 'customer_landing', zone: 'landing', saved: false },
  { name: 'accelerometer_landing', zone: 'landing', saved: false },
  { name: 'step_trainer_landing', zone: 'landing', saved: false },
  { name: 'customer_trusted', zone: 'trusted', saved: true },
  { name: 'accelerometer_trusted', zone: 'trusted', saved: true },
  { name: 'step_trainer_trusted', zone: 'trusted', saved: true },
  { name: 'customer_curated', zone: 'curated', saved: true },
  { name: 'machine_learning_curated', zone: 'curated', saved: true },
];
