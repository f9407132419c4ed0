import { find } from '../ui/dom.js';

/** Where they are a sheet over the results: see options.css. On paper they are none. */
const SHEET = 'screen and (max-width: 1079px)';

const isSheet = () => getComputedStyle(find('#setup')).position === 'fixed';

/**
 * The root knows whether the settings are open, for the style sheets. Left open beside the results they would become a
 * sheet over them when the window gets narrow: then they are closed until it is wide again.
 */
export function watchSettings() {
  const settings = find('#settings', HTMLDetailsElement);
  let closedByWidth = false;
  const tell = () => {
    document.documentElement.toggleAttribute('data-settings', settings.open);
    if (settings.open) closedByWidth = false;
  };
  settings.addEventListener('toggle', tell);
  tell();
  matchMedia(SHEET).addEventListener('change', ({ matches }) => {
    if (!matches) {
      if (closedByWidth) settings.open = true;
      return;
    }
    if (!settings.open || !isSheet()) return;
    const hadFocus = settings.contains(document.activeElement);
    closedByWidth = true;
    settings.open = false;
    if (hadFocus) find('#settings > summary').focus({ preventScroll: true });
  });
}

/**
 * Escape closes what lies in the settings, or else the settings where they lie over the results, and the keyboard goes
 * on at their line.
 * @param {() => boolean} closeEffect whether there was one to close
 */
export function closeByEscape(closeEffect) {
  const settings = find('#settings', HTMLDetailsElement);
  find('#setup').addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || closeEffect() || !isSheet()) return;
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

/** Leads to a setting, and opens the settings if it is in them. @param {string} name of its control */
export function showSetting(name) {
  const settings = find('#settings', HTMLDetailsElement);
  const control = find(`#options [name="${name}"]`);
  const show = () => {
    (control.closest('.choice') ?? control).scrollIntoView({ block: 'nearest' });
    control.focus();
  };
  if (!settings.open && settings.contains(control)) {
    // Once they are seen to be open, they have another place.
    settings.addEventListener('toggle', show, { once: true });
    settings.open = true;
  }
  show();
}
