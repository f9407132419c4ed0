import { disable } from '../ui/disable.js';

/**
 * The gate before everything that saves results: every button that saves or exports something is made one here, and
 * every download asks here. So all are closed or all are open, by one rule, which is asked anew each time: a form that
 * was changed without an event is noticed too.
 */

/** @type {() => boolean} */
let allowed = () => false;

/** Sets the rule. @param {() => boolean} rule */
export function allowSaving(rule) {
  allowed = rule;
}

export const maySave = () => allowed();

/**
 * Makes a button save something. It starts without anything to save; `ready` says that there is.
 * @template {HTMLButtonElement} Button
 * @param {Button} button
 * @param {() => void} action
 * @returns {Button}
 */
export function saveButton(button, action) {
  button.dataset.saves = '';
  button.addEventListener('click', () => {
    if (allowed()) action();
    else refreshSaving();
  });
  button.disabled = true;
  return button;
}

/** Whether there is something to save. @param {HTMLButtonElement} button @param {boolean} is */
export function ready(button, is) {
  button.toggleAttribute('data-ready', is);
  show(button, is && allowed());
}

/** Opens or closes every button, by the rule. */
export function refreshSaving() {
  const open = allowed();
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = document.querySelectorAll('[data-saves]');
  for (const button of buttons) show(button, open);
}

/** @param {HTMLButtonElement} button @param {boolean} open */
function show(button, open) {
  disable(button, !open || !('ready' in button.dataset));
}
