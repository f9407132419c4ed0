import { saveFile } from '../export/download.js';
import { uuid } from '../export/run-documentation.js';
import { readOptions } from '../input/options-form.js';
import { randomKey } from '../input/pseudonym-key.js';
import { listProblem, whenListIsRead } from '../input/withdrawals-file.js';
import { labels } from '../labels/labels.js';
import { breakable } from '../pipeline/pipeline.js';
import { TABLES } from '../../shared/tables.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { callAside } from '../workers/call-aside.js';
import { createLakeJob } from './lake-job.js';

/**
 * @typedef {import('../../shared/protocol.js').Erased} Erased
 * @typedef {import('../input/pseudonym-key.js').Key} Key
 */

/**
 * Makes a lake without the people that the page's list of withdrawals names, as `stedi-lakehouse erase` does.
 * @param {() => import('../../shared/protocol.js').FoundLake | undefined} shown
 * @param {HTMLFormElement} settings where the list is
 * @param {import('./lake-key.js').LakeKey} lakeKey
 */
export function createLakeErase(shown, settings, lakeKey) {
  const form = find('#lake-erase', HTMLFormElement);
  const newKey = find('#lake-erase-new-key', HTMLInputElement);
  const keyRow = find('#lake-erase-key-row');
  const job = createLakeJob(form);

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    await whenListIsRead();
    const lake = shown();
    if (!lake) return;
    const { withdrawals, withdrawals_file: file = '' } = readOptions(settings);
    const lists = [withdrawals.join('\n'), file];
    const problem = listProblem() ?? (lists.every((list) => list.trim() === '') ? labels.lake.noList : undefined);
    if (problem !== undefined) return job.say(problem);
    const anew = newKey.checked;
    const keyFile = anew ? undefined : lakeKey.file();
    const given = keyFile !== undefined;
    if (!keyRow.hidden && !given && !anew) return job.say(labels.lake.noKey);
    /** @type {Key | undefined} */
    let key;
    job.run(
      async (options) => {
        key = keyFile ? await lakeKey.read(lake, keyFile) : randomKey();
        const build = { commit: __COMMIT__, wasmSha256: __WASM_SHA256__ };
        const event = { run_id: uuid(), time: new Date().toISOString() };
        const how = { key: key.key, given, newKey: anew, keyIsKnown: given };
        return callAside('eraseLake', { lake, lists, ...how, ...build, event }, options);
      },
      (erased) => words(erased, keyRow.hidden ? undefined : key?.text),
    );
  });

  /**
   * @param {Erased} erased
   * @param {string | undefined} key that was made for it
   * @returns {[string, ...Node[]]}
   */
  function words({ files, erasure }, key) {
    const said = labels.lake.erasedOf(format.count(erasure.matched), format.counted(erasure.asked, labels.nouns.entry));
    const buttons = [button(labels.lake.saveErased, (own) => saveZip(own, files))];
    if (key !== undefined)
      buttons.push(button(labels.lake.saveNewKey, () => saveFile(new Blob([`${key}\n`]), 'stedi-lakehouse.key')));
    return [
      said,
      table(erasure.tables),
      h('p', { class: 'hint' }, labels.lake.notReached),
      h('div', { class: 'actions' }, ...buttons),
    ];
  }

  /** @param {string} text @param {(own: HTMLButtonElement) => void} act */
  function button(text, act) {
    const own = h('button', { type: 'button', class: 'save' }, text);
    own.addEventListener('click', () => act(own));
    return own;
  }

  /** @param {HTMLButtonElement} own @param {Erased['files']} files */
  async function saveZip(own, files) {
    own.disabled = true;
    const time = new Date().toISOString();
    try {
      const blob = await callAside('zip', { files, time });
      saveFile(blob, `stedi-lake-${time.slice(0, 10)}-erased.zip`);
    } finally {
      own.disabled = false;
    }
  }

  return {
    /** @param {boolean} isWhole @param {boolean} hasPseudonyms */
    show(isWhole, hasPseudonyms) {
      job.clear();
      form.reset();
      form.hidden = !isWhole;
      keyRow.hidden = !hasPseudonyms;
    },
    clear: job.clear,
  };
}

/** @param {Erased['erasure']['tables']} tables */
function table(tables) {
  const head = [labels.lake.table, labels.lake.before, labels.lake.after, labels.lake.removed];
  const rows = TABLES.flatMap(({ name }) => {
    const rows = /** @type {Partial<Record<string, import('../../shared/core.js').LakeErased>>} */ (tables)[name];
    if (!rows) return [];
    const counts = [rows.rows_before, rows.rows_after, rows.removed];
    const cells = counts.map((count, at) =>
      h('td', { class: 'number', 'data-label': head[at + 1] }, format.count(count)),
    );
    return [h('tr', { 'data-erased': name }, h('th', { scope: 'row' }, h('code', {}, ...breakable(name))), ...cells)];
  });
  return h(
    'table',
    {},
    h(
      'thead',
      {},
      h('tr', {}, ...head.map((text, at) => h('th', { scope: 'col', class: at > 0 ? 'number' : undefined }, text))),
    ),
    h('tbody', {}, ...rows),
  );
}
