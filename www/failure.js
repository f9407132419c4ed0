/** @typedef {import('./types.js').Failure} Failure */

/** An error that names the input that was being read. */
export class InputError extends Error {
  /** @param {string} file @param {unknown} cause */
  constructor(file, cause) {
    const { code, message } = asFailure(cause);
    super(message);
    this.code = code;
    this.file = file;
  }
}

/**
 * The browser could not read a file, whatever it calls that: it names the same thing differently for a
 * stream, a slice and a worker.
 */
export class Unreadable extends Error {
  code = 'unreadable';

  constructor() {
    super('The browser can no longer read it: it was changed, moved or deleted, or access was refused.');
  }
}

/**
 * Any thrown value as plain data: an error of the core, or of this page, carries a code; a browser's only a name.
 * @param {unknown} error
 * @returns {Failure}
 */
export function asFailure(error) {
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error) };
  if (error instanceof InputError) return { code: error.code, message: error.message, file: error.file };
  if (error instanceof WebAssembly.RuntimeError) {
    return { code: 'panic', message: 'The core stopped: memory ran out, or it has a fault. The browser’s console says where.' };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code, message: error.message };
}
