import { labels } from '../labels/labels.js';
import { find, h } from '../ui/dom.js';

/** @typedef {import('../run-state.js').Results} Results */

/**
 * The SQL console, closed: what it needs is evaluated, and its engine inflated, only when it is opened.
 * @returns {{ open: (results: Results) => void, close: () => void }}
 */
export function createConsole() {
  const section = find('#console');
  const button = h('button', { type: 'button', id: 'console-open' }, labels.console.open);
  /** @type {Results | undefined} */
  let run;
  /** @type {ReturnType<typeof import('./console-view.js').createView> | undefined} */
  let view;

  find('#console-absent').remove();
  section.append(
    h(
      'p',
      { class: 'hint' },
      labels.console.about,
      h('span', { class: 'rawmark' }, labels.files.raw),
      labels.console.aboutRaw,
    ),
    h('div', { class: 'actions' }, button),
  );

  button.addEventListener('click', async () => {
    button.disabled = true;
    const { createView } = await import('./console-view.js');
    view = createView(section);
    button.parentElement?.remove();
    if (run) view.open(run);
    view.focus();
  });

  return {
    open(next) {
      run = next;
      view?.open(next);
    },
    close() {
      run = undefined;
      view?.close();
    },
  };
}
