import { find } from '../ui/dom.js';
import { TABLES } from '../../shared/tables.js';

/**
 * Results count as saved when one export (a zip or a folder, for research or the whole lake) was handed over, when
 * they are saved in this browser, or when each of the five tables was saved by itself. A single table, the report
 * or the key alone can be got again only by another run, so they do not count.
 */
const EACH = TABLES.filter(({ saved }) => saved).map(({ name }) => name);

/** Whether there are results that would be lost. @param {import('../run-state.js').State} state */
function atRisk(state) {
  if (!('saved' in state)) return false;
  const { saved } = state;
  const whole = [...saved].some((what) => what === 'export' || what.startsWith('lake:'));
  return !whole && !EACH.every((table) => saved.has(table));
}

/**
 * Asks before results that were not saved are lost: when the page is left, and when new files replace them.
 * @param {import('../run-state.js').RunState} runState
 */
export function createUnsaved(runState) {
  const dialog = find('#replace', HTMLDialogElement);
  /** Answers the question that is open. @type {(replace: boolean) => void} */
  let answer = () => undefined;

  /** @param {BeforeUnloadEvent} event */
  function ask(event) {
    event.preventDefault();
  }

  // Only while it is needed: a page that listens may not be cached for the way back.
  runState.watch(atRisk, (is) => {
    if (is) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  });

  find('#replace-no').addEventListener('click', () => dialog.close());
  find('#replace-yes').addEventListener('click', () => {
    answer(true);
    dialog.close();
  });
  // By Escape too; an answer that was given stays.
  dialog.addEventListener('close', () => answer(false));

  return {
    /** Whether other results may take the place of these: asks if these were not saved. @returns {Promise<boolean>} */
    async mayReplace() {
      if (!atRisk(runState.get())) return true;
      // What was asked before is over: the last choice is the one that counts.
      answer(false);
      return new Promise((resolve) => {
        answer = resolve;
        if (!dialog.open) dialog.showModal();
      });
    },
  };
}
