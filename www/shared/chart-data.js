// What the charts of a run are drawn from: types only, of replies that protocol.js declares.

/**
 * What charts are drawn from. Times are epoch milliseconds; a mean is over the values that are there.
 * @typedef {{ start: number, width: number, names: string[], counts: number[][] }} Times rows in bins, by table
 * @typedef {object} Subjects by rows, the most first
 * @property {number} count
 * @property {number} most
 * @property {number} median
 * @property {number} least
 * @property {[rank: number, rows: number][]} curve
 * @property {{ subject: string, rows: number }[]} listed
 * @typedef {object} Measure
 * @property {string} name
 * @property {number | null} least
 * @property {number | null} mean
 * @property {number | null} most
 * @property {(number | null)[]} values
 * @typedef {object} Series
 * @property {string} subject
 * @property {number} rows
 * @property {number} first
 * @property {number} last
 * @property {number[]} times
 * @property {Measure[]} measures
 */

/**
 * A subject in the research table, and its users and devices in the tables of the sensors, those with most rows first.
 * How many `more` of these there are, if they are known at all.
 * @typedef {{ table: import('./core.js').SavedTable, quality: import('./core.js').SubjectQuality }} SubjectProfile
 * @typedef {{ profiles: SubjectProfile[], more?: number }} SubjectProfiles
 */

export {};
