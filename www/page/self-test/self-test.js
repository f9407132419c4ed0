import { blobWorker } from '../workers/blob-worker.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { IN_PAGE as SENDING, IN_WORKER, tryAll } from '../../shared/egress-attempts.js';
import { NAVIGATIONS } from './navigation-attempts.js';
import { REALMS } from './realm-attempts.js';
import { DIRECTIVES, REFUSED_BY } from '../ui/text.js';

/**
 * @typedef {import('../../shared/egress-attempts.js').Outcome} Outcome
 * @typedef {'page' | 'worker'} Place
 */

const IN_PAGE = [...SENDING, ...REALMS, ...NAVIGATIONS];

/** Nobody listens there, and a packet to it does not leave the machine. */
const NOWHERE = '127.0.0.1:9';

/** What the page's policy says, and whether it holds. */
export function createPrivacy() {
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
      verdict.textContent = `The self-test could not be run: ${error instanceof Error ? error.message : error}`;
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
  if (!/^[\w.-]+:\d{1,5}$/.test(host)) throw new Error('an address and a port are wanted, such as 127.0.0.1:9.');
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
  await Promise.all([tryAll(IN_PAGE, host, take('page')), inWorker(host, take('worker'))]);
  return outcomes;
}

/** The same kind of worker as the one that reads the data. @param {string} host @param {(outcome: Outcome) => void} onOutcome */
async function inWorker(host, onOutcome) {
  const url = URL.createObjectURL(
    new Blob([find('#self-test-worker-source').textContent ?? ''], { type: 'text/javascript' }),
  );
  const worker = blobWorker(url);
  try {
    await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data ? onOutcome(data) : resolve(undefined));
      worker.onerror = ({ message }) => reject(new Error(message || 'the worker did not start'));
      worker.postMessage(host);
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
}

/** @param {Outcome[]} outcomes */
function conclusion(outcomes) {
  const number = (/** @type {import('../../shared/egress-attempts.js').By} */ by) =>
    outcomes.filter((outcome) => outcome.by === by).length;
  const leaks = number('nobody');
  if (leaks > 0)
    return `${format.counted(leaks, 'attempt')} of ${format.count(outcomes.length)} not refused: do not use this page with personal data in this browser.`;
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
    `${format.counted(outcomes.length - untried, 'attempt')}, ${unsaid > 0 ? 'none got through' : 'all refused'}: ${refused.join(', ')}.` +
    (unsaid > 0
      ? ` ${format.count(unsaid)} failed and the browser gives no reason: listen on the address to be sure.`
      : '') +
    (untried > 0
      ? ` Not tried: ${format.counted(untried, 'way')} to go to another address, which this browser cannot refuse.`
      : '')
  );
}
