import { openBytes } from './read.js';

/**
 * What one worker reads at a time: a range of a plain file, or all of a packed one (`end` is 0 then).
 * @typedef {{ name: string, table: import('./types.js').Landing, file: File, start: number, end: number }} Part
 * @typedef {{ source: import('./read.js').Bytes, next: Promise<Uint8Array | undefined>, stop: number }} Opened
 */

/** Read beyond a range's end at first: the last record may end there. Mostly this is enough. */
const BEYOND = 64 * 1024;

/** Asks for a part's first bytes, so that they come while others are decoded. @param {Part} part @returns {Opened} */
export function openPart({ file, start, end }) {
  // A line end right before the range makes its first byte the start of a line.
  return openAt(file, Math.max(start - 1, 0), end === 0 ? file.size : end + BEYOND);
}

/** @param {File} file @param {number} at @param {number} stop @returns {Opened} */
function openAt(file, at, stop) {
  const source = openBytes(file.slice(at, stop));
  const next = source.next();
  // Whoever reads on is told; until then nobody is there to hear it.
  next.catch(() => undefined);
  return { source, next, stop };
}

/**
 * Reads a part, and gives what the core tells of it.
 * @param {import('./pkg/stedi_lakehouse.js').Reader} reader
 * @param {Part} part
 * @param {Opened} opened
 * @param {(bytes: number) => void} onRead
 */
export async function readPart(reader, { name, table, file, start, end }, opened, onRead) {
  reader.open(name, table, start, end);
  for (;;) {
    const { source, stop } = opened;
    for (let bytes = await opened.next; bytes; bytes = await source.next()) {
      onRead(bytes.length);
      if (reader.push(bytes)) {
        await source.cancel();
        return reader.close();
      }
    }
    if (stop >= file.size) return reader.close();
    opened = openAt(file, stop, stop + 16 * BEYOND);
  }
}
