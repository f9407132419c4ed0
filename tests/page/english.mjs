// Finds English in what a page shows, by the texts that the page has.
import { DE } from '../../www/page/labels/de/de.js';
import { STATIC as GERMAN } from '../../www/page/labels/de/static.js';
import { EN } from '../../www/page/labels/en/en.js';
import { STATIC } from '../../www/page/labels/en/static.js';

/** @param {object} words @returns {string[]} */
const all = (words) =>
  Object.values(words).flatMap((value) =>
    typeof value === 'string' ? [value] : typeof value === 'function' ? [] : all(value),
  );

/**
 * The longest of the pieces that a text has beside what is put in.
 * @param {object} words
 * @returns {string[]}
 */
const frames = (words) =>
  Object.values(words).flatMap((value) => {
    if (typeof value === 'object') return frames(value);
    if (typeof value !== 'function') return [];
    const text = value(...Array.from({ length: value.length }, () => '|')) ?? '';
    return text.split('|').filter((/** @type {string} */ piece) => piece.trim().length > 8);
  });

const inGerman = [
  ...all({ ...DE, core: { ...DE.core, warnings: {} } }),
  ...all(GERMAN),
  ...frames({ ...DE, core: {} }),
].join('\n');
/** English texts of more than a word, which German does not have as they are. */
export const english = [
  ...all({ ...EN, core: { ...EN.core, warnings: {} } }),
  ...all(STATIC).map((text) => text.replace(/<\/?\w+>/g, '')),
  ...frames({ ...EN, core: {} }),
]
  .map((text) => text.trim())
  .filter((text) => text.length > 3 && !inGerman.includes(text));
/** A whole text of an element, or a part of a longer one. @param {string} seen */
export const englishIn = (seen) => {
  const lines = new Set(seen.split('\n').map((line) => line.trim()));
  return english.filter((text) => (text.includes(' ') && text.length > 12 ? seen.includes(text) : lines.has(text)));
};

/** What is seen, and what a screen reader says beside it. @param {import('playwright-core').Page} page */
export const seen = (page) =>
  page.evaluate(() => {
    const names = [...document.querySelectorAll('[aria-label], [placeholder], [title]')]
      .filter((element) => element.checkVisibility())
      .flatMap((element) => ['aria-label', 'placeholder', 'title'].map((name) => element.getAttribute(name) ?? ''));
    return [document.body.innerText, ...names].join('\n');
  });
