// What charts are drawn from, made in the worker: sums and samples, never the rows themselves.

/**
 * @typedef {Awaited<ReturnType<typeof import('./parquet-reader.js').openTable>>} OpenTable
 * @typedef {import('./parquet-reader.js').Values} Values
 * @typedef {import('../../shared/core.js').Column} Column
 * @typedef {import('../../shared/chart-data.js').Times} Times
 * @typedef {import('../../shared/chart-data.js').Subjects} Subjects
 * @typedef {import('../../shared/chart-data.js').Series} Series
 * @typedef {{ subject: string, start: number, rows: number }} Owner
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Widths of a bin, in milliseconds, that have a name. */
const WIDTHS = [
  1,
  10,
  100,
  SECOND,
  10 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  DAY,
  7 * DAY,
  30 * DAY,
  365 * DAY,
];
const MOST_BINS = 240;
/** Subjects that can be chosen from a list. */
const LISTED = 1000;
/** Points of the curve of rows per subject. */
const CURVE = 240;
/** Stretches of time of which the least and the greatest value are drawn. */
const STRETCHES = 300;

/** The column of the time. @param {Column[]} columns */
const timeOf = (columns) => named(columns.find(({ type, key }) => type === 'bigint' && key));
/** The column of the person. @param {Column[]} columns */
const subjectOf = (columns) => named(columns.find(({ type, key }) => type === 'string' && key));
/** What was measured. @param {Column[]} columns */
const measuresOf = (columns) => columns.filter(({ key }) => !key).map(({ name }) => name);

/** @param {Column | undefined} column */
function named(column) {
  if (!column) throw new Error('A table lacks a key column.');
  return column.name;
}

/**
 * Rows of each table by time, in bins of one width for all.
 * @param {{ name: string, table: OpenTable, columns: Column[] }[]} tables
 * @param {AbortSignal} [signal]
 * @returns {Promise<Times>}
 */
export async function binTimes(tables, signal) {
  let [first, last] = [Infinity, -Infinity];
  await eachTimes(tables, signal, (times) => {
    for (let i = 0; i < times.length; i += 1) {
      const time = Number(times[i]);
      if (time < first) first = time;
      if (time > last) last = time;
    }
  });
  const names = tables.map(({ name }) => name);
  if (first > last) return { start: 0, width: 1, names, counts: tables.map(() => []) };
  const width =
    WIDTHS.find((candidate) => Math.floor(last / candidate) - Math.floor(first / candidate) < MOST_BINS) ??
    Math.ceil((last - first + 1) / MOST_BINS);
  const start = Math.floor(first / width) * width;
  const counts = tables.map(() => new Array(Math.floor((last - start) / width) + 1).fill(0));
  await eachTimes(tables, signal, (times, of) => {
    for (let i = 0; i < times.length; i += 1) counts[of][Math.floor((Number(times[i]) - start) / width)] += 1;
  });
  return { start, width, names, counts };
}

/**
 * @param {{ table: OpenTable, columns: Column[] }[]} tables
 * @param {AbortSignal | undefined} signal
 * @param {(times: Values, of: number) => void} each
 */
async function eachTimes(tables, signal, each) {
  for (const [of, { table, columns }] of tables.entries()) {
    for await (const { values } of table.read([timeOf(columns)], 0, table.rows)) {
      signal?.throwIfAborted();
      each(values[0], of);
    }
  }
}

/**
 * The subjects of the research table, each with its rows, which are together; those with most rows first.
 * @param {OpenTable} table
 * @param {Column[]} columns
 */
export async function findOwners(table, columns) {
  /** @type {Owner[]} */
  const owners = [];
  for await (const {
    start,
    values: [subjects],
  } of table.read([subjectOf(columns)], 0, table.rows)) {
    for (let i = 0; i < subjects.length; i += 1) {
      const last = owners.at(-1);
      if (last && last.subject === subjects[i]) last.rows += 1;
      else owners.push({ subject: String(subjects[i]), start: start + i, rows: 1 });
    }
  }
  return owners.sort((a, b) => b.rows - a.rows || (a.subject < b.subject ? -1 : 1));
}

/** The subject of that name, or the only one whose name starts so. @param {Owner[]} owners @param {string} name */
export function findOwner(owners, name) {
  const alike = name === '' ? [] : owners.filter(({ subject }) => subject.startsWith(name));
  return alike.find(({ subject }) => subject === name) ?? (alike.length === 1 ? alike[0] : undefined);
}

