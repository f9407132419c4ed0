// Ways to get data out of a page, tried on purpose. Used by the page and by a worker, which each have theirs.

/**
 * @typedef {import('./protocol.js').RefusedBy} RefusedBy
 * @typedef {import('./protocol.js').Attempted} Attempted
 * @typedef {{ way: string, act: (target: Target) => unknown }} Attempt
 * @typedef {{ host: string, url: (scheme: string, path: string) => string }} Target
 */

/** How long a refusal may take, in milliseconds. A way that is not refused within it is a leak. */
const PATIENCE = 1500;

/** What an attempt gives back that has seen for itself that nothing stopped it. */
export const OUT = Symbol('out');

const EVERYWHERE = /** @type {Attempt[]} */ ([
  { way: 'fetch', act: ({ url }) => fetch(url('http', 'fetch'), { method: 'POST', body: 'a', mode: 'no-cors' }) },
  {
    way: 'XMLHttpRequest',
    act: ({ url }) => {
      const request = new XMLHttpRequest();
      request.open('POST', url('http', 'xhr'));
      request.send('a');
      return settled(request, 'load');
    },
  },
  { way: 'WebSocket', act: ({ url }) => settled(new WebSocket(url('ws', 'socket')), 'open') },
  { way: 'EventSource', act: ({ url }) => settled(new EventSource(url('http', 'events')), 'open') },
  {
    way: 'WebTransport',
    act: ({ url }) => new (present('WebTransport'))(url('https', 'transport')).ready,
  },
  { way: 'import()', act: ({ url }) => import(url('http', 'module.js')) },
  { way: 'a worker of another address', act: ({ url }) => settled(new Worker(url('http', 'worker.js')), 'message') },
  { way: 'RTCPeerConnection', act: ({ host }) => callOut(present('RTCPeerConnection'), host) },
]);

export const IN_PAGE = /** @type {Attempt[]} */ ([
  ...EVERYWHERE,
  {
    way: 'sendBeacon',
    act: ({ url }) => {
      navigator.sendBeacon(url('http', 'beacon'), 'a');
    },
  },
  {
    way: 'image',
    act: ({ url }) => {
      const image = new Image();
      image.src = url('http', 'image');
      return settled(image, 'load');
    },
  },
  { way: 'script', act: ({ url }) => added('script', { src: url('http', 'script.js') }) },
  { way: 'font', act: ({ url }) => new FontFace('a', `url(${url('http', 'font')})`).load() },
  { way: 'video', act: ({ url }) => added('video', { src: url('http', 'video') }) },
  {
    way: 'form',
    act: ({ url }) => {
      const form = document.createElement('form');
      // Should it get out, then beside this page and not in its place.
      Object.assign(form, { action: url('http', 'form'), method: 'post', target: '_blank' });
      document.body.append(form);
      form.submit();
      form.remove();
    },
  },
  { way: 'frame', act: ({ url }) => added('iframe', { src: url('http', 'frame') }) },
  { way: 'style sheet', act: ({ url }) => added('link', { rel: 'stylesheet', href: url('http', 'style') }) },
  { way: 'preconnect', act: ({ url }) => added('link', { rel: 'preconnect', href: url('http', '') }) },
]);

export const IN_WORKER = /** @type {Attempt[]} */ ([
  ...EVERYWHERE,
  { way: 'importScripts', act: ({ url }) => importScripts(url('http', 'script.js')) },
]);

/**
 * Tries one way after the other; what one does must not be taken for another's.
 * @param {Attempt[]} attempts
 * @param {string} host an address and a port
 * @param {(outcome: Attempted) => void} onOutcome
 */
export async function tryAll(attempts, host, onOutcome) {
  // Put together here: no address of another host is in this page.
  const target = {
    host,
    url: (/** @type {string} */ scheme, /** @type {string} */ path) => `${scheme}:${'/'.repeat(2)}${host}/${path}`,
  };
  let held = false;
  for (const { way, act } of attempts) {
    const { by, detail, failed } = await outcome(() => act(target));
    held ||= by === 'policy';
    // Only where no violation was told of: Firefox stops for good now and then when a worker asks.
    const unsaid = by === 'nobody' && failed && inWorker() && (held ||= await policyHolds());
    onOutcome({ way, by: unsaid ? 'unsaid' : by, detail });
  }
}

