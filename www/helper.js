import { Reader } from './pkg/stedi_lakehouse.js';
import { asFailure } from './failure.js';
import { readPart } from './part.js';

/**
 * What the lead asks of a helper, one thing at a time, and what it answers.
 * @typedef {{ kind: 'ledger', ledger: Uint8Array } | { kind: 'part', part: import('./part.js').Part }
 *   | { kind: 'readings' }} Ask
 * @typedef {{ kind: 'read', bytes: number } | { kind: 'part', decoded: Uint8Array, counts: import('./types.js').Counts }
 *   | { kind: 'readings', readings: Uint8Array } | { kind: 'ready' }
 *   | { kind: 'failed', failure: import('./types.js').Failure }} Answer
 */

/** Reads what another worker, the lead of a run, gives to read. @param {MessagePort} port */
export function help(port) {
  /** @type {Reader | undefined} */
  let reader;

  port.onmessage = async ({ data }) => {
    const ask = /** @type {Ask} */ (data);
    try {
      if (ask.kind === 'ledger') {
        reader?.free();
        reader = new Reader(ask.ledger);
        tell({ kind: 'ready' });
      } else if (!reader) {
        throw new Error('A helper was asked before it had the consent ledger.');
      } else if (ask.kind === 'part') {
        const decoded = await readPart(reader, ask.part, (bytes) => tell({ kind: 'read', bytes }));
        tell({ kind: 'part', decoded, counts: reader.counts() }, [decoded.buffer]);
      } else {
        const readings = reader.readings();
        reader.free();
        reader = undefined;
        tell({ kind: 'readings', readings }, [readings.buffer]);
      }
    } catch (error) {
      tell({ kind: 'failed', failure: asFailure(error) });
    }
  };

  /** @param {Answer} answer @param {Transferable[]} [transfer] */
  function tell(answer, transfer = []) {
    port.postMessage(answer, transfer);
  }
}

/**
 * The lead's side of a helper: asks it, and waits for its answer.
 * @param {MessagePort} port
 */
export function askHelper(port) {
  /** @type {(bytes: number) => void} */
  let onRead = () => undefined;
  /** @type {((answer: Answer) => void) | undefined} */
  let answered;
  port.onmessage = ({ data }) => {
    if (data.kind === 'read') onRead(data.bytes);
    else answered?.(data);
  };
  return {
    /** @param {Ask} ask @param {(bytes: number) => void} [read] @returns {Promise<Answer>} */
    ask(ask, read = () => undefined) {
      onRead = read;
      return new Promise((resolve) => {
        answered = resolve;
        port.postMessage(ask);
      });
    },
    end: () => port.close(),
  };
}
