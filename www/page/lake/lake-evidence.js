import { evidenceName, makeEvidence } from '../evidence/evidence-file.js';
import { saveFile } from '../export/download.js';
import { labels } from '../labels/labels.js';
import { find } from '../ui/dom.js';
import { createLakeJob } from './lake-job.js';

/**
 * Saves the evidence of a lake for people, with that of its erasures, and with what a check of it has found.
 * @param {() => import('../../shared/protocol.js').FoundLake | undefined} shown
 * @param {() => import('../../shared/protocol.js').LakeChecked | undefined} checked
 */
export function createLakeEvidence(shown, checked) {
  const place = find('#lake-evidence');
  const begin = find('#lake-evidence [data-act="begin"]');
  const words = begin.textContent;
  const job = createLakeJob(place);
  begin.addEventListener('click', () => {
    const lake = shown();
    if (!lake) return;
    /** @type {import('../evidence/evidence.js').FullReport} */
    const { options } = JSON.parse(lake.report);
    job.run(
      ({ signal }) => makeEvidence(lake, signal, checked()),
      (page) => {
        const name = evidenceName(options);
        saveFile(page, name);
        return [{ words: labels.lake.saved(name), kind: 'done' }];
      },
    );
  });
  return {
    clear: job.clear,
    /** Names it as that of the old lake, while there is a new one. @param {boolean} is */
    ofOld(is) {
      begin.textContent = is ? labels.lake.saveOldEvidence : words;
      job.clear();
    },
  };
}
