import { readFileSync } from 'node:fs';

/** `stedi-lakehouse page --serve` sends these too. @type {Record<string, string>} */
const headers = JSON.parse(readFileSync(new URL('page-headers.json', import.meta.url), 'utf8'));

/**
 * What any host of the page should send: the page's own policy, no frames, and no window in common with a page that
 * opens it, which could read it if it is of the same origin.
 * @param {Buffer | undefined} content
 * @returns {Record<string, string>}
 */
export function protection(content) {
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(String(content)) ?? [];
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace('{policy}', policy ?? "default-src 'none'")]),
  );
}
