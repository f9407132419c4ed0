import { labels } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import { CHOICES } from '../settings/choices.js';
import { createPresets } from '../settings/presets.js';
import { settingWords } from '../settings/setting-words.js';
import { listText, watchList } from './withdrawals-file.js';

/** @typedef {import('../../shared/protocol.js').Options} Options */

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
  const presets = createPresets(form);
  const words = form.querySelector('#settings-words');
  const refresh = () => {
    for (const choice of CHOICES) {
      const chosen = choice.choices.find(({ value }) => value === chosenValue(form, choice.name));
      const hint = form.querySelector(`#${choice.name}-hint`);
      if (hint) hint.textContent = chosen?.hint ?? '';
    }
    showTimesProblem(form);
    presets.mark();
    if (words) words.textContent = formWords(form);
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

/** The settings in a line, as the closed form shows them. @param {HTMLFormElement} form */
function formWords(form) {
  const { withdrawals, withdrawals_file, all_zones } = readOptions(form);
  const chosen = CHOICES.map(({ name }) => [name, chosenValue(form, name)]);
  const settings = settingWords({ ...Object.fromEntries(chosen), all_zones });
  return withdrawals.length === 0 && withdrawals_file === undefined
    ? settings
    : labels.settings.withWithdrawals(settings);
}

/** @param {HTMLFormElement} form @returns {Options} */
export function readOptions(form) {
  // A cast alone would pass over an option that is missing here, and the core would take its default.
  /** @type {Record<keyof Options, unknown>} */
  const all = {
    consent: chosenValue(form, 'consent'),
    records: chosenValue(form, 'records'),
    emails: chosenValue(form, 'emails'),
    shared_serials: chosenValue(form, 'shared-serials'),
    duplicates: chosenValue(form, 'duplicates'),
    join: chosenValue(form, 'join'),
    identity: chosenValue(form, 'identity'),
    times: chosenValue(form, 'times'),
    one_per_instant: chosenValue(form, 'one-per-instant'),
    compression: chosenValue(form, 'compression'),
    withdrawals: chosenValue(form, 'withdrawals')
      .split('\n')
      .filter((line) => line.trim() !== ''),
    withdrawals_file: listText(),
    all_zones: allZones(form).checked,
  };
  return /** @type {Options} */ (all);
}

/**
 * Why no run can start, if so: the times of one person are moved together, which takes rows of one person.
 * @param {HTMLFormElement} form
 * @returns {string | undefined}
 */
export function timesProblem(form) {
  const ofOne = chosenValue(form, 'join') === 'owner' && chosenValue(form, 'identity') === 'pseudonym';
  return chosenValue(form, 'times') === 'exact' || ofOne ? undefined : labels.input.timesOfOne;
}

/** In the place of what the choice does. @param {HTMLFormElement} form */
function showTimesProblem(form) {
  const problem = timesProblem(form);
  const hint = form.querySelector('#times-hint');
  hint?.classList.toggle('problem', problem !== undefined);
  if (hint && problem) hint.textContent = problem;
  form.querySelector('#option-times')?.setAttribute('aria-invalid', String(problem !== undefined));
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

/** Which files are read, the one choice that is a switch. @param {HTMLFormElement} form */
export function allZones(form) {
  const control = form.elements.namedItem('all-zones');
  if (control instanceof HTMLInputElement) return control;
  throw new Error('the form has no all-zones');
}

/** @param {HTMLElement} within @param {string} selector @param {boolean} hidden */
function setHidden(within, selector, hidden) {
  const element = within.querySelector(selector);
  if (element instanceof HTMLElement) element.hidden = hidden;
}
