import './refuse-frame.js';
import { createCompare } from './compare/compare.js';
import { createEffect } from './compare/effect.js';
import { createConsole } from './console/console.js';
import { createEvidence } from './evidence/evidence.js';
import { createExplorePanel } from './explore/explore-panel.js';
import { createExportForm } from './export/export-form.js';
import { createTableRows } from './export/result-files.js';
import { createDocumentation } from './export/run-documentation.js';
import { downloadName } from './export/download-name.js';
import { save } from './export/download.js';
import { allowSaving, maySave, refreshSaving } from './export/save-gate.js';
import { createSavedLakes } from './export/saved-lakes.js';
import { takeDrops } from './input/drag-events.js';
import { fromDrop, fromPicker } from './input/file-drop.js';
import { countListEntries } from './input/list-entries.js';
import { buildOptions } from './input/options-form.js';
import { watchKeyFile } from './input/pseudonym-key.js';
import { putSettings } from './input/run-settings.js';
import { offerCommand } from './input/settings-as-command.js';
import { shareSettings } from './input/url-state.js';
import { translatePage } from './labels/translate.js';
import { createLakePanel } from './lake/lake-panel.js';
import { createBar } from './parts/bar.js';
import { followLinks } from './parts/links.js';
import { watchBar } from './parts/parts.js';
import { createPipeline } from './pipeline/pipeline.js';
import { createTableSummary } from './pipeline/table-summary.js';
import { createRunState, inputOf, resultsOf, setSaved, settingsOf } from './run-state.js';
import { createSavedNote } from './run/saved-note.js';
import { createOutOfDate } from './run/out-of-date.js';
import { createProgress } from './run/progress.js';
import { clearReport, showReport } from './run/report-view.js';
import { createRunController } from './run/run-controller.js';
import { createRunSection } from './run/run-section.js';
import { closeByEscape, placeWithdrawals, showSetting, watchSettings } from './settings/sheet.js';
import { createUnsaved } from './run/unsaved.js';
import { createSelfTest } from './self-test/self-test.js';
import { find } from './ui/dom.js';
import { createEventThrottle } from './ui/event-throttle.js';
import { makeSample, warmUp } from './workers/run-workers.js';

translatePage();
const form = find('#options', HTMLFormElement);
const runState = createRunState();
const saved = (/** @type {string} */ what) => setSaved(runState, what, true);

const progress = createProgress();
const summary = createTableSummary();
const explore = createExplorePanel((table) => pipeline.select(table));
const pipeline = createPipeline(find('#lake'), (table) => {
  summary.select(table);
  explore.select(table);
});
const tableRows = createTableRows((table) => {
  const results = resultsOf(runState.get());
  if (!results) return;
  save(results.result.files[table], documentation.tableFile(table));
  saved(table);
});
const exportForm = createExportForm(() => saved('export'));
const savedLakes = createSavedLakes({
  open: (lake, name) => controller.open(lake, name),
  saved: (name) => saved(`lake:${name}`),
  removed: (name) => setSaved(runState, `lake:${name}`, false),
});
const documentation = createDocumentation((audit) => {
  const results = resultsOf(runState.get());
  if (!results) return;
  const tables = results.result.files;
  const state = runState.get();
  const key = state.name === 'done' ? state.key.key : undefined;
  const { options } = results.report;
  exportForm.offer({ trees: audit.trees, lineage: audit.files.lineage, tables, inputs: results.inputs, options, key });
  evidence.show(audit);
  savedLakes.offer({ audit, tables });
});
const bar = createBar();
const evidence = createEvidence();
const compare = createCompare(documentation.report, () => resultsOf(runState.get())?.from);
const effect = createEffect();
/** @param {string} what */
const nameOf = (what) => {
  const results = resultsOf(runState.get());
  return results ? downloadName(what, results.report.options) : `stedi-${what}`;
};
const keyNote = createSavedNote('#key-note', () => `${nameOf('key')}.key`);
const labelsNote = createSavedNote('#labels-note', () => `${nameOf('steps')}.ndjson`);
const sqlConsole = __CONSOLE__ ? createConsole() : undefined;
const unsaved = createUnsaved(runState);
const throttle = createEventThrottle(showEvent);
const controller = createRunController({
  runState,
  form,
  throttle,
  showEvent(event, join) {
    pipeline.joinByTime(join === 'time');
    showEvent(event);
  },
  documentation,
  mayReplace: unsaved.mayReplace,
});
const lakePanel = createLakePanel(form, { run: controller.runNew, show: () => goTo('result') });
const outOfDate = createOutOfDate(controller.runAgain, () => {
  const settings = settingsOf(runState.get());
  if (settings) putSettings(form, settings);
});

/** @param {import('../shared/protocol.js').RunEvent} event */
function showEvent(event) {
  progress.show(event);
  if ('counts' in event && event.counts) showCounts(event.counts);
}

/**
 * @param {import('../shared/core.js').Counts} counts
 * @param {boolean} [final] whether what they count can be looked at
 */
function showCounts(counts, final = false) {
  pipeline.show(counts, final);
  summary.show(counts, final);
}

