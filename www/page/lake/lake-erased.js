import { makeEvidence } from '../evidence/evidence-file.js';
import { downloadName } from '../export/download-name.js';
import { labels } from '../labels/labels.js';
import { breakable } from '../pipeline/pipeline.js';
import { unmatchedList } from '../run/unmatched-list.js';
import { TABLES } from '../../shared/tables.js';
import { messageOf } from '../ui/core-words.js';
import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { say } from '../ui/say.js';
import { callAside } from '../workers/call-aside.js';

/**
 * @typedef {import('../../shared/protocol.js').Erased} Erased
 * @typedef {import('../ui/say.js').Said} Said
 */

/**
 * What an erasure has made of a lake: who was found, and the new lake with its evidence to be saved.
 * @param {Erased} erased
 * @param {import('../../shared/protocol.js').FoundLake} lake before
 * @param {object} how
 * @param {string | undefined} how.key that was made for it
 * @param {(file: Blob, name: string) => void} how.save
 * @returns {[Said, ...Node[]]}
 */
export function erasedResult({ files, documents, erasure, unmatched }, { report }, { key, save }) {
  /** @type {import('../evidence/evidence.js').FullReport} */
  const { options } = JSON.parse(report);
  const withdrawals = options.withdrawals + erasure.asked;
  const nameOf = (/** @type {string} */ what) => downloadName(what, { ...options, withdrawals });
  const status = h('p', { role: 'status' });

  /** @param {string} text @param {string} name @param {() => Promise<Blob>} make */
  function button(text, name, make) {
    const own = h('button', { type: 'button', class: 'save' }, text);
    own.addEventListener('click', async () => {
      own.disabled = true;
      try {
        save(await make(), name);
        say(status, { words: labels.lake.saved(name), kind: 'done' });
      } catch (error) {
        say(status, { words: labels.lake.failed(messageOf(error)), kind: 'failed' });
      } finally {
        own.disabled = false;
      }
    });
    return own;
  }

  const actions = [
    button(labels.lake.saveErased, `${nameOf('lake-erased')}.zip`, () =>
      callAside('zip', { files, time: new Date().toISOString() }),
    ),
    button(labels.lake.saveErasedEvidence, `${nameOf('evidence-erased')}.html`, () =>
      makeEvidence({ report: documents.at(-1)?.[1] ?? '', documents: documents.flat() }),
    ),
  ];
  const ofKey =
    key === undefined
      ? []
      : [
          h('p', { 'data-said': 'warning' }, labels.lake.newKeyOnly),
          h(
            'div',
            { class: 'actions' },
            button(labels.lake.saveNewKey, `${nameOf('key')}.key`, async () => new Blob([`${key}\n`])),
          ),
        ];
  const list = unmatchedList(unmatched);
  return [
    conclusion(erasure),
    ...(list.length > 0 ? [h('div', { class: 'unmatched' }, h('p', {}, labels.lake.unmatched), ...list)] : []),
    table(erasure.tables),
    h('p', { class: 'hint' }, labels.lake.notReached),
    h('div', { class: 'actions' }, ...actions),
    ...ofKey,
    status,
  ];
}

/** @param {Erased['erasure']} erasure @returns {Said} */
function conclusion({ asked, matched }) {
  if (matched === asked)
    return { words: labels.lake.erasedAll(format.counted(asked, labels.nouns.entry)), kind: 'done' };
  if (matched === 0)
    return { words: labels.lake.erasedNone(format.counted(asked, labels.nouns.entry)), kind: 'warning' };
  return { words: labels.lake.erasedSome(format.count(matched), format.count(asked)), kind: 'warning' };
}

/** @param {Erased['erasure']['tables']} tables */
function table(tables) {
  const head = [labels.lake.table, labels.lake.before, labels.lake.after, labels.lake.removed];
  const rows = TABLES.flatMap(({ name }) => {
    const rows = /** @type {Partial<Record<string, import('../../shared/core.js').LakeErased>>} */ (tables)[name];
    if (!rows) return [];
    const counts = [rows.rows_before, rows.rows_after, rows.removed];
    const cells = counts.map((count, at) =>
      h('td', { class: 'number', 'data-label': head[at + 1] }, format.count(count)),
    );
    return [h('tr', { 'data-erased': name }, h('th', { scope: 'row' }, h('code', {}, ...breakable(name))), ...cells)];
  });
  return h(
    'table',
    { 'aria-label': labels.lake.rowsErased },
    h(
      'thead',
      {},
      h('tr', {}, ...head.map((text, at) => h('th', { scope: 'col', class: at > 0 ? 'number' : undefined }, text))),
    ),
    h('tbody', {}, ...rows),
  );
}
