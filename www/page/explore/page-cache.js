/** @typedef {import('../../shared/protocol.js').GridRow} GridRow */

const PAGE = 200;
/** Pages that are cached, as text. */
const CACHED = 30;

/**
 * The rows of a table, read page by page as they are wanted. One page is under way at a time, so that a
 * bar that flies past does not leave a queue of reads behind it.
 * @param {(start: number, end: number) => Promise<GridRow[]>} read
 * @param {number} rows
 * @param {() => void} onPage
 * @param {(error: unknown) => void} onFail
 */
export function createPageCache(read, rows, onPage, onFail) {
  /** The last used are the last. @type {Map<number, GridRow[]>} */
  const pages = new Map();
  let wanted = { start: 0, end: 0 };
  let reading = false;
  let failed = false;

  /** @returns {number | undefined} */
  function missing() {
    for (let page = Math.floor(wanted.start / PAGE); page * PAGE < wanted.end; page += 1)
      if (!pages.has(page)) return page;
    return undefined;
  }

  async function next() {
    const page = missing();
    if (reading || failed || page === undefined) return;
    reading = true;
    try {
      pages.set(page, await read(page * PAGE, Math.min(rows, (page + 1) * PAGE)));
      for (const old of [...pages.keys()].slice(0, -CACHED)) pages.delete(old);
      onPage();
    } catch (error) {
      // Once: a page that cannot be read now cannot be read a moment later.
      failed = true;
      onFail(error);
    }
    reading = false;
    next();
  }

  return {
    /** @param {number} row @returns {GridRow | undefined} */
    get: (row) => pages.get(Math.floor(row / PAGE))?.[row % PAGE],
    /** @param {number} start @param {number} end */
    want(start, end) {
      wanted = { start, end };
      for (let page = Math.floor(start / PAGE); page * PAGE < end; page += 1) {
        const known = pages.get(page);
        if (known) pages.delete(page) && pages.set(page, known);
      }
      next();
    },
  };
}
