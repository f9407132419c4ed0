/** Streams of a worker: while the bytes of one are decoded, those of the other are read. */
const AT_ONCE = 2;

/** Does something for each of the streams that a worker reads at once. @param {() => Promise<void>} take */
export const forEachStream = (take) => Promise.all(Array.from({ length: AT_ONCE }, take));

/** Bytes of a batch. At the end of a larger one, workers that are done would wait. */
const MOST = 16 << 20;

/**
 * Puts ranges of files together that are read as one stream, because each stream costs the browser as much as
 * megabytes do. Ranges that follow each other in a file become one.
 * @template {{ file: File, end: number, bytes: number }} Range
 * @param {Range[]} ranges
 * @param {number} workers
 * @returns {Range[][]}
 */
export function batchRanges(ranges, workers) {
  const most = Math.min(MOST, ranges.reduce((sum, { bytes }) => sum + bytes, 0) / (workers * AT_ONCE));
  /** @type {Range[][]} */
  const batches = [];
  let size = Infinity;
  for (const range of ranges) {
    if (size + range.bytes / 2 > most) {
      batches.push([]);
      size = 0;
    }
    size += range.bytes;
    const batch = batches[batches.length - 1];
    const last = batch.at(-1);
    if (last?.file === range.file) {
      last.end = range.end;
      last.bytes += range.bytes;
    } else batch.push({ ...range });
  }
  return batches;
}

/** Entries of a batch. */
const MOST_ENTRIES = 500;

/**
 * Puts entries of the same zip together, for a call costs more than a small entry does.
 * @template {{ archive: number, bytes: number }} Entry
 * @param {Entry[]} entries
 * @param {number} workers
 * @returns {Entry[][]}
 */
export function batchEntries(entries, workers) {
  // Several for each worker, so that all are done at about the same time.
  const most = Math.min(MOST, entries.reduce((sum, { bytes }) => sum + bytes, 0) / (workers * 4));
  /** @type {Entry[][]} */
  const batches = [];
  let size = 0;
  for (const entry of entries) {
    const batch = batches.at(-1);
    if (batch && batch[0].archive === entry.archive && batch.length < MOST_ENTRIES && size + entry.bytes <= most) {
      batch.push(entry);
      size += entry.bytes;
    } else {
      batches.push([entry]);
      size = entry.bytes;
    }
  }
  return batches;
}
