import { labels } from '../labels/labels.js';
import { messageOf } from '../ui/core-words.js';
import { find } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createLatest } from '../ui/latest.js';
import { callAside } from '../workers/call-aside.js';
import { TABLES } from '../../shared/tables.js';
import { downloadName } from './download-name.js';
import { save } from './download.js';
import { createDocumentRows } from './result-files.js';

/** @typedef {import('../../shared/protocol.js').Documents} Documents */
/** @typedef {import('../../shared/protocol.js').AuditResult} AuditResult */
/** @typedef {import('../../shared/core.js').SavedTable} SavedTable */
/** @typedef {import('../../shared/core.js').Report['options']} ReportOptions */

/**
 * Report, lineage and Croissant: offered when every input was read once more for its hash, which nobody waits for.
 * @param {(result: AuditResult) => void} onDone
 */
export function createDocumentation(onDone) {
  const words = find('#hashing p');
  const meter = find('#hashing progress', HTMLProgressElement);
  const latest = createLatest();
  /** Of the run on the page, if it has begun. @type {Promise<AuditResult> | undefined} */
  let result;
  /** @type {Record<keyof Documents, Blob> | undefined} */
  let blobs;
  /** Of the run on the page. @type {ReportOptions | undefined} */
  let options;
  /** What each table is called when it is saved alone, as the report has it. @type {Record<string, string>} */
  let names = {};
  const rows = createDocumentRows((name) => {
    const blob = blobs?.[name];
    if (blob && options) save(blob, `${downloadName(name, options)}.json`);
  });

  function clear() {
    latest.cancel();
    result = undefined;
    blobs = undefined;
    options = undefined;
    names = {};
    rows.clear();
    words.textContent = '';
    meter.hidden = true;
  }

  /** @param {AuditResult} result */
  function offer(result) {
    const { report, lineage, croissant } = result.files;
    const blob = (/** @type {string} */ text) => new Blob([text], { type: 'application/json' });
    blobs = { report: blob(report), lineage: blob(lineage), croissant: blob(croissant) };
    rows.offer(blobs);
    words.textContent = changedWords(result.changed ?? []);
    meter.hidden = true;
    onDone(result);
  }

  return {
    /** @param {import('../run-state.js').Results} results */
    begin({ result: { report, reads, files: outputs }, report: made, inputs, from }) {
      clear();
      options = made.options;
      names = tableNames(options);
      const blobs = [...inputs.map(({ file }) => file), ...Object.values(outputs)];
      const total = blobs.reduce((sum, { size }) => sum + size, 0);
      const event = { run_id: uuid(), time: new Date().toISOString() };
      const build = { commit: __COMMIT__, wasmSha256: __WASM_SHA256__ };
      words.textContent = labels.save.hashing(format.bytes(total));
      meter.value = 0;
      meter.hidden = false;
      latest.run(
        (signal) => {
          const onProgress = (/** @type {number} */ bytes) => {
            meter.value = bytes / total;
          };
          result = callAside(
            'audit',
            { report, reads, inputs, from, outputs, names, ...build, event },
            { signal, onProgress },
          );
          return result;
        },
        offer,
        (error) => {
          words.textContent = labels.save.noHashes(messageOf(error));
          meter.hidden = true;
        },
      );
    },

    /** Of a run of an earlier visit. @param {AuditResult} audit */
    open(audit) {
      clear();
      const report = JSON.parse(audit.files.report);
      options = report.options;
      for (const { table, file } of report.outputs) names[table] = file;
      result = Promise.resolve(audit);
      offer(audit);
    },

    /** report.json of the run on the page, when it is complete; undefined if there is none. */
    report: async () => (await result)?.files.report,

    /** @param {SavedTable} table */
    tableFile: (table) => names[table] ?? `${table}.parquet`,

    /** Stops hashing if it is not done; what is done stays. @returns {boolean} whether it was stopped */
    halt() {
      const halted = result !== undefined && blobs === undefined;
      if (halted) clear();
      return halted;
    },

    clear,
  };
}

/**
 * Made once, when a run is done: the report and Croissant name a table as its download is called.
 * @param {ReportOptions} options
 */
const tableNames = (options) =>
  Object.fromEntries(TABLES.map(({ name }) => [name, `${downloadName(name, options)}.parquet`]));

/** Names that are listed at most. */
const NAMED = 5;

/** For inputs that are not what the run has read. @param {string[]} names */
function changedWords(names) {
  if (names.length === 0) return '';
  const more =
    names.length > NAMED ? labels.save.moreInputs(format.counted(names.length - NAMED, labels.nouns.moreInput)) : '';
  return labels.save.changedInputs(
    names.slice(0, NAMED).join(', '),
    more,
    names.length === 1 ? labels.save.thisInput : labels.save.theseInputs,
  );
}

/** A random UUID, version 4. `crypto.randomUUID` is absent on plain http hosts. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
