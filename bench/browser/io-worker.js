/** @param {MessageEvent<Blob>} message */
self.onmessage = async ({ data: range }) => {
  const reader = range.stream().getReader();
  let total = 0;
  for (let part = await reader.read(); part.value; part = await reader.read()) total += part.value.length;
  self.postMessage(total);
};
