import { find } from './dom.js';
import { valueOf } from './options.js';
import { readWhole } from './read.js';

/**
 * The key of the pseudonyms. `text` is what "Save this run's key" writes, and what the command line's
 * --key-file reads again.
 * @typedef {{ key: Uint8Array, keyOrigin: 'given' | 'random', text?: string, file?: File }} Key
 */

/** A key file is a line of text; anything larger is a mistake. */
const LONGEST_KEY = 64 * 1024;

/**
 * What stands in the way of a run, or nothing.
 * @param {HTMLFormElement} form
 * @returns {string | undefined}
 */
export function keyProblem(form) {
  if (!wantsFile(form)) return undefined;
  const file = keyFile();
  if (!file) return 'Choose the key file first, or take a random key.';
  if (file.size > LONGEST_KEY) return `${file.name} is too large for a key file.`;
  return undefined;
}

/** @param {HTMLFormElement} form @returns {Promise<Key>} */
export async function makeKey(form) {
  const file = wantsFile(form) ? keyFile() : undefined;
  if (!file) return randomKey();
  const key = withoutLineEnd(await readKey(file));
  if (key.length === 0) throw new Error(`The key file ${file.name} is empty.`);
  return { key, keyOrigin: 'given', file };
}

/** @param {File} file */
async function readKey(file) {
  try {
    return await readWhole(file);
  } catch (error) {
    throw new Error(`The key file ${file.name}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Whether a key is still the one that is chosen. @param {HTMLFormElement} form @param {Key} key */
export function keyFits(form, key) {
  if (valueOf(form, 'identity') !== 'pseudonym') return true;
  return wantsFile(form) ? key.file !== undefined && key.file === keyFile() : key.keyOrigin === 'random';
}

/** The key is the hex text itself, so that a saved key, read back as a file, is the same key. @returns {Key} */
function randomKey() {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const text = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { key: new TextEncoder().encode(text), keyOrigin: 'random', text };
}

/** Editors end a file with a line end, which is no part of the key. @param {Uint8Array} bytes */
function withoutLineEnd(bytes) {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end -= 1;
  return bytes.slice(0, end);
}

/** @param {HTMLFormElement} form */
const wantsFile = (form) => valueOf(form, 'identity') === 'pseudonym' && valueOf(form, 'key') === 'file';

const keyFile = () => find('#key-file', HTMLInputElement).files?.[0];
