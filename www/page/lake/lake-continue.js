import { labels } from '../labels/labels.js';
import { fromPicker } from '../input/file-drop.js';
import { find } from '../ui/dom.js';
import * as format from '../ui/format.js';

/**
 * @typedef {import('../input/file-drop.js').Chosen} Chosen
 * @typedef {import('../../shared/protocol.js').FoundLake} FoundLake
 * @typedef {import('../../shared/protocol.js').FromLake} FromLake
 */

/**
 * Offers to continue from a lake with new files, as `stedi-lakehouse run --from` does.
 * @param {() => FoundLake | undefined} shown
 * @param {(from: FromLake, chosen: Chosen) => void} run
 */
export function createLakeContinue(shown, run) {
  const place = find('#lake-continue');
  const picker = find('#lake-new-files', HTMLInputElement);
  const folder = find('#lake-new-folder', HTMLInputElement);
  const newKey = find('#lake-new-key', HTMLInputElement);
  const beside = find('#lake-beside');
  /** What was chosen together with the lake. @type {Chosen | undefined} */
  let chosen;

  /** @param {Chosen} files */
  function begin(files) {
    const lake = shown();
    if (lake) run({ lake, newKey: newKey.checked }, files);
  }

  for (const input of [picker, folder]) {
    input.addEventListener('change', () => {
      const files = fromPicker(input);
      // Emptied, so that choosing the same files again is a change again.
      input.value = '';
      if (files.inputs.length > 0) begin(files);
    });
  }
  beside.addEventListener('click', () => {
    if (chosen) begin(chosen);
  });

  return {
    /**
     * @param {FoundLake} lake
     * @param {boolean} isWhole whether it has all five tables: a research export names no one
     * @param {boolean} hasPseudonyms
     * @param {Chosen | undefined} raw what was chosen together with it
     */
    show(lake, isWhole, hasPseudonyms, raw) {
      place.hidden = !isWhole;
      const names = new Set(lake.beside);
      chosen = raw && { inputs: raw.inputs.filter(({ name }) => names.has(name)), refusals: raw.refusals };
      beside.hidden = !chosen?.inputs.length;
      newKey.checked = false;
      find('#lake-new-key-row').hidden = !hasPseudonyms;
      const erased = find('#lake-erased');
      erased.hidden = lake.erased === 0;
      erased.textContent = labels.lake.erased(format.counted(lake.erased, labels.nouns.entry));
    },
    clear() {
      chosen = undefined;
    },
  };
}
