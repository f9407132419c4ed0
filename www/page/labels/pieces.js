/**
 * A text in pieces, those within tags with their tag.
 * @param {string} words with no other markup than these tags, which are not nested
 * @returns {{ tag?: string, text: string }[]}
 */
export function piecesOf(words) {
  const pieces = [];
  let at = 0;
  for (const found of words.matchAll(/<(a|b|code|strong)>(.*?)<\/\1>/g)) {
    if (found.index > at) pieces.push({ text: words.slice(at, found.index) });
    pieces.push({ tag: found[1], text: found[2] });
    at = found.index + found[0].length;
  }
  if (at < words.length) pieces.push({ text: words.slice(at) });
  return pieces;
}
