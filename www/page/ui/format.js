// Numbers for people, in the reader's locale. Plain integers go into data attributes instead.

const integers = new Intl.NumberFormat();
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** @param {number} value */
export const count = (value) => integers.format(value);

/** @param {number} value @param {string} one @param {string} [many] */
export const counted = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** Decimal units, as file managers and networks count. @param {number} value */
export function bytes(value) {
  let power = 0;
  while (power < BYTE_UNITS.length - 1 && value >= 999.5) {
    value /= 1000;
    power += 1;
  }
  const maximumFractionDigits = power > 0 && value < 99.95 ? 1 : 0;
  const unitDisplay = power === 0 ? 'long' : 'short';
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: BYTE_UNITS[power],
    unitDisplay,
    maximumFractionDigits,
  }).format(value);
}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  const [value, unit, maximumFractionDigits] =
    seconds < 9.95 ? [seconds, 'second', 1] : seconds < 90 ? [seconds, 'second', 0] : [seconds / 60, 'minute', 1];
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: String(unit),
    unitDisplay: 'short',
    maximumFractionDigits: Number(maximumFractionDigits),
  }).format(Number(value));
}

/** To the millisecond where that says more. @param {number} milliseconds */
export function shortly(milliseconds) {
  if (milliseconds >= 950) return duration(milliseconds);
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: 'millisecond',
    unitDisplay: 'short',
    maximumFractionDigits: 0,
  }).format(milliseconds);
}

/** @param {Record<string, number>} counts */
export const sum = (counts) => Object.values(counts).reduce((total, value) => total + value, 0);
