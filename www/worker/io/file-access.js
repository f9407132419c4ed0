import { RemoteError } from '../../shared/errors.js';
import { setReader } from '../../shared/read-blob.js';

/**
 * Where the bytes of files come from. Mostly this worker reads them itself. Safari's engine lets no worker of a page
 * from file:// read a file, not even a blob that it has made; there the page reads them and hands them over, unread.
 */

/** @typedef {import('../../shared/rpc.js').Rpc<import('../../shared/protocol.js').PageService>} PageRpc */

/** @type {PageRpc | undefined} */
let page;

/** @param {PageRpc} rpc */
export function setPage(rpc) {
  page = rpc;
  setReader(bytesOf);
}

/** @type {boolean | undefined} */
let readsItself;

/** Whether this worker may read files. Found out by trying once. */
export function canRead() {
  if (readsItself === undefined) {
    try {
      readNow(new Blob(['x']));
      readsItself = true;
    } catch {
      readsItself = page === undefined;
    }
  }
  return readsItself;
}

/** @type {InstanceType<typeof FileReaderSync> | undefined} */
let reader;

/** Reads without waiting: only where `canRead`. @param {Blob} blob */
export function readNow(blob) {
  reader ??= new FileReaderSync();
  return new Uint8Array(reader.readAsArrayBuffer(blob));
}

/** Reads of this worker that the page has under way; more would only wait in the page's memory. */
const MOST_IN_FLIGHT = 2;
let inFlight = 0;
/** Those that wait; they end with this worker. @type {(() => void)[]} */
const queue = [];

/** The bytes of a blob. @param {Blob} blob @returns {Promise<ArrayBuffer>} */
export async function bytesOf(blob) {
  if (canRead() || !page) return blob.arrayBuffer();
  if (inFlight === MOST_IN_FLIGHT) await new Promise((resolve) => queue.push(() => resolve(undefined)));
  else inFlight += 1;
  try {
    return await page.call('readFile', blob);
  } catch (error) {
    throw asBrowserError(error);
  } finally {
    // Whoever waits longest goes on in this one's place.
    const next = queue.shift();
    if (next) next();
    else inFlight -= 1;
  }
}

/** An error with the name that the browser gave it on the page. @param {unknown} error */
function asBrowserError(error) {
  if (!(error instanceof RemoteError)) return error;
  return Object.assign(new Error(error.message), { name: error.failure.code });
}
