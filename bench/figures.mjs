// Numbers for people.

/** @param {number[]} values at least one */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {number} value in seconds */
export function seconds(value) {
  return value >= 10
    ? `${value.toFixed(1)} s`
    : value >= 1
      ? `${value.toFixed(2)} s`
      : `${(value * 1000).toFixed(0)} ms`;
}

/** @param {number[]} values in seconds */
export function spread(values) {
  return `${seconds(Math.min(...values))} – ${seconds(Math.max(...values))}`;
}

/** @param {number | undefined} bytes */
export function megabytes(bytes) {
  return bytes ? `${(bytes / 1e6).toFixed(0)} MB` : '';
}

/** Bytes over the median of the times. @param {number} bytes @param {number[]} times in seconds */
export function rate(bytes, times) {
  return `${(bytes / median(times) / 1e6).toFixed(0)} MB/s`;
}

/** Lines of a table, its first column to the left. @param {string[]} head @param {string[][]} rows */
export function table(head, rows) {
  const widths = head.map((word, at) => Math.max(word.length, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (/** @type {string[]} */ cells) =>
    cells
      .map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at])))
      .join('   ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('   '), ...rows.map(line)].join('\n');
}
