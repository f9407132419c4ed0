// Values as text, in the page's language. Workers only: the page gets text.

/** @typedef {import('../../shared/core.js').Column} Column */

/** @type {string | undefined} */
let pageLocale;
/** @type {Intl.NumberFormat | undefined} */
let made;

/** Most workers never write a number: what writes them is made when the first is wanted. */
const numbers = () => {
  made ??= new Intl.NumberFormat(pageLocale, { maximumFractionDigits: 20 });
  return made;
};

/** Before any number is written. @param {string} locale of the page */
export function setLocale(locale) {
  pageLocale = locale;
}

export const decimalMark = () =>
  numbers()
    .formatToParts(1.5)
    .find(({ type }) => type === 'decimal')?.value ?? '.';

/** @param {number} value */
export const wholeText = (value) => numbers().format(value);

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
  return date ?? numbers().format(/** @type {`${number}`} */ (String(value)));
}

/** @param {number} time in epoch milliseconds */
function dateText(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
