// The same records in other shapes, the same every time.

/** @typedef {(records: Record<string, unknown>[]) => string} Shape */

/** @type {Record<string, Shape>} */
export const SHAPES = {
  /** One other shape throughout, which can be learned: other order, and spaces. */
  'another key order and spacing': (records) => lines(records, (record) => `{ ${pairs(record).reverse().join(', ')} }`),
  'key order shuffled in each record': (records) => {
    const random = generator();
    return lines(records, (record) => `{${shuffled(pairs(record), random).join(',')}}`);
  },
  'spaces scattered in each record': (records) => {
    const random = generator();
    const blanks = () => ' '.repeat(random(3));
    return lines(records, (record) => {
      const members = Object.entries(record).map(([key, value]) => `${blanks()}"${key}"${blanks()}:${blanks()}${JSON.stringify(value)}${blanks()}`);
      return `{${members.join(',')}}`;
    });
  },
  'a pretty-printed array': (records) => JSON.stringify(records, null, 2),
};

/** @param {Record<string, unknown>[]} records @param {(record: Record<string, unknown>) => string} write */
function lines(records, write) {
  return records.map((record) => `${write(record)}\n`).join('');
}

/** @param {Record<string, unknown>} record */
function pairs(record) {
  return Object.entries(record).map(([key, value]) => `"${key}":${JSON.stringify(value)}`);
}

/** @template T @param {T[]} items @param {(below: number) => number} random */
function shuffled(items, random) {
  for (let at = items.length - 1; at > 0; at -= 1) {
    const other = random(at + 1);
    [items[at], items[other]] = [items[other], items[at]];
  }
  return items;
}

/** Numbers below a bound, by a linear congruence. */
function generator() {
  let state = 1;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
