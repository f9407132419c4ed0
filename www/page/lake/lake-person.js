import { labels } from '../labels/labels.js';
import { settingName } from '../settings/setting-words.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { callAside } from '../workers/call-aside.js';
import { createLakeJob } from './lake-job.js';
import { rowsTable } from './lake-rows.js';

/** @typedef {import('../../shared/protocol.js').FoundLake} FoundLake */

/**
 * Says whether a person or device is in a lake, as `stedi-lakehouse verify --person` does.
 * @param {() => FoundLake | undefined} shown
 * @param {import('./lake-key.js').LakeKey} lakeKey
 */
export function createLakePerson(shown, lakeKey) {
  const form = find('#lake-person', HTMLFormElement);
  const entry = find('#lake-person-entry', HTMLInputElement);
  const job = createLakeJob(form);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const lake = shown();
    if (!lake) return;
    const wanted = entry.value.trim();
    if (wanted === '') {
      job.say({ words: labels.lake.noEntry, kind: 'warning' });
      entry.focus();
      return;
    }
    job.run(
      async (options) => {
        const keyFile = lakeKey.file();
        const key = keyFile && (await lakeKey.read(lake, keyFile)).key;
        return callAside('findPerson', { lake, entry: wanted, key }, options);
      },
      (person) => words(person, wanted, lake),
    );
  });

  return {
    clear() {
      job.clear();
      form.reset();
    },
  };
}

/**
 * @param {import('../../shared/core.js').LakePerson} person
 * @param {string} wanted who it is
 * @param {FoundLake} lake
 * @returns {[string, ...Node[]]}
 */
function words({ rows, shared_steps: shared, mixed_pairs: isMixed }, wanted, lake) {
  const isIn = Object.values(rows).some((count) => (count ?? 0) > 0);
  const more = [];
  if (!isIn) more.push(...limits(rows, lake));
  if (shared > 0) more.push(labels.lake.shared(format.counted(shared, labels.nouns.row)));
  if (isMixed) more.push(labels.lake.mixed(settingName('join', 'time')));
  const notes = more.map((said) => h('li', {}, said));
  return [
    isIn ? labels.lake.isIn(wanted) : notIn(rows, wanted),
    ...(notes.length > 0 ? [h('ul', { class: 'plain' }, ...notes)] : []),
    rowsTable(rows),
  ];
}

/** @param {import('./lake-rows.js').Rows} rows @param {string} wanted */
function notIn(rows, wanted) {
  const counts = Object.values(rows);
  const searched = counts.filter((count) => count !== null).length;
  if (searched === 0) return labels.lake.noneSearched;
  const tables = format.counted(searched, labels.nouns.table);
  return searched === counts.length ? labels.lake.isNotIn(wanted, tables) : labels.lake.isNotInSearched(wanted, tables);
}

/**
 * What a search that has found nobody could not look into.
 * @param {import('./lake-rows.js').Rows} rows
 * @param {FoundLake} lake
 */
function* limits(rows, { report, beside }) {
  for (const [table, count] of Object.entries(rows)) if (count === null) yield labels.lake.notSearched(table);
  if (!('customer_trusted' in rows)) {
    const isPseudonym = JSON.parse(report).options.identity === 'pseudonym';
    yield isPseudonym ? labels.lake.onlyAddresses : labels.lake.onlySerials;
  }
  if (beside.length > 0) yield labels.lake.rawNotSearched;
}
