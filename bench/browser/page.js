/** The files that were set on the page. @returns {File[]} */
export function files() {
  const picker = /** @type {HTMLInputElement} */ (document.querySelector('#files'));
  return [...(picker.files ?? [])];
}

/**
 * Offers an engine to the bench.
 * @param {{ prepare: () => Promise<string>, run: (files: File[]) => Promise<import('./types.js').Result> }} engine
 */
export function offer({ prepare, run }) {
  Object.assign(globalThis, { bench: { prepare, run: () => run(files()) } });
}

/** A worker from a blob: URL, as the page under test has them. @param {string} path of its bundle */
export async function blobWorker(path) {
  const source = await (await fetch(path)).text();
  return new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
}

/**
 * The worker's answer to a message; it may be asked several at once.
 * @param {Worker} worker
 * @param {any} message
 * @returns {Promise<any>}
 */
export function ask(worker, message) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.addEventListener('error', (event) => reject(new Error(event.message || 'the worker failed')));
    worker.postMessage(message, [port2]);
  });
}

/**
 * Files of one kind, told by their names: the other engines need not look inside.
 * @param {File[]} all
 * @param {string} kind
 */
export function ofKind(all, kind) {
  return all.filter(({ name }) => name.startsWith(kind));
}
