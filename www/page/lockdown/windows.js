// Other windows, other addresses, and what the browser itself sends for a page that asks it to.
import {
  apply,
  fix,
  getter,
  guardMethod,
  guardSetter,
  method,
  ownKeys,
  refuse,
  startsWith,
  takeAway,
  withoutFragment,
} from './native.js';

const preventDefault = method(Event.prototype, 'preventDefault');
const stop = method(Event.prototype, 'stopImmediatePropagation');

export function lockWindows() {
  takeAway(globalThis, 'open');
  // The page that opened this one is somebody else; nor is anything heard from there, for an answer could be given.
  if (globalThis.opener) globalThis.opener = null;
  addEventListener('message', (event) => void apply(stop, event, []), true);
  for (const name of ['submit', 'requestSubmit']) takeAway(HTMLFormElement.prototype, name);
  addEventListener('submit', (event) => void apply(preventDefault, event, []), true);
  leaving();
  connections();
}

/** What no browser shows: it can only be saved. */
const OCTETS = 'application/octet-stream';

/**
 * Notes which blobs can only be saved. Firefox goes to the address of a link that downloads, as to any other: of
 * other blobs one could be a page, without this script.
 */
function savable() {
  const type = getter(Blob.prototype, 'type');
  const create = method(URL, 'createObjectURL');
  /** @type {Record<string, true>} */
  const noted = Object.create(null);
  fix(URL, 'createObjectURL', (/** @type {unknown} */ object) => {
    // It throws for anything but a blob.
    const octets = apply(type, object, []) === OCTETS;
    const url = /** @type {string} */ (apply(create, URL, [object]));
    if (octets) noted[url] = true;
    return url;
  });
  return noted;
}

/** The address of this document stays, but for its fragment. */
function leaving() {
  const onlySaved = savable();
  // Which nobody can redefine.
  const here = () => withoutFragment(location.href);
  const address = URL;
  const href = getter(URL.prototype, 'href');
  for (const name of ['pushState', 'replaceState']) {
    guardMethod(History.prototype, name, (_, args) => {
      if (args[2] === undefined || args[2] === null) return [args[0], ''];
      const url = /** @type {string} */ (apply(href, new address(`${args[2]}`, here()), []));
      return withoutFragment(url) === here() ? [args[0], '', url] : refuse(name);
    });
  }
  const { navigation } = /** @type {{ navigation?: EventTarget }} */ (/** @type {unknown} */ (globalThis));
  if (!navigation) return;
  const { NavigateEvent, NavigationDestination } = /** @type {Record<string, { prototype: object }>} */ (
    /** @type {unknown} */ (globalThis)
  );
  const type = getter(NavigateEvent.prototype, 'navigationType');
  const destination = getter(NavigateEvent.prototype, 'destination');
  const downloadRequest = getter(NavigateEvent.prototype, 'downloadRequest');
  const url = getter(NavigationDestination.prototype, 'url');
  const sameDocument = getter(NavigationDestination.prototype, 'sameDocument');
  navigation.addEventListener('navigate', (event) => {
    const to = apply(destination, event, []);
    const target = /** @type {string} */ (apply(url, to, []));
    const kind = apply(type, event, []);
    // Back, forward and reload lead to addresses that the reader has been to.
    const same = withoutFragment(target) === here();
    const stays = kind === 'traverse' || (same && (kind === 'reload' || apply(sameDocument, to, [])));
    const saves = startsWith(target, 'blob:') && (target in onlySaved || apply(downloadRequest, event, []) !== null);
    if (!stays && !saves) apply(preventDefault, event, []);
  });
}

/** Of these the browser fetches an address, or hands text to a service or to another program. */
const TAKEN = [
  'SharedWorker',
  'XSLTProcessor',
  'documentPictureInPicture',
  'PaymentRequest',
  'PresentationRequest',
  'Notification',
  'MediaMetadata',
  'SpeechSynthesisUtterance',
  'SpeechRecognition',
  'webkitSpeechRecognition',
  'PublicKeyCredential',
  'IdentityCredential',
  'IdentityProvider',
  'DigitalCredential',
  'ApplePaySession',
  'sharedStorage',
  'cookieStore',
  'crashReport',
];
/** @type {Record<string, string[]>} */
const TAKEN_OF = {
  DocumentPictureInPicture: ['requestWindow'],
  ServiceWorkerContainer: ['register'],
  CredentialsContainer: ['create', 'get', 'store'],
  Navigator: ['joinAdInterestGroup', 'runAdAuction', 'install', 'registerProtocolHandler', 'share'],
};

/** What connects, or has the browser connect, with no word in the policy or none that every browser heeds. */
function connections() {
  for (const name of ownKeys(globalThis)) {
    if (typeof name === 'string' && /^(?:webkit|moz)?RTC/.test(name)) fix(globalThis, name, undefined);
  }
  for (const name of TAKEN) fix(globalThis, name, undefined);
  const owners = /** @type {Record<string, { prototype: object } | undefined>} */ (/** @type {unknown} */ (globalThis));
  for (const [kind, names] of Object.entries(TAKEN_OF)) {
    for (const name of names) takeAway(owners[kind]?.prototype, name);
  }
  // Sent with the next request to this page's host.
  guardSetter(Document.prototype, 'cookie', () => refuse('cookie'));
}
