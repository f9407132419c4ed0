import './refuse-frame.js';
import { createAudit } from './export/run-documentation.js';
import { ask, cancel, Cancelled, JobFailed, warmUp } from './workers/run-workers.js';
import { createCompare, createEffect } from './compare/compare.js';
import { createConsole } from './console/console.js';
import { find } from './ui/dom.js';
import { save } from './export/download.js';
import { takeDrops } from './input/drag-events.js';
import { fromDrop, fromPicker } from './input/file-drop.js';
import { createDetail } from './pipeline/table-summary.js';
import { createExplore } from './explore/explore-panel.js';
import { createExport } from './export/export-form.js';
import { asFailure } from '../shared/failure.js';
import { createFiles } from './export/result-files.js';
import { createKept } from './export/saved-lakes.js';
import { chosenKeyFile, keyProblem, randomKey, readKey } from './input/pseudonym-key.js';
import { createKeyNote } from './run/key-note.js';
import { buildOptions, readOptions } from './input/options-form.js';
import { createOutOfDate } from './run/out-of-date.js';
import { createPace } from './ui/event-throttle.js';
import { createPipeline } from './pipeline/pipeline.js';
import { createPrivacy } from './self-test/self-test.js';
import { createProgress } from './run/progress.js';
import { showReport, summary, withdrawalWords } from './run/report-view.js';
import { differences, needsRun, putSettings, settingsOf, withOwnLists } from './input/run-settings.js';
import { shareSettings } from './input/url-state.js';
import { allowTakingOut, mayTakeOut, refreshTakingOut } from './export/save-gate.js';
import { createUnsaved } from './run/unsaved.js';
import { listProblem } from './input/withdrawals-file.js';
import { withoutInput } from './input/without-input.js';

/**
 * The page's one truth is `<html data-state>`; what is shown follows from it by CSS.
 * @typedef {'idle' | 'running' | 'done' | 'failed' | 'cancelled'} State
 * @typedef {import('./input/file-drop.js').Chosen} Chosen
 * @typedef {import('../shared/types.js').Options} Options
 * @typedef {import('../shared/types.js').Report} Report
 * @typedef {import('../shared/types.js').RunResult} RunResult
 * @typedef {import('./input/pseudonym-key.js').Key} Key
 * @typedef {Chosen & { random: Key }} Dropped with the random key that belongs to it, so that its runs give the same pseudonyms
 */

const root = document.documentElement;
const form = find('#options', HTMLFormElement);
const notice = find('#notice');
const status = find('#status');
const progress = createProgress();
const detail = createDetail();
const explore = createExplore();
const pipeline = createPipeline(find('#lake'), (table) => {
  detail.select(table);
  explore.select(table);
});
const files = createFiles((table) => {
  if (!tables) return;
  save(tables[table], `${table}.parquet`);
  unsaved.add(table);
});
const unsaved = createUnsaved();
const lakeExport = createExport(() => unsaved.add('export'));
const kept = createKept({
  open,
  keep: (name) => unsaved.add(`kept:${name}`),
  remove: (name) => unsaved.remove(`kept:${name}`),
});
const outOfDate = createOutOfDate(runAgain, () => {
  if (shown) putSettings(form, shown);
});
const audit = createAudit((result) => {
  if (!tables) return;
  lakeExport.offer({ trees: result.trees, tables, inputs: chosen?.inputs ?? [] });
  kept.offer({ audit: result, tables });
});
const compare = createCompare(audit.report);
const effect = createEffect();
const keyNote = createKeyNote();
const pace = createPace(show);
const sqlConsole = __CONSOLE__ ? createConsole() : undefined;

/** Bytes of readings that the workers together hold; what is more goes to the browser's own storage. */
const MEMORY = 512 * 2 ** 20;

/** What "Run again" runs. @type {Dropped | undefined} */
let chosen;
/** What all that the page shows was made with, of a run under way too. @type {import('./input/run-settings.js').RunSettings | undefined} */
let shown;
/** The tables that are on the page. @type {RunResult['files'] | undefined} */
let tables;
/** The run that they are of; none when they were kept from an earlier visit. @type {{ result: RunResult, report: Report, key: Key, options: Options } | undefined} */
let finished;
/** Ends when the options' last change has been followed. */
let following = Promise.resolve();
/** The last change that is followed. @type {object | undefined} */
let follower;
/** The run under way; anything that comes in for another one is too late. @type {object | undefined} */
let ticket;
/** The input that made the last run fail. @type {string | undefined} */
let culprit;

/** @param {State} state */
function setState(state) {
  const focused = document.activeElement;
  root.dataset.state = state;
  // What had the focus may be gone in the new state; the keyboard goes on at the run's own controls.
  if (focused instanceof HTMLElement && focused !== document.body && !focused.checkVisibility()) {
    find(state === 'running' ? '#cancel' : '#again').focus({ preventScroll: true });
  }
}

/** Where the form differs from what the page shows. */
const changes = () => (shown ? differences(form, shown) : []);

