import { find } from '../ui/dom.js';

/** The root knows whether the settings are open, for the style sheets. */
export function watchSettings() {
  const settings = find('#settings', HTMLDetailsElement);
  const tell = () => document.documentElement.toggleAttribute('data-settings', settings.open);
  settings.addEventListener('toggle', tell);
  tell();
}

/**
 * Escape closes what lies in the settings, or else the settings where they lie over the results, and the keyboard goes
 * on at their line.
 * @param {() => boolean} closeEffect whether there was one to close
 */
export function closeByEscape(closeEffect) {
  const settings = find('#settings', HTMLDetailsElement);
  find('#setup').addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || closeEffect() || getComputedStyle(find('#setup')).position !== 'fixed') return;
    settings.open = false;
    find('#settings > summary').focus();
  });
}

/**
 * Before a run the withdrawals stand beside the drop zone. From the first run on they are the first of the settings,
 * and a button beside the line of the settings leads to them.
 * @param {import('../run-state.js').RunState} runState
 */
export function placeWithdrawals(runState) {
  const withdrawn = find('#withdrawn');
  runState.watch(
    ({ name }) => name === 'idle',
    () => {
      const focused = document.activeElement;
      find('#settings > summary').after(withdrawn);
      // What is moved loses it.
      if (focused instanceof HTMLElement && withdrawn.contains(focused)) focused.focus({ preventScroll: true });
    },
  );
  find('#to-withdrawals').addEventListener('click', () => showSetting('withdrawals'));
}

/** Opens the settings at one of them. @param {string} name of its control */
export function showSetting(name) {
  const settings = find('#settings', HTMLDetailsElement);
  const control = find(`#options [name="${name}"]`);
  const show = () => {
    (control.closest('.choice') ?? control).scrollIntoView({ block: 'nearest' });
    control.focus();
  };
  // Once they are seen to be open, they have another place.
  if (!settings.open) settings.addEventListener('toggle', show, { once: true });
  settings.open = true;
  show();
}
