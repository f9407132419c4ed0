import { messageOf } from '../../shared/errors.js';
import { callAside } from '../workers/call-aside.js';
import { find, h } from '../ui/dom.js';
import { save } from './download.js';
import * as format from '../ui/format.js';
import { maySave, ready, saveButton } from './save-gate.js';
import { refuseFull, treeFiles, writeTree } from './write-tree.js';

/**
 * @typedef {import('../../shared/core-types.js').Export} Export
 * @typedef {import('../../shared/protocol.js').Input} Input
 * @typedef {import('../../shared/protocol.js').RunResult['files']} Tables
 * @typedef {{ done: Promise<string>, abort?: AbortController }} Work
 * @typedef {{ trees: import('../../shared/protocol.js').AuditResult['trees'], tables: Tables, inputs: Input[] }} Lake
 */

/** What can be downloaded, first what a researcher needs. @type {{ name: Export, label: string, note: string }[]} */
const EXPORTS = [
  {
    name: 'research',
    label: 'For research',
    note:
      'machine_learning_curated, its report and its Croissant description. It holds no names, but is pseudonymised, ' +
      'not anonymous.',
  },
  {
    name: 'lake',
    label: 'The whole lake',
    note:
      'All five tables in the folders of S3, with the DDL for Athena, the rules as SQL, the Spark job, report, ' +
      'lineage ' +
      'and Croissant. Its trusted tables and customer_curated identify people.',
  },
];

/** Chromium's; others have none. */
const pickFolder = globalThis.showDirectoryPicker?.bind(globalThis);

/** Saves a run as one zip, or into a folder. @param {() => void} onDone */
export function createExportForm(onDone) {
  const form = find('#export', HTMLFormElement);
  const words = find('#export-status');
  const zip = find('#export-zip', HTMLButtonElement);
  const toFolder = find('#export-folder', HTMLButtonElement);
  const landing = find('#export-landing', HTMLInputElement);
  /** @type {Lake | undefined} */
  let lake;
  /** What is being packed or written. Writing into a folder is not stopped half way. @type {Work | undefined} */
  let work;

  find('#export-choices').append(
    ...EXPORTS.map(({ name, label, note }, i) => {
      const radio = h('input', {
        type: 'radio',
        name: 'export',
        value: name,
        id: `export-${name}`,
        checked: i === 0,
        'aria-describedby': `export-${name}-note`,
      });
      return h(
        'div',
        { class: 'way' },
        radio,
        h('label', { for: radio.id }, label),
        h('p', { class: 'hint', id: `export-${name}-note` }, note),
      );
    }),
  );
  toFolder.hidden = pickFolder === undefined;
  form.addEventListener('change', refresh);
  form.addEventListener('submit', (event) => event.preventDefault());

  const chosen = () => /** @type {Export} */ (new FormData(form).get('export'));

  function refresh() {
    find('#export-raw').hidden = chosen() !== 'lake' || !lake?.inputs.length;
    for (const button of [zip, toFolder]) ready(button, lake !== undefined && work === undefined);
  }

  /** @param {Lake} now */
  function files(now) {
    const name = chosen();
    const along = name === 'lake' && landing.checked;
    return treeFiles(now.trees[along ? 'landing' : name], now.tables, along ? now.inputs : []);
  }

  /**
   * One export at a time; the run may be gone before it is done.
   * @param {(mine: Lake) => Work} begin
   */
  async function run(begin) {
    if (!lake || work) return;
    const mine = (work = begin(lake));
    refresh();
    try {
      const said = await mine.done;
      if (work !== mine) return;
      words.textContent = said;
      if (said !== '') onDone();
    } catch (error) {
      if (work !== mine) return;
      words.textContent = `Not written: ${messageOf(error)}`;
    }
    work = undefined;
    refresh();
  }

  saveButton(zip, () =>
    run((mine) => {
      const name = chosen() === 'lake' ? 'stedi-lake.zip' : 'stedi-research.zip';
      const all = files(mine);
      const total = all.reduce((sum, { blob }) => sum + blob.size, 0);
      words.textContent = `Packing ${format.bytes(total)}.`;
      const abort = new AbortController();
      const packed = callAside(
        'zip',
        { files: all, time: new Date().toISOString() },
        {
          signal: abort.signal,
          onProgress(bytes) {
            words.textContent = `Packing: ${format.bytes(bytes)} of ${format.bytes(total)}.`;
          },
        },
      );
      return {
        abort,
        done: packed.then((blob) => {
          save(blob, name);
          return `${name}: ${format.counted(all.length, 'file')}, ${format.bytes(blob.size)}.`;
        }),
      };
    }),
  );

  saveButton(toFolder, () =>
    run((mine) => {
      const all = files(mine);
      const write = async () => {
        const folder = await pickFolder?.({ id: 'stedi-lake', mode: 'readwrite' }).catch(
          (/** @type {DOMException} */ error) => {
            // The user has chosen none.
            if (error.name !== 'AbortError') throw error;
          },
        );
        if (!folder) return '';
        // Choosing takes its time.
        if (lake !== mine || !maySave()) throw new Error('the settings were changed meanwhile.');
        await refuseFull(folder);
        await writeTree(folder, all, (done) => {
          words.textContent = `Writing: ${format.count(done)} of ${format.counted(all.length, 'file')}.`;
        });
        return `${format.counted(all.length, 'file')} written to ${folder.name}/.`;
      };
      return { done: write() };
    }),
  );

  refresh();
  return {
    /** @param {Lake} next */
    offer(next) {
      lake = next;
      refresh();
    },
    /** Ends what is being packed: its options are no longer the form's. */
    halt() {
      if (!work?.abort) return;
      work.abort.abort();
      work = undefined;
      words.textContent = 'Stopped: the settings were changed.';
      refresh();
    },
    clear() {
      work?.abort?.abort();
      work = undefined;
      lake = undefined;
      landing.checked = false;
      words.textContent = '';
      refresh();
    },
  };
}
