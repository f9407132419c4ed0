/** @typedef {{ createPolicy: (name: string, rules: { createScriptURL: (url: string) => string }) => { createScriptURL: (url: string) => string } }} TrustedTypes */

/**
 * The one policy of Trusted Types that this page allows itself, where the browser has them: it makes addresses
 * of workers from blobs, and nothing else, so that no text becomes a script or an element.
 */
const policy = /** @type {{ trustedTypes?: TrustedTypes }} */ (/** @type {unknown} */ (globalThis)).trustedTypes?.createPolicy('blob-worker', {
  createScriptURL(url) {
    if (!url.startsWith('blob:')) throw new TypeError('workers are made from this page’s own code');
    return url;
  },
});

/** A classic worker. @param {string} url of a blob */
export function blobWorker(url) {
  return new Worker(policy?.createScriptURL(url) ?? url);
}
