/** While one stream's bytes are worked on, the others' come. */
const AT_ONCE = 2;

/** Does something for as many streams as a worker reads at once. @param {() => Promise<void>} take */
export const severalAtOnce = (take) => Promise.all(Array.from({ length: AT_ONCE }, take));

/** Bytes of a stream. More would be waited for at the end by those who are done. */
const MOST = 16 << 20;

/**
 * Puts ranges of files together, as many as are read as one stream, because each costs the browser as much as
 * megabytes do. Ranges that follow each other in a file become one.
 * @template {{ file: File, end: number, bytes: number }} Range
 * @param {Range[]} ranges
 * @param {number} workers
 * @returns {Range[][]}
 */
export function intoStreams(ranges, workers) {
  const most = Math.min(MOST, ranges.reduce((sum, { bytes }) => sum + bytes, 0) / (workers * AT_ONCE));
  /** @type {Range[][]} */
  const streams = [];
  let taken = Infinity;
  for (const range of ranges) {
    if (taken + range.bytes / 2 > most) {
      streams.push([]);
      taken = 0;
    }
    taken += range.bytes;
    const stream = streams[streams.length - 1];
    const last = stream.at(-1);
    if (last?.file === range.file) {
      last.end = range.end;
      last.bytes += range.bytes;
    } else stream.push({ ...range });
  }
  return streams;
}

/** Entries of zips that are asked for at once. */
const MOST_ENTRIES = 500;

/**
 * Puts entries of the same zip together, for a question and its answer cost more than a small entry does.
 * @template {{ archive: number, bytes: number }} Entry
 * @param {Entry[]} entries
 * @param {number} workers
 * @returns {Entry[][]}
 */
export function intoBatches(entries, workers) {
  // Several for each worker, so that all are done at about the same time.
  const most = Math.min(MOST, entries.reduce((sum, { bytes }) => sum + bytes, 0) / (workers * 4));
  /** @type {Entry[][]} */
  const batches = [];
  let taken = 0;
  for (const entry of entries) {
    const batch = batches.at(-1);
    if (batch && batch[0].archive === entry.archive && batch.length < MOST_ENTRIES && taken + entry.bytes <= most) {
      batch.push(entry);
      taken += entry.bytes;
    } else {
      batches.push([entry]);
      taken = entry.bytes;
    }
  }
  return batches;
}
