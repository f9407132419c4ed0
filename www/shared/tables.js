import { TABLES as MADE } from './core.js';

const ZONES = /** @type {const} */ (['landing', 'trusted', 'curated']);

/** Rows of a table that can be filtered and sorted on the page: all its values are held for that. */
export const SORTABLE_ROWS = 1_000_000;

/** The tables by zone, within it in the order in which they are made. Names as in the core, the SQL and the report. */
export const TABLES = ZONES.flatMap((zone) =>
  MADE.filter(({ name }) => name.endsWith(`_${zone}`)).map((table) => ({ ...table, zone })),
);
