import { find } from '../ui/dom.js';
import { STATIC as DE } from './de/static.js';
import { language } from './labels.js';
import { piecesOf } from './pieces.js';

/** The texts of index.html, which is in English. */
const STATIC = { en: undefined, de: DE };

/** Attributes that are texts. */
const ATTRIBUTES = ['aria-label', 'placeholder', 'data-close'];

/** Puts the page's own texts into its language, and has it changed by hand. */
export function translatePage() {
  document.documentElement.lang = language;
  const texts = /** @type {Record<string, string> | undefined} */ (STATIC[language]);
  if (texts) {
    for (const element of document.querySelectorAll('[data-words]'))
      putWords(element, texts[element.getAttribute('data-words') ?? '']);
    for (const name of ATTRIBUTES)
      for (const element of document.querySelectorAll(`[data-words-${name}]`))
        element.setAttribute(name, texts[element.getAttribute(`data-words-${name}`) ?? '']);
  }
  offerLanguages();
}

/** Elements within a text stay, and with them where a link leads. @param {Element} element @param {string} words */
function putWords(element, words) {
  const children = [...element.children];
  const nodes = piecesOf(words).map(({ tag, text }) => {
    const at = children.findIndex(({ localName }) => localName === tag);
    if (at < 0) return text;
    const [child] = children.splice(at, 1);
    child.textContent = text;
    return child;
  });
  element.replaceChildren(...nodes);
}

/** Results are in one language: another one begins anew, and the browser asks if they were not saved. */
function offerLanguages() {
  const select = find('#language', HTMLSelectElement);
  select.value = language;
  select.addEventListener('change', () => {
    const settings = new URLSearchParams(location.hash.slice(1));
    settings.set('lang', select.value);
    // If the reader stays, this is still the page's language.
    select.value = language;
    history.replaceState(history.state, '', `#${settings}`);
    location.reload();
  });
}
