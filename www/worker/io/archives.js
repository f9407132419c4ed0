import { canRead } from './file-access.js';
import { readPart, readSync } from './read-file.js';

/** Bytes of a zip that is read into memory. */
const MOST_IN_MEMORY = 512 * 2 ** 20;
const TOO_LARGE =
  'This browser cannot read so large a zip on a page that was opened from a file (512 MB is the most). Unpack it, ' +
  'open the page over http, or use Chrome, Edge or Firefox.';

/**
 * The zip that a worker has open. Entries are taken in order, so each zip is opened once, and its directory
 * is not read again for each entry.
 * @template {{ free(): void }} Archive
 * @param {new (bytes: number, readAt: (offset: number, length: number) => Uint8Array) => Archive} Archive of the core
 */
export function createArchives(Archive) {
  /** @type {{ zip: unknown, archive: Archive } | undefined} */
  let open;
  /** @type {(bytes: number) => void} */
  let onRead = () => undefined;

  function free() {
    open?.archive.free();
    open = undefined;
  }

  /**
   * What reads the zip at random. Where the page has to read for this worker, all of it is read first.
   * @param {File} file
   * @returns {Promise<(offset: number, length: number) => Uint8Array>}
   */
  async function openFile(file) {
    if (canRead()) return (offset, length) => readSync(file.slice(offset, offset + length));
    if (file.size > MOST_IN_MEMORY) throw Object.assign(new Error(TOO_LARGE), { code: 'too_large' });
    const bytes = await readPart(file, 'read this file');
    return (offset, length) => bytes.subarray(offset, offset + length);
  }

  return {
    /**
     * @param {unknown} zip which one: its file, or a number where each message brings the file anew
     * @param {File} file
     * @param {(bytes: number) => void} [onBytes] called with what is read until the next `open`
     */
    async open(zip, file, onBytes = () => undefined) {
      onRead = onBytes;
      if (open && open.zip === zip) return open.archive;
      free();
      const readAt = await openFile(file);
      const archive = new Archive(file.size, (offset, length) => {
        onRead(length);
        return readAt(offset, length);
      });
      open = { zip, archive };
      return archive;
    },
    free,
  };
}
