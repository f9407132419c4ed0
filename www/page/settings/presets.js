import { find, h } from '../ui/dom.js';
import { labels } from '../labels/labels.js';
import { CHOICES, PRESETS } from './choices.js';

/** Choices that change no row: a preset leaves them as they are. */
const KEPT = ['key', 'compression'];

/**
 * Buttons that set the options to a named set of values, beside the one that sets all to the defaults.
 * @param {HTMLFormElement} form
 */
export function createPresets(form) {
  const buttons = PRESETS.map(({ name, values }) => {
    const button = h('button', { type: 'button', class: 'quiet', 'data-preset': name }, labels.presets[name]);
    button.addEventListener('click', () => {
      for (const { name, value } of wanted(values)) {
        const select = form.elements.namedItem(name);
        if (select instanceof HTMLSelectElement) select.value = value;
      }
      form.dispatchEvent(new Event('input', { bubbles: true }));
    });
    return { button, values };
  });
  find('.presets').append(...buttons.map(({ button }) => button));

  return {
    /** Marks the preset that the form is at. */
    mark() {
      for (const { button, values } of buttons) {
        const is = wanted(values).every(({ name, value }) => selected(form, name) === value);
        button.setAttribute('aria-pressed', String(is));
      }
    },
  };
}

/** @param {Record<string, string>} values what is not named is the default */
const wanted = (values) =>
  CHOICES.filter(({ name }) => !KEPT.includes(name)).map(({ name, choices }) => ({
    name,
    value: values[name] ?? choices[0].value,
  }));

/** @param {HTMLFormElement} form @param {string} name */
function selected(form, name) {
  const select = form.elements.namedItem(name);
  return select instanceof HTMLSelectElement ? select.value : undefined;
}
