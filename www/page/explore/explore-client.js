import { core } from '../workers/compile-wasm.js';
import { createRpcClient } from '../workers/rpc-client.js';

/** @typedef {import('../../shared/protocol.js').ExploreService['lake']['request']} Lake */

/** Of the run on the page; a worker that starts later learns of it. @type {Lake} */
let lake;

/**
 * A worker of its own shows things, so that exploring and running do not wait for each other.
 * @type {ReturnType<typeof createRpcClient<import('../../shared/protocol.js').CoreService>>}
 */
const client = createRpcClient('#core-worker-source', core, (call) => call('lake', lake));

/** What is shown from now on; without any the worker forgets what it has shown. @param {Lake} next */
export function setLake(next) {
  lake = next;
  client.update();
}

export const explore = client.call;
