import { openBytes } from '../../www/worker/io/read-file.js';
import { answer } from './answer.js';

/** How many bytes are read of a blob. */
answer(async (/** @type {Blob} */ blob) => {
  const bytes = openBytes(blob);
  let total = 0;
  for (let part = await bytes.next(); part; part = await bytes.next()) total += part.length;
  return total;
});
