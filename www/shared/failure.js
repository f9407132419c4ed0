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

/** Whether the core has said that it has a fault; undefined where nobody listens. @type {boolean | undefined} */
let panicked;

/** The core speaks on the console when it has a fault, and says nothing when it gets no memory. Workers only. */
export function heedPanics() {
  panicked = false;
  const say = console.error;
  console.error = (...words) => {
    panicked = true;
    say.apply(console, words);
  };
}

/** @param {Error} error */
function memoryRanOut(error) {
  if (error instanceof WebAssembly.RuntimeError) return panicked === false && error.message.includes('unreachable');
  // A browser's own words, for a new instance's memory or for an ArrayBuffer.
  return error instanceof RangeError && /memory|allocat/i.test(error.message);
}

/**
 * Any thrown value as plain data: an error of the core, or of this page, carries a code; a browser's only a name.
 * @param {unknown} error
 * @returns {Failure}
 */
export function asFailure(error) {
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error) };
  // Whichever file was being read when memory ran out is not to blame.
  if (error instanceof InputError)
    return { code: error.code, message: error.message, file: error.code === 'memory' ? undefined : error.file };
  if (memoryRanOut(error)) {
    return {
      code: 'memory',
      message:
        'Memory ran out: the browser gives this tab no more. Close other tabs, or give fewer files at once; the command line can take more.',
    };
  }
  if (error instanceof WebAssembly.RuntimeError) {
    return {
      code: 'panic',
      message: panicked
        ? 'The core stopped: it has a fault. The browser’s console says where.'
        : 'The core stopped: memory ran out, or it has a fault.',
    };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code, message: error.message };
}

/** What another worker told of an error, as an error. @param {Failure} failure */
export function asError({ code, message, file }) {
  const error = Object.assign(new Error(message), { code });
  return file === undefined ? error : new InputError(file, error);
}
