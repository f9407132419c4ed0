import { labels } from '../labels/labels.js';
import { readKey } from '../input/pseudonym-key.js';
import { find } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { RemoteError } from '../../shared/errors.js';
import { callAside } from '../workers/call-aside.js';
import { createLakeJob } from './lake-job.js';
import { rowsTable } from './lake-rows.js';

/**
 * Says whether a person or device is in a lake, as `stedi-lakehouse verify --person` does.
 * @param {() => import('../../shared/protocol.js').FoundLake | undefined} shown
 */
export function createLakePerson(shown) {
  const form = find('#lake-person', HTMLFormElement);
  const entry = find('#lake-person-entry', HTMLInputElement);
  const keyFile = find('#lake-person-key', HTMLInputElement);
  const job = createLakeJob(form);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const lake = shown();
    if (!lake) return;
    const wanted = entry.value.trim();
    if (wanted === '') {
      job.say(labels.lake.noEntry);
      entry.focus();
      return;
    }
    job.run(async (options) => {
      const file = find('#lake-person-key-row').hidden ? undefined : keyFile.files?.[0];
      const key = file && (await readKey(file)).key;
      return callAside('findPerson', { lake, entry: wanted, key }, options).catch((error) => {
        const isOther = error instanceof RemoteError && error.failure.code === 'other_key';
        throw isOther ? new Error(`${file?.name}: ${labels.lake.otherKey}`) : error;
      });
    }, words);
  });

  return {
    /** @param {boolean} hasPseudonyms */
    clear(hasPseudonyms) {
      job.clear();
      form.reset();
      find('#lake-person-key-row').hidden = !hasPseudonyms;
    },
  };
}

/**
 * @param {import('../../shared/core.js').LakePerson} person
 * @returns {[string, ...Node[]]}
 */
function words({ rows, shared_steps: shared }) {
  const isIn = Object.values(rows).some((count) => (count ?? 0) > 0);
  const said = isIn ? labels.lake.isIn : labels.lake.isNotIn;
  const more = shared > 0 ? ` ${labels.lake.shared(format.counted(shared, labels.nouns.row))}` : '';
  return [said + more, rowsTable(rows)];
}
