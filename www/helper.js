import { asFailure } from './failure.js';
import { createInstance } from './instance.js';

/**
 * @typedef {ReturnType<typeof createInstance>} Local
 * @typedef {import('./instance.js').JobShares} JobShares
 * @typedef {Omit<Local, 'entry' | 'counts'>} Instance an instance, wherever it is
 */

/**
 * What the lead asks of a helper, one thing at a time, and what it answers.
 * @typedef {{ kind: 'start', brief: Uint8Array, memory: number } | { kind: 'read', part: import('./part.js').Part }
 *   | { kind: 'narrow', brief: Uint8Array } | { kind: 'tallies' } | { kind: 'free' } | { kind: 'shares', plan: Uint8Array, jobs: number[] } | { kind: 'work', jobs: JobShares[] }} Ask
 * @typedef {{ kind: 'bytes', bytes: number } | { kind: 'answer', answer: any }
 *   | { kind: 'failed', failure: import('./types.js').Failure }} Answer
 */

/** Is an instance for another worker, the lead of a run. @param {MessagePort} port */
export function help(port) {
  /** @type {Local | undefined} */
  let instance;

  port.onmessage = async ({ data }) => {
    try {
      const answer = await done(data);
      tell({ kind: 'answer', answer }, buffers(answer));
    } catch (error) {
      tell({ kind: 'failed', failure: asFailure(error) });
    }
  };

  /** @param {Ask} ask */
  function done(ask) {
    if (ask.kind === 'start') {
      // A record spans two ranges: all is read again.
      instance?.free();
      instance = createInstance(ask.brief, ask.memory);
      return undefined;
    }
    if (!instance) throw new Error('A helper was asked before it was briefed.');
    switch (ask.kind) {
      case 'read': return instance.read(ask.part, (bytes) => tell({ kind: 'bytes', bytes }));
      case 'narrow': return instance.narrow(ask.brief);
      case 'tallies': return instance.tallies();
      case 'shares': return instance.shares(ask.plan, ask.jobs);
      case 'work': return instance.work(ask.jobs);
      case 'free': return instance.free();
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
  return answer.flatMap(({ shares = [] }) => shares.filter((/** @type {any} */ share) => share instanceof Uint8Array))
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
  /** @type {(bytes: number) => void} */
  let onBytes = () => undefined;
  /** @type {((answer: Answer) => void) | undefined} */
  let answered;
  port.onmessage = ({ data }) => {
    if (data.kind === 'bytes') onBytes(data.bytes);
    else answered?.(data);
  };

  /** @param {Ask} ask @param {Transferable[]} [transfer] @returns {Promise<any>} */
  async function call(ask, transfer = []) {
    /** @type {Answer} */
    const answer = await new Promise((resolve) => {
      answered = resolve;
      port.postMessage(ask, transfer);
    });
    if (answer.kind === 'failed') throw Object.assign(new Error(answer.failure.message), { code: answer.failure.code });
    return answer.kind === 'answer' ? answer.answer : undefined;
  }

  await call({ kind: 'start', brief, memory });
  return {
    read(part, onRead) {
      onBytes = onRead;
      return call({ kind: 'read', part });
    },
    narrow: (brief) => call({ kind: 'narrow', brief }),
    tallies: () => call({ kind: 'tallies' }),
    shares: (plan, jobs) => call({ kind: 'shares', plan, jobs }),
    work: (jobs) => call({ kind: 'work', jobs }, buffers(jobs)),
    free() {
      port.postMessage({ kind: 'free' });
      port.close();
    },
  };
}
