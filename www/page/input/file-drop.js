import { Unreadable, nameOf } from '../../shared/file-errors.js';

/**
 * @typedef {import('../../shared/protocol.js').Input} Input
 * @typedef {import('../../shared/protocol.js').Refusal} Refusal
 * @typedef {{ inputs: Input[], refusals: Refusal[] }} Chosen
 */

/**
 * A file or folder of a drop, whichever of the browser's interfaces gives it.
 * @typedef {{ path: string, open: () => Promise<File> }} DroppedFile
 * @typedef {{ path: string, list: () => Promise<Dropped[]> }} DroppedFolder
 * @typedef {DroppedFile | DroppedFolder} Dropped
 */

/** @typedef {FileSystemFileHandle | FileSystemDirectoryHandle} Handle */

/** Files of a folder that are opened at a time: one after the other, thousands would take seconds. */
const AT_ONCE = 32;

/** The files of a picker, of single files or of a folder. @param {HTMLInputElement} picker @returns {Chosen} */
export function fromPicker(picker) {
  const inputs = [...(picker.files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
  return { inputs: withUniqueNames(inputs), refusals: [] };
}

/**
 * The files of a drop, folders opened. Must be called within the event: the browser empties the
 * transfer right after it, so each item is asked for in every way before the first wait.
 * @param {DataTransfer} transfer
 * @returns {Promise<Chosen>}
 */
export async function fromDrop(transfer) {
  const items = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => ({
      // From file:// Chromium's entries fail and its handles work; plain http hosts and Firefox have no handles.
      handle: asHandle(item).catch((/** @type {unknown} */ error) => ({ error })),
      file: item.getAsFile(),
      entry: item.webkitGetAsEntry?.() ?? null,
    }));
  /** @type {Chosen} */
  const chosen = { inputs: [], refusals: [] };
  for (const [at, { handle, file, entry }] of items.entries()) {
    await take(await handle, file, entry, chosen, `dropped item ${at + 1}`);
  }
  return { ...chosen, inputs: withUniqueNames(chosen.inputs) };
}

/**
 * Asks before it waits. On a plain http host, which is no secure context, Chromium 156 has the method all the
 * same and ends the tab that calls it.
 * @param {DataTransferItem} item
 * @returns {Promise<Handle | null>}
 */
async function asHandle(item) {
  if (!isSecureContext) return null;
  return (await item.getAsFileSystemHandle?.()) ?? null;
}

/**
 * Takes an item in the first way that works.
 * @param {Handle | { error: unknown } | null} handle
 * @param {File | null} file
 * @param {FileSystemEntry | null} entry
 * @param {Chosen} chosen
 * @param {string} nameless what an item without a name is called
 */
async function take(handle, file, entry, chosen, nameless) {
  const got = handle && 'kind' in handle ? handle : undefined;
  const isFolder = got ? got.kind === 'directory' : entry?.isDirectory;
  /** @type {Dropped[]} */
  const ways = [];
  if (got) ways.push(ofHandle(got, got.name));
  // A folder has a File too, which cannot be read.
  if (file && !isFolder) ways.push({ path: file.name, open: async () => (isFolder === false ? file : readable(file)) });
  if (entry) ways.push(ofEntry(entry, entry.name));
  const errors = handle && 'error' in handle ? [handle.error] : [];
  for (const way of ways) {
    try {
      if ('open' in way) chosen.inputs.push({ name: way.path, file: await way.open() });
      else await walk(await way.list(), chosen);
      return;
    } catch (error) {
      errors.push(error);
    }
  }
  chosen.refusals.push(refusal(ways[0]?.path ?? nameless, whyNot(isFolder, errors)));
}

/** @param {boolean | undefined} isFolder @param {unknown[]} errors of each way */
function whyNot(isFolder, errors) {
  if (isFolder === false) return new Unreadable('open this file', errors[errors.length - 1]).message;
  const names = [...new Set(errors.map(nameOf))].join(', ') || 'no file was given';
  if (isFolder) return `The browser did not let this page read the folder (${names}). Use “Choose a folder” instead.`;
  return (
    `The browser could not read what was dropped (${names}). If it is a folder, use “Choose a folder” instead. ` +
    'If it is a file, save it to this device, then use “Choose files”.'
  );
}

/** Whether it is a folder shows when it is read. @param {File} file */
async function readable(file) {
  await (file.size > 0 ? file.slice(0, 1) : file).arrayBuffer();
  return file;
}

/** @param {Handle} handle @param {string} path @returns {Dropped} */
function ofHandle(handle, path) {
  if (handle.kind === 'file') return { path, open: () => handle.getFile() };
  return {
    path,
    async list() {
      const all = [];
      for await (const child of handle.values()) all.push(ofHandle(child, `${path}/${child.name}`));
      return all;
    },
  };
}

/** @param {FileSystemEntry} entry @param {string} path @returns {Dropped} */
function ofEntry(entry, path) {
  if (!entry.isDirectory) {
    const file = /** @type {FileSystemFileEntry} */ (entry);
    return { path, open: () => new Promise((resolve, reject) => file.file(resolve, reject)) };
  }
  const folder = /** @type {FileSystemDirectoryEntry} */ (entry);
  return {
    path,
    async list() {
      const reader = folder.createReader();
      const all = [];
      for (;;) {
        // At most a hundred at a time.
        /** @type {FileSystemEntry[]} */
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (some.length === 0) return all;
        all.push(...some.map((child) => ofEntry(child, `${path}/${child.name}`)));
      }
    },
  };
}

/**
 * What is in a folder. What cannot be read of it is named, and the rest is used.
 * @param {Dropped[]} children
 * @param {Chosen} chosen
 */
async function walk(children, chosen) {
  const files = children.filter((child) => 'open' in child);
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const opened = await Promise.all(
      files.slice(at, at + AT_ONCE).map(async ({ path, open }) => {
        try {
          return { name: path, file: await open() };
        } catch (error) {
          return refusal(path, new Unreadable('open this file of the folder', error).message);
        }
      }),
    );
    for (const one of opened) 'file' in one ? chosen.inputs.push(one) : chosen.refusals.push(one);
  }
  for (const folder of children.filter((child) => 'list' in child)) {
    let inside;
    try {
      inside = await folder.list();
    } catch (error) {
      chosen.refusals.push(
        refusal(
          folder.path,
          `The browser could not list this folder (${nameOf(error)}), so its files ` +
            'are missing. Check that you may open it, then drop it again or use “Choose a folder”.',
        ),
      );
      continue;
    }
    await walk(inside, chosen);
  }
}

/** @param {string} name @param {string} message @returns {Refusal} */
const refusal = (name, message) => ({ name, bytes: 0, reason: 'unreadable', message });

/** Reports go by name, so two files of one name, from different folders, get different ones. @param {Input[]} inputs */
function withUniqueNames(inputs) {
  const taken = new Set();
  return inputs.map(({ name, file }) => {
    let unique = name;
    for (let n = 2; taken.has(unique); n += 1) unique = `${name} (${n})`;
    taken.add(unique);
    return { name: unique, file };
  });
}
