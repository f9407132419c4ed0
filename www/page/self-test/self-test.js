import { labels } from '../labels/labels.js';
import { messageOf } from '../ui/core-words.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { IN_PAGE as SENDING, IN_WORKER, tryAll } from '../../shared/egress-attempts.js';
import { NAVIGATIONS } from './navigation-attempts.js';
import { REALMS } from './realm-attempts.js';
import { startWorker } from '../workers/start-worker.js';

/**
 * @typedef {import('../../shared/protocol.js').Attempted} Attempted
 * @typedef {import('../../shared/protocol.js').SelfTestService} SelfTestService
 * @typedef {'page' | 'worker'} Place
 */

const IN_PAGE = [...SENDING, ...REALMS, ...NAVIGATIONS];

/** Nobody listens there, and a packet to it does not leave the machine. */
const NOWHERE = '127.0.0.1:9';

/** Shows the page's policy, and tests it. */
export function createSelfTest() {
  showPolicy();
  const form = find('#self-test', HTMLFormElement);
  const target = find('#self-test-target', HTMLInputElement);
  const button = find('#self-test button', HTMLButtonElement);
  const verdict = find('#self-test-verdict');
  target.value = NOWHERE;
  let running = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (running) return;
    running = true;
    button.setAttribute('aria-disabled', 'true');
    verdict.textContent = labels.selfTest.trying;
    try {
      verdict.textContent = conclusion(await attemptAll(target.value.trim() || NOWHERE));
    } catch (error) {
      verdict.textContent = labels.selfTest.failed(messageOf(error));
    }
    running = false;
    button.removeAttribute('aria-disabled');
  });
}

/** The policy word for word, a line for each directive with what it means. */
function showPolicy() {
  /** @type {Record<string, string>} */
  const directives = labels.directives;
  const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content') ?? '';
  find('#policy').replaceChildren(
    ...policy
      .split('; ')
      .flatMap((directive) => [
        h('dt', {}, h('code', {}, directive)),
        h('dd', {}, directives[directive.split(' ')[0]] ?? ''),
      ]),
  );
}

/** @param {string} host */
async function attemptAll(host) {
  if (!/^[\w.-]+:\d{1,5}$/.test(host)) throw new Error(labels.selfTest.noAddress);
  const ways = [...new Set([...IN_PAGE, ...IN_WORKER].map(({ way }) => way))];
  const cells = new Map(ways.map((way) => [way, { page: h('td', {}, '–'), worker: h('td', {}, '–') }]));
  find('#self-test-results tbody').replaceChildren(
    ...ways.map((way) =>
      h(
        'tr',
        { 'data-way': way },
        h('th', { scope: 'row' }, way),
        cells.get(way)?.page ?? '',
        cells.get(way)?.worker ?? '',
      ),
    ),
  );
  find('#self-test-results').hidden = false;
  /** @type {Attempted[]} */
  const outcomes = [];
  const take = (/** @type {Place} */ place) => (/** @type {Attempted} */ outcome) => {
    outcomes.push(outcome);
    const cell = cells.get(outcome.way)?.[place];
    if (!cell) return;
    cell.dataset.by = outcome.by;
    cell.replaceChildren(labels.refusedBy[outcome.by], ...(outcome.detail ? [' ', h('code', {}, outcome.detail)] : []));
  };
  await Promise.all([tryAll(IN_PAGE, host, take('page')), attemptInWorker(host, take('worker'))]);
  return outcomes;
}

/**
 * In a worker of the same kind as those that read the data.
 * @param {string} host
 * @param {(outcome: Attempted) => void} onOutcome
 */
async function attemptInWorker(host, onOutcome) {
  /** @type {import('../workers/start-worker.js').Started<SelfTestService>} */
  const worker = startWorker('#self-test-worker-source');
  try {
    await worker.call('attempt', host, { onProgress: onOutcome });
  } finally {
    worker.end(new Error('The self-test is done.'));
  }
}

/** @param {Attempted[]} outcomes */
function conclusion(outcomes) {
  const number = (/** @type {import('../../shared/protocol.js').RefusedBy} */ by) =>
    outcomes.filter((outcome) => outcome.by === by).length;
  const leaks = number('nobody');
  if (leaks > 0)
    return labels.selfTest.leaks(format.counted(leaks, labels.nouns.attempt), format.count(outcomes.length));
  const [untried, unsaid] = [number('untried'), number('unsaid')];
  const refused = [
    [number('policy'), labels.selfTest.byPolicy],
    [number('script'), labels.selfTest.byScript],
    [number('browser'), labels.selfTest.byBrowser],
    [number('absent'), labels.selfTest.byAbsence],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, by]) => `${format.count(Number(count))} ${by}`);
  return (
    `${format.counted(outcomes.length - untried, labels.nouns.attempt)}, ` +
    `${unsaid > 0 ? labels.selfTest.noneThrough : labels.selfTest.allRefused}: ` +
    `${refused.join(', ')}.` +
    (unsaid > 0 ? labels.selfTest.unsaid(format.count(unsaid)) : '') +
    (untried > 0 ? labels.selfTest.untried(format.counted(untried, labels.nouns.way)) : '')
  );
}
