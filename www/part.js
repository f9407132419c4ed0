import { readNext } from './read.js';

/**
 * What one worker reads at a time: a range of a plain file, or all of a packed one (`end` is 0 then).
 * @typedef {{ name: string, table: import('./types.js').Landing, file: File, start: number, end: number }} Part
 */

/** Read beyond a range's end at first: the last record may end there. Mostly this is enough. */
const BEYOND = 64 * 1024;

/**
 * Reads a part, and gives what the core tells of it.
 * @param {import('./pkg/stedi_lakehouse.js').Reader} reader
 * @param {Part} part
 * @param {(bytes: number) => void} onRead
 */
export async function readPart(reader, { name, table, file, start, end }, onRead) {
  reader.open(name, table, start, end);
  // A line end right before the range makes its first byte the start of a line.
  let at = Math.max(start - 1, 0);
  for (let stop = end === 0 ? file.size : end + BEYOND; at < file.size; stop = at + 16 * BEYOND) {
    const stream = file.slice(at, stop).stream().getReader();
    for (let bytes = await readNext(stream); bytes; bytes = await readNext(stream)) {
      onRead(bytes.length);
      if (reader.push(bytes)) {
        await stream.cancel();
        return reader.close();
      }
    }
    at = Math.min(stop, file.size);
  }
  return reader.close();
}
