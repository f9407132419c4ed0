import { find } from '../ui/dom.js';
import { save } from '../export/download.js';
import { ready, saveButton } from '../export/save-gate.js';

/** Says of each run under a random key what the key is needed for, and offers to save it. */
export function createKeyNote() {
  const note = find('#key-note');
  const button = find('[data-download="key"]', HTMLButtonElement);
  /** @type {string | undefined} */
  let text;
  saveButton(button, () => {
    if (text) save(new Blob([text, '\n'], { type: 'text/plain' }), 'stedi-lakehouse.key');
  });

  /** @param {string | undefined} next the key of the run on the page; none if it is the reader's own, or not used */
  function show(next) {
    text = next;
    note.hidden = text === undefined;
    ready(button, text !== undefined);
  }
  return { show, clear: () => show(undefined) };
}
