import { find } from '../ui/dom.js';
import { labelOf } from '../input/run-settings.js';

/**
 * What can be done about results whose settings are not the form's: `running` their run is under way, `following`
 * the new ones are being made, `files` they can be run again, `saved-lake` there are no files to run again.
 * @typedef {'running' | 'following' | 'files' | 'saved-lake'} Way
 */

/** @type {Record<Way, string>} */
const WORDS = {
  running: 'This run still uses the settings from its start.',
  following: 'Applying your new settings. Saving is disabled until this is done.',
  files: 'The results do not use your new settings. Saving is disabled until you run again or undo the changes.',
  'saved-lake':
    'This lake was saved with other settings, and it cannot be run again without its files. ' +
    'Saving is disabled. Drop the files again, or undo the changes.',
};

/**
 * The notice that what the page shows does not belong to the form's settings. It stays in sight wherever the
 * reader is.
 * @param {() => void} onRunAgain
 * @param {() => void} onUndo
 */
export function createOutOfDate(onRunAgain, onUndo) {
  const place = find('#stale');
  const words = find('#stale p');
  const again = find('#stale-again');
  const undo = find('#undo');
  again.addEventListener('click', onRunAgain);
  undo.addEventListener('click', () => {
    onUndo();
    // The button is gone with the notice; the keyboard goes on where the settings are.
    if (place.hidden) find('#options-title').focus({ preventScroll: true });
  });

  return {
    /** @param {import('../input/run-settings.js').Setting[]} differ @param {Way} way */
    show(differ, way) {
      const appears = place.hidden && differ.length > 0;
      place.hidden = differ.length === 0;
      place.dataset.way = way;
      again.hidden = way !== 'files';
      const said = differ.length === 0 ? '' : `${WORDS[way]} Changed: ${differ.map(labelOf).join(', ')}.`;
      // A list is typed letter by letter, and is not to be announced with each.
      if (words.textContent !== said) words.textContent = said;
      // What the reader changes stays in sight beside it.
      const changed = document.activeElement?.closest('#options :is(select, textarea, input)');
      if (appears) changed?.scrollIntoView({ block: 'nearest' });
    },
  };
}
