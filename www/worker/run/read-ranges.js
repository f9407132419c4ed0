import { InputError } from '../../shared/failure.js';
import { findUnreadable, openBytes } from '../io/read-file.js';
import { Shortened, Unreadable } from '../../shared/file-errors.js';

/**
 * What is read of a file: a range of a plain one, or all of it (`end` is 0 then).
 * @typedef {{ name: string, table: import('../../shared/types.js').Landing, file: File, start: number, end: number }} Part
 */

/** Read beyond a range's end at first: the last record may end there. Mostly this is enough. */
const BEYOND = 64 * 1024;

/** Where the bytes of a part start and stop in its file. @param {Part} part */
function extent({ file, start, end }) {
  // A line end right before the range makes its first byte the start of a line.
  return { from: Math.max(start - 1, 0), to: end === 0 ? file.size : Math.min(end + BEYOND, file.size) };
}

/**
 * Reads parts as one stream, and gives what the core tells of each. Others may be read meanwhile by the same reader.
 * @param {import('../../pkg/stedi_lakehouse.js').Reader} reader
 * @param {Part[]} parts
 * @param {(at: number, bytes: number) => void} onRead of each part
 * @returns {Promise<Uint8Array[]>}
 */
export async function readParts(reader, parts, onRead) {
  const extents = parts.map(extent);
  const stream = openBytes(new Blob(parts.map(({ file }, at) => file.slice(extents[at].from, extents[at].to))));
  /** @type {Uint8Array[]} */
  const told = [];
  /** What has come and belongs to the next part. @type {Uint8Array} */
  let rest = new Uint8Array(0);

  try {
    for (const [at, part] of parts.entries()) told.push(await read(at, part));
    return told;
  } finally {
    // A stream that has failed refuses.
    stream.cancel().catch(() => undefined);
  }

  /** @param {number} at @param {Part} part */
  async function read(at, part) {
    try {
      const { from, to } = extents[at];
      const open = reader.open(part.name, part.table, part.start, part.end);
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
      if (!done && to < part.file.size) await readOn(reader, open, part.file.slice(to), (bytes) => onRead(at, bytes));
      return reader.close(open);
    } catch (error) {
      // The browser says of all parts at once that it cannot read one of them.
      const found = error instanceof Unreadable ? findUnreadable(parts.map(({ file }) => file)) : undefined;
      throw found ? new InputError(parts[found.at].name, found.error) : new InputError(part.name, error);
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
