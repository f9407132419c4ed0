import { openBytes } from '../../www/read.js';

/** @param {MessageEvent<Blob>} message */
self.onmessage = async ({ data: range }) => {
  const bytes = openBytes(range);
  let total = 0;
  for (let part = await bytes.next(); part; part = await bytes.next()) total += part.length;
  self.postMessage(total);
};
