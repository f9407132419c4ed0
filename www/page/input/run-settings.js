import { keyFits, putKey } from './pseudonym-key.js';
import { allZones, readOptions } from './options-form.js';
import { CHOICES } from '../settings/choices.js';
import { optionOf } from '../settings/setting-words.js';
import { putList } from './withdrawals-file.js';

/**
 * What a run was made with: the one set of options that its results belong to. A saved lake holds neither its list of
 * withdrawals nor its key file: the list counts as empty, the key as one without a file.
 * @typedef {import('../../shared/protocol.js').Options} Options
 * @typedef {{ options: Options, key: import('./pseudonym-key.js').Chosen }} RunSettings
 */

/** What differs, by the name of the option; `key` is the choice of the key. @typedef {keyof Options | 'key'} Setting */

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
 * @param {string | string[] | boolean | undefined} one
 * @param {string | string[] | boolean | undefined} other
 */
function same(one, other) {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((entry, at) => entry.trim() === other[at].trim());
}

/** What makes up the lists of withdrawals. @param {string} name */
const isList = (name) => name.startsWith('withdrawals');

/**
 * Another key, other files, or other withdrawals, which are typed letter by letter, wait for a run.
 * @param {Setting[]} differ
 */
export const needsRun = (differ) => differ.some((name) => name === 'key' || name === 'all_zones' || isList(name));

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
  const { all_zones: _, ...chosen } = options;
  const values = { ...chosen, withdrawals: options.withdrawals.join('\n'), key: choice };
  for (const [name, value] of Object.entries(values)) {
    const control = form.elements.namedItem(name.replaceAll('_', '-'));
    if (control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement) control.value = value ?? '';
  }
  allZones(form).checked = options.all_zones;
  putKey(key);
  putList(options.withdrawals_file);
  form.dispatchEvent(new Event('input', { bubbles: true }));
}

/**
 * The settings of a saved lake, from its report. What its version did not have yet is the default.
 * @param {import('../../shared/core.js').Report} report
 * @returns {RunSettings}
 */
export function settingsOfReport({ options: { withdrawals, key, key_check, ...named } }) {
  const defaults = Object.fromEntries(
    CHOICES.filter(({ name }) => name !== 'key').map(({ name, choices }) => [optionOf(name), choices[0].value]),
  );
  return {
    options: /** @type {Options} */ ({
      ...defaults,
      ...named,
      withdrawals: [],
      withdrawals_file: undefined,
      all_zones: false,
    }),
    key: { keyOrigin: key },
  };
}
