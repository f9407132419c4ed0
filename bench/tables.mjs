// The five tables, and whether the engines agree on them.
import { TABLES as ALL } from '../www/shared/tables.js';
import { table } from './figures.mjs';

/** @typedef {import('./browser/types.js').Counts} Counts */

/** @type {string[]} */
export const TABLES = ALL.filter(({ saved }) => saved).map(({ name }) => name);

/** Engines that give different rows: then no time means anything. */
export class Disagreement extends Error {}

/**
 * The counts that all agree on, by the titles of who counted.
 * @param {Map<string, Counts>} counted
 * @returns {Counts}
 */
export function agreed(counted) {
  const all = [...counted.values()];
  const rows = TABLES.map((name) => ({ name, counts: all.map((counts) => counts[name]) }));
  if (rows.some(({ counts }) => counts.some((count) => !(count >= 0) || count !== counts[0]))) {
    const lines = rows.map(({ name, counts }) => [
      name,
      ...counts.map((count) => String(count ?? 'none')),
      counts.every((count) => count === counts[0]) ? '' : 'differ',
    ]);
    throw new Disagreement(
      `The engines give different rows, so no time is given.\n${table(['rows of', ...counted.keys(), ''], lines)}`,
    );
  }
  return all[0] ?? {};
}
