import { createAsker } from '../workers/rpc-client.js';
import { core } from '../workers/compile-wasm.js';

/**
 * A worker of its own shows things, so that looking and running do not wait for each other.
 * @typedef {import('../../shared/types.js').LookAsk} LookAsk
 */

/** The run that is looked at; a worker that starts later is told of it. @type {LookAsk & { kind: 'lake' }} */
let lake = { kind: 'lake' };

/** @type {ReturnType<typeof createAsker<LookAsk>>} */
const asker = createAsker({ kind: 'look', module: core, first: () => lake });

/** Says which run is on the page, or that none is: then the worker lets go of what it shows. @param {LookAsk & { kind: 'lake' }} ask */
export function setLake(ask) {
  lake = ask;
  asker.tell(ask);
}

/** @param {LookAsk} ask @returns {Promise<any>} */
export const look = (ask) => asker.ask(ask);
