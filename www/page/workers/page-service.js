import { transferring } from '../../shared/rpc.js';

/**
 * Reads for workers that the browser lets read no file.
 * @type {import('../../shared/rpc.js').Handlers<import('../../shared/protocol.js').PageService>}
 */
export const pageService = {
  async readFile(blob, { signal }) {
    signal.throwIfAborted();
    const bytes = await blob.arrayBuffer();
    return transferring(bytes, [bytes]);
  },
};
