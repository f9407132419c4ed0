/** @typedef {import('./file-drop.js').Chosen} Chosen */

/**
 * What was chosen, but for an input that could not be read, which the report then names.
 * @param {Chosen} chosen
 * @param {string | undefined} failed its name, or that of an entry of it
 * @returns {Chosen}
 */
export function withoutInput({ inputs, refusals }, failed) {
  // An entry of an archive failed: its archive is what can be left out.
  const bad = inputs.find(({ name }) => failed === name || failed?.startsWith(`${name}/`));
  if (!bad) return { inputs, refusals };
  const refusal = {
    name: bad.name,
    bytes: bad.file.size,
    reason: 'left_out',
    message: 'Left out by you, after it could not be read to its end.',
  };
  return { inputs: inputs.filter((input) => input !== bad), refusals: [...refusals, refusal] };
}
