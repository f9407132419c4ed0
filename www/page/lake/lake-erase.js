import { saveFile } from '../export/download.js';
import { uuid } from '../export/run-documentation.js';
import { readOptions } from '../input/options-form.js';
import { randomKey } from '../input/pseudonym-key.js';
import { listProblem, whenListIsRead } from '../input/withdrawals-file.js';
import { labels } from '../labels/labels.js';
import { showSetting } from '../settings/sheet.js';
import { find } from '../ui/dom.js';
import { callAside } from '../workers/call-aside.js';
import { erasedResult } from './lake-erased.js';
import { createLakeJob } from './lake-job.js';

/**
 * What an erasure is made of: lists as texts, the reference of the request, whether everyone gets another pseudonym,
 * and the key file of the lake.
 * @typedef {{ lists: string[], reference: string, anew: boolean, keyFile?: File }} ErasingInput
 */

/**
 * Makes a lake without the people that the page's list of withdrawals names, as `stedi-lakehouse erase` does.
 * @param {() => import('../../shared/protocol.js').FoundLake | undefined} shown
 * @param {HTMLFormElement} settings where the list is
 * @param {import('./lake-key.js').LakeKey} lakeKey
 * @param {(has: boolean) => void} onNewLake whether there is a new lake beside the one that was dropped
 */
export function createLakeErase(shown, settings, lakeKey, onNewLake) {
  const form = find('#lake-erase', HTMLFormElement);
  const newKey = find('#lake-erase-new-key', HTMLInputElement);
  const keyRow = find('#lake-erase-key-row');
  const request = find('#lake-erase-reference', HTMLInputElement);
  const job = createLakeJob(form);
  /** What the new lake that is shown was made of. @type {ErasingInput | undefined} */
  let madeOf;
  let hasNewLake = false;

  /** @returns {ErasingInput} */
  function input() {
    const { withdrawals, withdrawals_file: file = '' } = readOptions(settings);
    const lists = [withdrawals.join('\n'), file];
    const anew = newKey.checked;
    return { lists, reference: request.value.trim(), anew, keyFile: anew ? undefined : lakeKey.file() };
  }

  /** Whether what is shown belongs to what is chosen. */
  function isOwn() {
    if (!madeOf) return false;
    const { lists, reference, anew, keyFile } = input();
    const isSame = reference === madeOf.reference && anew === madeOf.anew && keyFile === madeOf.keyFile;
    return isSame && lists.every((text, at) => text === madeOf?.lists[at]);
  }

  function mark() {
    const is = isOwn();
    if (madeOf) job.outdate(is ? '' : labels.lake.otherList);
    if (is === hasNewLake) return;
    hasNewLake = is;
    onNewLake(is);
  }

  /** Says what is missing, in the place of a result. @param {string} words */
  function refuse(words) {
    madeOf = undefined;
    job.say({ words, kind: 'warning' });
    mark();
  }

  for (const typed of [settings, request]) typed.addEventListener('input', mark);
  // The form has its defaults after the event.
  settings.addEventListener('reset', () => setTimeout(mark));
  for (const control of [newKey, find('#lake-key')]) control.addEventListener('change', mark);
  find('#lake-to-withdrawals').addEventListener('click', () => showSetting('withdrawals'));

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    await whenListIsRead();
    const lake = shown();
    if (!lake) return;
    const of = input();
    const { lists, reference, anew, keyFile } = of;
    const problem = listProblem();
    if (problem !== undefined) return refuse(problem);
    if (lists.every((list) => list.trim() === '')) {
      refuse(labels.lake.noList);
      return showSetting('withdrawals');
    }
    const given = keyFile !== undefined;
    if (!keyRow.hidden && !given && !anew) return refuse(labels.lake.noKey);
    /** @type {import('../input/pseudonym-key.js').Key | undefined} */
    let key;
    madeOf = undefined;
    mark();
    await job.run(
      async (options) => {
        key = keyFile ? await lakeKey.read(lake, keyFile) : randomKey();
        const build = { commit: __COMMIT__, wasmSha256: __WASM_SHA256__ };
        const event = { run_id: uuid(), time: new Date().toISOString() };
        const how = { key: key.key, given, newKey: anew, keyIsKnown: given };
        return callAside('eraseLake', { lake, lists, reference, ...how, ...build, event }, options);
      },
      (erased) => {
        madeOf = of;
        return erasedResult(erased, lake, {
          key: keyRow.hidden ? undefined : key?.text,
          // The form may have been changed without an event.
          save(file, name) {
            if (isOwn()) return saveFile(file, name);
            mark();
            throw new Error(labels.save.changed);
          },
        });
      },
    );
    mark();
  });

  /** Takes a result away. */
  function clear() {
    job.clear();
    madeOf = undefined;
    mark();
  }

  return {
    /** @param {boolean} isWhole @param {boolean} hasPseudonyms */
    show(isWhole, hasPseudonyms) {
      clear();
      form.reset();
      form.hidden = !isWhole;
      keyRow.hidden = !hasPseudonyms;
    },
    clear,
  };
}
