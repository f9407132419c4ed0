import { LIMITS } from '../../shared/core.js';
import { labels } from '../labels/labels.js';
import { messageOf } from '../ui/core-words.js';
import { find } from '../ui/dom.js';
import { createLatest } from '../ui/latest.js';

/**
 * The list of withdrawals in a file. It is read when it is chosen, so that the options hold its text from then on.
 * @typedef {{ file: File, text?: string, problem?: string }} List without a text it is still being read
 */

/** @type {List | undefined} */
let list;
const latest = createLatest();
/** Ends when the file that was chosen last is read. @type {Promise<unknown>} */
let reading = Promise.resolve();
/** Texts that were read on this visit, for `putList`. @type {Map<string, File>} */
const files = new Map();

/** @param {HTMLFormElement} form */
export function watchList(form) {
  const input = find('#withdrawals-file', HTMLInputElement);
  // The options change when the text is there, not before.
  input.addEventListener('input', (event) => event.stopPropagation());
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    list = file && { file };
    show();
    reading = latest.run(
      async () => file && { file, ...(await read(file)) },
      (next) => {
        list = next;
        show();
        changed(form);
      },
      (error) => {
        list = file && { file, problem: messageOf(error) };
        show();
      },
    );
  });
  find('#withdrawals-file-remove').addEventListener('click', () => {
    putList(undefined);
    input.focus();
    changed(form);
  });
  form.addEventListener('reset', () => putList(undefined));
}

/** The text of the list, if there is one. */
export const listText = () => list?.text;

/** The file that it is in. */
export const listFile = () => list?.file;

export const isListBeingRead = () => list !== undefined && list.text === undefined && list.problem === undefined;

/** Ends when no file is being read: a run that is asked for meanwhile is one with that list. */
export async function whenListIsRead() {
  while (isListBeingRead()) await reading;
}

/** Why no run can start, if so. @returns {string | undefined} */
export function listProblem() {
  if (!list || list.text !== undefined) return undefined;
  return list.problem ?? labels.input.reading(list.file.name);
}

/** Puts a list that was read before back into the form, or takes out the one there. @param {string | undefined} text */
export function putList(text) {
  const file = text === undefined ? undefined : (files.get(text) ?? new File([text], 'withdrawals'));
  latest.cancel();
  list = file && { file, text };
  const transfer = new DataTransfer();
  if (file) transfer.items.add(file);
  find('#withdrawals-file', HTMLInputElement).files = transfer.files;
  show();
}

/** @param {File} file @returns {Promise<Partial<List>>} */
async function read(file) {
  if (file.size > LIMITS.list_bytes) return { problem: labels.input.listTooLarge(file.name) };
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const text = new TextDecoder(encoding(bytes), { fatal: true }).decode(bytes);
    files.set(text, file);
    return { text };
  } catch (error) {
    const why = error instanceof TypeError ? labels.input.notUtf8 : labels.input.unreadable;
    return { problem: labels.input.listProblem(file.name, why) };
  }
}

/** Spreadsheets save UTF-16, with a byte order mark. @param {Uint8Array} bytes */
function encoding([first, second]) {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function show() {
  find('#withdrawals-file-remove').hidden = list === undefined;
  find('#withdrawals-file-problem').textContent = list?.problem ?? '';
}

/** @param {HTMLFormElement} form */
const changed = (form) => form.dispatchEvent(new Event('input', { bubbles: true }));