/** Says whether what the page shows belongs to the form's options; only then it may be saved. */
function compareForm() {
  const state = runState.get();
  refreshSaving();
  if (!maySave()) exportForm.halt();
  const following = state.name === 'done' && state.rerun !== undefined;
  const way = state.name === 'running' ? 'running' : following ? 'following' : inputOf(state) ? 'files' : 'saved-lake';
  const changes = controller.changes();
  outOfDate.show(changes, way);
  bar.show(state, changes.length > 0 && !following, way === 'files');
}

runState.watch(
  ({ name }) => name === 'running',
  (is) => {
    if (!is) return;
    progress.begin();
    // What a run says while it runs, and what came of it, is there.
    goTo('result');
  },
);
runState.watch(
  (state) => settingsOf(state)?.options.join,
  (join) => join && pipeline.joinByTime(join === 'time'),
);
runState.watch(
  (state) => resultsOf(state) ?? (state.name === 'failed' ? state.unusable : undefined),
  (results) => {
    if (results) showReport(results.report, results.result);
    else clearReport();
  },
);
// Without results by the state's name: a run that fails or is cancelled has shown counts.
const shown = (/** @type {import('./run-state.js').State} */ state) => resultsOf(state) ?? state.name;
runState.watch(shown, () => {
  const state = runState.get();
  const results = resultsOf(state);
  const replaced = state.name === 'done' ? state.replaced : undefined;
  exportForm.clear();
  savedLakes.clear();
  compare.clear();
  evidence.wait();
  if (!replaced) {
    // Of these results nothing is to be seen while those that take their place are made.
    pipeline.clear();
    summary.show({});
    explore.close();
    sqlConsole?.close();
  }
  if (results) {
    showCounts(results.report.tables, true);
    tableRows.offer(results.result.files, results.report.tables);
    explore.open(results, state.name === 'done' ? state.key.key : undefined);
    sqlConsole?.open(results);
  } else {
    tableRows.clear();
    documentation.clear();
  }
  if (results && replaced !== undefined) effect.show(replaced, results.result.report);
  else effect.clear();
});
runState.watch(
  (state) => (state.name === 'done' && state.settings.options.identity === 'pseudonym' ? state.key.text : undefined),
  (text) => keyNote.show(text === undefined ? undefined : new Blob([text, '\n'], { type: 'text/plain' })),
);
runState.watch((state) => (state.name === 'done' ? state.input.labels : undefined), labelsNote.show);
createRunSection(runState);
placeWithdrawals(runState);
runState.watch((state) => state, compareForm);

for (const id of ['#files', '#folder']) {
  const picker = find(id, HTMLInputElement);
  picker.addEventListener('change', () => {
    const picked = fromPicker(picker);
    // Emptied, so that choosing the same files again is a change again.
    picker.value = '';
    if (picked.inputs.length > 0) lakePanel.choose(async () => picked);
  });
}
find('#sample').addEventListener('click', () =>
  controller.runNew(async (signal) => {
    const { checked: defects } = find('#defects', HTMLInputElement);
    const wanted = { scale: 1, defects };
    return { inputs: await makeSample(wanted, { signal, onProgress: throttle.add }), refusals: [] };
  }),
);
find('#sample-steps').addEventListener('click', () =>
  controller.runNew(async (signal) => {
    const wanted = { scale: 0.2, defects: false, steps: true };
    const files = await makeSample(wanted, { signal, onProgress: throttle.add });
    // When steps were taken is no input: a detector is to find them.
    const isLabels = (/** @type {typeof files[number]} */ { name }) => name.startsWith('labels/');
    return { inputs: files.filter((file) => !isLabels(file)), refusals: [], labels: files.find(isLabels)?.file };
  }),
);
find('#again').addEventListener('click', controller.runAgain);
find('#without').addEventListener('click', controller.runWithoutFailed);
find('#cancel').addEventListener('click', controller.cancel);
takeDrops((transfer) => {
  // The transfer can be read within its event only, so this cannot wait for the run.
  const dropped = fromDrop(transfer);
  lakePanel.choose(() => dropped);
});

watchKeyFile();
watchSettings();
closeByEscape(effect.close);
allowSaving(() => resultsOf(runState.get()) !== undefined && controller.changes().length === 0);
buildOptions(form, () => {
  controller.follow();
  compareForm();
});
countListEntries(form);
offerCommand(form);
const goTo = shareSettings(form, (words) => {
  find('#notice').textContent = words;
});
followLinks({
  explore(place, of) {
    if (of) pipeline.select(of);
    explore.goTo(place);
    goTo('explore');
  },
  table: pipeline.goTo,
  setting: showSetting,
});
watchBar();
find('#version').textContent = __VERSION__;
find('#commit').textContent = __COMMIT__;
find('#wasm-sha256').textContent = __WASM_SHA256__;

// Each in a task of its own: a drop must not wait.
setTimeout(createSelfTest);
// Compiled, and warm, before it is called. If it cannot be, the first run says why.
setTimeout(() => warmUp().catch(() => undefined));
