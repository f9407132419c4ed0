import { Archive, Duplicates, head_bytes, is_hidden, is_plain, recognise } from '../../pkg/stedi_lakehouse.js';
import { createArchives } from '../io/archives.js';
import { asFailure } from '../../shared/errors.js';
import { openBytes, readHead, readPart } from '../io/read-file.js';

/**
 * @typedef {import('../../shared/protocol.js').Input} Input
 * @typedef {import('../../shared/protocol.js').ArchiveEntry} ArchiveEntry
 * @typedef {import('../../shared/core-types.js').Recognition} Recognition
 * @typedef {import('../../pkg/stedi_lakehouse.js').Run} Run
 */

/**
 * A stream of records that fits one landing table: a file, or one entry of a zip.
 * @typedef {{ name: string, bytes: number, table: import('../../shared/core-types.js').Landing, file: File,
 *   plain: boolean }} PlainSource plain: not compressed
 * @typedef {PlainSource | ArchiveEntry} Source
 */

/**
 * Reads the head of every input, in the order of their names, and has the run refuse those that are of no use. What is
 * wrong with one input never stops the others.
 * @param {Input[]} inputs
 * @param {Run} run
 * @param {(done: number, total: number) => void} onScanned
 * @returns {Promise<Source[]>}
 */
export async function scanInputs(inputs, run, onScanned) {
  const ordered = [...inputs].sort(byName);
  const heads = readHeads(ordered);
  const archives = createArchives(Archive);
  /** @type {Once<Source>} */
  const files = createOnce(run, archives);
  /** @type {Once<Input & { bytes: number }>} */
  const zips = createOnce(run, archives);
  let done = 0;
  let total = inputs.length;

  for (const [at, { name, file }] of ordered.entries()) {
    try {
      if (is_hidden(below(name))) run.hide(name, file.size);
      else {
        const { found, head } = await recogniseFile(file, await heads(at));
        if (found.status === 'archive') zips.add({ name, bytes: file.size, file }, head);
        else if (fits(found, name, file.size))
          files.add({ name, bytes: file.size, table: found.table, file, plain: is_plain(head) }, head);
      }
    } catch (error) {
      refuseFor(run, error, name, file.size);
    }
    onScanned((done += 1), total);
  }
  // A zip that is there twice is one duplicate, not one for each entry.
  for (const [at, { name, file }] of (await zips.unique()).entries()) await scanArchive(at, name, file);
  const sources = await files.unique();
  archives.free();
  return sources;

  /** @param {number} number @param {string} zip @param {File} file */
  async function scanArchive(number, zip, file) {
    try {
      const archive = await archives.open(number, file);
      /** @type {{ name: string, bytes: number }[]} */
      const entries = archive.entries();
      total += entries.length;
      if (entries.length === 0) run.empty_archive(zip, file.size);
      for (const [index, { name, bytes }] of entries.entries()) {
        scanEntry(archive, index, { name: `${zip}/${name}`, bytes, file, archive: number, index });
        onScanned((done += 1), total);
      }
    } catch (error) {
      refuseFor(run, error, zip, file.size);
    }
  }

  /** @param {Archive} archive @param {number} index @param {Omit<ArchiveEntry, 'table'>} entry */
  function scanEntry(archive, index, entry) {
    const { name, bytes } = entry;
    try {
      if (is_hidden(below(name))) return run.hide(name, bytes);
      const found = archive.recognise(index);
      if (fits(found, name, bytes)) files.addEntry({ ...entry, table: found.table }, archive);
    } catch (error) {
      refuseFor(run, error, name, bytes);
    }
  }

  /**
   * Whether it is of use; else the run refuses it.
   * @param {Recognition} found
   * @param {string} name
   * @param {number} bytes
   * @returns {found is Extract<Recognition, { status: 'table' }>}
   */
  function fits(found, name, bytes) {
    if (found.status === 'refused') run.refuse(name, bytes, found.reason, found.message);
    else if (found.status === 'more') throw new Error(`${name} was not recognised although all of it was shown`);
    return found.status === 'table';
  }
}

