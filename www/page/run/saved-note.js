import { find } from '../ui/dom.js';
import { save } from '../export/download.js';
import { ready, saveButton } from '../export/save-gate.js';

/**
 * A note beside the downloads of what else a run has, and what it is for, with a button that saves it.
 * @param {string} place
 * @param {() => string} name of the file
 */
export function createSavedNote(place, name) {
  const note = find(place);
  const button = find(`${place} button`, HTMLButtonElement);
  /** @type {Blob | undefined} */
  let blob;
  saveButton(button, () => {
    if (blob) save(blob, name());
  });

  return {
    /** @param {Blob | undefined} next of the run on the page; none hides the note */
    show(next) {
      blob = next;
      note.hidden = blob === undefined;
      ready(button, blob !== undefined);
    },
  };
}
