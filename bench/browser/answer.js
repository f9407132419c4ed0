/**
 * Answers each message of a worker on the port that came with it.
 * @template Message
 * @param {(message: Message) => any} work
 */
export function answer(work) {
  self.onmessage = async ({ data, ports: [port] }) => {
    try {
      port.postMessage(await work(data));
    } catch (error) {
      port.postMessage({ error: String(error) });
    }
  };
}
