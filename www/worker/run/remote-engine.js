import { asError, asFailure } from '../../shared/failure.js';
import { createInstance } from './local-engine.js';

/**
 * @typedef {ReturnType<typeof createInstance>} Local
 * @typedef {import('./local-engine.js').JobShares} JobShares
 * @typedef {Local} Instance an instance, wherever it is
 */

/**
 * What the lead asks of a helper, each with a number, and what it answers.
 * @typedef {{ kind: 'start', brief: Uint8Array, memory: number } | { kind: 'read', parts: import('./read-ranges.js').Part[] } | { kind: 'entries', entries: import('./scan-inputs.js').Entry[] }
 *   | { kind: 'narrow', brief: Uint8Array } | { kind: 'tallies' } | { kind: 'free' } | { kind: 'shares', plan: Uint8Array, jobs: number[] } | { kind: 'count' | 'work', jobs: JobShares[] }} Ask
 * @typedef {{ id: number } & ({ kind: 'bytes', at: number, bytes: number } | { kind: 'answer', answer: any }
 *   | { kind: 'failed', failure: import('../../shared/types.js').Failure })} Answer
 */

/** Is an instance for another worker, the lead of a run. @param {MessagePort} port */
export function help(port) {
  /** @type {Local | undefined} */
  let instance;

  port.onmessage = async ({ data: { id, ask } }) => {
    try {
      const answer = await done(id, ask);
      tell({ id, kind: 'answer', answer }, buffers(answer));
    } catch (error) {
      tell({ id, kind: 'failed', failure: asFailure(error) });
    }
  };

  /** @param {number} id @param {Ask} ask */
  function done(id, ask) {
    if (ask.kind === 'start') {
      // The ranges of a file do not tile it: all is read again.
      instance?.free();
      instance = createInstance(ask.brief, ask.memory);
      return undefined;
    }
    if (!instance) throw new Error('A helper was asked before it was briefed.');
    switch (ask.kind) {
      case 'read':
        return instance.read(ask.parts, (at, bytes) => tell({ id, kind: 'bytes', at, bytes }));
      case 'entries':
        return instance.entries(ask.entries, (at, bytes) => tell({ id, kind: 'bytes', at, bytes }));
      case 'narrow':
        return instance.narrow(ask.brief);
      case 'tallies':
        return instance.tallies();
      case 'shares':
        return instance.shares(ask.plan, ask.jobs);
      case 'count':
        return instance.count(ask.jobs);
      case 'work':
        return instance.work(ask.jobs);
      case 'free':
        return instance.free();
    }
  }

  /** @param {Answer} answer @param {Transferable[]} [transfer] */
  function tell(answer, transfer = []) {
    port.postMessage(answer, transfer);
  }
}

/** The memory of shares, which moves and is not copied. @param {any} answer @returns {Transferable[]} */
function buffers(answer) {
  if (!Array.isArray(answer)) return [];
  return answer
    .flatMap(({ shares = [] }) => shares.filter((/** @type {any} */ share) => share instanceof Uint8Array))
    .map(({ buffer }) => buffer);
}

/**
 * A helper's instance, as its lead calls it.
 * @param {MessagePort} port
 * @param {Uint8Array} brief
 * @param {number} memory
 * @returns {Promise<Instance>}
 */
export async function remoteInstance(port, brief, memory) {
  /** @type {Map<number, { answered: (answer: Answer) => void, onBytes?: (at: number, bytes: number) => void }>} */
  const waiting = new Map();
  let last = 0;
  port.onmessage = ({ data }) => {
    const asked = waiting.get(data.id);
    if (data.kind === 'bytes') asked?.onBytes?.(data.at, data.bytes);
    else if (waiting.delete(data.id)) asked?.answered(data);
  };

  /** @param {Ask} ask @param {Transferable[]} [transfer] @param {(at: number, bytes: number) => void} [onBytes] @returns {Promise<any>} */
  async function call(ask, transfer = [], onBytes) {
    /** @type {Answer} */
    const answer = await new Promise((answered) => {
      const id = (last += 1);
      waiting.set(id, { answered, onBytes });
      port.postMessage({ id, ask }, transfer);
    });
    if (answer.kind === 'failed') throw asError(answer.failure);
    return answer.kind === 'answer' ? answer.answer : undefined;
  }

  await call({ kind: 'start', brief, memory });
  return {
    read: (parts, onRead) => call({ kind: 'read', parts }, [], onRead),
    entries: (entries, onRead) => call({ kind: 'entries', entries }, [], onRead),
    narrow: (brief) => call({ kind: 'narrow', brief }),
    tallies: () => call({ kind: 'tallies' }),
    shares: (plan, jobs) => call({ kind: 'shares', plan, jobs }),
    count: (jobs) => call({ kind: 'count', jobs }, buffers(jobs)),
    work: (jobs) => call({ kind: 'work', jobs }, buffers(jobs)),
    free() {
      port.postMessage({ id: 0, ask: { kind: 'free' } });
      port.close();
    },
  };
}
