import {
  Archive,
  Duplicates,
  detect_file,
  head_bytes,
  is_plain,
  left_out,
  skip_reason,
} from '../../pkg/stedi_lakehouse.js';
import { createArchives } from '../io/archives.js';
import { asFailure } from '../../shared/errors.js';
import { createRandomAccess } from '../io/random-access.js';
import { openBytes, readHead } from '../io/read-file.js';
import { TABLES } from '../../shared/core.js';

/**
 * @typedef {import('../../shared/protocol.js').Input} Input
 * @typedef {import('../../shared/protocol.js').ArchiveEntry} ArchiveEntry
 * @typedef {import('../../shared/protocol.js').Refusal} Refusal
 * @typedef {import('../../shared/core.js').Landing} Landing
 * @typedef {import('../../shared/core.js').Recognition} Recognition
 * @typedef {import('../../pkg/stedi_lakehouse.js').Run} Run
 */

/**
 * A stream of records that fits one landing table: a file, or one entry of an archive. `share` says that others of its
 * records are of other tables.
 * @typedef {{ name: string, bytes: number, table: Landing, share: boolean, file: File, plain: boolean }} PlainSource
 *   plain: not compressed, and UTF-8
 * @typedef {PlainSource | ArchiveEntry} Source
 */

/**
 * The same before it is known whether it is used; without a table it has records of several.
 * @template {Source} Item
 * @typedef {Omit<Item, 'table' | 'share'> & { table: Landing | undefined }} Found
 */

/** @typedef {Found<PlainSource> | Found<ArchiveEntry>} FoundSource */

/**
 * Reads the head of every input, in the order of their names, and has the run refuse those that are of no use. What is
 * wrong with one input never stops the others.
 * @param {Input[]} inputs
 * @param {boolean} allZones whether files that earlier jobs made of landing files are read beside these
 * @param {Run} run
 * @param {(done: number, total: number) => void} onScanned
 * @returns {Promise<Source[]>}
 */
export async function scanInputs(inputs, allZones, run, onScanned) {
  const ordered = [...inputs].sort(byName);
  const heads = readHeads(ordered);
  const archives = createArchives(Archive);
  /** @type {Once<FoundSource>} */
  const files = createOnce(run, archives);
  /** @type {Once<Input & { bytes: number }>} */
  const zips = createOnce(run, archives);
  let done = 0;
  let total = inputs.length;
  /** What is refused, until it is known what is left out. @type {Refusal[]} */
  const refusals = [];

  for (const [at, { name, file }] of ordered.entries()) {
    try {
      if (!skips(name, file.size)) {
        const { found, head } = await detectFile(file, await heads(at));
        if (found.status === 'archive') zips.add({ name, bytes: file.size, file }, head);
        else if (fits(found, name, file.size))
          files.add({ name, bytes: file.size, table: tableOf(found), file, plain: is_plain(head) }, head);
      }
    } catch (error) {
      refusals.push(refusalOf(error, name, file.size));
    }
    onScanned((done += 1), total);
  }
  // A zip that is there twice is one duplicate, not one for each entry.
  for (const [at, { name, file }] of (await zips.unique()).entries()) await scanArchive(at, name, file);
  // Places of what earlier jobs made of landing files that are there too; undefined if there are none.
  const left = allZones ? undefined : left_out(files.items.map(({ name }) => below(name)));
  for (const { name, bytes, reason, message } of refusals)
    run.refuse(name, bytes, reason, message, left && below(name));
  for (const at of left ?? []) {
    const { name, bytes } = files.items[at];
    run.leave_out(name, bytes, below(name));
  }
  const sources = await files.unique(left);
  archives.free();
  return sources.flatMap(sharesOf);

  /** Whether it is a marker or a file of a system. @param {string} name @param {number} bytes */
  function skips(name, bytes) {
    const is = skip_reason(below(name), bytes) !== undefined;
    if (is) run.skip(name, bytes, below(name));
    return is;
  }

  /** @param {number} number @param {string} zip @param {File} file */
  async function scanArchive(number, zip, file) {
    try {
      const entries = await archives.use(number, file, (archive) => archive.entries());
      total += entries.length;
      if (entries.length === 0) run.empty_archive(zip, file.size);
      for (const [index, { name, bytes }] of entries.entries()) {
        await scanEntry({ name: `${zip}/${name}`, bytes, file, archive: number, index });
        onScanned((done += 1), total);
      }
    } catch (error) {
      refusals.push(refusalOf(error, zip, file.size));
    }
  }

  /** @param {Omit<ArchiveEntry, 'table' | 'share'>} entry */
  async function scanEntry(entry) {
    const { name, bytes, file, archive: number, index } = entry;
    try {
      if (skips(name, bytes)) return;
      const found = await archives.use(number, file, (archive) => archive.detect(index));
      if (!fits(found, name, bytes)) return;
      await archives.use(number, file, (archive) => files.addEntry({ ...entry, table: tableOf(found) }, archive));
    } catch (error) {
      refusals.push(refusalOf(error, name, bytes));
    }
  }

  /**
   * Whether it is of use; else the run refuses it.
   * @param {Recognition} found
   * @param {string} name
   * @param {number} bytes
   * @returns {found is Fit}
   */
  function fits(found, name, bytes) {
    if (found.status === 'refused') refusals.push({ name, bytes, reason: found.reason, message: found.message });
    else if (found.status === 'more') throw new Error(`${name} was not detected although all of it was shown`);
    return found.status === 'table' || found.status === 'several';
  }
}

