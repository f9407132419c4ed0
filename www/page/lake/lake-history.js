import { changeWords } from '../compare/compare.js';
import { labels, locale } from '../labels/labels.js';
import { labelOf, valueLabel } from '../settings/setting-words.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { rowsTable } from './lake-rows.js';

/** @typedef {import('../../shared/core.js').LakeVersion} LakeVersion */

/** The versions of a lake, the last one first. @param {import('../../shared/core.js').LakeHistory} history */
export function showHistory({ versions }) {
  const items = [...versions].reverse().map((version) => h('li', {}, ...words(version)));
  find('#lake-history ol').replaceChildren(...items);
}

/** When a version was made, in the reader's words. @param {LakeVersion} version */
export function timeOf({ time }) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return labels.lake.noTime;
  return date.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}

/** @param {LakeVersion} version */
function* words(version) {
  const { made, rows, options, admission, changes } = version;
  yield h(
    'h3',
    {},
    labels.lake.version(format.count(version.version), timeOf(version), labels.lake.made[made] ?? made),
  );
  // Nothing is known of a version before the first, so all its options are said.
  if (changes === null) {
    const named = Object.entries(options).flatMap(([name, value]) => {
      const label = valueLabel(name, value);
      return label ? [`${labelOf(name)}: ${label}`] : [];
    });
    yield h('p', {}, `${named.join('; ')}.`);
  }
  for (const option of changes?.options ?? []) yield h('p', {}, changeWords(option));
  if (changes?.pseudonyms === 'not_linked') yield h('p', {}, labels.lake.notLinked);
  // Versions by earlier programs do not say it.
  if (admission) {
    const { consent, inAndOut } = labels.evidence;
    const { admitted, left_out } = admission;
    yield h('p', {}, `${consent}: ${inAndOut(format.count(admitted), format.count(left_out))}.`);
  }
  yield rowsTable(rows, (table) => {
    const { gained = 0, lost = 0 } = changes?.tables[table] ?? {};
    return gained + lost === 0 ? '' : ` (+${format.count(gained)} −${format.count(lost)})`;
  });
}
