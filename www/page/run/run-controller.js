import { labels } from '../labels/labels.js';
import { LIMITS } from '../../shared/core.js';
import { asFailure } from '../../shared/errors.js';
import { chosenKeyFile, keyProblem, randomKey, readKey, dropLakeKey, useKeyFile } from '../input/pseudonym-key.js';
import { readOptions, timesProblem } from '../input/options-form.js';
import { differences, needsRun, putSettings, settingsOfReport, withOwnLists } from '../input/run-settings.js';
import { isListBeingRead, listProblem, whenListIsRead } from '../input/withdrawals-file.js';
import { withoutInput } from '../input/without-input.js';
import { inputOf, settingsOf } from '../run-state.js';
import { find } from '../ui/dom.js';
import { createLatest } from '../ui/latest.js';
import { rerun, run } from '../workers/run-workers.js';

/**
 * @typedef {import('../run-state.js').RunInput} RunInput
 * @typedef {import('../run-state.js').Done} Done
 * @typedef {import('../run-state.js').Results} Results
 * @typedef {import('../../shared/protocol.js').RunEvent} RunEvent
 * @typedef {(signal: AbortSignal) => Promise<import('../input/file-drop.js').Chosen & { labels?: File }>} Gather
 */

/** WebKitGTK gives a page no dropped file, since CVE-2025-13947 was mended: WebKit's bug 323277. */
const NO_FILES = labels.run.noFiles;

/**
 * Runs files, runs them again, reruns the last run under stricter options, and opens saved lakes.
 * @param {object} page
 * @param {import('../run-state.js').RunState} page.runState
 * @param {HTMLFormElement} page.form
 * @param {ReturnType<typeof import('../ui/event-throttle.js').createEventThrottle<RunEvent>>} page.throttle of what a
 *   run reports
 * @param {(event: RunEvent, join: import('../../shared/protocol.js').Options['join']) => void} page.showEvent of a
 *   rerun
 * @param {ReturnType<typeof import('../export/run-documentation.js').createDocumentation>} page.documentation
 * @param {() => Promise<boolean>} page.mayReplace whether other results may take the place of these
 */
