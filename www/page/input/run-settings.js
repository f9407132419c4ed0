import { keyFits, putKey } from './pseudonym-key.js';
import { readOptions } from './options-form.js';
import { CHOICES } from '../ui/text.js';
import { putList } from './withdrawals-file.js';

/**
 * What a run was made with: the one set of options that its results belong to. A saved lake holds neither its list of
 * withdrawals nor its key file: the list counts as empty, the key as one without a file.
 * @typedef {import('../../shared/core-types.js').Options} Options
 * @typedef {{ options: Options, key: import('./pseudonym-key.js').Chosen }} RunSettings
 */

/** What differs, by the name of the option; `key` is the choice of the key. @typedef {keyof Options | 'key'} Setting */

/** Of what is no choice from a list. @type {Partial<Record<string, string>>} */
const LABELS = { withdrawals: 'Withdrawals', withdrawals_file: 'File of withdrawals' };

/**
 * Where the form differs from the settings of a run; every option counts, those that are added later too.
 * @param {HTMLFormElement} form
 * @param {RunSettings} settings
 * @returns {Setting[]}
 */
export function differences(form, { options, key }) {
  const now = readOptions(form);
  const differ = /** @type {(keyof Options)[]} */ (Object.keys(now)).filter((name) => !same(now[name], options[name]));
  return keyFits(form, key) ? differ : [...differ, 'key'];
}

/**
 * The core trims entries of a list, so that blanks around one are no other setting.
 * @param {string | string[] | undefined} one
 * @param {string | string[] | undefined} other
 */
function same(one, other) {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((entry, at) => entry.trim() === other[at].trim());
}

/** What makes up the lists of withdrawals. @param {string} name */
const isList = (name) => name.startsWith('withdrawals');

/** Another key, or other withdrawals, which are typed letter by letter, wait for a run. @param {Setting[]} differ */
export const needsRun = (differ) => differ.some((name) => name === 'key' || isList(name));

/**
 * Settings with the lists of the form: those are the reader's own, and not lost to a saved lake.
 * @param {HTMLFormElement} form
 * @param {RunSettings} settings
 * @returns {RunSettings}
 */
export function withOwnLists(form, { options, key }) {
  const own = Object.fromEntries(Object.entries(readOptions(form)).filter(([name]) => isList(name)));
  return { options: { ...options, ...own }, key };
}

/**
 * Sets the form to the settings of a run.
 * @param {HTMLFormElement} form
 * @param {RunSettings} settings
 */
export function putSettings(form, { options, key }) {
  const choice = key.keyOrigin === 'given' ? 'file' : 'random';
  const values = { ...options, withdrawals: options.withdrawals.join('\n'), key: choice };
  for (const [name, value] of Object.entries(values)) {
    const control = form.elements.namedItem(name.replaceAll('_', '-'));
    if (control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement) control.value = value ?? '';
  }
  putKey(key);
  putList(options.withdrawals_file);
  form.dispatchEvent(new Event('input', { bubbles: true }));
}

/**
 * The settings of a saved lake, from its report. What its version did not have yet is the default.
 * @param {import('../../shared/core-types.js').Report} report
 * @returns {RunSettings}
 */
export function settingsOfReport({ options: { withdrawals, key, key_check, ...named } }) {
  const defaults = Object.fromEntries(
    CHOICES.filter(({ name }) => name !== 'key').map(({ name, choices }) => [optionOf(name), choices[0].value]),
  );
  return {
    options: /** @type {Options} */ ({ ...defaults, ...named, withdrawals: [], withdrawals_file: undefined }),
    key: { keyOrigin: key },
  };
}

/** How the form calls a setting. @param {Setting} name */
export function labelOf(name) {
  return LABELS[name] ?? CHOICES.find((choice) => optionOf(choice.name) === name)?.label ?? name;
}

/** What the core calls a choice of the form. @param {string} choice */
const optionOf = (choice) => choice.replaceAll('-', '_');
