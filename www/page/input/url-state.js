import { chosenValue } from './options-form.js';
import { CHOICES } from '../ui/text.js';

/**
 * The choices that may be in the page's address. The list of withdrawals is data and the key is secret, so
 * neither does; where the key comes from means nothing without the file.
 */
const SHARED = CHOICES.filter(({ name }) => name !== 'key');

/**
 * Keeps the options and the address's fragment as one: a link to the page sets its options.
 * @param {HTMLFormElement} form
 * @param {(words: string) => void} say what the address asks for and cannot be had
 */
export function shareSettings(form, say) {
  const follow = () => {
    const unknown = apply(form);
    if (unknown.length === 0) return;
    // The address must not promise what this page does not do.
    write(form);
    const [them, they] = unknown.length === 1 ? ['it', 'it is'] : ['them', 'they are'];
    say(`The address asks for ${unknown.join(' and ')}. This page does not know ${them}, so ${they} left out.`);
  };
  follow();
  addEventListener('hashchange', follow);
  form.addEventListener('input', () => write(form));
  form.addEventListener('reset', () => setTimeout(() => write(form)));
}

/**
 * Gives back what is not known, which a link of another version may have, or a mistyped one.
 * @param {HTMLFormElement} form
 */
function apply(form) {
  if (!location.hash.includes('=')) return [];
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const { name, choices } of SHARED) {
    const select = form.elements.namedItem(name);
    const value = choices.find((choice) => choice.value === wanted.get(name))?.value ?? choices[0].value;
    if (select instanceof HTMLSelectElement && select.value !== value) {
      select.value = value;
      select.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
  return [...wanted].filter(([name, value]) => !isChoice(name, value)).map(([name, value]) => `${name}=${value}`);
}

/** @param {string} name @param {string} value */
const isChoice = (name, value) =>
  SHARED.find((choice) => choice.name === name)?.choices.some((choice) => choice.value === value) === true;

/** Only what is not the default, so that the plain address is the plain page. @param {HTMLFormElement} form */
function write(form) {
  const settings = new URLSearchParams();
  for (const { name, choices } of SHARED) {
    const value = chosenValue(form, name);
    if (value !== choices[0].value) settings.set(name, value);
  }
  const text = settings.toString();
  history.replaceState(history.state, '', text === '' ? location.pathname + location.search : `#${text}`);
}
