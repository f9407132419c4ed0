import { find } from '../ui/dom.js';

/** The root knows whether the settings are open, for the style sheets. */
export function watchSettings() {
  const settings = find('#settings', HTMLDetailsElement);
  const tell = () => document.documentElement.toggleAttribute('data-settings', settings.open);
  settings.addEventListener('toggle', tell);
  tell();
}

/** Escape closes the settings where they lie over the results, and the keyboard goes on at their line. */
export function closeByEscape() {
  const settings = find('#settings', HTMLDetailsElement);
  find('#setup').addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || getComputedStyle(find('#setup')).position !== 'fixed') return;
    settings.open = false;
    find('#settings > summary').focus();
  });
}
