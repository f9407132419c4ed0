import { LakeTable } from '../../pkg/stedi_lakehouse.js';
import { readPart } from './read-file.js';

/** What a Parquet file ends with: the length of its footer, and four letters. */
const END = 8;

/**
 * The file of a table of a lake, which the core reads a row group at a time.
 * @param {string} table
 * @param {Blob} blob
 */
export async function openLakeTable(table, blob) {
  const last = async (/** @type {number} */ bytes) => readPart(blob.slice(Math.max(0, blob.size - bytes)));
  const footer = await last(LakeTable.footer_bytes(await last(END)));
  const file = new LakeTable(table, footer, blob.size);
  const bounds = file.row_groups();

  return {
    file,
    bytes: blob.size,
    free: () => file.free(),
    /** @param {(group: number, bytes: Uint8Array) => void} take */
    async rows(take) {
      for (let group = 0; 2 * group < bounds.length; group += 1)
        take(group, await readPart(blob.slice(bounds[2 * group], bounds[2 * group + 1])));
    },
  };
}
