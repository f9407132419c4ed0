import { Sample } from '../../pkg/stedi_lakehouse.js';

/**
 * Makes a sample export as files, which the page then runs exactly as if the user had dropped them.
 * @param {import('../../shared/protocol.js').RunService['sample']['request']} request
 * @param {(event: import('../../shared/protocol.js').RunEvent) => void} report
 * @returns {import('../../shared/protocol.js').Input[]}
 */
export function sample({ scale, defects, steps }, report) {
  report({ kind: 'phase', phase: 'sample' });
  const sample = steps ? Sample.walking(scale) : new Sample(scale, defects);
  /** @type {import('../../shared/protocol.js').Input[]} */
  const inputs = [];
  let bytes = 0;
  for (let next = sample.next(); next; next = sample.next()) {
    const base = next.name.slice(next.name.lastIndexOf('/') + 1);
    inputs.push({ name: next.name, file: new File([next.bytes], base) });
    bytes += next.bytes.length;
    report({ kind: 'making', files: inputs.length, bytes });
  }
  sample.free();
  return inputs;
}
