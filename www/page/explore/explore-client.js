import { core } from '../workers/compile-wasm.js';
import { createRpcClient } from '../workers/rpc-client.js';

/** @typedef {import('../../shared/protocol.js').Tables} Tables */

/** Of the run on the page; a worker that starts later learns of them. @type {Tables | undefined} */
let tables;

/**
 * A worker of its own shows things, so that exploring and running do not wait for each other.
 * @type {ReturnType<typeof createRpcClient<import('../../shared/protocol.js').CoreService>>}
 */
const client = createRpcClient('#core-worker-source', core, (call) => call('lake', tables));

/** What is shown from now on; without tables the worker forgets what it has shown. @param {Tables | undefined} next */
export function setLake(next) {
  tables = next;
  client.update();
}

export const explore = client.call;
