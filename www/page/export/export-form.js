import { labels } from '../labels/labels.js';
import { messageOf } from '../ui/core-words.js';
import { callAside } from '../workers/call-aside.js';
import { createBarStatus } from '../parts/bar-status.js';
import { serialsNote } from '../pipeline/table-note.js';
import { find, h } from '../ui/dom.js';
import { downloadName } from './download-name.js';
import { save } from './download.js';
import * as format from '../ui/format.js';
import { maySave, ready, saveButton } from './save-gate.js';
import { refuseFull, treeFiles, writeTree } from './write-tree.js';

/**
 * @typedef {import('../../shared/core.js').Export} Export
 * @typedef {import('../../shared/protocol.js').Input} Input
 * @typedef {import('../../shared/protocol.js').RunResult['files']} Tables
 * @typedef {{ done: Promise<string>, abort?: AbortController, inBar?: boolean }} Work
 * @typedef {object} Lake
 * @property {import('../../shared/protocol.js').AuditResult['trees']} trees
 * @property {string} lineage
 * @property {Tables} tables
 * @property {Uint8Array} [key] of the pseudonyms, unless the run was one of an earlier visit
 * @property {Input[]} inputs
 * @property {import('../../shared/core.js').Report['options']} options
 */

/** What can be downloaded, first what a researcher needs. @type {{ name: Export, label: string, note: string }[]} */
const EXPORTS = [
  {
    name: 'research',
    label: labels.save.research,
    note: labels.save.researchNote,
  },
  {
    name: 'lake',
    label: labels.save.lake,
    note: labels.save.lakeNote,
  },
];

/** Chromium's; others have none. */
const pickFolder = globalThis.showDirectoryPicker?.bind(globalThis);

/**
 * Saves a run as one zip, or into a folder. The bar has a button of its own for what a researcher needs.
 * @param {() => void} onDone
 */
export function createExportForm(onDone) {
  const form = find('#export', HTMLFormElement);
  const words = find('#export-status');
  const barStatus = createBarStatus();
  const zip = find('#export-zip', HTMLButtonElement);
  const research = find('#package', HTMLButtonElement);
  const toFolder = find('#export-folder', HTMLButtonElement);
  const landing = find('#export-landing', HTMLInputElement);
  const delta = find('#export-delta', HTMLInputElement);
  const share = find('#test-share', HTMLInputElement);
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
        h('p', { class: 'hint', id: `export-${name}-note` }, note, ...(name === 'research' ? [serialsNote()] : [])),
      );
    }),
  );
  toFolder.hidden = pickFolder === undefined;
  form.addEventListener('change', refresh);
  form.addEventListener('submit', (event) => event.preventDefault());

  const chosen = () => /** @type {Export} */ (new FormData(form).get('export'));

  function refresh() {
    find('#export-raw').hidden = chosen() !== 'lake' || !lake?.inputs.length;
    find('#export-log').hidden = chosen() !== 'lake' || !lake?.trees.delta;
    find('#export-share').hidden = chosen() !== 'research' || !maySplit(lake);
    for (const button of [zip, toFolder, research]) ready(button, lake !== undefined && work === undefined);
  }

  /**
   * What is typed as the share of test data, where that is asked.
   * @param {Lake | undefined} now
   * @param {Export} name
   */
  const testShare = (now, name) =>
    name === 'research' && chosen() === 'research' && maySplit(now) ? share.value.trim().replace(',', '.') : '';

  /** @param {Export} name */
  const hasLogs = (name) => name === 'lake' && delta.checked;

  /** How this one is packed, for its name. @param {Lake} now @param {Export} name */
  const packing = (now, name) => {
    const typed = testShare(now, name);
    return [...(hasLogs(name) ? ['delta'] : []), ...(typed ? [`test-share-${typed.replace(/[^\d.]/g, '')}`] : [])];
  };

  /** @param {Lake} now @param {Export} name @param {AbortSignal} [signal] */
  async function files(now, name, signal) {
    const typed = testShare(now, name);
    if (typed !== '' && now.key) {
      const { run, eventTime } = JSON.parse(now.lineage);
      const report = now.trees.research.documents.at(-1)?.[1] ?? '';
      const event = { run_id: run.runId, time: eventTime };
      const table = now.tables.machine_learning_curated;
      return callAside('split', { report, table, share: typed, key: now.key, event }, { signal });
    }
    const along = name === 'lake' && landing.checked;
    const plain = now.trees[along ? 'landing' : name];
    const withLogs = hasLogs(name) ? now.trees[along ? 'deltaLanding' : 'delta'] : undefined;
    return treeFiles(withLogs ?? plain, now.tables, along ? now.inputs : []);
  }

  /** Beside the downloads, and in the bar if its button was pressed. @param {string} said @param {boolean} [inBar] */
  function say(said, inBar = false) {
    words.textContent = said;
    barStatus.say(inBar ? said : '');
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
      say(said, mine.inBar);
      if (said !== '') onDone();
    } catch (error) {
      if (work !== mine) return;
      say(labels.save.notWritten(messageOf(error)), mine.inBar);
    }
    work = undefined;
    refresh();
  }

  /** @param {Export} what @param {boolean} [inBar] */
  const pack = (what, inBar) =>
    run((mine) => {
      const name = `${[downloadName(what, mine.options), ...packing(mine, what)].join('-')}.zip`;
      const abort = new AbortController();
      const { signal } = abort;
      const done = async () => {
        const all = await files(mine, what, signal);
        signal.throwIfAborted();
        const total = all.reduce((sum, { blob }) => sum + blob.size, 0);
        say(labels.save.packing(format.bytes(total)), inBar);
        const onProgress = (/** @type {number} */ bytes) => {
          say(labels.save.packed(format.bytes(bytes), format.bytes(total)), inBar);
        };
        const blob = await callAside('zip', { files: all, time: new Date().toISOString() }, { signal, onProgress });
        save(blob, name);
        return `${name}: ${format.counted(all.length, labels.nouns.file)}, ${format.bytes(blob.size)}.`;
      };
      return { abort, done: done(), inBar };
    });
  saveButton(zip, () => pack(chosen()));
  saveButton(research, () => pack('research', true));

  saveButton(toFolder, () =>
    run((mine) => {
      const what = chosen();
      const write = async () => {
        const folder = await pickFolder?.({ id: 'stedi-lake', mode: 'readwrite' }).catch(
          (/** @type {DOMException} */ error) => {
            // The user has chosen none.
            if (error.name !== 'AbortError') throw error;
          },
        );
        if (!folder) return '';
        // Choosing takes its time.
        const stay = () => {
          if (lake !== mine || !maySave()) throw new Error(labels.save.changedMeanwhile);
        };
        stay();
        await refuseFull(folder);
        const all = await files(mine, what);
        stay();
        await writeTree(folder, all, (done) => {
          words.textContent = labels.save.writing(format.count(done), format.counted(all.length, labels.nouns.file));
        });
        return labels.save.written(format.counted(all.length, labels.nouns.file), folder.name);
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
      say(labels.save.stopped, work.inBar);
      work = undefined;
      refresh();
    },
    clear() {
      work?.abort?.abort();
      work = undefined;
      lake = undefined;
      landing.checked = false;
      delta.checked = false;
      share.value = '';
      say('');
      refresh();
    },
  };
}

/** Whether its people can be dealt to training and test data. @param {Lake | undefined} lake */
const maySplit = (lake) => lake?.key && lake.options.join === 'owner' && lake.options.identity === 'pseudonym';
