import { canRead } from './file-access.js';
import { createRandomAccess } from './random-access.js';
import { openBytes } from './read-file.js';

/**
 * A zip as the core has it; each module of WASM has its own.
 * @typedef {{ free(): void, packed(index: number): { start: number, end: number } }} AnyArchive
 */

/**
 * What takes a whole entry: by one call where this worker reads; else it is opened, its packed bytes are pushed, and it
 * is closed.
 * @template {AnyArchive} Archive
 * @template Result
 * @typedef {object} Taker
 * @property {(archive: Archive) => Result} whole
 * @property {(packed: ReturnType<Archive['packed']>) => void} open
 * @property {(bytes: Uint8Array) => void} push
 * @property {() => Result} close
 */

/**
 * The zip that a worker has open. Entries are taken in order, so each zip is opened once, and its directory
 * is not read again for each entry.
 * @template {AnyArchive} Archive
 * @param {new (bytes: number, readAt: (offset: number, length: number) => Uint8Array) => Archive} Archive of the core
 */
export function createArchives(Archive) {
  /** @type {{ zip: unknown, archive: Archive, access: ReturnType<typeof createRandomAccess> } | undefined} */
  let open;
  /** @type {(bytes: number) => void} */
  let onRead = ignore;
  /** One use of it at a time. @type {Promise<unknown>} */
  let busy = Promise.resolve();

  function free() {
    open?.archive.free();
    open = undefined;
  }

  /** @param {unknown} zip @param {File} file */
  async function opened(zip, file) {
    if (open && open.zip === zip) return open;
    free();
    const access = createRandomAccess(file, (bytes) => onRead(bytes));
    const archive = await access.call(() => new Archive(file.size, access.readAt));
    open = { zip, archive, access };
    return open;
  }

  /**
   * Calls the core with a zip.
   * @template Result
   * @param {unknown} zip which one: its file, or a number where each message brings the file anew
   * @param {File} file
   * @param {(archive: Archive) => Result} act as in `RandomAccess.call`
   * @param {(bytes: number) => void} [onBytes] called with what is read
   * @returns {Promise<Result>}
   */
  function use(zip, file, act, onBytes = ignore) {
    const done = busy.then(async () => {
      onRead = onBytes;
      const { archive, access } = await opened(zip, file);
      return access.call(() => act(archive));
    });
    busy = done.catch(ignore);
    return done;
  }

  return {
    use,

    /**
     * Has a whole entry taken.
     * @template Result
     * @param {{ archive: unknown, file: File, index: number }} entry
     * @param {Taker<Archive, Result>} taker
     * @param {(bytes: number) => void} [onBytes]
     * @returns {Promise<Result>}
     */
    async readEntry({ archive: zip, file, index }, taker, onBytes = ignore) {
      if (canRead()) return use(zip, file, taker.whole, onBytes);
      const packed = await use(
        zip,
        file,
        (archive) => /** @type {ReturnType<Archive['packed']>} */ (archive.packed(index)),
      );
      const bytes = openBytes(file.slice(packed.start, packed.end));
      taker.open(packed);
      for (let chunk = await bytes.next(); chunk; chunk = await bytes.next()) {
        taker.push(chunk);
        onBytes(chunk.length);
      }
      return taker.close();
    },

    free,
  };
}

function ignore() {}
