import { IN_WORKER, tryAll } from '../shared/egress-attempts.js';
import { connect } from '../shared/rpc.js';
import { ownEndpoint } from './serve-page.js';

/** @type {import('../shared/rpc.js').Handlers<import('../shared/protocol.js').SelfTestService>} */
const service = { attempt: (host, { progress }) => tryAll(IN_WORKER, host, progress) };

connect(ownEndpoint(), service);
