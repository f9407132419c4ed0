import { askAside } from '../workers/run-workers.js';
import { find } from '../ui/dom.js';
import { save } from './download.js';
import { createAuditFiles } from './result-files.js';
import * as format from '../ui/format.js';

/** @typedef {import('../../shared/types.js').AuditFiles} AuditFiles */
/** @typedef {import('../../shared/types.js').AuditResult} AuditResult */

/**
 * The files that tell of a run: offered when every input was read once more for its hash, which nobody waits for.
 * @param {(result: AuditResult) => void} onDone
 */
export function createAudit(onDone) {
  const words = find('#hashing p');
  const meter = find('#hashing progress', HTMLProgressElement);
  /** @type {{ result: Promise<AuditResult>, blobs?: Record<keyof AuditFiles, Blob>, stop: () => void } | undefined} */
  let current;
  const rows = createAuditFiles((name) => {
    const blob = current?.blobs?.[name];
    if (blob) save(blob, `${name}.json`);
  });

  function clear() {
    current?.stop();
    current = undefined;
    rows.clear();
    words.textContent = '';
    meter.hidden = true;
  }

  /** @param {NonNullable<typeof current>} mine @param {AuditResult} result */
  function offer(mine, result) {
    const { report, lineage, croissant } = result.files;
    const blob = (/** @type {string} */ text) => new Blob([text], { type: 'application/json' });
    mine.blobs = { report: blob(report), lineage: blob(lineage), croissant: blob(croissant) };
    rows.offer(mine.blobs);
    words.textContent = changedWords(result.changed ?? []);
    onDone(result);
  }

  return {
    /** @param {import('../../shared/types.js').RunResult} run @param {import('../../shared/types.js').Input[]} inputs */
    async begin({ report, reads, files: outputs }, inputs) {
      clear();
      const total = [...inputs.map(({ file }) => file), ...Object.values(outputs)].reduce(
        (sum, { size }) => sum + size,
        0,
      );
      const event = { run_id: uuid(), time: new Date().toISOString() };
      const { answer, stop } = /** @type {{ answer: Promise<AuditResult>, stop: () => void }} */ (
        askAside(
          { kind: 'audit', report, reads, inputs, outputs, commit: __COMMIT__, wasmSha256: __WASM_SHA256__, event },
          ({ bytes }) => {
            if (current === mine) meter.value = bytes / total;
          },
        )
      );
      /** @type {typeof current} */
      const mine = (current = { result: answer, stop });
      words.textContent = `Hashing inputs: ${format.bytes(total)}. The report is offered when this is done.`;
      meter.value = 0;
      meter.hidden = false;
      try {
        const result = await answer;
        if (current !== mine) return;
        offer(mine, result);
      } catch (error) {
        if (current !== mine) return;
        words.textContent = `The inputs could not be hashed, so there is no report: ${error instanceof Error ? error.message : error}`;
      }
      meter.hidden = true;
    },

    /** Of a run of an earlier visit. @param {AuditResult} result */
    open(result) {
      clear();
      current = { result: Promise.resolve(result), stop: () => undefined };
      offer(current, result);
    },

    /** report.json of the run on the page, when it is complete; undefined if there is none. */
    report: async () => (await current?.result)?.files.report,

    /** Stops hashing if it is not done; what is done stays. @returns {boolean} whether it was stopped */
    halt() {
      const halted = current !== undefined && current.blobs === undefined;
      if (halted) clear();
      return halted;
    },

    clear,
  };
}

/** Names said at most. */
const NAMED = 5;

/** What is said of inputs that are not what the run has read. @param {string[]} names */
function changedWords(names) {
  if (names.length === 0) return '';
  const more = names.length > NAMED ? ` and ${format.counted(names.length - NAMED, 'more input')}` : '';
  return (
    `Changed after reading: ${names.slice(0, NAMED).join(', ')}${more}. The tables hold what was read. The report has no SHA-256 of ` +
    `${names.length === 1 ? 'this input' : 'these inputs'}. Run again to use the new content.`
  );
}

/** A random UUID, version 4. `crypto.randomUUID` is absent on plain http hosts. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
