// Numbers for people, in the page's language. Plain integers go into data attributes instead.

import { locale } from '../labels/labels.js';

const integers = new Intl.NumberFormat(locale);
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** @param {number} value */
export const count = (value) => integers.format(value);

/** A number of four digits or more that is no part of a name, a decimal or a grouped number, and no year. */
const LARGE = /(?<![\w.,-])(?<!\b(?:before|vor) )\d{4,}(?![\w-]|[.,]\d)/g;

/** A sentence of the core, with its large numbers as the reader writes them. @param {string} sentence */
export const inWords = (sentence) => sentence.replace(LARGE, (digits) => count(Number(digits)));

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
  if (seconds >= 90) return measured(seconds / 60, 1, 'min');
  return measured(seconds, seconds < 9.95 ? 1 : 0, 's');
}

/**
 * With the symbol of a unit, which is the same in every language.
 * @param {number} value
 * @param {number} maximumFractionDigits
 * @param {string} symbol
 */
const measured = (value, maximumFractionDigits, symbol) =>
  `${new Intl.NumberFormat(locale, { maximumFractionDigits }).format(value)}\u00a0${symbol}`;

/** To the millisecond where that says more. @param {number} milliseconds */
export function shortly(milliseconds) {
  return milliseconds >= 950 ? duration(milliseconds) : measured(milliseconds, 0, 'ms');
}

/** @type {Intl.DateTimeFormatOptions} */
const WITH_MILLISECONDS = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
};
/** Made when they are needed: the page starts without. @type {Map<boolean, Intl.DateTimeFormat>} */
const instants = new Map();

/** A time in words, UTC. @param {number} time @param {boolean} [exact] with its milliseconds */
export function instant(time, exact = false) {
  const made = instants.get(exact);
  /** @type {Intl.DateTimeFormatOptions} */
  const style = exact ? WITH_MILLISECONDS : { dateStyle: 'medium', timeStyle: 'medium' };
  const format = made ?? new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC' });
  if (!made) instants.set(exact, format);
  return format.format(time);
}

const rates = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
/** A rate, to two digits. @param {number} value in hertz */
export const hertz = (value) => `${rates.format(value)} Hz`;

/** @param {Record<string, number>} counts */
export const sum = (counts) => Object.values(counts).reduce((total, value) => total + value, 0);
