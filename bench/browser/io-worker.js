import { openBytes } from '../../www/read.js';

/** @param {MessageEvent<{ blob: Blob, port: MessagePort }>} message */
self.onmessage = async ({ data: { blob, port } }) => {
  try {
    const stream = openBytes(blob);
    let bytes = 0;
    for (let part = await stream.next(); part; part = await stream.next()) bytes += part.length;
    port.postMessage({ bytes });
  } catch (error) {
    port.postMessage({ error: String(error) });
  }
};
