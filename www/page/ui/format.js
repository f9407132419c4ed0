// Numbers for people, in the page's language. Plain integers go into data attributes instead.

import { locale } from '../labels/labels.js';

const integers = new Intl.NumberFormat(locale);
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** @param {number} value */
export const count = (value) => integers.format(value);

/** A sentence of the core, with its large numbers as the reader writes them. @param {string} sentence */
export const inWords = (sentence) =>
  sentence.replace(/(?<![\w.-])\d{5,}(?![\w.-])/g, (digits) => count(Number(digits)));

/** With a stop at its end, where the short name of a unit has none of its own. @param {string} words */
export const sentence = (words) => (words.endsWith('.') ? words : `${words}.`);

/** @param {number} value @param {import('../labels/labels.js').Noun} noun */
export const counted = (value, { one, other }) => `${count(value)} ${value === 1 ? one : other}`;

/** Decimal units, as file managers and networks count. @param {number} value */
export function bytes(value) {
  let power = 0;
  while (power < BYTE_UNITS.length - 1 && value >= 999.5) {
    value /= 1000;
    power += 1;
  }
  const maximumFractionDigits = power > 0 && value < 99.95 ? 1 : 0;
  const unitDisplay = power === 0 ? 'long' : 'short';
  return new Intl.NumberFormat(locale, {
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
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: String(unit),
    unitDisplay: 'short',
    maximumFractionDigits: Number(maximumFractionDigits),
  }).format(Number(value));
}

/** To the millisecond where that says more. @param {number} milliseconds */
export function shortly(milliseconds) {
  if (milliseconds >= 950) return duration(milliseconds);
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'millisecond',
    unitDisplay: 'short',
    maximumFractionDigits: 0,
  }).format(milliseconds);
}

const rates = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
/** A rate, to two digits. @param {number} value in hertz */
export const hertz = (value) => `${rates.format(value)} Hz`;

/** @param {Record<string, number>} counts */
export const sum = (counts) => Object.values(counts).reduce((total, value) => total + value, 0);
