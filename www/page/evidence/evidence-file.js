import { downloadName } from '../export/download-name.js';
import { callAside } from '../workers/call-aside.js';

/** What the file is called. @param {import('../../shared/core.js').Report['options']} options of the run or lake */
export const evidenceName = (options) => `${downloadName('evidence', options)}.html`;

/**
 * The evidence of a lake, one HTML file to print and keep, as `stedi-lakehouse report --html` writes it.
 * @param {Pick<import('../../shared/protocol.js').FoundLake, 'report' | 'documents'>} lake
 * @param {AbortSignal} [signal]
 * @param {import('../../shared/protocol.js').LakeChecked} [check] what a check of it has found
 */
export async function makeEvidence({ report, documents }, signal, check) {
  const time = new Date().toISOString();
  return new Blob([await callAside('evidence', { report, documents, check, time }, { signal })]);
}
