import { callAside } from '../workers/call-aside.js';

export const EVIDENCE_FILE = 'report.html';

/**
 * The evidence of a lake, one HTML file to print and keep, as `stedi-lakehouse report --html` writes it.
 * @param {Pick<import('../../shared/protocol.js').FoundLake, 'report' | 'documents'>} lake
 * @param {AbortSignal} signal
 */
export async function makeEvidence({ report, documents }, signal) {
  const time = new Date().toISOString();
  return new Blob([await callAside('evidence', { report, documents, time }, { signal })]);
}
