// Calls over a channel, in both directions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError, RemoteError, asFailure } from '../../../www/shared/errors.js';
import { connect, transferring } from '../../../www/shared/rpc.js';

/**
 * @template Request, Reply, [Progress=undefined]
 * @typedef {import('../../../www/shared/protocol.js').Method<Request, Reply, Progress>} Method
 */

/**
 * @typedef {object} Worker
 * @property {Method<number, number, string>} double
 * @property {Method<void, never>} fail
 * @property {Method<string, string>} wait until it is aborted
 * @property {Method<void, string>} state of `wait`
 * @property {Method<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>} back
 * @property {Method<{ start: number, end: number }, string>} readByPage
 * @typedef {{ read: Method<{ start: number, end: number }, string> }} Page
 */

/** Both ends of a channel. @param {import('node:test').TestContext} t */
function open(t) {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  let state = 'idle';
  /** @type {import('../../../www/shared/rpc.js').Rpc<Worker>} */
  const worker = connect(
    port1,
    /** @type {import('../../../www/shared/rpc.js').Handlers<Page>} */ ({
      read: ({ start, end }) => 'abcdef'.slice(start, end),
    }),
  );
  /** @type {import('../../../www/shared/rpc.js').Handlers<Worker>} */
  const service = {
    double(number, { progress }) {
      progress('half way');
      return 2 * number;
    },
    fail() {
      throw new InputError('a.json', Object.assign(new Error('it is cut'), { code: 'unterminated' }));
    },
    wait: (name, { signal }) =>
      new Promise((resolve) => {
        state = 'waiting';
        signal.addEventListener('abort', () => {
          state = `${name} aborted`;
          resolve('too late');
        });
      }),
    state: () => state,
    back: (bytes) => transferring(bytes, [bytes.buffer]),
    readByPage: (range) => page.call('read', range),
  };
  /** @type {import('../../../www/shared/rpc.js').Rpc<Page>} */
  const page = connect(port2, service);
  return worker;
}

test('a call has its reply, and what is reported before it', async (t) => {
  const worker = open(t);
  /** @type {string[]} */
  const reported = [];
  const onProgress = (/** @type {string} */ words) => reported.push(words);
  assert.deepEqual(await Promise.all([worker.call('double', 1, { onProgress }), worker.call('double', 4)]), [2, 8]);
  assert.deepEqual(reported, ['half way']);
});

test('the side that is called can call back', async (t) => {
  assert.equal(await open(t).call('readByPage', { start: 2, end: 4 }), 'cd');
});

test('an error comes over with its code and its file', async (t) => {
  const error = await open(t)
    .call('fail', undefined)
    .catch((error) => error);
  assert.ok(error instanceof RemoteError);
  assert.deepEqual(asFailure(error), { code: 'unterminated', message: 'it is cut', file: 'a.json' });
});

test('a method that is not there fails', async (t) => {
  const worker = /** @type {import('../../../www/shared/rpc.js').Rpc<Record<string, Method<unknown, unknown>>>} */ (
    /** @type {unknown} */ (open(t))
  );
  await assert.rejects(worker.call('nothing', 1), /no method nothing/);
});

test('an aborted call is rejected at once, and the other side learns of it', async (t) => {
  const worker = open(t);
  const abort = new AbortController();
  const waiting = worker.call('wait', 'first', { signal: abort.signal });
  assert.equal(await worker.call('state', undefined), 'waiting');
  abort.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
  assert.equal(await worker.call('state', undefined), 'first aborted');
  await assert.rejects(worker.call('double', 1, { signal: abort.signal }), /enough/, 'nor is it called afterwards');
});

test('memory moves with a request and with a reply', async (t) => {
  const bytes = new Uint8Array([1, 2, 3]);
  const back = await open(t).call('back', bytes, { transfer: [bytes.buffer] });
  assert.equal(bytes.length, 0);
  assert.deepEqual([...back], [1, 2, 3]);
});

test('what is closed rejects the calls that wait and those to come', async (t) => {
  const worker = open(t);
  const waiting = worker.call('wait', 'it', {});
  worker.close(new Error('the worker ended'));
  await assert.rejects(waiting, /the worker ended/);
  await assert.rejects(worker.call('double', 1), /the worker ended/);
});

test('what cannot be sent rejects its call', async (t) => {
  const worker = /** @type {import('../../../www/shared/rpc.js').Rpc<Record<string, Method<unknown, unknown>>>} */ (
    /** @type {unknown} */ (open(t))
  );
  await assert.rejects(
    worker.call('double', () => 1),
    { name: 'DataCloneError' },
  );
});
