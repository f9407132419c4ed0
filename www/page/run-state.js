/**
 * The state of the page: a machine of named states, each with what belongs to it. Views watch the part that they show.
 *
 * @typedef {import('./input/file-drop.js').Chosen} Chosen
 * @typedef {import('./input/pseudonym-key.js').Key} Key
 * @typedef {import('./input/run-settings.js').RunSettings} RunSettings
 * @typedef {import('../shared/core.js').Report} Report
 * @typedef {import('../shared/protocol.js').RunResult} RunResult
 * @typedef {import('../shared/protocol.js').Failure} Failure
 */

/**
 * What a run reads, with the random key that belongs to it: its runs give the same pseudonyms; and the lake that it
 * goes on from. `labels` says of a sample what is to be found in it.
 * @typedef {Chosen & { random: Key, from?: import('../shared/protocol.js').FromLake, labels?: File }} RunInput
 */

/**
 * What a run has made; a lake from this browser has no inputs. `from` is the lake that the run went on from.
 * @typedef {{ result: RunResult, report: Report, inputs: import('../shared/protocol.js').Input[],
 *   from?: import('../shared/protocol.js').FoundLake }} Results
 */

/**
 * @typedef {object} Idle nothing has been run
 * @property {'idle'} name
 *
 * @typedef {object} Running
 * @property {'running'} name
 * @property {RunSettings} settings those of its start; what is changed from there on is for the next run
 * @property {RunInput} [input] that of the run before until its own is gathered
 *
 * @typedef {object} Done the results of files, which can be run again
 * @property {'done'} name
 * @property {RunSettings} settings
 * @property {RunInput} input
 * @property {Key} key
 * @property {Results} results
 * @property {number} milliseconds that it took
 * @property {string} [replaced] report.json of earlier results of the same inputs, whose place these took
 * @property {'running' | 'counted'} [rerun] under the form's options: under way, or its rows are shown already
 * @property {ReadonlySet<string>} saved of the results: a table, `export`, or `lake:` with a name
 *
 * @typedef {object} Opened the results of a lake that was saved in this browser; there are no files to run again
 * @property {'opened'} name
 * @property {RunSettings} settings
 * @property {Results} results
 * @property {ReadonlySet<string>} saved
 *
 * @typedef {object} Failed
 * @property {'failed'} name
 * @property {RunInput} [input]
 * @property {Failure} failure
 * @property {Results} [unusable] what its inputs are, if that is why it failed
 *
 * @typedef {object} Cancelled
 * @property {'cancelled'} name
 * @property {RunInput} [input]
 *
 * @typedef {Idle | Running | Done | Opened | Failed | Cancelled} State
 */

/** From each state the next ones. @type {Record<State['name'], State['name'][]>} */
const NEXT = {
  idle: ['running', 'opened'],
  running: ['running', 'done', 'failed', 'cancelled'],
  done: ['done', 'running', 'opened', 'failed'],
  opened: ['opened', 'running'],
  failed: ['running', 'opened'],
  cancelled: ['running', 'opened'],
};

export function createRunState() {
  /** @type {State} */
  let state = { name: 'idle' };
  /** @type {((before: State) => void)[]} */
  const views = [];

  return {
    get: () => state,

    /** Views hear of it in the order in which they began to watch. @param {State} next */
    set(next) {
      if (!NEXT[state.name].includes(next.name))
        throw new Error(`The page cannot go from ${state.name} to ${next.name}.`);
      const before = state;
      state = next;
      for (const view of views) view(before);
    },

    /**
     * @template Part
     * @param {(state: State) => Part} select
     * @param {(part: Part) => void} show called when the part is another one
     */
    watch(select, show) {
      views.push((before) => {
        const part = select(state);
        if (part !== select(before)) show(part);
      });
    },
  };
}

/** @typedef {ReturnType<typeof createRunState>} RunState */

/** The results on the page. @param {State} state @returns {Results | undefined} */
export const resultsOf = (state) => ('results' in state ? state.results : undefined);

/** What "Run again" reads. @param {State} state @returns {RunInput | undefined} */
export const inputOf = (state) => ('input' in state ? state.input : undefined);

/**
 * What all that the page shows was made with, of a run under way too.
 * @param {State} state
 * @returns {RunSettings | undefined}
 */
export const settingsOf = (state) => ('settings' in state ? state.settings : undefined);

/**
 * Notes that results were saved, or are so no more.
 * @param {RunState} runState
 * @param {string} what
 * @param {boolean} is
 */
export function setSaved(runState, what, is) {
  const state = runState.get();
  if (!('saved' in state)) return;
  const saved = new Set(state.saved);
  if (is) saved.add(what);
  else saved.delete(what);
  runState.set({ ...state, saved });
}
