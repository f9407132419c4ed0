/**
 * What becomes known: that something is done, that something is to be known before more is done, or that something
 * went wrong. The style sheets set them apart.
 * @typedef {'done' | 'warning' | 'failed'} Kind
 * @typedef {string | { words: string, kind: Kind }} Said
 */

/**
 * Says something in a place for it; nothing, if there are no words.
 * @param {HTMLElement} place
 * @param {Said} said
 */
export function say(place, said) {
  const { words, kind } = typeof said === 'string' ? { words: said, kind: undefined } : said;
  place.textContent = words;
  if (kind && words !== '') place.dataset.said = kind;
  else delete place.dataset.said;
}
