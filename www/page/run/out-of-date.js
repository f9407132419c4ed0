import { labels } from '../labels/labels.js';
import { find } from '../ui/dom.js';
import { labelOf } from '../settings/setting-words.js';

/**
 * What can be done about results whose settings are not the form's: `running` their run is under way, `following`
 * the new ones are being made, `files` they can be run again, `saved-lake` there are no files to run again.
 * @typedef {'running' | 'following' | 'files' | 'saved-lake'} Way
 */

/** @type {Record<Way, string>} */
const WORDS = {
  running: labels.stale.running,
  following: labels.stale.following,
  files: labels.stale.files,
  'saved-lake': labels.stale.savedLake,
};

/**
 * The notice that what the page shows does not belong to the form's settings. It stays in sight wherever the
 * reader is; the bar has the button that runs again.
 * @param {() => void} onRunAgain
 * @param {() => void} onUndo
 */
export function createOutOfDate(onRunAgain, onUndo) {
  const place = find('#stale');
  const words = find('#stale p');
  const undo = find('#undo');
  find('#stale-again').addEventListener('click', onRunAgain);
  undo.addEventListener('click', () => {
    onUndo();
    // The button is gone with the notice; the keyboard goes on where the settings are.
    if (place.hidden) find('#settings > summary').focus({ preventScroll: true });
  });

  return {
    /** @param {import('../input/run-settings.js').Setting[]} differ @param {Way} way */
    show(differ, way) {
      const appears = place.hidden && differ.length > 0;
      place.hidden = differ.length === 0;
      place.dataset.way = way;
      const said = differ.length === 0 ? '' : `${WORDS[way]} ${labels.run.changed(differ.map(labelOf).join(', '))}`;
      // A list is typed letter by letter, and is not to be announced with each.
      if (words.textContent !== said) words.textContent = said;
      // What the reader changes stays in sight beside it.
      const changed = document.activeElement?.closest('#options :is(select, textarea, input)');
      if (appears) changed?.scrollIntoView({ block: 'nearest' });
    },
  };
}
