import { labels } from '../labels/labels.js';
import { messageOf } from '../ui/core-words.js';
import { find } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createLatest } from '../ui/latest.js';
import { chosenValue } from './options-form.js';
import { readWhole } from '../../shared/read-blob.js';

/**
 * The key of the pseudonyms. `text` is what "Save this run's key" writes, and what the command line's
 * --key-file reads again.
 * @typedef {{ key: Uint8Array, keyOrigin: 'given' | 'random', text?: string, file?: File }} Key
 * @typedef {Pick<Key, 'keyOrigin' | 'file'>} Chosen
 */

/** A key file is a line of text; anything larger is a mistake. */
const LONGEST_KEY = 64 * 1024;

/**
 * Why no run can start, if so.
 * @param {HTMLFormElement} form
 * @returns {string | undefined}
 */
export function keyProblem(form) {
  if (!wantsFile(form)) return undefined;
  const file = keyFile();
  if (!file) return labels.input.noKey;
  if (file.size > LONGEST_KEY) return labels.input.keyTooLarge(file.name);
  return undefined;
}

/** The key file that the form asks for, or none: the key is random then. @param {HTMLFormElement} form */
export const chosenKeyFile = (form) => (wantsFile(form) ? keyFile() : undefined);

/** Whether the key is made at random. @param {HTMLFormElement} form */
export const usesRandomKey = (form) => chosenValue(form, 'identity') === 'pseudonym' && !wantsFile(form);

/** Bytes below which a key can be found by trying: that of a word, or of a few digits. */
const SHORT_KEY = 16;

/** Says at once of a key file that is chosen what would make its run fail, or its pseudonyms weak. */
export function watchKeyFile() {
  const words = find('#key-file-problem');
  const latest = createLatest();
  find('#key-file').addEventListener('change', () => {
    words.textContent = '';
    latest.run(
      async () => keyWords(keyFile()),
      (said) => {
        words.textContent = said;
      },
      () => undefined,
    );
  });
}

/** @param {File | undefined} file @returns {Promise<string>} */
async function keyWords(file) {
  if (!file) return '';
  if (file.size > LONGEST_KEY) return labels.input.keyTooLarge(file.name);
  const { length } = withoutLineEnd(await readWhole(file));
  if (length === 0) return labels.input.keyEmpty(file.name);
  if (length >= SHORT_KEY) return '';
  return labels.input.keyShort(file.name, format.counted(length, labels.nouns.byte));
}

/** @param {File} file @returns {Promise<Key>} */
export async function readKey(file) {
  if (file.size > LONGEST_KEY) throw new Error(labels.input.keyTooLarge(file.name));
  const bytes = await readWhole(file).catch((error) => {
    throw new Error(labels.input.keyFailed(file.name, messageOf(error)));
  });
  const key = withoutLineEnd(bytes);
  if (key.length === 0) throw new Error(labels.input.keyFileEmpty(file.name));
  return { key, keyOrigin: 'given', file };
}

/** Whether a key is still the one that is chosen. @param {HTMLFormElement} form @param {Chosen} key */
export function keyFits(form, key) {
  if (chosenValue(form, 'identity') !== 'pseudonym') return true;
  return wantsFile(form) ? key.keyOrigin === 'given' && key.file === keyFile() : key.keyOrigin === 'random';
}

/** Puts the file of a key back into the form, or takes out the one there. @param {Chosen} key */
export function putKey(key) {
  const transfer = new DataTransfer();
  if (key.file) transfer.items.add(key.file);
  find('#key-file', HTMLInputElement).files = transfer.files;
  // The browser may give the same file as another object.
  if (key.file) key.file = keyFile();
}

/** The file that the form has from a lake, and not from its reader. @type {File | undefined} */
let ofLake;

/** Takes a lake's key out of the form again: what comes next is not that lake's. @param {HTMLFormElement} form */
export function dropLakeKey(form) {
  if (!ofLake || keyFile() !== ofLake) return;
  const choice = form.elements.namedItem('key');
  if (choice instanceof HTMLSelectElement) choice.value = 'random';
  putKey({ keyOrigin: 'random' });
  ofLake = undefined;
  form.dispatchEvent(new Event('input', { bubbles: true }));
}

/**
 * Makes a file the key of the form, for a lake that is gone on from.
 * @param {HTMLFormElement} form
 * @param {File} file
 */
export function useKeyFile(form, file) {
  const isOwn = wantsFile(form) && keyFile() === file;
  const choice = form.elements.namedItem('key');
  if (choice instanceof HTMLSelectElement) choice.value = 'file';
  putKey({ keyOrigin: 'given', file });
  if (!isOwn) ofLake = keyFile();
  form.dispatchEvent(new Event('input', { bubbles: true }));
}

/** The key is the hex text itself, so that a saved key, read back as a file, is the same key. @returns {Key} */
export function randomKey() {
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
const wantsFile = (form) => chosenValue(form, 'identity') === 'pseudonym' && chosenValue(form, 'key') === 'file';

const keyFile = () => find('#key-file', HTMLInputElement).files?.[0];
