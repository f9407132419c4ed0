import { CHOICES } from '../settings/choices.js';
import { optionOf } from '../settings/setting-words.js';

/**
 * A name by which a download is known again: what it is, its day, and the options that are not the default.
 * @param {string} what
 * @param {import('../../shared/core.js').Report['options']} options
 */
export function downloadName(what, { withdrawals, ...options }) {
  const values = /** @type {Record<string, unknown>} */ (options);
  const other = CHOICES.flatMap(({ name, choices }) => {
    const value = values[optionOf(name)];
    return choices.slice(1).some((choice) => choice.value === value) ? [`${name}-${value}`] : [];
  });
  const parts = ['stedi', what, new Date().toISOString().slice(0, 10), ...other];
  return [...parts, ...(withdrawals > 0 ? [`withdrawals-${withdrawals}`] : [])].join('-');
}