export function createRunController({ runState, form, throttle, showEvent, documentation, mayReplace }) {
  const notice = find('#notice');
  /** Aborts the run under way, and the rerun that it waits for. */
  let [abort, rerunAbort] = [new AbortController(), new AbortController()];
  /** Only the last of several changes of the options is followed. */
  const change = createLatest();
  /** Settles when the last change was followed. */
  let following = Promise.resolve();

  const isRunning = () => runState.get().name === 'running';

  /** Shows why no run can start: another run, or else a problem of the form. */
  function hindered(problem = timesProblem(form) ?? keyProblem(form) ?? listProblem() ?? '') {
    notice.textContent = isRunning() ? labels.run.underWay : problem;
    // Whoever drops or runs again may be far below it.
    if (notice.textContent !== '') notice.scrollIntoView({ block: 'nearest' });
    return notice.textContent !== '';
  }

  /** Waits for what the form is reading, and says so. */
  async function formIsRead() {
    hindered();
    await whenListIsRead();
  }

  /**
   * One run from choosing to results.
   * @param {(signal: AbortSignal) => Promise<RunInput>} gather
   * @param {string} [replaced] report.json of results of the same inputs, whose place these take
   */
  async function start(gather, replaced) {
    // At once where nothing is to be waited for: who cancels right after it cancels this run.
    if (isListBeingRead()) await formIsRead();
    if (hindered()) return;
    const waited = following;
    abort = new AbortController();
    const { signal } = abort;
    const since = performance.now();
    const [options, keyFile] = [readOptions(form), chosenKeyFile(form)];
    /** @type {import('../input/run-settings.js').RunSettings} */
    const settings = { options, key: { keyOrigin: keyFile ? 'given' : 'random', file: keyFile } };
    // What was run before stays at hand until there is something new.
    runState.set({ name: 'running', settings, input: inputOf(runState.get()) });
    // Not now: it would lay out the page before the workers are called.
    requestAnimationFrame(() => find('#run').scrollIntoView({ block: 'nearest' }));
    /** @type {Results | undefined} */
    let results;
    try {
      await waited;
      const input = await gather(signal);
      if (signal.aborted) return;
      runState.set({ name: 'running', settings, input });
      const { inputs, refusals, random, from } = input;
      const key = keyFile ? await readKey(keyFile) : random;
      if (signal.aborted) return;
      if (inputs.length + refusals.length === 0) throw new Error(NO_FILES);
      const { keyOrigin } = key;
      const result = await run(
        { inputs, refusals, options, key: key.key, keyOrigin, from, memory: LIMITS.readings_bytes },
        { signal, onProgress: throttle.add },
      );
      throttle.clear();
      results = { result, report: JSON.parse(result.report), inputs, from: from?.lake };
      if (!results.report.inputs.some(({ status }) => status === 'used')) throw new Error(labels.run.nothingUsed);
      // Changes that were undone meanwhile may have put the same file back as another object.
      const used = { ...key, file: settings.key.file };
      finish({ settings: { options, key: used }, input, key: used, results, replaced }, since);
      follow();
    } catch (error) {
      if (signal.aborted) return;
      throttle.flush();
      const input = inputOf(runState.get());
      runState.set({ name: 'failed', input, failure: asFailure(error), unusable: results });
    }
  }

  /** @param {Pick<Done, 'settings' | 'input' | 'key' | 'results' | 'replaced'>} done @param {number} since */
  function finish(done, since) {
    runState.set({ name: 'done', ...done, milliseconds: performance.now() - since, saved: new Set() });
    documentation.begin(done.results);
  }

  /** Where the form differs from what the page shows. */
  const changes = () => {
    const settings = settingsOf(runState.get());
    return settings ? differences(form, settings) : [];
  };

  /** The results that a rerun can start from, if the form asks for one that is possible. @returns {Done | undefined} */
  function rerunnable() {
    const state = runState.get();
    const differ = changes();
    const possible = differ.length > 0 && !needsRun(differ) && !timesProblem(form);
    return state.name === 'done' && possible ? state : undefined;
  }

  /** The options have changed: where the run holds enough, the results under the new ones are shown at once. */
  function follow() {
    notice.textContent = '';
    const state = runState.get();
    if (state.name === 'done') runState.set({ ...state, rerun: rerunnable() && 'running' });
    const signal = change.begin();
    following = following
      .then(() => rerunOnOptionChange(signal))
      .catch((error) => {
        const state = runState.get();
        if (state.name !== 'done') return;
        runState.set({ name: 'failed', input: state.input, failure: asFailure(error) });
      })
      .finally(() => {
        const state = runState.get();
        if (!signal.aborted && state.name === 'done' && state.rerun) runState.set({ ...state, rerun: undefined });
      });
  }

  /** @param {AbortSignal} signal aborted by the next change */
  async function rerunOnOptionChange(signal) {
    const base = rerunnable();
    if (!base || signal.aborted) return;
    const options = readOptions(form);
    const since = performance.now();
    const { key, results: before } = base;
    // The workers need the cores that hashing takes.
    const halted = documentation.halt();
    rerunAbort = new AbortController();
    /** Whether the results that it started from are still on the page. */
    const current = () => {
      const state = runState.get();
      return state.name === 'done' && state.results === before ? state : undefined;
    };
    const result = await rerun(
      { options, key: key.key, keyOrigin: key.keyOrigin },
      {
        signal: rerunAbort.signal,
        onProgress(event) {
          const state = current();
          if (!state || signal.aborted) return;
          runState.set({ ...state, rerun: 'counted' });
          showEvent(event, options.join);
        },
      },
    ).catch((error) => {
      // Why it failed matters to nobody when another change has come.
      if (!signal.aborted) throw error;
    });
    // A run has begun meanwhile, or a lake was opened, and has the page.
    if (!current()) return;
    if (result && !signal.aborted) {
      const results = { ...before, result, report: JSON.parse(result.report) };
      finish({ settings: { options, key }, input: base.input, key, results, replaced: before.result.report }, since);
      return;
    }
    // What is on the page stays, whatever was counted meanwhile.
    showEvent({ kind: 'counts', counts: before.report.tables }, before.report.options.join);
    if (halted) documentation.begin(before);
  }

  return {
    changes,
    follow,

    /**
     * A run of new files, under the key of the form: if that is random, one of their own.
     * @param {Gather} gather
     * @param {import('../../shared/protocol.js').FromLake} [from] the lake that it goes on from
     * @param {File} [keyFile] which the form gets when the run begins
     */
    async runNew(gather, from, keyFile) {
      if (isListBeingRead()) await formIsRead();
      const problem = keyFile && (timesProblem(form) ?? listProblem() ?? '');
      if (hindered(problem) || !(await mayReplace())) return;
      if (keyFile) useKeyFile(form, keyFile);
      else if (!from) dropLakeKey(form);
      start(async (signal) => ({ ...(await gather(signal)), random: randomKey(), from }));
    },

    runAgain() {
      const state = runState.get();
      const input = inputOf(state);
      if (input) start(async () => input, state.name === 'done' ? state.results.result.report : undefined);
    },

    /** Without the input that made the last run fail. */
    runWithoutFailed() {
      const state = runState.get();
      if (state.name !== 'failed' || !state.input) return;
      const { input, failure } = state;
      start(async () => ({ ...input, ...withoutInput(input, failure.file) }));
    },

    cancel() {
      const state = runState.get();
      if (state.name !== 'running') return;
      abort.abort();
      rerunAbort.abort();
      throttle.clear();
      runState.set({ name: 'cancelled', input: state.input });
    },

    /**
     * Shows a lake that was saved in this browser.
     * @param {import('../export/lake-store.js').Lake} lake
     * @param {string} name
     */
    async open({ audit, tables }, name) {
      if (hindered('') || !(await mayReplace())) return;
      /** @type {import('../run-state.js').Report} */
      const report = JSON.parse(audit.files.report);
      const nothing = { reads: new Uint8Array(), rejects: [], unknownFields: [], unmatched: [] };
      const results = { result: { report: audit.files.report, files: tables, ...nothing }, report, inputs: [] };
      const settings = settingsOfReport(report);
      runState.set({ name: 'opened', settings, results, saved: new Set([`lake:${name}`]) });
      documentation.open(audit);
      putSettings(form, withOwnLists(form, settings));
      find('#run').scrollIntoView({ block: 'nearest' });
    },
  };
}
