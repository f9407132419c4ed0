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
 */
export function shareSettings(form) {
  apply(form);
  addEventListener('hashchange', () => apply(form));
  form.addEventListener('input', () => write(form));
  form.addEventListener('reset', () => setTimeout(() => write(form)));
}

/**
 * What is unknown or not a choice is passed over: a link may come from another version.
 * @param {HTMLFormElement} form
 */
function apply(form) {
  if (!location.hash.includes('=')) return;
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const { name, choices } of SHARED) {
    const select = form.elements.namedItem(name);
    const value = choices.find((choice) => choice.value === wanted.get(name))?.value ?? choices[0].value;
    if (select instanceof HTMLSelectElement && select.value !== value) {
      select.value = value;
      select.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
}

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
