/**
 * @typedef {import('./types.js').Input} Input
 * @typedef {import('./types.js').Refusal} Refusal
 * @typedef {{ inputs: Input[], refusals: Refusal[] }} Chosen
 */

/** The files of a picker, of single files or of a folder. @param {HTMLInputElement} picker @returns {Chosen} */
export function fromPicker(picker) {
  const inputs = [...(picker.files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
  return { inputs: withUniqueNames(inputs), refusals: [] };
}

/**
 * The files of a drop, folders opened. Must be called within the event: the browser empties the
 * transfer right after it.
 * @param {DataTransfer} transfer
 * @returns {Promise<Chosen>}
 */
export async function fromDrop(transfer) {
  const dropped = [...transfer.items].filter((item) => item.kind === 'file').map((item) => ({
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  /** @type {Chosen} */
  const chosen = { inputs: [], refusals: [] };
  for (const { entry, file } of dropped) {
    if (entry) await walk(entry, chosen);
    else if (file) chosen.inputs.push({ name: file.name, file });
  }
  return { ...chosen, inputs: withUniqueNames(chosen.inputs) };
}

/** @param {FileSystemEntry} entry @param {Chosen} chosen */
async function walk(entry, chosen) {
  const name = entry.fullPath.replace(/^\//, '');
  try {
    if (entry.isDirectory) {
      for (const child of await children(/** @type {FileSystemDirectoryEntry} */ (entry))) await walk(child, chosen);
    } else {
      const fileEntry = /** @type {FileSystemFileEntry} */ (entry);
      /** @type {File} */
      const file = await new Promise((resolve, reject) => fileEntry.file(resolve, reject));
      chosen.inputs.push({ name, file });
    }
  } catch {
    chosen.refusals.push({ name, bytes: 0, reason: 'unreadable', message: 'The browser could not read it.' });
  }
}

/** All entries of a folder; `readEntries` gives at most a hundred at a time. @param {FileSystemDirectoryEntry} folder */
async function children(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** Reports go by name, so two files of one name, from different folders, are told apart. @param {Input[]} inputs */
function withUniqueNames(inputs) {
  const taken = new Set();
  return inputs.map(({ name, file }) => {
    let unique = name;
    for (let n = 2; taken.has(unique); n += 1) unique = `${name} (${n})`;
    taken.add(unique);
    return { name: unique, file };
  });
}
