import { askedLanguage, isLanguage, labels, language, languageOf } from '../labels/labels.js';
import { PARTS, isPart, showPart, shownPart } from '../parts/parts.js';
import { CHOICES } from '../settings/choices.js';
import { allZones, chosenValue } from './options-form.js';

/**
 * The choices that may be in the page's address. The list of withdrawals is data and the key is secret, so
 * neither does; where the key comes from means nothing without the file.
 */
const SHARED = CHOICES.filter(({ name }) => name !== 'key');
/** The switch among them, as the command line calls it. */
const ALL_ZONES = 'all-zones';
/** The language of the page, where it was asked for. */
const LANGUAGE = 'lang';

/** Marks the entries of the history that the page has written itself: to go back to one changes no option. */
const OWN = 'stedi';

/**
 * Links that have led to a part before parts had addresses.
 * @type {Record<string, import('../parts/parts.js').Part>}
 */
const EARLIER = { '#privacy': 'privacy' };

/**
 * Keeps the part that is shown, the options and the address's fragment as one: a link to the page leads to its part
 * and sets its options; Back and Forward lead to parts, and keep the options.
 * @param {HTMLFormElement} form
 * @param {(words: string) => void} say what the address asks for and cannot be had
 * @returns {(part: import('../parts/parts.js').Part) => void} goes to a part
 */
export function shareSettings(form, say) {
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('[data-part-link]'));
  const update = () => {
    write(form);
    for (const link of links) link.setAttribute('href', addressOf(form, link.dataset.partLink) || '#part=result');
  };
  const follow = (focus = true) => {
    const unknown = apply(form, focus);
    // The address must not promise what this page does not do.
    update();
    if (unknown.length === 0) return;
    const { and, unknownOne, unknownMany } = labels.settings;
    say((unknown.length === 1 ? unknownOne : unknownMany)(unknown.join(and)));
  };
  follow(false);
  addEventListener('popstate', ({ state }) => {
    if (state !== OWN) return;
    showPart(partOf(new URLSearchParams(location.hash.slice(1))), { focus: true });
    update();
  });
  addEventListener('hashchange', () => {
    // Another language begins anew.
    if ((languageOf(location.hash) ?? language) !== language) return location.reload();
    follow();
  });
  form.addEventListener('input', update);
  form.addEventListener('reset', () => setTimeout(update));
  return (part) => {
    if (part === shownPart()) return;
    showPart(part, { focus: true });
    history.pushState(OWN, '', addressOf(form, part) || plain());
  };
}

/** @param {URLSearchParams} wanted */
function partOf(wanted) {
  const part = EARLIER[location.hash] ?? wanted.get('part');
  return isPart(part) ? part : PARTS[0];
}

/**
 * Gives back what is not known, which a link of another version may have, or a mistyped one.
 * @param {HTMLFormElement} form
 * @param {boolean} focus
 */
function apply(form, focus) {
  const wanted = new URLSearchParams(location.hash.slice(1));
  showPart(partOf(wanted), { focus });
  if (!location.hash.includes('=')) return [];
  for (const { name, choices } of SHARED) {
    const select = form.elements.namedItem(name);
    const value = choices.find((choice) => choice.value === wanted.get(name))?.value ?? choices[0].value;
    if (select instanceof HTMLSelectElement && select.value !== value) {
      select.value = value;
      select.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
  const zones = allZones(form);
  if (zones.checked !== (wanted.get(ALL_ZONES) === 'true')) zones.click();
  return [...wanted].filter(([name, value]) => !isKnown(name, value)).map(([name, value]) => `${name}=${value}`);
}

/** @param {string} name @param {string} value */
const isKnown = (name, value) =>
  name === 'part'
    ? isPart(value)
    : (name === ALL_ZONES && value === 'true') ||
      (name === LANGUAGE && isLanguage(value)) ||
      SHARED.find((choice) => choice.name === name)?.choices.some((choice) => choice.value === value) === true;

/**
 * The fragment of a part under the form's options: only what is not the default, so that the plain address is the
 * plain page.
 * @param {HTMLFormElement} form
 * @param {string} [part]
 */
function addressOf(form, part) {
  const settings = new URLSearchParams();
  if (part !== undefined && part !== PARTS[0]) settings.set('part', part);
  for (const { name, choices } of SHARED) {
    const value = chosenValue(form, name);
    if (value !== choices[0].value) settings.set(name, value);
  }
  if (allZones(form).checked) settings.set(ALL_ZONES, 'true');
  if (askedLanguage) settings.set(LANGUAGE, askedLanguage);
  const text = settings.toString();
  return text === '' ? '' : `#${text}`;
}

const plain = () => location.pathname + location.search;

/** @param {HTMLFormElement} form */
function write(form) {
  history.replaceState(OWN, '', addressOf(form, shownPart()) || plain());
}
