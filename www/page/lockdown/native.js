// What the first script uses of the browser, taken before any other script could change it. None of it may be
// called as a method afterwards: `text.slice()` finds what a later script put in its place, `apply(slice, …)`
// does not. For the same reason nothing here is iterated over (`for … of`, spread) once the page runs.

export const { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;

/** @typedef {(this: unknown, ...args: unknown[]) => unknown} Method */

/** @param {object} owner @param {PropertyKey} name @returns {Method} */
export function method(owner, name) {
  return /** @type {Record<PropertyKey, Method>} */ (owner)[name];
}

/** What reads a property. @param {object} owner @param {string} name @returns {Method} */
export function getter(owner, name) {
  return getOwnPropertyDescriptor(owner, name)?.get ?? (() => undefined);
}

const { toLowerCase, indexOf, lastIndexOf, slice } = String.prototype;

/** @param {string} text */
export const lower = (text) => apply(toLowerCase, text, []);

/** The part of an address before its fragment. @param {string} url */
export function withoutFragment(url) {
  const end = apply(indexOf, url, ['#']);
  return end < 0 ? url : apply(slice, url, [0, end]);
}

/** A name without its prefix. @param {string} name */
export const localName = (name) => apply(slice, name, [apply(lastIndexOf, name, [':']) + 1]);

/** @param {string} text @param {string} start */
export const startsWith = (text, start) => apply(slice, text, [0, start.length]) === start;

const Refusal = DOMException;

/** @param {string} what @returns {never} */
export function refuse(what) {
  throw new Refusal(`${what} was taken away by this page’s first script`, 'SecurityError');
}

/**
 * Sets a property for good, if the browser has it.
 * @param {object} owner @param {PropertyKey} name @param {unknown} value
 */
export function fix(owner, name, value) {
  if (name in owner) defineProperty(owner, name, { value, writable: false, configurable: false });
}

/** Takes a function away. @param {object | undefined} owner @param {PropertyKey} name */
export function takeAway(owner, name) {
  if (owner && name in owner) fix(owner, name, () => refuse(String(name)));
}

/**
 * Puts a check before a method. What the check returns is what the method gets, so that an object which says
 * something else when it is read again is read once.
 * @param {object} owner
 * @param {string} name
 * @param {(self: unknown, args: unknown[]) => unknown[]} check
 */
export function guardMethod(owner, name, check) {
  const descriptor = getOwnPropertyDescriptor(owner, name);
  if (typeof descriptor?.value !== 'function') return;
  const native = /** @type {Method} */ (descriptor.value);
  fix(
    owner,
    name,
    /** @type {Method} */ (
      function (...args) {
        return apply(native, this, check(this, args));
      }
    ),
  );
}

/**
 * Puts a check before what sets a property.
 * @param {object} owner
 * @param {PropertyKey} name
 * @param {(self: unknown, value: unknown) => unknown} check
 */
export function guardSetter(owner, name, check) {
  const { get, set, enumerable } = getOwnPropertyDescriptor(owner, name) ?? {};
  if (!set) return;
  defineProperty(owner, name, {
    get,
    enumerable,
    configurable: false,
    set(value) {
      apply(set, this, [check(this, value)]);
    },
  });
}

/** The prototypes of all interfaces that the browser has, with what they inherit from. @param {object} [from] */
export function prototypes(from) {
  const all = [];
  for (const key of ownKeys(globalThis)) {
    const kind = getOwnPropertyDescriptor(globalThis, key)?.value;
    if (typeof kind !== 'function' || typeof kind.prototype !== 'object' || kind.prototype === null) continue;
    if (!from || kind.prototype === from || Object.prototype.isPrototypeOf.call(from, kind.prototype)) {
      all.push(kind.prototype);
    }
  }
  return all;
}
