import { failureWords } from '../ui/core-words.js';
import { labels } from '../labels/labels.js';
import { find } from '../ui/dom.js';
import { inputOf, settingsOf } from '../run-state.js';
import { summary, withdrawalWords } from './report-view.js';

/** @typedef {import('../run-state.js').State} State */

/**
 * The section of the run: its status in words, and what can be done. `<html data-state>` has the name of the
 * state, and `data-identity` how people are named, by which the style sheets show and hide parts of the page.
 * @param {import('../run-state.js').RunState} runState
 */
export function createRunSection(runState) {
  const root = document.documentElement;
  const again = find('#again');

  runState.watch(words, (text) => {
    if (text !== undefined) find('#status').textContent = text;
  });
  runState.watch(
    (state) => state.name === 'failed' && state.failure.file !== undefined,
    (can) => {
      find('#without').hidden = !can;
    },
  );
  runState.watch(
    (state) => state.name !== 'running' && inputOf(state) === undefined,
    (cannot) => {
      again.hidden = cannot;
    },
  );
  runState.watch(
    (state) => (state.name === 'done' ? state.rerun : undefined),
    (rerun) => {
      root.toggleAttribute('data-following', rerun !== undefined);
      root.toggleAttribute('data-counted', rerun === 'counted');
    },
  );
  runState.watch(
    (state) => settingsOf(state)?.options.identity,
    (identity) => {
      root.dataset.identity = identity ?? '';
    },
  );
  // The last of all: what the state shows is there by then.
  runState.watch(
    ({ name }) => name,
    (name) => {
      const focused = document.activeElement;
      root.dataset.state = name === 'opened' ? 'done' : name;
      // What had the focus may be gone in the new state; the keyboard goes on at the run's own controls.
      if (focused instanceof HTMLElement && focused !== document.body && !focused.checkVisibility())
        (name === 'running' ? find('#cancel') : again).focus({ preventScroll: true });
    },
  );
}

/** The status in words; while a run is under way its progress is shown there. @param {State} state */
function words(state) {
  switch (state.name) {
    case 'done':
      return summary(state.results.report, state.milliseconds);
    case 'opened': {
      const { report } = state.results;
      return labels.run.opened(summary(report), withdrawalWords(report));
    }
    case 'failed': {
      const { file } = state.failure;
      const message = failureWords(state.failure);
      // Part of that file's rows were in already, so nothing of the run can be used.
      return file ? labels.run.failed(file, message.replace(/\.?$/, '.')) : message;
    }
    case 'cancelled':
      return labels.run.cancelled;
  }
}
