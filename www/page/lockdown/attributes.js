// Attributes that lead elsewhere. A link that is clicked sends a request while the page stays, if it downloads,
// opens a window or is answered by nothing; so a link leads into this page (`#`) or to a file that this page
// made (`blob:`, to be saved). It is the setting that is refused, for a link need not be in the page to be clicked.
import { isListed, string } from './elements.js';
import {
  apply,
  getter,
  guardMethod,
  guardSetter,
  localName,
  lower,
  method,
  ownKeys,
  prototypes,
  refuse,
  startsWith,
  takeAway,
} from './native.js';

/** No element takes these, but `href` for what is said above. */
const LEADING = Object.freeze(
  Object.assign(Object.create(null), {
    href: true,
    ping: true,
    target: true,
    action: true,
    formaction: true,
    formtarget: true,
    srcdoc: true,
    attributionsrc: true,
    'http-equiv': true,
  }),
);

/** Of `nodeType`. */
const ATTRIBUTE = 2;

const hasAttributeNS = method(Element.prototype, 'hasAttributeNS');
const anchorText = getter(HTMLAnchorElement.prototype, 'text');

/** Not by its prototype, which can be changed. @param {Element} element */
function isAnchor(element) {
  try {
    apply(anchorText, element, []);
    return true;
  } catch {
    return false;
  }
}

/** The value that may be set. @param {Element} element @param {string} name @param {unknown} value */
function checked(element, name, value) {
  const plain = lower(localName(name));
  if (!isListed(element)) refuse(name);
  if (!(plain in LEADING)) return value;
  const text = string(value);
  if (plain === 'href' && text[0] === '#') return text;
  // Without `download` it would be gone to, and it could hold a page.
  const saves =
    plain === 'href' &&
    startsWith(text, 'blob:') &&
    isAnchor(element) &&
    apply(hasAttributeNS, element, [null, 'download']);
  return saves ? text : refuse(`${plain}=${text}`);
}

/** @param {unknown} self @param {unknown} name */
function removing(self, name) {
  const text = string(name);
  if (lower(text) === 'download' || !isListed(/** @type {Element} */ (self))) refuse(`removing ${text}`);
  return text;
}

export function lockAttributes() {
  const { prototype } = Element;
  guardMethod(prototype, 'setAttribute', (self, { 0: name, 1: value }) => {
    const text = string(name);
    return [text, checked(/** @type {Element} */ (self), text, value)];
  });
  guardMethod(prototype, 'setAttributeNS', (self, { 0: space, 1: name, 2: value }) => {
    const text = string(name);
    return [space === null ? null : string(space), text, checked(/** @type {Element} */ (self), text, value)];
  });
  guardMethod(prototype, 'toggleAttribute', (self, args) => {
    const name = removing(self, args[0]);
    checked(/** @type {Element} */ (self), name, '');
    return args.length > 1 ? [name, args[1]] : [name];
  });
  guardMethod(prototype, 'removeAttribute', (self, args) => [removing(self, args[0])]);
  guardMethod(prototype, 'removeAttributeNS', (self, args) => {
    const space = args[0] === null ? null : string(args[0]);
    return [space, removing(self, args[1])];
  });
  attributeNodes();
  properties();
}

/** Attributes as nodes are not needed, and there would be many ways to change one. */
function attributeNodes() {
  for (const name of ['setAttributeNode', 'setAttributeNodeNS', 'removeAttributeNode']) {
    takeAway(Element.prototype, name);
  }
  for (const name of ['setNamedItem', 'setNamedItemNS', 'removeNamedItem', 'removeNamedItemNS']) {
    takeAway(NamedNodeMap.prototype, name);
  }
  guardSetter(Attr.prototype, 'value', () => refuse('value'));
  const nodeType = getter(Node.prototype, 'nodeType');
  for (const name of ['nodeValue', 'textContent']) {
    guardSetter(Node.prototype, name, (self, value) => {
      return apply(nodeType, self, []) === ATTRIBUTE ? refuse(name) : value;
    });
  }
}

/** The same attributes as properties; of a link also the parts of its address. */
function properties() {
  for (const prototype of prototypes(Element.prototype)) {
    for (const name of ownKeys(prototype)) {
      const leads = typeof name === 'string' && lower(name) in LEADING && lower(name) !== 'href';
      if (leads) guardSetter(prototype, name, () => refuse(name));
    }
  }
  const anchor = HTMLAnchorElement.prototype;
  for (const name of ownKeys(anchor)) {
    if (name === 'href') {
      guardSetter(anchor, name, (self, value) => checked(/** @type {Element} */ (self), 'href', value));
    } else if (name !== 'download' && name !== 'text') {
      guardSetter(anchor, name, () => refuse(String(name)));
    }
  }
}
