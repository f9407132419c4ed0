import { Archive, is_plain } from '../../pkg/stedi_lakehouse.js';
import { createArchives } from '../io/archives.js';
import { readPart } from '../io/read-file.js';

/**
 * @typedef {import('../../shared/core.js').Peek} Peek
 * @typedef {import('../../shared/core.js').Landing} Landing
 * @typedef {import('../../pkg/stedi_lakehouse.js').LandingView} LandingView
 * @typedef {import('../../shared/protocol.js').LandingSource} LandingSource
 */

/** A page of a plain file: some hundred records. */
const PAGE = 64 * 1024;
/** Read beyond a page: its last record may end there. */
const BEYOND = 256 * 1024;
/** Of a packed file, whose middle cannot be found without all that comes before it. */
const PACKED = 256 * 1024;

/**
 * The records around a byte of a file: read again, decoded as in a run, and not held by the core.
 * @param {LandingView} view
 * @param {LandingSource} source
 * @param {number} byte
 * @returns {Promise<Peek & { start: number, bytes: number, part: 'page' | 'head' }>}
 */
export async function readRawPage(view, { file, table, share, entry }, byte) {
  if (entry !== undefined)
    return { ...(await readEntryHead(view, file, table, share, entry)), start: 0, bytes: 0, part: 'head' };
  if (!is_plain(await readPart(file.slice(0, 4)))) {
    const seen = view.peek(table, share, await readPart(file.slice(0, PACKED)), 0, 0, file.size <= PACKED);
    return { ...seen, start: 0, bytes: file.size, part: 'head' };
  }
  const page = Math.floor(Math.min(Math.max(byte, 0), Math.max(file.size - 1, 0)) / PAGE);
  const start = page * PAGE;
  const stop = Math.min(start + PAGE + BEYOND, file.size);
  const last = stop === file.size && start + PAGE >= file.size;
  // The byte before the page may be a line end, which makes the next one the start of a line.
  const bytes = await readPart(file.slice(Math.max(start - 1, 0), stop));
  const seen = view.peek(table, share, bytes, start, last ? Number.MAX_SAFE_INTEGER : start + PAGE, stop === file.size);
  return { ...seen, start, bytes: file.size, part: 'page' };
}

/**
 * @param {LandingView} view
 * @param {File} file
 * @param {Landing} table
 * @param {boolean} share
 * @param {string} name
 * @returns {Promise<Peek>}
 */
async function readEntryHead(view, file, table, share, name) {
  const archives = createArchives(Archive);
  try {
    const entries = await archives.use(file, file, (archive) => archive.entries());
    const index = entries.findIndex((entry) => entry.name === name);
    return await archives.use(file, file, (archive) => view.peek_entry(archive, index, table, share, PACKED));
  } finally {
    archives.free();
  }
}
