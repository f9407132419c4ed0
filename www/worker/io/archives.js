import { readSync } from './read-file.js';

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

  return {
    /**
     * @param {unknown} zip which one: its file, or a number where each message brings the file anew
     * @param {File} file
     * @param {(bytes: number) => void} [onBytes] called with what is read until the next `open`
     */
    open(zip, file, onBytes = () => undefined) {
      onRead = onBytes;
      if (open && open.zip === zip) return open.archive;
      free();
      const archive = new Archive(file.size, (offset, length) => {
        onRead(length);
        return readSync(file.slice(offset, offset + length));
      });
      open = { zip, archive };
      return archive;
    },
    free,
  };
}