/** Says whether what the page shows belongs to the form's settings; only then it may be taken out. */
function compareForm() {
  refreshTakingOut();
  if (!mayTakeOut()) lakeExport.halt();
  outOfDate.show(
    changes(),
    ticket ? 'running' : 'following' in root.dataset ? 'following' : chosen ? 'files' : 'kept-lake',
  );
}

/** Says what stands in the way: a run, or else a problem of the form. */
function hindered(problem = keyProblem(form) ?? listProblem() ?? '') {
  notice.textContent = ticket ? 'A run is under way. Cancel it first, or wait for its end.' : problem;
  // Whoever drops or runs again may be far below it.
  if (notice.textContent !== '') notice.scrollIntoView({ block: 'nearest' });
  return notice.textContent !== '';
}

/** A run of new files, under a random key of their own. @param {() => Promise<Chosen>} gather */
async function runNew(gather) {
  if (hindered() || !(await unsaved.mayReplace())) return;
  start(async () => ({ ...(await gather()), random: randomKey() }));
}

function runAgain() {
  const again = chosen;
  if (again) start(async () => again);
}

/**
 * One run from choosing to results.
 * @param {() => Promise<Dropped>} gather
 */
async function start(gather) {
  if (hindered()) return;

  const mine = (ticket = {});
  const since = performance.now();
  // All settings are those of now; what is changed from here on is for the next run.
  const [options, keyFile] = [readOptions(form), chosenKeyFile(form)];
  forget();
  /** @type {NonNullable<typeof shown>} */
  const settings = (shown = { options, key: { keyOrigin: keyFile ? 'given' : 'random', file: keyFile } });
  pipeline.joinByTime(options.join === 'time');
  progress.begin();
  setState('running');
  // Not now: it would lay out the page before the workers are asked.
  requestAnimationFrame(() => find('#run').scrollIntoView({ block: 'nearest' }));
  try {
    await following;
    const dropped = await gather();
    if (ticket !== mine) return;
    const { inputs, refusals, random } = (chosen = dropped);
    const key = keyFile ? await readKey(keyFile) : random;
    if (ticket !== mine) return;
    if (inputs.length + refusals.length === 0) throw new Error('There was no file in what you dropped.');
    /** @type {RunResult} */
    const result = await ask(
      { kind: 'run', inputs, refusals, options, key: key.key, keyOrigin: key.keyOrigin, memory: MEMORY },
      pace.show,
    );
    // Changes that were undone meanwhile may have put the same file back as another object.
    showResult(result, { ...key, file: settings.key.file }, options, since);
    end('done');
    follow();
  } catch (error) {
    if (ticket !== mine) return;
    pace.flush();
    showFailure(error);
    end('failed');
  }
}

/**
 * @param {RunResult} result
 * @param {Key} key
 * @param {Options} options
 * @param {number} since
 */
function showResult(result, key, options, since) {
  /** @type {Report} */
  const report = JSON.parse(result.report);
  showReport(report, result.rejects, result.unknownFields, result.unmet);
  if (!report.inputs.some(({ status }) => status === 'used'))
    throw new Error('No input could be used. Each is named below, with the reason.');
  finished = { result, report, key, options };
  shown = { options, key };
  offer(result, report);
  unsaved.begin();
  keyNote.show(options.identity === 'pseudonym' ? key.text : undefined);
  status.textContent = summary(report, performance.now() - since);
  audit.begin(result, chosen?.inputs ?? []);
}

/** @param {RunResult} result @param {Report} report */
function offer(result, report) {
  tables = result.files;
  lakeExport.clear();
  kept.clear();
  showCounts(report.tables);
  files.offer(result.files, report.tables);
  const run = { result, report, inputs: chosen?.inputs ?? [] };
  explore.open(run);
  sqlConsole?.open(run);
}

/** Shows a lake that was kept. @param {import('./export/saved-lakes.js').Lake} lake @param {string} name */
async function open(lake, name) {
  if (hindered('') || !(await unsaved.mayReplace())) return;
  forget();
  chosen = undefined;
  /** @type {Report} */
  const report = JSON.parse(lake.audit.files.report);
  showReport(report, [], [], []);
  pipeline.joinByTime(report.options.join === 'time');
  offer(
    {
      report: lake.audit.files.report,
      reads: new Uint8Array(),
      rejects: [],
      unknownFields: [],
      unmet: [],
      files: lake.tables,
    },
    report,
  );
  unsaved.begin(`kept:${name}`);
  find('#again').hidden = true;
  status.textContent = `A lake of an earlier visit, as it was kept. ${summary(report)} ${withdrawalWords(report)}`;
  audit.open(lake.audit);
  setState('done');
  shown = settingsOf(report);
  putSettings(form, withOwnLists(form, shown));
  find('#run').scrollIntoView({ block: 'nearest' });
}

/** The options have changed: where the run holds enough, what that comes to is shown at once. */
function follow() {
  notice.textContent = '';
  delete root.dataset.counted;
  const mine = (follower = {});
  if (canNarrow()) root.dataset.following = '';
  else delete root.dataset.following;
  compareForm();
  following = following
    .then(() => narrow(mine))
    .catch((error) => {
      if (ticket || error instanceof Cancelled) return;
      showFailure(error);
      setState('failed');
    })
    .finally(() => {
      if (follower !== mine) return;
      delete root.dataset.following;
      compareForm();
    });
}

