import { labels } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import { maySave } from './save-gate.js';

/** Long enough for any browser to have taken the file over. */
const FORGET_AFTER = 60_000;

/**
 * Hands a file to the browser's downloads; not if the results that it is of may no longer be saved.
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  if (!maySave()) throw new Error(labels.save.changed);
  saveFile(blob, name);
}

/** The same for what is of no results. @param {Blob} blob @param {string} name */
export function saveFile(blob, name) {
  // Of this type no browser shows it instead; Firefox goes to its address, and the first script lets it.
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  // In this order: the first script lets a link lead to a blob only if it saves it.
  h('a', { download: name, href: url }).click();
  setTimeout(() => URL.revokeObjectURL(url), FORGET_AFTER);
}
