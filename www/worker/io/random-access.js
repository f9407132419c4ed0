import { canRead } from './file-access.js';
import { readPart, readSync } from './read-file.js';

/** Bytes that the page reads at least: small entries of a zip that follow each other come by one read. */
const LEAST = 512 * 1024;

/**
 * A file as the core reads it at random, by calls that cannot wait. Where the page reads for this worker, a call that
 * misses bytes is made again once they are here.
 * @param {Blob} file
 * @param {(bytes: number) => void} [onRead]
 */
export function createRandomAccess(file, onRead = () => undefined) {
  /** What the page has read. @type {{ start: number, bytes: Uint8Array }[]} */
  let blocks = [];
  /** What a call has asked for in vain. @type {{ offset: number, length: number } | undefined} */
  let missing;

  /** @param {number} offset @param {number} length @returns {Uint8Array} at least one byte */
  function readAt(offset, length) {
    if (canRead()) {
      onRead(length);
      return readSync(file.slice(offset, offset + length));
    }
    const block = blocks.findLast(({ start, bytes }) => start <= offset && offset < start + bytes.length);
    if (block) return block.bytes.subarray(offset - block.start, offset - block.start + length);
    missing = { offset, length };
    throw new Error('These bytes are still to be read.');
  }

  /** @param {{ offset: number, length: number }} wanted */
  async function fetch({ offset, length }) {
    // As much as is here already, so that a large directory costs a few reads.
    const held = blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const bytes = await readPart(file.slice(offset, offset + Math.max(length, held, LEAST)));
    onRead(bytes.length);
    blocks.push({ start: offset, bytes });
  }

  return {
    readAt,
    /**
     * Calls the core, which may read by `readAt`.
     * @template Result
     * @param {() => Result} act does nothing that cannot be done again before it has read all that it needs
     * @returns {Promise<Result>}
     */
    async call(act) {
      for (;;) {
        missing = undefined;
        /** @type {{ result: Result } | { error: unknown }} */
        let outcome;
        try {
          outcome = { result: act() };
        } catch (error) {
          outcome = { error };
        }
        if (missing) {
          await fetch(missing);
          continue;
        }
        blocks = blocks.slice(-1);
        if ('error' in outcome) throw outcome.error;
        return outcome.result;
      }
    },
  };
}
