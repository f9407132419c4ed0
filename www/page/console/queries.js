import { labels } from '../labels/labels.js';
import { TABLES } from '../../shared/tables.js';

/** @param {typeof TABLES} tables */
const counts = (tables) =>
  tables.map(({ name }) => `SELECT '${name}' AS table_name, count(*) AS rows FROM ${name}`).join('\nUNION ALL ');

/** The checks that people of the original lakehouse run, and a few more. @type {{ name: string, sql: string }[]} */
export const QUERIES = [
  { name: labels.queries.saved, sql: counts(TABLES.filter(({ saved }) => saved)) },
  { name: labels.queries.all, sql: counts(TABLES) },
  {
    name: labels.queries.noConsent,
    sql: `SELECT count(*) AS customers
FROM customer_landing
WHERE sharewithresearchasofdate IS NULL OR sharewithresearchasofdate <= 0`,
  },
  {
    name: labels.queries.wrongConsent,
    sql: `SELECT *
FROM customer_trusted
WHERE sharewithresearchasofdate IS NULL OR sharewithresearchasofdate <= 0`,
  },
  {
    name: labels.queries.readings,
    sql: `SELECT c.email, count(a.timestamp) AS readings
FROM (SELECT DISTINCT email FROM customer_curated) c
LEFT JOIN accelerometer_trusted a ON a.user = c.email
GROUP BY c.email
ORDER BY readings DESC, c.email`,
  },
  {
    name: labels.queries.orphans,
    sql: `SELECT s.serialnumber, count(*) AS readings
FROM step_trainer_landing s
LEFT ANTI JOIN customer_landing c ON c.serialnumber = s.serialnumber
GROUP BY s.serialnumber
ORDER BY readings DESC, s.serialnumber`,
  },
  {
    name: labels.queries.shared,
    sql: `SELECT serialnumber, count(DISTINCT email) AS customers
FROM customer_landing
GROUP BY serialnumber
HAVING count(DISTINCT email) > 1
ORDER BY customers DESC, serialnumber`,
  },
  {
    name: labels.queries.perSubject,
    sql: `SELECT subject, count(*) AS rows,
  to_timestamp_millis(min(sensorreadingtime)) AS first,
  to_timestamp_millis(max(sensorreadingtime)) AS last
FROM machine_learning_curated
GROUP BY subject
ORDER BY rows DESC, subject`,
  },
  {
    name: labels.queries.measured,
    sql: `SELECT subject, avg(distancefromobject) AS mean_distance, stddev(distancefromobject) AS deviation,
  median(distancefromobject) AS median_distance, corr(x, distancefromobject) AS x_with_distance
FROM machine_learning_curated
GROUP BY subject
ORDER BY subject`,
  },
  {
    name: labels.queries.byDay,
    sql: `SELECT date_trunc('day', to_timestamp_millis(sensorreadingtime)) AS day, count(*) AS rows
FROM machine_learning_curated
GROUP BY day
ORDER BY day`,
  },
  {
    name: labels.queries.own,
    sql: `CREATE TABLE steps_by_subject AS
SELECT subject, count(*) AS rows
FROM machine_learning_curated
GROUP BY subject`,
  },
];
