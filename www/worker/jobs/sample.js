import { Sample } from '../../pkg/stedi_lakehouse.js';

/**
 * Makes a sample export as files, which the page then runs exactly as if the user had dropped them.
 * @param {import('../../shared/types.js').SampleJob} job
 * @param {(event: import('../../shared/types.js').WorkEvent) => void} tell
 * @returns {import('../../shared/types.js').SampleResult}
 */
export function sampleJob(job, tell) {
  tell({ kind: 'phase', phase: 'sample' });
  const sample = new Sample(job.scale, job.defects);
  /** @type {import('../../shared/types.js').Input[]} */
  const inputs = [];
  let bytes = 0;
  for (let next = sample.next(); next; next = sample.next()) {
    const base = next.name.slice(next.name.lastIndexOf('/') + 1);
    inputs.push({ name: next.name, file: new File([next.bytes], base) });
    bytes += next.bytes.length;
    tell({ kind: 'making', files: inputs.length, bytes });
  }
  sample.free();
  return { inputs };
}
