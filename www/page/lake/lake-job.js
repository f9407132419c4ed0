import { labels } from '../labels/labels.js';
import { messageOf } from '../ui/core-words.js';
import { h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createLatest } from '../ui/latest.js';
import { say as sayIn } from '../ui/say.js';

/** @typedef {import('../ui/say.js').Said} Said */

/**
 * Work on a lake that is begun by a button, says how far it is, and can be cancelled.
 * @param {HTMLElement} place with the button; gets one that cancels, a status, and a place for what was found
 */
export function createLakeJob(place) {
  const begin = /** @type {HTMLButtonElement} */ (place.querySelector('[data-act="begin"]'));
  const cancel = h('button', { type: 'button', 'data-act': 'cancel', hidden: true }, labels.lake.cancel);
  const status = h('p', { role: 'status' });
  const outOfDate = h('p', { role: 'status' });
  const found = h('div', { class: 'found' });
  begin.after(cancel);
  place.append(status, outOfDate, found);
  const latest = createLatest();

  /** @param {boolean} is */
  function busy(is) {
    const hadFocus = [begin, cancel].some((button) => button === document.activeElement);
    begin.hidden = is;
    cancel.hidden = !is;
    if (hadFocus) (is ? cancel : begin).focus();
  }

  /** @param {Said} said @param {(Node | string)[]} nodes */
  function say(said, ...nodes) {
    outdate('');
    sayIn(status, said);
    found.replaceChildren(...nodes);
  }

  /** Puts what is said out of sight while it is of another input, and says why; without words it is seen. */
  function outdate(/** @type {string} */ why) {
    sayIn(outOfDate, { words: why, kind: 'warning' });
    for (const part of [status, found]) part.hidden = why !== '';
  }

  cancel.addEventListener('click', () => {
    latest.cancel();
    busy(false);
    say(labels.lake.cancelled);
  });

  return {
    say,
    outdate,

    clear() {
      latest.cancel();
      busy(false);
      say('');
    },

    /**
     * @template Result
     * @param {(options: { signal: AbortSignal, onProgress: (bytes: number) => void }) => Promise<Result>} work
     * @param {(result: Result) => [said: Said, ...nodes: Node[]]} show
     */
    run(work, show) {
      busy(true);
      say(labels.lake.reading(format.bytes(0)));
      return latest.run(
        (signal) =>
          work({
            signal,
            onProgress(bytes) {
              if (!signal.aborted) status.textContent = labels.lake.reading(format.bytes(bytes));
            },
          }),
        (result) => {
          busy(false);
          say(...show(result));
        },
        (error) => {
          busy(false);
          say({ words: labels.lake.failed(messageOf(error)), kind: 'failed' });
        },
      );
    },
  };
}
