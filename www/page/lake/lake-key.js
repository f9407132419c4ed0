import { readKey } from '../input/pseudonym-key.js';
import { labels } from '../labels/labels.js';
import { messageOf } from '../ui/core-words.js';
import { find } from '../ui/dom.js';
import { createLatest } from '../ui/latest.js';
import { say } from '../ui/say.js';
import { RemoteError } from '../../shared/errors.js';
import { callAside } from '../workers/call-aside.js';

/**
 * @typedef {import('../../shared/protocol.js').FoundLake} FoundLake
 * @typedef {import('../input/pseudonym-key.js').Key} Key
 */

/**
 * The key file of the lake that is shown: one choice, for searching it, continuing from it and erasing from it. A file
 * that the settings have is that choice, until another is made.
 * @param {() => FoundLake | undefined} shown
 */
export function createLakeKey(shown) {
  const row = find('#lake-key-row');
  const input = find('#lake-key', HTMLInputElement);
  const words = find('#lake-key-status');
  const ofSettings = find('#key-file', HTMLInputElement);
  const latest = createLatest();

  /** Only a file that was chosen for a lake whose pseudonyms it can be of. */
  const file = () => (row.hidden ? undefined : input.files?.[0]);

  /**
   * @param {FoundLake} lake
   * @param {File} file
   */
  async function read({ report }, file) {
    const key = await readKey(file);
    await callAside('checkKey', { report, key: key.key }).catch((error) => {
      const isOther = error instanceof RemoteError && error.failure.code === 'other_key';
      throw isOther ? new Error(`${file.name}: ${labels.lake.otherKey}`) : error;
    });
    return key;
  }

  /** Says at once whether it is the key. */
  function check() {
    const [lake, chosen] = [shown(), file()];
    say(words, '');
    if (!lake || !chosen) return latest.cancel();
    latest.run(
      () => read(lake, chosen),
      () => {
        say(words, { words: labels.lake.isKey(chosen.name), kind: 'done' });
      },
      (error) => {
        say(words, { words: messageOf(error), kind: 'failed' });
      },
    );
  }

  function takeOfSettings() {
    const chosen = ofSettings.files?.[0];
    if (row.hidden || !chosen || input.files?.length) return;
    const transfer = new DataTransfer();
    transfer.items.add(chosen);
    input.files = transfer.files;
    check();
  }

  input.addEventListener('change', check);
  ofSettings.addEventListener('change', takeOfSettings);

  return {
    file,
    /** The key that a file holds, if it is the lake's. */
    read,
    /** For another lake. @param {boolean} hasPseudonyms */
    show(hasPseudonyms) {
      latest.cancel();
      say(words, '');
      input.value = '';
      row.hidden = !hasPseudonyms;
      takeOfSettings();
    },
  };
}

/** @typedef {ReturnType<typeof createLakeKey>} LakeKey */
