import { labels } from '../labels/labels.js';
import { messageOf } from '../ui/core-words.js';
import * as format from '../ui/format.js';
import { createLatest } from '../ui/latest.js';

/**
 * Work on a lake that is begun by a button, says how far it is, and can be cancelled.
 * @param {HTMLElement} place with a status, a place for what was found, and buttons that begin and cancel
 */
export function createLakeJob(place) {
  const [begin, cancel] = ['begin', 'cancel'].map(
    (act) => /** @type {HTMLButtonElement} */ (place.querySelector(`[data-act="${act}"]`)),
  );
  const status = /** @type {HTMLElement} */ (place.querySelector('[role="status"]'));
  const found = /** @type {HTMLElement} */ (place.querySelector('.found'));
  const latest = createLatest();

  /** @param {boolean} is */
  function busy(is) {
    const hadFocus = [begin, cancel].some((button) => button === document.activeElement);
    begin.hidden = is;
    cancel.hidden = !is;
    if (hadFocus) (is ? cancel : begin).focus();
  }

  /** @param {string} words @param {(Node | string)[]} nodes */
  function say(words, ...nodes) {
    status.textContent = words;
    found.replaceChildren(...nodes);
  }

  cancel.addEventListener('click', () => {
    latest.cancel();
    busy(false);
    say(labels.lake.cancelled);
  });

  return {
    say,

    clear() {
      latest.cancel();
      busy(false);
      say('');
    },

    /**
     * @template Result
     * @param {(options: { signal: AbortSignal, onProgress: (bytes: number) => void }) => Promise<Result>} work
     * @param {(result: Result) => [words: string, ...nodes: Node[]]} show
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
          say(labels.lake.failed(messageOf(error)));
        },
      );
    },
  };
}
