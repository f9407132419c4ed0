import { askAside } from './bridge.js';
import { find, h } from './dom.js';
import { save } from './download.js';
import * as format from './format.js';
import { treeFiles, writeTree } from './tree.js';

/**
 * @typedef {import('./types.js').Export} Export
 * @typedef {import('./types.js').Input} Input
 * @typedef {import('./types.js').RunResult['files']} Tables
 * @typedef {{ trees: import('./types.js').AuditResult['trees'], tables: Tables, inputs: Input[] }} Lake
 */

/** What is handed over, first what a researcher needs. @type {{ name: Export, label: string, note: string }[]} */
const EXPORTS = [
  { name: 'research', label: 'For research', note: 'machine_learning_curated, its report and its Croissant description. Names nobody, but is pseudonymised, not anonymous.' },
  { name: 'lake', label: 'The whole lake', note: 'All five tables in the folders of S3, with the DDL for Athena, the rules as SQL, the Spark job, report, lineage and Croissant. Its trusted tables and customer_curated link back to people.' },
];

/** Chromium's; others have none. @type {((options: object) => Promise<FileSystemDirectoryHandle>) | undefined} */
const pickFolder = /** @type {any} */ (globalThis).showDirectoryPicker?.bind(globalThis);

/** Hands a run over as one: a zip, or a folder. */
export function createExport() {
  const form = find('#export', HTMLFormElement);
  const words = find('#export-status');
  const zip = find('#export-zip', HTMLButtonElement);
  const toFolder = find('#export-folder', HTMLButtonElement);
  const landing = find('#export-landing', HTMLInputElement);
  /** @type {Lake | undefined} */
  let lake;
  /** Ends what is being packed. @type {(() => void) | undefined} */
  let stop;

  find('#export-choices').append(...EXPORTS.map(({ name, label, note }, i) => {
    const radio = h('input', { type: 'radio', name: 'export', value: name, id: `export-${name}`, checked: i === 0, 'aria-describedby': `export-${name}-note` });
    return h('div', { class: 'way' }, radio, h('label', { for: radio.id }, label), h('p', { class: 'hint', id: `export-${name}-note` }, note));
  }));
  toFolder.hidden = pickFolder === undefined;
  form.addEventListener('change', refresh);
  form.addEventListener('submit', (event) => event.preventDefault());

  const chosen = () => /** @type {Export} */ (new FormData(form).get('export'));

  function refresh() {
    find('#export-raw').hidden = chosen() !== 'lake' || !lake?.inputs.length;
    zip.disabled = toFolder.disabled = lake === undefined || stop !== undefined;
  }

  /** @param {Lake} now */
  function files(now) {
    const name = chosen();
    const along = name === 'lake' && landing.checked;
    return treeFiles(now.trees[along ? 'landing' : name], now.tables, along ? now.inputs : []);
  }

  /**
   * One export at a time; the run may be gone before it is done.
   * @param {(mine: Lake) => { done: Promise<string>, stop: () => void }} begin
   */
  async function run(begin) {
    if (!lake || stop) return;
    const work = begin(lake);
    const mine = stop = work.stop;
    refresh();
    try {
      const said = await work.done;
      if (stop === mine) words.textContent = said;
    } catch (error) {
      if (stop === mine) words.textContent = `Not written: ${error instanceof Error ? error.message : error}`;
    }
    if (stop !== mine) return;
    stop = undefined;
    refresh();
  }

  zip.addEventListener('click', () => run((mine) => {
    const name = chosen() === 'lake' ? 'stedi-lake.zip' : 'stedi-research.zip';
    const all = files(mine);
    const total = all.reduce((sum, { blob }) => sum + blob.size, 0);
    words.textContent = `Packing ${format.bytes(total)}.`;
    const { answer, stop } = askAside({ kind: 'zip', files: all, time: new Date().toISOString() }, ({ bytes }) => {
      words.textContent = `Packing: ${format.bytes(bytes)} of ${format.bytes(total)}.`;
    });
    return {
      stop,
      done: answer.then((/** @type {any} */ blob) => {
        save(blob, name);
        return `${name}: ${format.counted(all.length, 'file')}, ${format.bytes(blob.size)}.`;
      }),
    };
  }));

  toFolder.addEventListener('click', () => run((mine) => {
    const all = files(mine);
    const write = async () => {
      const folder = await pickFolder?.({ id: 'stedi-lake', mode: 'readwrite' }).catch((/** @type {DOMException} */ error) => {
        // The user has thought better of it.
        if (error.name !== 'AbortError') throw error;
      });
      if (!folder) return '';
      await writeTree(folder, all, (done) => { words.textContent = `Writing: ${format.count(done)} of ${format.counted(all.length, 'file')}.`; });
      return `${format.counted(all.length, 'file')} written to ${folder.name}/.`;
    };
    return { stop: () => undefined, done: write() };
  }));

  refresh();
  return {
    /** @param {Lake} next */
    offer(next) {
      lake = next;
      refresh();
    },
    clear() {
      stop?.();
      stop = undefined;
      lake = undefined;
      landing.checked = false;
      words.textContent = '';
      refresh();
    },
  };
}
