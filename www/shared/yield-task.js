/**
 * Lets what waits come first, which a promise alone does not. Timers would wait longer each time.
 * @returns {Promise<void>}
 */
export const yieldTask = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