/**
 * Whether the policy of this page holds here: it refuses even an address that has its answer in itself, which nothing
 * else would do. WebKit tells a worker of no violation.
 */
const policyHolds = () =>
  Promise.race([
    fetch('data:,').then(
      () => false,
      () => true,
    ),
    // Firefox may leave it without an answer; it tells of violations.
    pause(PATIENCE).then(() => false),
  ]);

/** @param {() => unknown} act @returns {Promise<{ by: RefusedBy, detail: string, failed?: boolean }>} */
async function outcome(act) {
  const watch = new AbortController();
  /** @type {Promise<string>} */
  const violation = new Promise((resolve) => {
    addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { signal: watch.signal });
  });
  try {
    const error = await Promise.race([attemptOf(act), violation.then(() => undefined), pause(PATIENCE)]);
    if (error instanceof Absent) return { by: 'absent', detail: '' };
    if (error instanceof Untried) return { by: 'untried', detail: '' };
    if (error instanceof DOMException && /first script/.test(error.message)) return { by: 'script', detail: '' };
    // Any other error comes before the browser names the policy behind it; Firefox takes its time.
    const directive = await Promise.race([violation, pause(error === OUT ? 150 : PATIENCE)]);
    if (directive) return { by: 'policy', detail: directive };
    if (error instanceof DOMException && error.name === 'SecurityError') return { by: 'browser', detail: '' };
    return { by: 'nobody', detail: error instanceof Error ? error.message : '', failed: error instanceof Error };
  } finally {
    watch.abort();
  }
}

/** What it throws, if it does, or `OUT`. @param {() => unknown} act @returns {Promise<unknown>} */
async function attemptOf(act) {
  try {
    if ((await act()) === OUT) return OUT;
    // Whatever was set off may be refused a moment later.
    await pause(PATIENCE);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** An object that stands for a string, as a browser would take it. @param {{ toString(): string }} object */
export const asString = (object) => /** @type {string} */ (/** @type {unknown} */ (object));

class Absent extends Error {}
export class Untried extends Error {}

/** @param {string} message @returns {never} */
export function refusedByScript(message) {
  throw new DOMException(`${message}: refused by this page’s first script`, 'SecurityError');
}

/**
 * A property of the global object, which the first script may have taken away.
 * @template {keyof typeof globalThis} Name
 * @param {Name} name
 * @returns {NonNullable<(typeof globalThis)[Name]>}
 */
export function present(name) {
  const value = globalThis[name];
  if (value === undefined || value === null) return name in globalThis ? refusedByScript(name) : absent(name);
  return value;
}

/** @param {string} name @returns {never} */
function absent(name) {
  throw new Absent(name);
}

const inWorker = () => !('document' in globalThis);

/** @param {number} milliseconds @returns {Promise<undefined>} */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));

/** @param {EventTarget} target @param {string} good */
function settled(target, good) {
  return new Promise((resolve, reject) => {
    target.addEventListener(good, () => resolve(undefined));
    target.addEventListener('error', () => reject(new Error('it failed')));
  });
}

/** @param {string} name @param {Record<string, string>} properties */
async function added(name, properties) {
  const element = document.createElement(name);
  Object.assign(element, properties);
  document.body.append(element);
  try {
    await settled(element, 'load');
  } finally {
    element.remove();
  }
}

/**
 * Asks a STUN server where it is, which is a packet out.
 * @param {typeof RTCPeerConnection} Connection
 * @param {string} host
 */
export async function callOut(Connection, host) {
  const connection = new Connection({ iceServers: [{ urls: `stun:${host}` }] });
  connection.createDataChannel('a');
  await connection.setLocalDescription(await connection.createOffer());
  await pause(300);
  connection.close();
  return OUT;
}
