import { readFailure } from './read.js';

/**
 * @typedef {import('./types.js').Tree} Tree
 * @typedef {import('./types.js').TreeFile} TreeFile
 */

/**
 * The files of an export, with their contents.
 * @param {Tree} tree
 * @param {import('./types.js').RunResult['files']} tables
 * @param {import('./types.js').Input[]} [landing] inputs that come along
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

/**
 * Writes files below a folder, and makes theirs.
 * @param {FileSystemDirectoryHandle} folder
 * @param {TreeFile[]} files
 * @param {(done: number) => void} [onFile]
 */
export async function writeTree(folder, files, onFile) {
  for (const [index, { path, blob }] of files.entries()) {
    const names = path.split('/');
    const name = names.pop() ?? path;
    let within = folder;
    for (const next of names) within = await within.getDirectoryHandle(next, { create: true });
    const file = await (await within.getFileHandle(name, { create: true })).createWritable();
    // Closes it, and with it the file is there, whole.
    await blob.stream().pipeTo(file).catch(async (error) => { throw await readFailure([{ path, blob }], error); });
    onFile?.(index + 1);
  }
}
