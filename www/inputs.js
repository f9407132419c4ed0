import { Archive, head_bytes, is_plain, recognise } from './pkg/stedi_lakehouse.js';
import { asFailure } from './failure.js';
import { readHead, readSync } from './read.js';

/**
 * @typedef {import('./types.js').Input} Input
 * @typedef {import('./types.js').Recognition} Recognition
 * @typedef {import('./pkg/stedi_lakehouse.js').Run} Run
 */

/**
 * A stream of records that fits one landing table: a file, or one entry of a zip.
 * @typedef {{ name: string, bytes: number, table: import('./types.js').Landing }
 *   & ({ file: File, plain: boolean } | { archive: Archive, index: number })} Source plain: not compressed
 */

/**
 * Told by `readAt` how many bytes of an archive were read, since an entry is pulled in by one call.
 * @typedef {(bytes: number) => void} OnRead
 */

/**
 * Looks at the head of every input, in the order of their names, and tells the run which ones it will
 * not use. What is wrong with one input never stops the others.
 * @param {Input[]} inputs
 * @param {Run} run
 * @param {OnRead} onRead
 * @param {(done: number) => void} onLook
 * @returns {Promise<{ sources: Source[], archives: Archive[] }>}
 */
export async function look(inputs, run, onRead, onLook) {
  /** @type {Source[]} */
  const sources = [];
  /** @type {Archive[]} */
  const archives = [];
  const originals = createOriginals();
  const ordered = [...inputs].sort(byName);
  const heads = readHeads(ordered);

  for (const [at, { name, file }] of ordered.entries()) {
    try {
      if (isHidden(name)) {
        run.refuse(name, file.size, 'hidden', 'A hidden file of the folder.');
      } else {
        const { found, head } = recogniseFile(file, await heads(at));
        const original = found.status === 'refused' ? undefined : originals.find(name, file, head);
        if (original !== undefined) run.duplicate(name, file.size, original);
        else if (found.status === 'archive') openArchive(name, file);
        else addSource(found, { name, bytes: file.size, file, plain: is_plain(head) });
      }
    } catch (error) {
      refuseFor(error, name, file.size);
    }
    onLook(at + 1);
  }
  return { sources, archives };

  /** @param {string} name @param {File} file */
  function openArchive(name, file) {
    const archive = new Archive(file.size, (/** @type {number} */ offset, /** @type {number} */ length) => {
      onRead(length);
      return readSync(file.slice(offset, offset + length));
    });
    archives.push(archive);
    /** @type {{ name: string, bytes: number }[]} */
    const entries = archive.entries();
    if (entries.length === 0) run.refuse(name, file.size, 'empty', 'The archive holds no files.');
    for (const [index, entry] of entries.entries()) {
      const path = `${name}/${entry.name}`;
      try {
        if (isHidden(path)) run.refuse(path, entry.bytes, 'hidden', 'A hidden file of the archive.');
        else addSource(archive.recognise(index), { name: path, bytes: entry.bytes, archive, index });
      } catch (error) {
        refuseFor(error, path, entry.bytes);
      }
    }
  }

  /** @param {unknown} error @param {string} name @param {number} bytes */
  function refuseFor(error, name, bytes) {
    const { code, message } = asFailure(error);
    // A fault of the core is not the input's fault, and the core cannot go on after one.
    if (code === 'panic' || code === 'memory') throw error;
    run.refuse(name, bytes, code, message);
  }

  /** @param {Recognition} found @param {any} source */
  function addSource(found, source) {
    if (found.status === 'table') sources.push({ ...source, table: found.table });
    else if (found.status === 'refused') run.refuse(source.name, source.bytes, found.reason, found.message);
    else if (found.status === 'archive') run.refuse(source.name, source.bytes, 'nested_archive', 'A zip inside a zip is not opened.');
    else throw new Error(`${source.name} was not recognised although all of it was shown`);
  }
}

/** A read costs more than its bytes, so some are under way while one head is looked at. */
const AHEAD = 16;

/** @param {Input[]} inputs in the order in which their heads are asked for */
function readHeads(inputs) {
  /** @type {Promise<Uint8Array | Error>[]} */
  const heads = [];
  return async (/** @type {number} */ at) => {
    while (heads.length < Math.min(inputs.length, at + AHEAD)) heads.push(readHead(inputs[heads.length].file, head_bytes()).catch((error) => error));
    const head = await heads[at];
    if (head instanceof Error) throw head;
    return head;
  };
}

/** Reads as much of a file as it takes to tell what it is. @param {File} file @param {Uint8Array} head @returns {{ found: Recognition, head: Uint8Array }} */
function recogniseFile(file, head) {
  let wanted = head_bytes();
  for (;;) {
    const complete = head.length >= file.size;
    /** @type {Recognition} */
    const found = recognise(head, complete);
    if (found.status !== 'more' || complete) return { found, head };
    // At least double, so that a long first record costs a few reads and not many.
    wanted = Math.max(found.bytes, wanted * 2);
    head = readSync(file.slice(0, wanted));
  }
}

/** So many bytes tell most files of one size apart. */
const TOLD_BY = 4096;

/** Finds files dropped twice. Only files of equal size and beginning are compared, byte by byte. */
function createOriginals() {
  /** @type {Map<string, Input[]>} */
  const alike = new Map();
  const latin1 = new TextDecoder('latin1');
  return {
    /** The name of an earlier file of the same bytes, if any. @param {string} name @param {File} file @param {Uint8Array} head */
    find(name, file, head) {
      const key = `${file.size} ${latin1.decode(head.subarray(0, TOLD_BY))}`;
      const earlier = alike.get(key) ?? [];
      const original = earlier.find((one) => sameBytes(one.file, file));
      if (!original) alike.set(key, [...earlier, { name, file }]);
      return original?.name;
    },
  };
}

const COMPARED_AT_ONCE = 1 << 20;

/** @param {File} a @param {File} b of the same size */
function sameBytes(a, b) {
  for (let at = 0; at < a.size; at += COMPARED_AT_ONCE) {
    const left = readSync(a.slice(at, at + COMPARED_AT_ONCE));
    const right = readSync(b.slice(at, at + COMPARED_AT_ONCE));
    if (left.length !== right.length || left.some((byte, i) => byte !== right[i])) return false;
  }
  return true;
}

/** What lies in a folder or an archive under a dotted name (.DS_Store, __MACOSX/._a.json) is no export. @param {string} name */
const isHidden = (name) => name.split('/').slice(1).some((part) => part.startsWith('.'));

/** By code units: the order must not depend on the reader's language. @param {Input} a @param {Input} b */
const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
