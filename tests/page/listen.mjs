// Where nothing must arrive: a port of loopback on TCP and UDP.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether it is so within half a minute: what is on its way may arrive late. @param {() => boolean} is */
export async function soon(is) {
  for (let tries = 0; tries < 300 && !is(); tries += 1) await sleep(100);
  return is();
}

/**
 * Listens on one port of loopback, on TCP and UDP, and keeps what it saw.
 * @param {import('node:test').TestContext} t
 */
export async function listen(t) {
  /** @type {string[]} */
  const seen = [];
  const tcp = createServer((socket) => {
    seen.push('TCP connection');
    socket.on('data', (data) => seen.push(`TCP ${String(data).split('\r\n')[0]}`));
    socket.on('error', () => undefined);
    // A page that goes to this address stays where it is.
    socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
  });
  await new Promise((resolve) => tcp.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (tcp.address());
  const udp = createSocket('udp4');
  udp.on('message', (message) => seen.push(`UDP ${message.length} bytes`));
  await new Promise((resolve) => udp.bind(port, '127.0.0.1', () => resolve(undefined)));
  t.after(() => {
    tcp.close();
    udp.close();
  });
  return { seen, host: `127.0.0.1:${port}` };
}
