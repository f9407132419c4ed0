import { connect, transferring } from '../../shared/rpc.js';
import { createLocalEngine } from './local-engine.js';

/**
 * @typedef {ReturnType<typeof createLocalEngine>} LocalEngine
 * @typedef {LocalEngine} Engine an engine, in whichever worker it is
 * @typedef {import('../../shared/protocol.js').EngineService} EngineService
 * @typedef {import('../../shared/protocol.js').JobRows} JobRows
 */

/** Is an engine for another worker, which leads a run. @param {MessagePort} port */
export function serveEngine(port) {
  /** @type {LocalEngine | undefined} */
  let engine;

  function begun() {
    if (!engine) throw new Error('An engine was called before it had begun.');
    return engine;
  }

  /** @type {import('../../shared/rpc.js').Handlers<EngineService>} */
  const service = {
    begin({ context, memory }) {
      engine?.free();
      engine = createLocalEngine(context, memory);
    },
    read: (ranges, { progress }) => begun().read(ranges, (at, bytes) => progress({ at, bytes })),
    entries: (entries, { progress }) => begun().entries(entries, (at, bytes) => progress({ at, bytes })),
    rerun: (context) => begun().rerun(context),
    counters: () => begun().counters(),
    async shares({ plan, jobs }) {
      const shares = await begun().shares(plan, jobs);
      return transferring(shares, buffers(shares));
    },
    count: (jobs) => begun().count(jobs),
    work: (jobs) => begun().work(jobs),
    free: () => begun().free(),
  };
  connect(port, service);
}

/** The memory of shares, which moves and is not copied. @param {JobRows[]} jobs @returns {Transferable[]} */
const buffers = (jobs) =>
  jobs.flatMap(({ shares }) => shares.flatMap((share) => (share instanceof Uint8Array ? [share.buffer] : [])));

/**
 * The engine of another worker, as the lead of a run calls it.
 * @param {MessagePort} port
 * @param {Uint8Array} context
 * @param {number} memory
 * @returns {Promise<Engine>}
 */
export async function beginRemoteEngine(port, context, memory) {
  /** @type {import('../../shared/rpc.js').Rpc<EngineService>} */
  const { call } = connect(port);
  await call('begin', { context, memory });
  return {
    read: (ranges, onRead) => call('read', ranges, { onProgress: ({ at, bytes }) => onRead(at, bytes) }),
    entries: (entries, onRead) => call('entries', entries, { onProgress: ({ at, bytes }) => onRead(at, bytes) }),
    rerun: (context) => call('rerun', context),
    counters: () => call('counters', undefined),
    shares: (plan, jobs) => call('shares', { plan, jobs }),
    count: (jobs) => call('count', jobs, { transfer: buffers(jobs) }),
    work: (jobs) => call('work', jobs, { transfer: buffers(jobs) }),
    free() {
      call('free', undefined);
      port.close();
    },
  };
}
