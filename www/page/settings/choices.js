import { labels } from '../labels/labels.js';

/** What a choice does, in words. @typedef {{ label: string, hint: string }} Words */

/** The options of the form, and the values of each, the default first. */
export const CHOICES = [
  { name: 'consent', choices: [{ value: 'ever' }, { value: 'as-of' }, { value: 'as-of-phone' }] },
  { name: 'records', choices: [{ value: 'any' }, { value: 'latest' }] },
  { name: 'emails', choices: [{ value: 'exact' }, { value: 'folded' }] },
  { name: 'shared-serials', choices: [{ value: 'keep' }, { value: 'drop' }] },
  { name: 'duplicates', choices: [{ value: 'keep' }, { value: 'drop' }] },
  { name: 'join', choices: [{ value: 'owner' }, { value: 'time' }] },
  { name: 'identity', choices: [{ value: 'pseudonym' }, { value: 'serial' }] },
  { name: 'times', choices: [{ value: 'exact' }, { value: 'shifted' }, { value: 'relative' }] },
  { name: 'one-per-instant', choices: [{ value: 'off' }, { value: 'on' }] },
  { name: 'key', choices: [{ value: 'random' }, { value: 'file' }] },
  { name: 'compression', choices: [{ value: 'snappy' }, { value: 'gzip' }] },
].map(({ name, choices }) => {
  const { label, values } = /** @type {Record<string, { label: string, values: Record<string, Words> }>} */ (
    labels.choices
  )[name];
  return { name, label, choices: choices.map(({ value }) => ({ value, ...values[value] })) };
});

/**
 * Sets of options that are known by a name; what one does not name is the default.
 * @type {{ name: keyof typeof labels.presets, values: Record<string, string> }[]}
 */
export const PRESETS = [
  { name: 'original', values: { join: 'time', identity: 'serial' } },
  {
    name: 'strictest',
    values: {
      consent: 'as-of',
      records: 'latest',
      emails: 'folded',
      'shared-serials': 'drop',
      duplicates: 'drop',
      times: 'relative',
    },
  },
];
