import { TABLES } from '../../shared/tables.js';

/** @param {typeof TABLES} tables */
const counts = (tables) =>
  tables.map(({ name }) => `SELECT '${name}' AS table_name, count(*) AS rows FROM ${name}`).join('\nUNION ALL ');

/** The checks that people of the original lakehouse run, and a few more. @type {{ name: string, sql: string }[]} */
export const QUERIES = [
  { name: 'Rows of each trusted and curated table', sql: counts(TABLES.filter(({ saved }) => saved)) },
  { name: 'Rows of all eight tables', sql: counts(TABLES) },
  {
    name: 'Customers without consent',
    sql: `SELECT count(*) AS customers
FROM customer_landing
WHERE sharewithresearchasofdate IS NULL OR sharewithresearchasofdate <= 0`,
  },
  {
    name: 'Consent that should not be in customer_trusted',
    sql: `SELECT *
FROM customer_trusted
WHERE sharewithresearchasofdate IS NULL OR sharewithresearchasofdate <= 0`,
  },
  {
    name: 'Readings of each customer',
    sql: `SELECT c.email, count(a.timestamp) AS readings
FROM (SELECT DISTINCT email FROM customer_curated) c
LEFT JOIN accelerometer_trusted a ON a.user = c.email
GROUP BY c.email
ORDER BY readings DESC, c.email`,
  },
  {
    name: 'Orphaned serial numbers: step readings of no customer',
    sql: `SELECT s.serialnumber, count(*) AS readings
FROM step_trainer_landing s
LEFT ANTI JOIN customer_landing c ON c.serialnumber = s.serialnumber
GROUP BY s.serialnumber
ORDER BY readings DESC, s.serialnumber`,
  },
  {
    name: 'Serial numbers of several customers',
    sql: `SELECT serialnumber, count(DISTINCT email) AS customers
FROM customer_landing
GROUP BY serialnumber
HAVING count(DISTINCT email) > 1
ORDER BY customers DESC, serialnumber`,
  },
  {
    name: 'Rows of each subject',
    sql: `SELECT subject, count(*) AS rows,
  to_timestamp_millis(min(sensorreadingtime)) AS first,
  to_timestamp_millis(max(sensorreadingtime)) AS last
FROM machine_learning_curated
GROUP BY subject
ORDER BY rows DESC, subject`,
  },
  {
    name: 'What the sensors measured, by subject',
    sql: `SELECT subject, avg(distancefromobject) AS mean_distance, stddev(distancefromobject) AS deviation,
  median(distancefromobject) AS median_distance, corr(x, distancefromobject) AS x_with_distance
FROM machine_learning_curated
GROUP BY subject
ORDER BY subject`,
  },
  {
    name: 'Research rows by day',
    sql: `SELECT date_trunc('day', to_timestamp_millis(sensorreadingtime)) AS day, count(*) AS rows
FROM machine_learning_curated
GROUP BY day
ORDER BY day`,
  },
  {
    name: 'A table of your own',
    sql: `CREATE TABLE steps_by_subject AS
SELECT subject, count(*) AS rows
FROM machine_learning_curated
GROUP BY subject`,
  },
];
