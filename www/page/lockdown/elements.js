// Elements by a list of what may be. Whatever holds a window of its own (iframe, object …), connects (link,
// meta …) or makes elements from text brings back what the first script took away, so none of it can be made,
// and no element that is not on the list can be put into a document, however it came to be.
import {
  apply,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  getter,
  guardMethod,
  lower,
  ownKeys,
  prototypes,
  refuse,
  takeAway,
} from './native.js';

/** Elements that show, structure and take input, and do nothing else. Anchors: see attributes.js. */
const HTML = names(`a abbr address article aside b bdi bdo blockquote body br button canvas caption cite code col
  colgroup completion-section data datalist dd del details dfn dialog div dl dt em fieldset figcaption figure
  footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html i img input ins kbd label legend li main mark menu meter nav
  ol optgroup option output p pre progress q rp rt ruby s samp search section select small span strong sub summary sup
  table tbody td textarea tfoot th thead time title tr u ul var wbr`);
const SVG = names(`circle clipPath defs desc ellipse g line linearGradient marker mask path polygon polyline
  radialGradient rect stop svg text title tspan`);

const HTML_SPACE = 'http://www.w3.org/1999/xhtml';
const SVG_SPACE = 'http://www.w3.org/2000/svg';

/** Finds what is not on the lists. */
const UNLISTED = `:not(${[...ownKeys(HTML), ...ownKeys(SVG)].join()})`;

const page = document;
const nodeType = getter(Node.prototype, 'nodeType');
const { matches } = Element.prototype;
const [inElement, inFragment, inDocument] = [Element, DocumentFragment, Document].map(
  ({ prototype }) => prototype.querySelector,
);

/** @param {string} text @returns {Record<string, true>} with nothing in it but these names */
function names(text) {
  const listed = Object.fromEntries(text.split(/\s+/).map((name) => [name, true]));
  return Object.freeze(Object.assign(Object.create(null), listed));
}

/** Whether an element is on the list. @param {Element} element */
export const isListed = (element) => !apply(matches, element, [UNLISTED]);

/** Whether an element that is not on the list is, or is in, a node. What is no node is text. @param {unknown} node */
function holdsUnlisted(node) {
  let type;
  try {
    type = apply(nodeType, node, []);
  } catch {
    return false;
  }
  if (type === 1) return apply(matches, node, [UNLISTED]) || apply(inElement, node, [UNLISTED]) !== null;
  if (type === 11) return apply(inFragment, node, [UNLISTED]) !== null;
  return type === 9 && apply(inDocument, node, [UNLISTED]) !== null;
}

export function lockElements() {
  byName();
  byNode();
  unused();
  fromText();
  unlistedInterfaces();
}

/** A name is a string: an object could say another one each time it is asked. @param {unknown} name */
export const string = (name) => (typeof name === 'string' ? name : refuse('a name that is no string'));

function byName() {
  guardMethod(Document.prototype, 'createElement', (self, args) => {
    const name = lower(string(args[0]));
    return self === page && name in HTML ? [name] : refuse(`createElement(${name})`);
  });
  guardMethod(Document.prototype, 'createElementNS', (self, args) => {
    const space = string(args[0]);
    const name = string(args[1]);
    const listed = (space === HTML_SPACE && name in HTML) || (space === SVG_SPACE && name in SVG);
    return self === page && listed ? [space, name] : refuse(`createElementNS(${name})`);
  });
}

const INSERTING = [
  'appendChild',
  'insertBefore',
  'replaceChild',
  'moveBefore',
  'append',
  'prepend',
  'replaceChildren',
  'before',
  'after',
  'replaceWith',
  'insertAdjacentElement',
];

/** Wherever a node is put into a tree, or copied. */
function byNode() {
  for (const prototype of prototypes(Node.prototype)) {
    for (const name of INSERTING) {
      guardMethod(prototype, name, (_, args) => {
        for (let i = 0; i < args.length; i += 1) if (holdsUnlisted(args[i])) refuse(name);
        return args;
      });
    }
  }
  guardMethod(Node.prototype, 'cloneNode', (self, args) => (holdsUnlisted(self) ? refuse('cloneNode') : args));
}

/** What makes documents, elements from text, or copies. By name only, so of whatever interface: none of it is used. */
const UNUSED = [
  'createDocument',
  'createHTMLDocument',
  'importNode',
  'adoptNode',
  'createProcessingInstruction',
  'writeln',
  'execCommand',
  'parseFromString',
  'transformToDocument',
  'transformToFragment',
  'createContextualFragment',
  'cloneContents',
  'extractContents',
  'insertNode',
  'surroundContents',
];

function unused() {
  for (const prototype of prototypes()) {
    for (const name of UNUSED) if (Object.hasOwn(prototype, name)) takeAway(prototype, name);
  }
  // Of documents only: files are written too.
  for (const name of ['open', 'close', 'write']) takeAway(Document.prototype, name);
  // A class for an element is another way to make it.
  takeAway(CustomElementRegistry.prototype, 'define');
}

/** Whatever makes elements from text has HTML in its name: innerHTML, insertAdjacentHTML, setHTMLUnsafe … */
function fromText() {
  for (const prototype of [...prototypes(Node.prototype), Range.prototype]) {
    for (const owner of [prototype.constructor, prototype]) {
      for (const name of ownKeys(owner)) {
        if (typeof name !== 'string' || !/HTML/.test(name) || name === 'getHTML') continue;
        const { get } = getOwnPropertyDescriptor(owner, name) ?? {};
        if (get) defineProperty(owner, name, { get, set: () => refuse(name), configurable: false });
        else takeAway(owner, name);
      }
    }
  }
}

/**
 * Elements of the page's own file that are not on the list (link, meta, script, style) cannot be put to
 * another use, and of those that cannot be made no window, document or list comes out.
 */
function unlistedInterfaces() {
  const listed = new Set();
  const add = (/** @type {object | null} */ kind) => {
    for (; kind && kind !== Object.prototype; kind = getPrototypeOf(kind)) listed.add(kind);
  };
  for (const name of ownKeys(HTML)) add(getPrototypeOf(inPage(HTML_SPACE, String(name))));
  for (const name of ownKeys(SVG)) add(getPrototypeOf(inPage(SVG_SPACE, String(name))));
  for (const prototype of prototypes(Element.prototype)) {
    if (listed.has(prototype)) continue;
    for (const name of ownKeys(prototype)) {
      const { get, value } = getOwnPropertyDescriptor(prototype, name) ?? {};
      const set = () => refuse(String(name));
      if (get) defineProperty(prototype, name, { get: readingOnly(get), set, configurable: false });
      else if (typeof value === 'function' && name !== 'constructor') takeAway(prototype, name);
    }
  }
}

/** @param {string} space @param {string} name */
const inPage = (space, name) => page.createElementNS(space, name);

/** @param {() => unknown} get */
function readingOnly(get) {
  /** @this {unknown} */
  return function () {
    const value = apply(get, this, []);
    return typeof value === 'object' ? null : value;
  };
}
