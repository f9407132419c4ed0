/**
 * Closes or opens a button. One that is disabled loses the focus, and the keyboard would go on at the top of the page:
 * a button that has it, as that of what is being saved, is said to be disabled and does nothing, and is disabled when
 * the reader leaves it.
 * @param {HTMLButtonElement} button
 * @param {boolean} is
 */
export function disable(button, is) {
  const stays = is && button === document.activeElement;
  button.disabled = is && !stays;
  if (stays) {
    button.setAttribute('aria-disabled', 'true');
    // Once each, however often it is closed.
    button.addEventListener('click', refuse, { capture: true });
    button.addEventListener('blur', leave);
  } else button.removeAttribute('aria-disabled');
}

const isClosed = (/** @type {Element} */ button) => button.getAttribute('aria-disabled') === 'true';

/** @param {Event} event */
function refuse(event) {
  if (event.currentTarget instanceof Element && isClosed(event.currentTarget)) event.stopImmediatePropagation();
}

/** @param {Event} event */
function leave({ currentTarget: button }) {
  // Where the reader goes to another window, the button has the focus still.
  if (button instanceof HTMLButtonElement && isClosed(button) && button !== document.activeElement)
    disable(button, true);
}
