import { IN_WORKER, tryAll } from '../shared/egress-attempts.js';

/** @param {MessageEvent<string>} message an address and a port */
self.onmessage = async ({ data: host }) => {
  await tryAll(IN_WORKER, host, (outcome) => self.postMessage(outcome));
  self.postMessage(undefined);
};
