/**
 * @typedef {{ createScriptURL: (url: string) => string }} Rules
 * @typedef {{ trustedTypes?: { createPolicy: (name: string, rules: Rules) => Rules } }} Global
 */

/**
 * The one policy of Trusted Types that this page allows itself, where the browser has them: it makes addresses
 * of workers from blobs, and nothing else, so that no text becomes a script or an element.
 */
const { trustedTypes } = /** @type {Global} */ (/** @type {unknown} */ (globalThis));
const policy = trustedTypes?.createPolicy('blob-worker', {
  createScriptURL(url) {
    if (!url.startsWith('blob:')) throw new TypeError('workers are made from this page’s own code');
    return url;
  },
});

/** A classic worker. @param {string} url of a blob */
export function blobWorker(url) {
  return new Worker(policy?.createScriptURL(url) ?? url);
}
