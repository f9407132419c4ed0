// The page's policy does not cover everything: in Chromium a STUN packet of WebRTC got out in spite of it,
// an empty frame or window brings WebRTC back, `<link rel=preconnect>` opens a connection, and so does a
// form for a new window before it is refused. None of that is used here; so that none of it can be, this
// script, the first to run, takes the means away for good. Workers have none of them to begin with.

/** @param {object} owner @param {string} name @param {unknown} value */
function fix(owner, name, value) {
  if (name in owner) Object.defineProperty(owner, name, { value, writable: false, configurable: false });
}

/** @param {string} name */
function refusing(name) {
  return () => {
    throw new DOMException(`${name} was taken away by this page’s first script`, 'SecurityError');
  };
}

fix(globalThis, 'RTCPeerConnection', undefined);
fix(globalThis, 'webkitRTCPeerConnection', undefined);
fix(globalThis, 'open', refusing('open'));
fix(HTMLFormElement.prototype, 'submit', refusing('submit'));
addEventListener('submit', (event) => event.preventDefault(), true);

// Elements that hold another window, or that connect.
const REFUSED = /^(?:.*:)?(?:iframe|frame|fencedframe|object|embed|portal|link|base|meta)$/i;
const { createElement, createElementNS } = Document.prototype;
fix(Document.prototype, 'createElement', /** @type {(this: Document, name: string, options?: any) => Element} */ (function (name, options) {
  return REFUSED.test(name) ? refusing(`createElement(${name})`)() : createElement.call(this, name, options);
}));
fix(Document.prototype, 'createElementNS', /** @type {(this: Document, space: any, name: string, options?: any) => Element} */ (function (space, name, options) {
  return REFUSED.test(name) ? refusing(`createElementNS(${name})`)() : createElementNS.call(this, space, name, options);
}));

// And whatever makes elements from text.
for (const name of ['write', 'writeln', 'execCommand']) fix(Document.prototype, name, refusing(name));
for (const name of ['insertAdjacentHTML', 'setHTMLUnsafe']) fix(Element.prototype, name, refusing(name));
fix(ShadowRoot.prototype, 'setHTMLUnsafe', refusing('setHTMLUnsafe'));
fix(Document, 'parseHTMLUnsafe', refusing('parseHTMLUnsafe'));
fix(Range.prototype, 'createContextualFragment', refusing('createContextualFragment'));
fix(DOMParser.prototype, 'parseFromString', refusing('parseFromString'));
if ('XSLTProcessor' in globalThis) fix(globalThis, 'XSLTProcessor', undefined);
for (const [owner, name] of /** @type {[object, string][]} */ ([[Element.prototype, 'innerHTML'], [Element.prototype, 'outerHTML'], [ShadowRoot.prototype, 'innerHTML'], [HTMLIFrameElement.prototype, 'srcdoc']])) {
  const { get } = Object.getOwnPropertyDescriptor(owner, name) ?? {};
  if (get) Object.defineProperty(owner, name, { get, set: refusing(name), configurable: false });
}
