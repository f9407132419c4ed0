import { find } from '../ui/dom.js';
import { TABLES } from '../../shared/tables.js';

/**
 * Results count as saved when one export (a zip or a folder, for research or the whole lake) was handed over, when
 * they are kept in this browser, or when each of the five tables was saved by itself. A single table, the report
 * or the key alone can be got again only by another run, so they do not count.
 */
const EACH = TABLES.filter(({ saved }) => saved).map(({ name }) => name);

/** Asks before results that were not saved are lost: when the page is left, and when new files replace them. */
export function createUnsaved() {
  const dialog = find('#replace', HTMLDialogElement);
  /** What was saved of the results on the page; undefined when there are none. @type {Set<string> | undefined} */
  let saved;
  /** Answers the question that is open. @type {(replace: boolean) => void} */
  let answer = () => undefined;

  function atRisk() {
    if (saved === undefined || saved.has('export')) return false;
    return ![...saved].some((what) => what.startsWith('kept:')) && !EACH.every((table) => saved?.has(table));
  }

  /** @param {BeforeUnloadEvent} event */
  function ask(event) {
    event.preventDefault();
  }

  // Only while it is needed: a page that listens may not be kept for the way back.
  function listen() {
    if (atRisk()) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  }

  find('#replace-no').addEventListener('click', () => dialog.close());
  find('#replace-yes').addEventListener('click', () => {
    answer(true);
    dialog.close();
  });
  // By Escape too; an answer that was given stays.
  dialog.addEventListener('close', () => answer(false));

  return {
    /** New results are on the page. @param {string} [what] as which they are saved already */
    begin(what) {
      saved = new Set(what === undefined ? [] : [what]);
      listen();
    },
    /** @param {string} what a table, `export` or `kept:` with a name */
    add(what) {
      saved?.add(what);
      listen();
    },
    /** @param {string} what */
    remove(what) {
      saved?.delete(what);
      listen();
    },
    /** There are no results any more. */
    end() {
      saved = undefined;
      listen();
    },
    /** Whether other results may take the place of these: asks if these were not saved. @returns {Promise<boolean>} */
    async mayReplace() {
      if (!atRisk()) return true;
      // What was asked before is over: the last choice is the one that counts.
      answer(false);
      return new Promise((resolve) => {
        answer = resolve;
        if (!dialog.open) dialog.showModal();
      });
    },
  };
}
