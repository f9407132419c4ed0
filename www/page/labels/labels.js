import { DE } from './de/de.js';
import { EN } from './en/en.js';

const LANGUAGES = { en: EN, de: DE };

/** @typedef {keyof typeof LANGUAGES} Language */
/** @typedef {{ one: string, other: string }} Noun */

/** @param {string | null} name @returns {name is Language} */
export const isLanguage = (name) => name !== null && Object.hasOwn(LANGUAGES, name);

/** The language that an address asks for, if it does. @param {string} hash @returns {Language | undefined} */
export function languageOf(hash) {
  const name = new URLSearchParams(hash.slice(1)).get('lang');
  return isLanguage(name) ? name : undefined;
}

/** The language of a locale. @param {string} name */
const primary = (name) => name.split('-')[0];
// Tests of single modules have neither an address nor, in Node 20, a navigator.
const readers = globalThis.navigator?.languages ?? [];

/** The language that this page was asked for by its address. */
export const askedLanguage = languageOf(globalThis.location?.hash ?? '');

/** The language of the page: that of its address, or the first of the browser's that it has, or English. */
export const language = askedLanguage ?? readers.map(primary).find(isLanguage) ?? 'en';

/** Numbers and dates follow the language, in the way of the reader's country. */
export const locale = readers.find((name) => primary(name) === language) ?? language;

/** All texts that the page says by script; those of index.html are in static.js of each language. */
export const labels = LANGUAGES[language];
