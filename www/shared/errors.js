/** @typedef {import('./protocol.js').Failure} Failure */

/** An error that names the input that was being read. */
export class InputError extends Error {
  /** @param {string} file @param {unknown} cause */
  constructor(file, cause) {
    const { code, message } = asFailure(cause);
    super(message, { cause });
    this.code = code;
    this.file = file;
  }
}

/** An error of another thread. */
export class RemoteError extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Whether the core has reported a fault; undefined where nobody listens. @type {boolean | undefined} */
let panicked;

/** The core writes to the console when it has a fault, and nothing when it gets no memory. Workers only. */
export function heedPanics() {
  panicked = false;
  const write = console.error;
  console.error = (...words) => {
    panicked = true;
    write.apply(console, words);
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
  if (error instanceof RemoteError) return error.failure;
  // Whichever file was being read when memory ran out is not to blame.
  if (error instanceof InputError)
    return { code: error.code, message: error.message, file: error.code === 'memory' ? undefined : error.file };
  if (memoryRanOut(error)) {
    return {
      code: 'memory',
      message:
        'Memory ran out: the browser gives this tab no more. Close other tabs, or give fewer files at once; ' +
        'the command line can take more.',
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
  const { code, place } = /** @type {{ code?: unknown } & Pick<Failure, 'place'>} */ (error);
  return { code: typeof code === 'string' ? code : error.name, message: error.message, ...(place && { place }) };
}