/** @param {Owner[]} owners @returns {Subjects} */
export function sumOwners(owners) {
  const step = Math.max(1, (owners.length - 1) / (CURVE - 1));
  /** @type {[number, number][]} */
  const curve = [];
  for (let at = 0; at < owners.length; at += step) curve.push([Math.round(at) + 1, owners[Math.round(at)].rows]);
  const rows = (/** @type {number} */ at) => owners[at]?.rows ?? 0;
  return {
    count: owners.length,
    most: rows(0),
    median: rows(owners.length >> 1),
    least: rows(owners.length - 1),
    curve,
    listed: owners.slice(0, LISTED).map(({ subject, rows }) => ({ subject, rows })),
  };
}

/**
 * One subject's measures over time, between two times: of each stretch of time the rows with the least and
 * the greatest value of each measure, so that what is drawn shows every peak.
 * @param {OpenTable} table
 * @param {Column[]} columns
 * @param {Owner} owner
 * @param {{ from?: number, to?: number, signal?: AbortSignal }} [range]
 * @returns {Promise<Series>}
 */
export async function readSeries(table, columns, owner, { from = -Infinity, to = Infinity, signal } = {}) {
  const names = measuresOf(columns);
  /** @type {number[]} */
  const times = [];
  /** @type {(number | null)[][]} */
  const measures = names.map(() => []);
  for await (const {
    values: [when, ...values],
  } of table.read([timeOf(columns), ...names], owner.start, owner.start + owner.rows)) {
    signal?.throwIfAborted();
    for (let i = 0; i < when.length; i += 1) {
      const time = Number(when[i]);
      if (time < from || time > to) continue;
      times.push(time);
      for (const [which, all] of values.entries()) measures[which].push(numberOf(all[i]));
    }
  }
  const kept = times.length <= 4 * STRETCHES ? times.map((_, i) => i) : peaks(times, measures);
  return {
    subject: owner.subject,
    rows: times.length,
    first: times[0] ?? 0,
    last: times.at(-1) ?? 0,
    times: kept.map((i) => times[i]),
    measures: names.map((name, which) => ({
      name,
      ...range(measures[which]),
      values: kept.map((i) => measures[which][i]),
    })),
  };
}

/**
 * All rows of a subject by columns: their times, and what was measured, one measure after the other, NaN for null.
 * @param {OpenTable} table
 * @param {Column[]} columns
 * @param {Owner} owner
 * @param {AbortSignal} [signal]
 */
export async function readSubject(table, columns, { start, rows }, signal) {
  const names = measuresOf(columns);
  const times = new BigInt64Array(rows);
  const measured = new Float64Array(names.length * rows);
  let at = 0;
  for await (const {
    values: [when, ...values],
  } of table.read([timeOf(columns), ...names], start, start + rows)) {
    signal?.throwIfAborted();
    for (let i = 0; i < when.length; i += 1, at += 1) {
      times[at] = BigInt(when[i] ?? 0);
      for (const [which, all] of values.entries()) measured[which * rows + at] = numberOf(all[i]) ?? Number.NaN;
    }
  }
  return { times, measured };
}

/** @param {Values[number]} value */
const numberOf = (value) => (value === null || value === undefined ? null : Number(value));

/** @param {number[]} times @param {(number | null)[][]} measures */
function peaks(times, measures) {
  const width = ((times.at(-1) ?? 0) - times[0]) / STRETCHES || 1;
  /** @type {Set<number>} */
  const kept = new Set([0, times.length - 1]);
  for (const values of measures) {
    let stretch = -1;
    let [least, most] = [0, 0];
    for (let i = 0; i < times.length; i += 1) {
      const now = Math.floor((times[i] - times[0]) / width);
      if (now !== stretch) {
        kept.add(least).add(most);
        [stretch, least, most] = [now, i, i];
      }
      if (Number(values[i]) < Number(values[least])) least = i;
      if (Number(values[i]) > Number(values[most])) most = i;
    }
    kept.add(least).add(most);
  }
  return [...kept].sort((a, b) => a - b);
}

/** @param {(number | null)[]} values */
function range(values) {
  let [least, most, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    count += 1;
  }
  return count === 0 ? { least: null, mean: null, most: null } : { least, mean: sum / count, most };
}
