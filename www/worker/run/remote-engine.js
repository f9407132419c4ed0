import { connect, transferring } from '../../shared/rpc.js';
import { createLocalEngine } from './local-engine.js';

/**
 * @typedef {ReturnType<typeof createLocalEngine>} LocalEngine
 * @typedef {Omit<LocalEngine, 'takeLake'>} Engine an engine, in whichever worker it is; the lead's own takes a lake
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
    begin(memory) {
      engine?.free();
      engine = createLocalEngine(memory);
    },
    read: (ranges, { progress }) => begun().read(ranges, (at, bytes) => progress({ at, bytes })),
    entries: (entries, { progress }) => begun().entries(entries, (at, bytes) => progress({ at, bytes })),
    async customers(options) {
      const customers = await begun().customers(options);
      return transferring(customers, [customers.buffer]);
    },
    forget: () => begun().forget(),
    admit: (context) => begun().admit(context),
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
  jobs
    .flatMap(({ shares, customers }) => (customers ? [customers, ...shares] : shares))
    .flatMap((share) => (share instanceof Uint8Array ? [share.buffer] : []));

/**
 * The engine of another worker, as the lead of a run calls it.
 * @param {MessagePort} port
 * @param {number} memory
 * @returns {Engine}
 */
export function beginRemoteEngine(port, memory) {
  /** @type {import('../../shared/rpc.js').Rpc<EngineService>} */
  const { call } = connect(port);
  const begun = call('begin', memory);
  // Whatever is called next fails too then, and says why.
  begun.catch(() => undefined);
  return {
    read: (ranges, onRead) => call('read', ranges, { onProgress: ({ at, bytes }) => onRead(at, bytes) }),
    entries: (entries, onRead) => call('entries', entries, { onProgress: ({ at, bytes }) => onRead(at, bytes) }),
    customers: (options) => call('customers', options),
    forget: () => call('forget', undefined),
    admit: (context) => call('admit', context),
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
