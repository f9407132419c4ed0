import { labels } from '../labels/labels.js';
import { CHOICES } from './choices.js';

/** What the core and the report call a choice of the form. @param {string} choice */
export const optionOf = (choice) => choice.replaceAll('-', '_');

/** The choice of an option, by the name that the core or the form has for it. @param {string} name */
const choiceOf = (name) => CHOICES.find((choice) => optionOf(choice.name) === optionOf(name));

/**
 * How the form calls an option and its value.
 * @param {string} name
 * @param {string | number | null} value
 */
export function valueLabel(name, value) {
  return choiceOf(name)?.choices.find((choice) => choice.value === value)?.label;
}

/** What a value of an option does. @param {string} name @param {string} value */
export const valueHint = (name, value) => choiceOf(name)?.choices.find((choice) => choice.value === value)?.hint ?? '';

/** Of what is no choice from a list. @type {Partial<Record<string, string>>} */
const LABELS = {
  withdrawals: labels.settings.withdrawals,
  withdrawals_file: labels.settings.withdrawalsFile,
  all_zones: labels.settings.allZones,
};

/** How the form calls a setting. @param {string} name */
export const labelOf = (name) => LABELS[name] ?? choiceOf(name)?.label ?? name;

/** A setting with its value, as the reader finds both in the form. @param {string} name @param {string} value */
export const settingName = (name, value) => `${labelOf(name)}: ${valueLabel(name, value) ?? value}`;

/** How the core writes each value of an option: `shared serials = drop`. */
const CODED = CHOICES.flatMap(({ name, choices }) =>
  choices.map(({ value }) => ({
    code: new RegExp(`\\b${name.replaceAll('-', ' ')} = ${value}(?![\\w-])`, 'g'),
    words: `“${settingName(name, value)}”`,
  })),
);

/** What the core says of options, in English, with the names that the form has for them. @param {string} message */
export const inPageNames = (message) =>
  CODED.reduce((said, { code, words }) => said.replace(code, () => words), message);

/**
 * Settings in a line: those that are not the default, each by the label of its value.
 * @param {Record<string, unknown>} values by the names of the core or the form; those that are absent are the default
 */
export function settingWords(values) {
  const other = CHOICES.flatMap(({ name, label, choices }) => {
    const value = values[name] ?? values[optionOf(name)];
    const chosen = choices.find((choice) => choice.value === value);
    return chosen && chosen !== choices[0] ? [`${label}: ${labels.within(chosen.label)}`] : [];
  });
  if (values.all_zones === true) other.push(labels.settings.allZonesRead);
  return other.length === 0 ? labels.settings.defaults : other.join(' · ');
}
