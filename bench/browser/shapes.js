// The same records in other shapes, the same every time.

/** A record's keys and values as they are spelled in the file. @typedef {[key: string, value: string][]} Members */
/** @typedef {(records: Members[]) => string} Shape */

/** @type {Shape} */
export const OWN_SHAPE = (records) => lines(records, (record) => `{${pairs(record).join(',')}}`);

/** @type {Record<string, Shape>} */
export const SHAPES = {
  // One other shape throughout, which can be learned.
  'keys reversed, spaces': (records) => lines(records, (record) => `{ ${pairs(record).reverse().join(', ')} }`),
  'a pretty-printed array': (records) =>
    `[\n${records.map((record) => `  {\n    ${spaced(record).join(',\n    ')}\n  }`).join(',\n')}\n]\n`,
  'keys shuffled in each record': (records) => {
    const below = generator();
    return lines(records, (record) => `{${shuffled(pairs(record), below).join(',')}}`);
  },
  'spaces scattered in each record': (records) => {
    const below = generator();
    const blanks = () => ' '.repeat(below(3));
    return lines(
      records,
      (record) =>
        `{${record.map(([key, value]) => `${blanks()}${key}${blanks()}:${blanks()}${value}${blanks()}`).join(',')}}`,
    );
  },
  'an escape in each string': (records) =>
    lines(records, (record) => `{${pairs(record.map(([key, value]) => [key, escaped(value)])).join(',')}}`),
};

/** Records of a file that has one a line, none nested. @param {string} text @returns {Members[]} */
export function members(text) {
  return text
    .trim()
    .split('\n')
    .map((line) => Array.from(line.matchAll(/("[^"]*"):("[^"]*"|[^",}]+)/g), ([, key, value]) => [key, value]));
}

/** @param {Members[]} records @param {(record: Members) => string} write */
function lines(records, write) {
  return records.map((record) => `${write(record)}\n`).join('');
}

/** @param {Members} record */
function pairs(record) {
  return record.map(([key, value]) => `${key}:${value}`);
}

/** @param {Members} record */
function spaced(record) {
  return record.map(([key, value]) => `${key}: ${value}`);
}

/** The @ of an email or the first dash of a serial number. @param {string} value */
function escaped(value) {
  return value.startsWith('"') ? value.replace(/[@-]/, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`) : value;
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
