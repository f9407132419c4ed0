import { h } from '../ui/dom.js';
import { CHOICES } from '../ui/text.js';
import { listText, watchList } from './withdrawals-file.js';

/** @typedef {import('../../shared/core-types.js').Options} Options */

/**
 * Fills the form with a control for each choice, and shows the explanation of what is chosen beside it.
 * @param {HTMLFormElement} form
 * @param {() => void} onChange
 */
export function buildOptions(form, onChange) {
  const place = form.querySelector('.choices');
  for (const choice of CHOICES) {
    const hint = h('p', { class: 'hint', id: `${choice.name}-hint` });
    const select = h(
      'select',
      { name: choice.name, id: `option-${choice.name}`, 'aria-describedby': hint.id },
      ...choice.choices.map(({ value, label }) => h('option', { value }, label)),
    );
    place?.append(
      h(
        'div',
        { class: 'choice', 'data-choice': choice.name },
        h('label', { for: select.id }, choice.label),
        select,
        hint,
      ),
    );
  }
  const refresh = () => {
    for (const choice of CHOICES) {
      const chosen = choice.choices.find(({ value }) => value === chosenValue(form, choice.name));
      const hint = form.querySelector(`#${choice.name}-hint`);
      if (hint) hint.textContent = chosen?.hint ?? '';
    }
    const pseudonyms = chosenValue(form, 'identity') === 'pseudonym';
    setHidden(form, '[data-choice="key"]', !pseudonyms);
    setHidden(form, '#key-row', !pseudonyms || chosenValue(form, 'key') !== 'file');
  };
  watchList(form);
  form.addEventListener('input', () => {
    refresh();
    onChange();
  });
  form.addEventListener('reset', () =>
    setTimeout(() => {
      refresh();
      onChange();
    }),
  );
  // There is nowhere to send it; Enter must not reload the page.
  form.addEventListener('submit', (event) => event.preventDefault());
  refresh();
}

/** @param {HTMLFormElement} form @returns {Options} */
export function readOptions(form) {
  return /** @type {Options} */ ({
    consent: chosenValue(form, 'consent'),
    records: chosenValue(form, 'records'),
    shared_serials: chosenValue(form, 'shared-serials'),
    join: chosenValue(form, 'join'),
    identity: chosenValue(form, 'identity'),
    compression: chosenValue(form, 'compression'),
    withdrawals: chosenValue(form, 'withdrawals')
      .split('\n')
      .filter((line) => line.trim() !== ''),
    withdrawals_file: listText(),
  });
}

/**
 * The value of a control. Not by FormData: that lays the whole page out, for the sake of the text area.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export function chosenValue(form, name) {
  const control = form.elements.namedItem(name);
  if (control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement) return control.value;
  throw new Error(`the form has no ${name}`);
}

/** @param {HTMLElement} within @param {string} selector @param {boolean} hidden */
function setHidden(within, selector, hidden) {
  const element = within.querySelector(selector);
  if (element instanceof HTMLElement) element.hidden = hidden;
}
