// What a chart of a result is drawn from. Cells in, numbers out; it knows no document.

/** Whole numbers from here on are epoch milliseconds (1973), if all of a column are. */
const TIMES = 100_000_000_000;

/** As the engine writes dates and timestamps; without a zone they are UTC. */
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*(Z|[+-]\d\d:\d\d)?)?$/;

/** @typedef {(string | null)[][]} Rows as text */

/**
 * The time of an ISO date or timestamp; not a number of any other text.
 * @param {string} text
 */
export function timeOf(text) {
  const found = ISO.exec(text);
  if (!found) return Number.NaN;
  const [, day, time, zone = 'Z'] = found;
  return Date.parse(time === undefined ? day : `${day}T${time}${zone}`);
}

/**
 * The rows that have both values, in the order of the first. A column of text is drawn by time, if all of it are
 * dates, or else by rank: its texts in the order in which the result has them, counted from 1.
 * @param {Rows} rows
 * @param {{ at: number, isText: boolean }} across a column, or `at` -1 for the row's number
 * @param {number} up a column of numbers
 * @returns {{ points: [across: number, up: number][], isTime: boolean, texts?: string[] }} `texts` by rank
 */
export function pointsOf(rows, { at, isText }, up) {
  const texts = isText ? rows.flatMap((cells) => cells[at] ?? []) : [];
  const areDates = texts.length > 0 && texts.every((text) => Number.isFinite(timeOf(text)));
  /** @type {Map<string, number>} */
  const ranks = new Map();
  if (isText && !areDates) for (const text of texts) if (!ranks.has(text)) ranks.set(text, ranks.size + 1);
  const value = (/** @type {string | null} */ text) => (text === null ? Number.NaN : Number(text));
  const place = (/** @type {string | null} */ text) => {
    if (text === null) return Number.NaN;
    if (areDates) return timeOf(text);
    return isText ? (ranks.get(text) ?? Number.NaN) : value(text);
  };
  const points = rows
    .map((cells, row) => pair(at < 0 ? row + 1 : place(cells[at]), value(cells[up])))
    .filter((values) => values.every(Number.isFinite))
    .sort(([a], [b]) => a - b);
  const isTime = areDates || (!isText && points.length > 0 && points.every(([x]) => Number.isInteger(x) && x >= TIMES));
  return { points, isTime, ...(ranks.size > 0 ? { texts: [...ranks.keys()] } : {}) };
}

/** @param {number} across @param {number} up @returns {[number, number]} */
const pair = (across, up) => [across, up];
