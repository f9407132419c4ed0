import { labels } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';

/** Entries that are named. */
const LISTED = 200;

/**
 * The entries of the withdrawals that match nothing, which stand on the page alone.
 * @param {import('../../shared/core.js').UnmatchedEntry[]} unmatched
 */
export function unmatchedList(unmatched) {
  if (unmatched.length === 0) return [];
  const items = unmatched
    .slice(0, LISTED)
    .map(({ list, line, entry }) =>
      h('li', {}, h('code', {}, entry), list === 0 ? '' : labels.run.lineOfFile(format.count(line))),
    );
  const left = unmatched.length - items.length;
  return [h('ul', {}, ...items, ...(left > 0 ? [h('li', {}, labels.run.andMore(format.count(left)))] : []))];
}
