/** What to do, by what a failed read says about the file. */
const ADVICE = {
  // Safari's engine says the same of a file that was changed.
  gone: 'It was moved, renamed, changed or deleted after you chose it, or its drive was disconnected. Choose it again.',
  changed:
    'It was changed, moved or deleted after you chose it, or access to it was refused. Choose it again. ' +
    'If it is on a network drive or in a synced folder, copy it to this device first.',
  again:
    'The file can be read now, so it was not changed: the browser ran short of memory, or the drive was interrupted. ' +
    'Run again. If that fails too, close other tabs, or copy the file to this device first.',
};

/** @typedef {keyof typeof ADVICE} Finding */

/** A file of the user’s that could not be read: what was tried, how the browser calls the failure, and what to do. */
export class Unreadable extends Error {
  code = 'unreadable';

  /**
   * @param {string} tried follows "could not"
   * @param {unknown} cause
   * @param {Finding} [finding]
   */
  constructor(tried, cause, finding = isGone(cause) ? 'gone' : 'changed') {
    super(`The browser could not ${tried} (${nameOf(cause)}). ${ADVICE[finding]}`);
  }
}

/** A file that has fewer bytes than when it was chosen: Firefox reads what is there, without an error. */
export class Shortened extends Unreadable {
  constructor() {
    super('read this file to its end', undefined, 'changed');
    this.message = `This file ended before the last byte that it had when you chose it. ${ADVICE.changed}`;
  }
}

/**
 * How the browser calls an error: its name, which does not depend on the reader’s language. What Firefox throws
 * where it reads at once is no Error, and has one too.
 * @param {unknown} error
 */
export function nameOf(error) {
  const name = error instanceof Object && 'name' in error ? error.name : undefined;
  return typeof name === 'string' ? name : String(error);
}

/** @param {unknown} error */
const isGone = (error) => ['NotFoundError', 'NS_ERROR_FILE_NOT_FOUND'].includes(nameOf(error));
