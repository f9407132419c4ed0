import { InputError } from '../../shared/errors.js';
import { Shortened, Unreadable } from '../../shared/file-errors.js';
import { findUnreadable, openBytes } from '../io/read-file.js';

/** @typedef {import('../../shared/protocol.js').ByteRange} ByteRange */

/** Read beyond a range's end at first: the last record may end there. Mostly this is enough. */
const BEYOND = 64 * 1024;

/** Where the bytes that are read of a range start and stop in its file. @param {ByteRange} range */
function extent({ file, start, end }) {
  // A line end right before the range makes its first byte the start of a line.
  return { from: Math.max(start - 1, 0), to: end === 0 ? file.size : Math.min(end + BEYOND, file.size) };
}

/**
 * Reads ranges as one stream, and gives what the core has decoded of each. Others may be read meanwhile by the same
 * reader.
 * @param {import('../../pkg/stedi_lakehouse.js').Reader} reader
 * @param {ByteRange[]} ranges
 * @param {import('./local-engine.js').OnRead} onRead
 * @returns {Promise<Uint8Array[]>}
 */
export async function readRanges(reader, ranges, onRead) {
  const extents = ranges.map(extent);
  const stream = openBytes(new Blob(ranges.map(({ file }, at) => file.slice(extents[at].from, extents[at].to))));
  /** @type {Uint8Array[]} */
  const decoded = [];
  /** What has come and belongs to the next range. @type {Uint8Array} */
  let rest = new Uint8Array(0);

  try {
    for (const [at, range] of ranges.entries()) decoded.push(await read(at, range));
    return decoded;
  } finally {
    // A stream that has failed refuses.
    stream.cancel().catch(() => undefined);
  }

  /** @param {number} at @param {ByteRange} range */
  async function read(at, range) {
    try {
      const { from, to } = extents[at];
      const open = reader.open(range.name, range.table, range.start, range.end, range.share);
      let done = false;
      for (let left = to - from; left > 0; ) {
        const bytes = rest.length > 0 ? rest : await stream.next();
        if (!bytes) throw new Shortened();
        const mine = bytes.subarray(0, left);
        rest = bytes.subarray(mine.length);
        left -= mine.length;
        if (done) continue;
        done = reader.push(open, mine);
        onRead(at, mine.length);
      }
      if (!done && to < range.file.size) await readOn(reader, open, range.file.slice(to), (bytes) => onRead(at, bytes));
      return reader.close(open);
    } catch (error) {
      // The browser's error is one for all ranges, and does not say which cannot be read.
      const found = error instanceof Unreadable ? await findUnreadable(ranges.map(({ file }) => file)) : undefined;
      throw found ? new InputError(ranges[found.at].name, found.error) : new InputError(range.name, error);
    }
  }
}

/**
 * @param {import('../../pkg/stedi_lakehouse.js').Reader} reader
 * @param {number} open as the reader numbers it
 * @param {Blob} blob what follows what was read
 * @param {(bytes: number) => void} onRead
 */
async function readOn(reader, open, blob, onRead) {
  const stream = openBytes(blob);
  for (let bytes = await stream.next(); bytes; bytes = await stream.next()) {
    onRead(bytes.length);
    if (reader.push(open, bytes)) return stream.cancel();
  }
}
