import { messageOf } from '../../shared/errors.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { IN_PAGE as SENDING, IN_WORKER, tryAll } from '../../shared/egress-attempts.js';
import { NAVIGATIONS } from './navigation-attempts.js';
import { REALMS } from './realm-attempts.js';
import { DIRECTIVES, REFUSED_BY } from '../ui/text.js';
import { startWorker } from '../workers/start-worker.js';

/**
 * @typedef {import('../../shared/protocol.js').Outcome} Outcome
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
    verdict.textContent = 'Trying …';
    try {
      verdict.textContent = conclusion(await attemptAll(target.value.trim() || NOWHERE));
    } catch (error) {
      verdict.textContent = `The self-test could not be run: ${messageOf(error)}`;
    }
    running = false;
    button.removeAttribute('aria-disabled');
  });
}

/** The policy word for word, a line for each directive with what it means. */
function showPolicy() {
  const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content') ?? '';
  find('#policy').replaceChildren(
    ...policy
      .split('; ')
      .flatMap((directive) => [
        h('dt', {}, h('code', {}, directive)),
        h('dd', {}, DIRECTIVES[directive.split(' ')[0]] ?? ''),
      ]),
  );
}

/** @param {string} host */
async function attemptAll(host) {
  if (!/^[\w.-]+:\d{1,5}$/.test(host)) throw new Error('enter an address and a port, such as 127.0.0.1:9.');
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
  /** @type {Outcome[]} */
  const outcomes = [];
  const take = (/** @type {Place} */ place) => (/** @type {Outcome} */ outcome) => {
    outcomes.push(outcome);
    const cell = cells.get(outcome.way)?.[place];
    if (!cell) return;
    cell.dataset.by = outcome.by;
    cell.replaceChildren(REFUSED_BY[outcome.by], ...(outcome.detail ? [' ', h('code', {}, outcome.detail)] : []));
  };
  await Promise.all([tryAll(IN_PAGE, host, take('page')), attemptInWorker(host, take('worker'))]);
  return outcomes;
}

/**
 * In a worker of the same kind as those that read the data.
 * @param {string} host
 * @param {(outcome: Outcome) => void} onOutcome
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

/** @param {Outcome[]} outcomes */
function conclusion(outcomes) {
  const number = (/** @type {import('../../shared/protocol.js').RefusedBy} */ by) =>
    outcomes.filter((outcome) => outcome.by === by).length;
  const leaks = number('nobody');
  if (leaks > 0)
    return (
      `${format.counted(leaks, 'attempt')} of ${format.count(outcomes.length)} not refused: do not use this ` +
      `page with personal data in this browser.`
    );
  const [untried, unsaid] = [number('untried'), number('unsaid')];
  const refused = [
    [number('policy'), 'by the policy'],
    [number('script'), 'by the page’s first script'],
    [number('browser'), 'by a rule for every page'],
    [number('absent'), 'because the browser does not have the means there'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, by]) => `${format.count(Number(count))} ${by}`);
  return (
    `${format.counted(outcomes.length - untried, 'attempt')}, ${unsaid > 0 ? 'none got through' : 'all refused'}: ` +
    `${refused.join(', ')}.` +
    (unsaid > 0
      ? ` ${format.count(unsaid)} failed and the browser gives no reason: listen on the address to be sure.`
      : '') +
    (untried > 0
      ? ` Not tried: ${format.counted(untried, 'way')} to go to another address, which this browser cannot refuse.`
      : '')
  );
}
