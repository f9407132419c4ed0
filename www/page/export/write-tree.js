import { labels } from '../labels/labels.js';
import { readFailure } from '../../shared/read-blob.js';

/**
 * @typedef {import('../../shared/core.js').Tree} Tree
 * @typedef {import('../../shared/protocol.js').TreeFile} TreeFile
 */

/**
 * The files of an export, with their contents.
 * @param {Tree} tree
 * @param {import('../../shared/protocol.js').RunResult['files']} tables
 * @param {import('../../shared/protocol.js').Input[]} [landing] inputs that come along
 * @returns {TreeFile[]}
 */
export function treeFiles(tree, tables, landing = []) {
  const files = new Map(landing.map(({ name, file }) => [name, file]));
  return [
    ...tree.tables.map(([table, path]) => ({ path, blob: tables[table] })),
    ...tree.documents.map(([path, text]) => ({ path, blob: new Blob([text]) })),
    ...tree.landing.flatMap(([name, path]) => {
      const file = files.get(name);
      return file ? [{ path, blob: file }] : [];
    }),
  ];
}

/** Refuses a folder that holds anything. @param {FileSystemDirectoryHandle} folder */
export async function refuseFull(folder) {
  const there = await contents(folder);
  if (there.length === 0) return;
  throw new Error(
    labels.save.notEmpty(folder.name, there.slice(0, 3).join(', '), there.length > 3 ? labels.save.andMore : ''),
  );
}

/**
 * Writes files into a folder: all of them, and only then do they take their places, in their order. Until then
 * nothing of them is in the folder.
 * @param {FileSystemDirectoryHandle} folder
 * @param {TreeFile[]} files
 * @param {(done: number) => void} [onFile]
 */
export async function writeTree(folder, files, onFile) {
  /** @type {FileSystemWritableFileStream[]} */
  const open = [];
  try {
    for (const { path, blob } of files) {
      const names = path.split('/');
      const name = names.pop() ?? path;
      let within = folder;
      for (const next of names) within = await within.getDirectoryHandle(next, { create: true });
      const file = await (await within.getFileHandle(name, { create: true })).createWritable();
      open.push(file);
      await blob
        .stream()
        .pipeTo(file, { preventClose: true })
        .catch(async (error) => {
          throw await readFailure([{ path, blob }], error);
        });
      onFile?.(open.length);
    }
  } catch (error) {
    // What has failed may be closed already, and a folder may be gone.
    await Promise.allSettled(open.map((file) => file.abort()));
    const tops = new Set(files.map(({ path }) => path.split('/')[0]));
    await Promise.allSettled([...tops].map((name) => folder.removeEntry(name, { recursive: true })));
    throw error;
  }
  for (const [at, file] of open.entries()) {
    await file.close().catch((/** @type {Error} */ error) => {
      throw new Error(labels.save.unfinished(files[at].path, folder.name, error.message));
    });
  }
}

/** Names in a folder, but for hidden ones, which file managers make. @param {FileSystemDirectoryHandle} folder */
async function contents(folder) {
  const names = [];
  for await (const name of folder.keys()) {
    if (!name.startsWith('.')) names.push(name);
  }
  return names.sort();
}
