// Values as text, in the reader's locale. Workers only: the page gets text.

/** @typedef {import('../../shared/core-types.js').Column} Column */

const numbers = new Intl.NumberFormat(undefined, { maximumFractionDigits: 20 });

/** @param {number} value */
export const wholeText = (value) => numbers.format(value);

/**
 * A value as the grid shows it; null stays null. Integers may be bigints, or text as the core gives them.
 * @param {string | number | bigint | null | undefined} value
 * @param {Column} column
 * @param {boolean} dates whether times are shown as dates
 * @returns {string | null}
 */
export function cellText(value, { type }, dates) {
  if (value === null || value === undefined) return null;
  if (type === 'string') return String(value);
  const date = type === 'bigint' && dates ? dateText(Number(value)) : undefined;
  // From the shortest decimals: a double itself would show all its digits.
  return date ?? numbers.format(/** @type {`${number}`} */ (String(value)));
}

/** @param {number} time in epoch milliseconds */
function dateText(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
