import { EVIDENCE_FILE, makeEvidence } from '../evidence/evidence-file.js';
import { saveFile } from '../export/download.js';
import { labels } from '../labels/labels.js';
import { find } from '../ui/dom.js';
import { createLakeJob } from './lake-job.js';

/**
 * Saves the evidence of a lake for people, with that of its erasures.
 * @param {() => import('../../shared/protocol.js').FoundLake | undefined} shown
 */
export function createLakeEvidence(shown) {
  const place = find('#lake-evidence');
  const job = createLakeJob(place);
  place.querySelector('[data-act="begin"]')?.addEventListener('click', () => {
    const lake = shown();
    if (!lake) return;
    job.run(
      ({ signal }) => makeEvidence(lake, signal),
      (page) => {
        saveFile(page, EVIDENCE_FILE);
        return [labels.lake.evidenceSaved(EVIDENCE_FILE)];
      },
    );
  });
  return job;
}
