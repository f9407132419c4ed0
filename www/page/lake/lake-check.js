import { labels } from '../labels/labels.js';
import { breakable } from '../pipeline/pipeline.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { callAside } from '../workers/call-aside.js';
import { createLakeJob } from './lake-job.js';

/** Places that are listed; a lake with more is another one. */
const LISTED = 100;

/**
 * Holds a lake against its report, as `stedi-lakehouse verify` does.
 * @param {() => import('../../shared/protocol.js').FoundLake | undefined} shown
 */
export function createLakeCheck(shown) {
  const place = find('#lake-check');
  const job = createLakeJob(place);
  /** What it has found of the lake that is shown. @type {import('../../shared/protocol.js').LakeChecked | undefined} */
  let checked;
  place.querySelector('[data-act="begin"]')?.addEventListener('click', () => {
    const lake = shown();
    if (!lake) return;
    checked = undefined;
    job.run(
      (options) => callAside('checkLake', lake, options),
      (verification) => {
        checked = { ...verification, time: new Date().toISOString() };
        return words(verification);
      },
    );
  });
  return {
    checked: () => checked,
    clear() {
      checked = undefined;
      job.clear();
    },
  };
}

/**
 * @param {import('../../shared/core.js').LakeVerification} verification
 * @returns {[import('../ui/say.js').Said, ...Node[]]}
 */
function words({ differences, files, bytes, tables, others }) {
  const rows = Object.values(tables).reduce((sum, { rows }) => sum + rows, 0);
  const checked = labels.lake.checked(
    format.counted(files, labels.nouns.file),
    format.bytes(bytes),
    format.counted(Object.keys(tables).length, labels.nouns.table),
    format.counted(rows, labels.nouns.row),
  );
  const hints = [checked];
  if (others > 0) hints.push(labels.lake.others(format.counted(others, labels.nouns.file)));
  /** @type {import('../ui/say.js').Said} */
  const conclusion =
    differences.length === 0
      ? { words: labels.lake.nothing, kind: 'done' }
      : {
          words: labels.lake.differ(format.counted(differences.length, labels.nouns.difference)),
          kind: 'failed',
        };
  const list = h(
    'ul',
    { class: 'differences' },
    ...differences.slice(0, LISTED).map((difference) => h('li', { 'data-code': difference.code }, ...line(difference))),
    ...(differences.length > LISTED ? [h('li', {}, '…')] : []),
  );
  return [
    conclusion,
    ...(differences.length > 0 ? [list] : []),
    ...hints.map((hint) => h('p', { class: 'hint' }, hint)),
  ];
}

/**
 * What the core says of a file is English, as on the command line.
 * @param {import('../../shared/core.js').LakeDifference} difference
 */
const line = ({ code, place, message }) => [
  h('b', {}, labels.lake.differences[code] ?? code),
  ' ',
  h('code', {}, ...breakable(place)),
  ' ',
  h('span', { lang: 'en' }, message),
];
