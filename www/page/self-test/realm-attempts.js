// Ways to a window with a WebRTC of its own, tried on purpose: the first script took away this window's only.
import { asString, callOut, pause, present } from '../../shared/egress-attempts.js';

/** @typedef {import('../../shared/egress-attempts.js').Attempt} Attempt */

const HTML = 'http://www.w3.org/1999/xhtml';
const FRAME = '<iframe></iframe>';

/** Says `p` when it is asked first, and `iframe` afterwards. */
const twoFaced = () => {
  let asked = 0;
  return asString({ toString: () => ((asked += 1) > 1 ? 'iframe' : 'p') });
};

/**
 * Does something while another function stands in the place of one of the language.
 * @template {object} Owner
 * @template {keyof Owner} Name
 * @template T
 * @param {Owner} owner
 * @param {Name} name
 * @param {Owner[Name]} instead
 * @param {() => T} act
 */
function forged(owner, name, instead, act) {
  const own = owner[name];
  owner[name] = instead;
  try {
    return act();
  } finally {
    owner[name] = own;
  }
}

/** A frame that is another document's root. */
const otherRoot = () => document.implementation.createDocument(HTML, 'iframe').documentElement;

/** @param {(inside: HTMLElement) => unknown} act what puts a frame inside */
function within(act) {
  const inside = document.createElement('div');
  document.body.append(inside);
  try {
    return act(inside) ?? inside.querySelector('iframe') ?? inside.shadowRoot?.querySelector('iframe');
  } finally {
    setTimeout(() => inside.remove(), 5000);
  }
}

/** Each makes a frame, or puts one into the page. @type {Record<string, () => unknown>} */
const FRAMES = {
  'by its name': () => document.createElement('iframe'),
  'by its name in XHTML': () => document.createElementNS(HTML, 'x:iframe'),
  'by a name with two faces': () => document.createElement(twoFaced()),
  'by a name with two faces in XHTML': () => document.createElementNS(HTML, twoFaced()),
  'by a class of its own': () => {
    class Frame extends HTMLIFrameElement {}
    customElements.define(`x-${Date.now()}`, Frame, { extends: 'iframe' });
    return new Frame();
  },
  'of another document, adopted': () => document.adoptNode(otherRoot()),
  'of another document, imported': () => document.importNode(otherRoot(), true),
  'of another document, as it is': () => otherRoot(),
  'of another HTML document': () => document.implementation.createHTMLDocument('').createElement('iframe'),
  'of a document without a root': () =>
    document.implementation.createDocument(null, '').createElementNS(HTML, 'iframe'),
  'of a new document': () => new Document().createElementNS(HTML, 'iframe'),
  'of a parsed document': () => new DOMParser().parseFromString(FRAME, 'text/html').body.firstChild,
  'of a parsed XML document': () =>
    new DOMParser().parseFromString(`<iframe xmlns="${HTML}"/>`, 'text/xml').documentElement,
  'of Document.parseHTMLUnsafe': () => present('Document').parseHTMLUnsafe(FRAME).body.firstChild,
  'of a fragment': () => document.createRange().createContextualFragment(FRAME).firstChild,
  'of a template': () => {
    const template = document.createElement('template');
    template.innerHTML = FRAME;
    return template.content.firstChild;
  },
  'by innerHTML': () =>
    within((inside) => {
      inside.innerHTML = FRAME;
    }),
  'by outerHTML': () =>
    within((inside) => {
      const child = document.createElement('p');
      inside.append(child);
      child.outerHTML = FRAME;
    }),
  'by insertAdjacentHTML': () => within((inside) => inside.insertAdjacentHTML('beforeend', FRAME)),
  'by setHTMLUnsafe': () => within((inside) => inside.setHTMLUnsafe(FRAME)),
  'in a shadow root': () =>
    within((inside) => {
      inside.attachShadow({ mode: 'open' }).innerHTML = FRAME;
    }),
  'by execCommand': () =>
    within((inside) => {
      inside.contentEditable = 'true';
      inside.focus();
      document.execCommand('insertHTML', false, FRAME);
    }),
  'by Range.insertNode': () =>
    within((inside) => {
      const range = document.createRange();
      range.selectNodeContents(inside);
      range.insertNode(otherRoot());
    }),
  'with RegExp forged': () =>
    forged(
      RegExp.prototype,
      'exec',
      () => null,
      () => document.createElement('iframe'),
    ),
  'with Function forged': () => {
    let make = /** @type {Function | undefined} */ (undefined);
    const take = /** @this {Function} */ function () {
      make = this;
    };
    forged(Function.prototype, 'call', take, () => document.createElement('p'));
    return Reflect.apply(make ?? document.createElement, document, ['iframe']);
  },
  'as an object': () => Object.assign(document.createElement('object'), { type: 'text/html', data: 'about:blank' }),
};

/** Each opens a window. @type {Record<string, () => unknown>} */
const WINDOWS = {
  open: () => open('about:blank'),
  'document.open': () => document.open('about:blank', '_blank', 'popup'),
  'picture in picture': () => present('documentPictureInPicture').requestWindow(),
};

export const REALMS = /** @type {Attempt[]} */ ([
  ...Object.entries(FRAMES).map(([how, make]) => ({
    way: `WebRTC of a frame ${how}`,
    act: async (/** @type {import('../../shared/egress-attempts.js').Target} */ { host }) => {
      const frame = /** @type {HTMLIFrameElement & { contentWindow: typeof globalThis }} */ (make());
      if (!frame.isConnected || frame.ownerDocument !== document) document.body.append(frame);
      await pause(50);
      try {
        return await callOut(frame.contentWindow.RTCPeerConnection, host);
      } finally {
        frame.remove();
      }
    },
  })),
  ...Object.entries(WINDOWS).map(([how, make]) => ({
    way: `WebRTC of a window: ${how}`,
    act: async (/** @type {import('../../shared/egress-attempts.js').Target} */ { host }) => {
      const other = /** @type {typeof globalThis} */ (await make());
      try {
        return await callOut(other.RTCPeerConnection, host);
      } finally {
        other.close();
      }
    },
  })),
]);