function canNarrow() {
  const differ = changes();
  return finished !== undefined && !ticket && differ.length > 0 && !needsRun(differ);
}

/** Only the last of several changes is followed. @param {object} mine */
async function narrow(mine) {
  if (!finished || follower !== mine || !canNarrow()) return;
  const options = readOptions(form);
  const since = performance.now();
  const base = finished;
  const { key, report, result: before } = base;
  // The workers need the cores that hashing takes.
  const halted = audit.halt();
  /** @type {RunResult | undefined} */
  const result = await ask({ kind: 'narrow', options, key: key.key, keyOrigin: key.keyOrigin }, (event) => {
    if (ticket || follower !== mine) return;
    pipeline.joinByTime(options.join === 'time');
    show(event);
    root.dataset.counted = '';
  }).catch((error) => {
    // Why it failed matters to nobody when another change has come.
    if (follower === mine) throw error;
  });
  // A run has begun meanwhile, or a kept lake was opened, and has the page.
  if (ticket || finished !== base) return;
  if (result && follower === mine) {
    compare.clear();
    showResult(result, key, options, since);
    effect.show(before.report, result.report);
    return;
  }
  // What is on the page stays, whatever was counted meanwhile.
  pipeline.joinByTime(report.options.join === 'time');
  showCounts(report.tables);
  if (halted) audit.begin(before, chosen?.inputs ?? []);
}

/** @param {State} state */
function end(state) {
  ticket = undefined;
  pace.clear();
  setState(state);
  compareForm();
}

/** @param {import('../shared/types.js').WorkEvent} event */
function show(event) {
  progress.show(event);
  if ('counts' in event && event.counts) showCounts(event.counts);
}

/** @param {import('../shared/types.js').Counts} counts */
function showCounts(counts) {
  pipeline.show(counts);
  detail.show(counts);
}

function clearCounts() {
  finished = shown = undefined;
  unsaved.end();
  keyNote.clear();
  pipeline.clear();
  detail.show({});
  tables = undefined;
  explore.close();
  sqlConsole?.close();
  files.clear();
  lakeExport.clear();
  kept.clear();
  audit.clear();
  compare.clear();
  effect.clear();
  compareForm();
}

/** @param {unknown} error */
function showFailure(error) {
  const { message, file } = error instanceof JobFailed ? error.failure : asFailure(error);
  culprit = file;
  // Part of that file's rows were in already, so nothing of the run can be used.
  status.textContent = file ? `${file}: ${message.replace(/\.?$/, '.')} Nothing was kept of this run.` : message;
  find('#without').hidden = file === undefined;
  find('#again').hidden = chosen === undefined;
  clearCounts();
}

function forget() {
  culprit = undefined;
  for (const id of ['#incomplete', '#warnings', '#rejects', '#unknown', '#without']) find(id).hidden = true;
  find('#again').hidden = false;
  find('#inputs tbody').replaceChildren();
  clearCounts();
}

/** @returns {Promise<Chosen>} */
async function makeSample() {
  /** @type {import('../shared/types.js').SampleResult} */
  const { inputs } = await ask(
    { kind: 'sample', scale: 1, defects: find('#defects', HTMLInputElement).checked },
    pace.show,
  );
  return { inputs, refusals: [] };
}

for (const id of ['#files', '#folder']) {
  const picker = find(id, HTMLInputElement);
  picker.addEventListener('change', () => {
    const picked = fromPicker(picker);
    // Emptied, so that choosing the same files again is a change again.
    picker.value = '';
    if (picked.inputs.length > 0) runNew(async () => picked);
  });
}
find('#sample').addEventListener('click', () => runNew(makeSample));
find('#again').addEventListener('click', runAgain);
find('#without').addEventListener('click', () => {
  if (!chosen) return;
  const others = { ...chosen, ...withoutInput(chosen, culprit) };
  start(async () => others);
});
find('#cancel').addEventListener('click', () => {
  if (!ticket) return;
  cancel();
  clearCounts();
  status.textContent = 'Cancelled. Nothing was kept.';
  find('#again').hidden = chosen === undefined;
  end('cancelled');
});

takeDrops((transfer) => {
  // The transfer can be read within its event only, so this cannot wait for `start`.
  const dropped = fromDrop(transfer);
  runNew(() => dropped);
});

allowTakingOut(() => shown !== undefined && !ticket && changes().length === 0);
buildOptions(form, follow);
shareSettings(form);
find('#version').textContent = __VERSION__;
find('#commit').textContent = __COMMIT__;
find('#wasm-sha256').textContent = __WASM_SHA256__;

// Each in a task of its own: a drop must not wait.
setTimeout(createPrivacy);
// Compiled, and warm, before it is asked for. If it cannot be, the first run says why.
setTimeout(() => warmUp().catch(() => undefined));