/**
 * @template {{ name: string, bytes: number, file: File }} Item
 * @typedef {ReturnType<typeof createOnce<Item>>} Once
 */

/**
 * Inputs of which each is used once, in whatever packing it comes; the others are duplicates. What cannot be read
 * whole is refused.
 * @template {{ name: string, bytes: number, file: File }} Item
 * @param {Run} run
 * @param {ReturnType<typeof createArchives<Archive>>} archives
 */
function createOnce(run, archives) {
  const duplicates = new Duplicates();
  /** @type {Item[]} */
  const items = [];

  /** Reads one for the core to compare; undefined if it has to be refused. @param {number} at */
  async function readWhole(at) {
    const item = items[at];
    try {
      if ('archive' in item) {
        const { archive, index } = /** @type {ArchiveEntry} */ (/** @type {unknown} */ (item));
        duplicates.entry(at, await archives.open(archive, item.file), index);
      } else {
        const bytes = openBytes(item.file);
        for (let chunk = await bytes.next(); chunk; chunk = await bytes.next()) duplicates.push(chunk);
        duplicates.close(at);
      }
      return item;
    } catch (error) {
      duplicates.forget();
      refuseFor(run, error, item.name, item.bytes);
    }
  }

  return {
    /** @param {Item} item @param {Uint8Array} head */
    add(item, head) {
      duplicates.add(item.name, item.bytes, head);
      items.push(item);
    },
    /** @param {Item & ArchiveEntry} item @param {Archive} archive where it was recognised */
    addEntry(item, archive) {
      duplicates.add_entry(item.name, archive, item.index);
      items.push(item);
    },
    /** @returns {Promise<Item[]>} */
    async unique() {
      /** @type {Set<Item>} */
      const refused = new Set();
      for (const at of duplicates.candidates()) if (!(await readWhole(at))) refused.add(items[at]);
      /** @type {(string | null)[]} */
      const originals = duplicates.originals();
      duplicates.free();
      return items.filter((item, at) => {
        const original = originals[at];
        if (original !== null) run.duplicate(item.name, item.bytes, original);
        return original === null && !refused.has(item);
      });
    },
  };
}

/** @param {Run} run @param {unknown} error @param {string} name @param {number} bytes */
function refuseFor(run, error, name, bytes) {
  const { code, message } = asFailure(error);
  // A fault of the core is not the input's fault, and the core cannot go on after one.
  if (code === 'panic' || code === 'memory') throw error;
  run.refuse(name, bytes, code, message);
}

/** A read costs more than its bytes, so some are under way while one head is recognised. */
const AHEAD = 16;

/** @param {Input[]} inputs in the order in which their heads are asked for */
function readHeads(inputs) {
  /** @type {Promise<Uint8Array | Error>[]} */
  const heads = [];
  return async (/** @type {number} */ at) => {
    while (heads.length < Math.min(inputs.length, at + AHEAD))
      heads.push(readHead(inputs[heads.length].file, head_bytes()).catch((error) => error));
    const head = await heads[at];
    if (head instanceof Error) throw head;
    return head;
  };
}

/**
 * Reads as much of a file as it takes to recognise it.
 * @param {File} file
 * @param {Uint8Array} head
 * @returns {Promise<{ found: Recognition, head: Uint8Array }>}
 */
async function recogniseFile(file, head) {
  let wanted = head_bytes();
  for (;;) {
    const complete = head.length >= file.size;
    /** @type {Recognition} */
    const found = recognise(head, complete);
    if (found.status !== 'more' || complete) return { found, head };
    // At least double, so that a long first record costs a few reads and not many.
    wanted = Math.max(found.bytes, wanted * 2);
    head = await readPart(file.slice(0, wanted), 'read the beginning of this file');
  }
}

/** A name below the folder or the archive that was given. @param {string} name */
const below = (name) => name.split('/').slice(1).join('/');

/** By code units: the order must not depend on the reader's language. @param {Input} a @param {Input} b */
const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
