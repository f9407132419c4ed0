import { labels } from '../labels/labels.js';
import { fromPicker } from '../input/file-drop.js';
import { chosenValue } from '../input/options-form.js';
import { messageOf } from '../ui/core-words.js';
import { find } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createLatest } from '../ui/latest.js';
import { say } from '../ui/say.js';
import { asFailure } from '../../shared/errors.js';
import { callAside } from '../workers/call-aside.js';

/**
 * @typedef {import('../input/file-drop.js').Chosen} Chosen
 * @typedef {import('../../shared/protocol.js').FoundLake} FoundLake
 * @typedef {import('../../shared/protocol.js').FromLake} FromLake
 */

/**
 * Offers to continue from a lake with new files, as `stedi-lakehouse run --from` does. What would make that run fail is
 * found before results on the page give way to it.
 * @param {() => FoundLake | undefined} shown
 * @param {HTMLFormElement} settings
 * @param {import('./lake-key.js').LakeKey} lakeKey
 * @param {(from: FromLake, chosen: Chosen, keyFile?: File) => void} run
 */
export function createLakeContinue(shown, settings, lakeKey, run) {
  const place = find('#lake-continue');
  const picker = find('#lake-new-files', HTMLInputElement);
  const folder = find('#lake-new-folder', HTMLInputElement);
  const newKey = find('#lake-new-key', HTMLInputElement);
  const beside = find('#lake-beside');
  const status = find('#lake-continue-status');
  const latest = createLatest();
  /** What was chosen together with the lake. @type {Chosen | undefined} */
  let chosen;

  /** @param {Chosen} files */
  function begin(files) {
    const lake = shown();
    if (!lake) return;
    const from = { lake, newKey: newKey.checked };
    const keepsPseudonyms =
      !find('#lake-new-key-row').hidden && !from.newKey && chosenValue(settings, 'identity') === 'pseudonym';
    const keyFile = keepsPseudonyms ? lakeKey.file() : undefined;
    if (keepsPseudonyms && !keyFile) {
      say(status, { words: labels.lake.noKey, kind: 'warning' });
      return;
    }
    say(status, labels.lake.checking);
    latest.run(
      async (signal) => {
        if (keyFile) await lakeKey.read(lake, keyFile);
        await callAside('checkContinue', { lake, inputs: files.inputs }, { signal });
      },
      () => {
        say(status, '');
        run(from, files, keyFile);
      },
      (error) => {
        const { file } = asFailure(error);
        say(status, { words: `${file ? `${file}: ` : ''}${messageOf(error)}`, kind: 'failed' });
      },
    );
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
      say(status, '');
      find('#lake-new-key-row').hidden = !hasPseudonyms;
      const erased = find('#lake-erased');
      erased.hidden = lake.erased === 0;
      erased.textContent = labels.lake.erased(format.counted(lake.erased, labels.nouns.entry));
    },
    clear() {
      latest.cancel();
      chosen = undefined;
    },
  };
}
