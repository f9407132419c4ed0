import { find, h } from '../ui/dom.js';

/** @typedef {import('../run-state.js').Results} Results */

/**
 * The SQL console, closed: what it needs is evaluated, and its engine inflated, only when it is opened.
 * @returns {{ open: (results: Results) => void, close: () => void }}
 */
export function createConsole() {
  const section = find('#console');
  const button = h('button', { type: 'button', id: 'console-open' }, 'Open the SQL console');
  /** @type {Results | undefined} */
  let run;
  /** @type {ReturnType<typeof import('./console-view.js').createView> | undefined} */
  let view;

  section.append(
    h(
      'p',
      { class: 'hint' },
      'Query all eight tables in SQL, in this tab, with Apache DataFusion. Landing rows are read again from your ' +
        'files when a statement names them; their results are marked ',
      h('span', { class: 'rawmark' }, 'RAW'),
      ' and shown only when you ask for it.',
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
      section.hidden = false;
      view?.open(next);
    },
    close() {
      run = undefined;
      section.hidden = true;
      view?.close();
    },
  };
}
