import { STATIC } from '../page/labels/en/static.js';
import { piecesOf } from '../page/labels/pieces.js';

const TEXT = / data-words="(\w+)"([^>]*)>((?:<a [^>]*><\/a>)*)/g;
const ATTRIBUTE = / data-words-([\w-]+)="(\w+)"/g;

/**
 * The template with its English texts, which stand in it by their names: `data-words="name"` for the text of an
 * element, `data-words-title="name"` for its attribute `title`. Links of a text stand in its element, empty.
 * @param {string} template
 */
export function fillLabels(template) {
  return template
    .replace(TEXT, (_, name, attributes, links) => {
      const opened = [...links.matchAll(/<a [^>]*>/g)].map(([link]) => link);
      const inner = piecesOf(wordsOf(name)).map(({ tag, text }) => {
        if (!tag) return escaped(text);
        return `${tag === 'a' ? opened.shift() : `<${tag}>`}${escaped(text)}</${tag}>`;
      });
      if (opened.length > 0 || inner.some((part) => part.startsWith('undefined')))
        throw new Error(`${name}: the links of the text are not those of its element`);
      return ` data-words="${name}"${attributes}>${inner.join('')}`;
    })
    .replace(ATTRIBUTE, (found, attribute, name) => {
      return `${found} ${attribute}="${escaped(wordsOf(name)).replaceAll('"', '&quot;')}"`;
    });
}

/** @param {string} name */
function wordsOf(name) {
  const words = /** @type {Record<string, string>} */ (STATIC)[name];
  if (words === undefined) throw new Error(`index.html: no text is named ${name}`);
  return words;
}

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
