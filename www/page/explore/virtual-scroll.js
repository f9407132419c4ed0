/**
 * The position of a long table in its scroll box. Browsers cap an element's height (Firefox at some 17.9
 * million pixels, Chromium at 33.5), so beyond `TALLEST` one pixel of the bar is more than one of
 * the table. The bar then jumps as far as its length says, and a wheel or a finger still moves row by row.
 * Numbers only; it knows no document. No library does this part: TanStack Virtual ends at the cap (its
 * issue 460), and with rows of one height the rest is a division.
 */

export const TALLEST = 15_000_000;

/**
 * @param {number} rows
 * @param {number} rowHeight in pixels
 * @param {number} view height of what is seen of the rows, in pixels
 * @param {number} [tallest]
 */
export function createScroll(rows, rowHeight, view, tallest = TALLEST) {
  const whole = rows * rowHeight;
  const height = Math.min(whole, tallest);
  /** How far the table goes, and how far the bar. */
  const far = Math.max(0, whole - view);
  const barFar = Math.max(0, height - view);
  let top = 0;
  let bar = 0;

  const clamp = (/** @type {number} */ value) => Math.min(far, Math.max(0, value));
  const barOf = () => (far === 0 ? 0 : (top / far) * barFar);

  return {
    /** Of the element that is scrolled. */
    height,

    /** The first pixel of the table that is seen. */
    get top() {
      return top;
    },

    /** The bar has moved. @param {number} to @param {boolean} fine by a wheel or a finger */
    moved(to, fine) {
      if (height === whole || !fine) top = clamp(barFar === 0 ? 0 : (to / barFar) * far);
      else top = clamp(top + to - bar);
      bar = to;
    },

    /** Where the bar belongs; it drifts while it moves finely. */
    settle() {
      bar = barOf();
      return bar;
    },

    /** Moves as little as it takes to see a row whole, and says where the bar belongs. @param {number} row */
    reveal(row) {
      const start = row * rowHeight;
      if (start < top) top = start;
      else if (start + rowHeight > top + view) top = start + rowHeight - view;
      top = clamp(top);
      bar = barOf();
      return bar;
    },

    /** Moves a row to the top. @param {number} row */
    begin(row) {
      top = clamp(row * rowHeight);
      bar = barOf();
      return bar;
    },

    /** The rows that are seen, and some on either side. @param {number} [beyond] */
    range(beyond = 0) {
      const start = Math.max(0, Math.floor(top / rowHeight) - beyond);
      return { start, end: Math.min(rows, Math.ceil((top + view) / rowHeight) + beyond) };
    },

    /** Where a row is in the element that is scrolled, given where the bar is. @param {number} row */
    place: (row) => bar + row * rowHeight - top,
  };
}
