import { find } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { inputOf, resultsOf } from '../run-state.js';
import { labels } from '../labels/labels.js';

/** @typedef {import('../run-state.js').State} State */
/** @typedef {keyof typeof labels.states} Standing */

/** What the bar says: what was dropped, how the run stands, and what can be done about it. */
export function createBar() {
  const badge = find('#state');
  const dropped = find('#dropped');
  const download = find('#package');
  const again = find('#stale-again');

  return {
    /**
     * @param {State} state
     * @param {boolean} outOfDate whether the form has other settings than the results
     * @param {boolean} canRun whether the results can be made again under them
     */
    show(state, outOfDate, canRun) {
      const standing = standingOf(state, outOfDate);
      badge.textContent = labels.states[standing];
      badge.dataset.standing = standing;
      dropped.textContent = droppedWords(state);
      dropped.title = dropped.textContent;
      again.hidden = !(outOfDate && canRun);
      download.hidden = resultsOf(state) === undefined || !again.hidden;
    },
  };
}

/** How the run stands, in one word. @param {State} state @param {boolean} outOfDate @returns {Standing} */
export function standingOf(state, outOfDate) {
  const results = resultsOf(state);
  if (state.name === 'failed' || !results) return state.name;
  if (outOfDate) return 'outdated';
  if (results.report.incomplete?.length) return 'incomplete';
  if (results.report.warnings.length > 0) return 'warned';
  return state.name === 'opened' ? 'opened' : 'done';
}

/** Names the folder or file, if there is one for all. @param {State} state */
function droppedWords(state) {
  const input = inputOf(state);
  if (!input) return '';
  const { inputs } = input;
  if (inputs.length === 0) return '';
  const bytes = format.bytes(inputs.reduce((sum, { file }) => sum + file.size, 0));
  if (inputs.length === 1) return `${inputs[0].name}, ${bytes}`;
  const [folder] = inputs[0].name.split('/', 1);
  const shared = inputs.every(({ name }) => name.startsWith(`${folder}/`));
  return `${shared ? `${folder}/, ` : ''}${format.counted(inputs.length, labels.nouns.file)}, ${bytes}`;
}
