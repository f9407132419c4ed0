/**
 * What takes results out of the page: every button that saves, exports or keeps something is made one here,
 * and every download asks here. So they are all closed or all open, by one rule, which is asked anew each time:
 * a form that was changed without an event is noticed too.
 */

/** @type {() => boolean} */
let allowed = () => false;

/** Sets the rule. @param {() => boolean} rule */
export function allowTakingOut(rule) {
  allowed = rule;
}

export const mayTakeOut = () => allowed();

/**
 * Makes a button take something out. It starts without anything to take; `ready` says that there is.
 * @template {HTMLButtonElement} Button
 * @param {Button} button
 * @param {() => void} take
 * @returns {Button}
 */
export function takesOut(button, take) {
  button.dataset.takesOut = '';
  button.addEventListener('click', () => {
    if (allowed()) take();
    else refreshTakingOut();
  });
  button.disabled = true;
  return button;
}

/** Whether there is something to take. @param {HTMLButtonElement} button @param {boolean} is */
export function ready(button, is) {
  button.toggleAttribute('data-ready', is);
  show(button, is && allowed());
}

/** Opens or closes every button, by the rule. */
export function refreshTakingOut() {
  const open = allowed();
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = document.querySelectorAll('[data-takes-out]');
  for (const button of buttons) show(button, open);
}

/** @param {HTMLButtonElement} button @param {boolean} open */
function show(button, open) {
  button.disabled = !open || !('ready' in button.dataset);
}