/** @typedef {Extract<Recognition, { status: 'table' | 'several' }>} Fit */

/** The table of its records; undefined if they are of several. @param {Fit} found */
const tableOf = (found) => (found.status === 'table' ? found.table : undefined);

/** What is of several tables is read once for each. @param {FoundSource} found @returns {Source[]} */
function sharesOf({ table, ...found }) {
  if (table) return [{ ...found, table, share: false }];
  const landing = TABLES.filter(({ saved }) => !saved).map(({ name }) => /** @type {Landing} */ (name));
  return landing.map((table) => ({ ...found, table, share: true }));
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
        const entry = /** @type {Found<ArchiveEntry>} */ (/** @type {unknown} */ (item));
        await archives.readEntry(entry, {
          whole: (archive) => duplicates.entry(at, archive, entry.index),
          open: (packed) => duplicates.open_entry(packed),
          push: (bytes) => duplicates.push(bytes),
          close: () => duplicates.close(at),
        });
      } else {
        const bytes = openBytes(item.file);
        for (let chunk = await bytes.next(); chunk; chunk = await bytes.next()) duplicates.push(chunk);
        duplicates.close(at);
      }
      return item;
    } catch (error) {
      duplicates.forget();
      const { name, bytes, reason, message } = refusalOf(error, item.name, item.bytes);
      run.refuse(name, bytes, reason, message);
    }
  }

  return {
    items,
    /** @param {Item} item @param {Uint8Array} head */
    add(item, head) {
      duplicates.add(item.name, item.bytes, head);
      items.push(item);
    },
    /** @param {Item & Found<ArchiveEntry>} item @param {Archive} archive where it was detected */
    addEntry(item, archive) {
      duplicates.add_entry(item.name, archive, item.index);
      items.push(item);
    },
    /**
     * @param {Iterable<number>} [left] the places of those that are left out
     * @returns {Promise<Item[]>}
     */
    async unique(left = []) {
      const unused = new Set(left);
      for (const at of duplicates.candidates()) if (!unused.has(at) && !(await readWhole(at))) unused.add(at);
      const originals = duplicates.originals();
      duplicates.free();
      return items.filter((item, at) => {
        const original = originals[at];
        if (original !== null) run.duplicate(item.name, item.bytes, original);
        return original === null && !unused.has(at);
      });
    },
  };
}

/** @param {unknown} error @param {string} name @param {number} bytes @returns {Refusal} */
function refusalOf(error, name, bytes) {
  const { code, message } = asFailure(error);
  // A fault of the core is not the input's fault, and the core cannot go on after one.
  if (code === 'panic' || code === 'memory') throw error;
  return { name, bytes, reason: code, message };
}

/** A read costs more than its bytes, so some are under way while the content of one head is detected. */
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
 * Detects a file from as many of its bytes as that takes.
 * @param {Blob} file
 * @param {Uint8Array} head
 */
export function detectFile(file, head) {
  const { call, readAt } = createRandomAccess(file);
  return call(() => detect_file(head, file.size, readAt));
}

/** A name below the folder or the archive that was given. @param {string} name */
export const below = (name) => name.split('/').slice(1).join('/');

/** By code units: the order must not depend on the reader's language. @param {Input} a @param {Input} b */
export const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
