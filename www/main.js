import './alone.js';
import { createAudit } from './audit.js';
import { ask, cancel, Cancelled, JobFailed, warmUp } from './bridge.js';
import { createCompare, createEffect } from './compare.js';
import { createConsole } from './console.js';
import { find } from './dom.js';
import { save } from './download.js';
import { fromDrop, fromPicker } from './drop.js';
import { createDetail } from './detail.js';
import { createExplore } from './explore.js';
import { createExport } from './export.js';
import { asFailure } from './failure.js';
import { createFiles } from './files.js';
import { createKept } from './kept.js';
import { keyFits, keyProblem, makeKey } from './key.js';
import { buildOptions, readOptions } from './options.js';
import { createPace } from './pace.js';
import { createPipeline } from './pipeline.js';
import { createPrivacy } from './privacy.js';
import { createProgress } from './progress.js';
import { showReport, summary } from './report-view.js';
import { shareSettings } from './settings.js';
import { listProblem } from './withdrawals-file.js';

/**
 * The page's one truth is `<html data-state>`; what is shown follows from it by CSS.
 * @typedef {'idle' | 'running' | 'done' | 'failed' | 'cancelled'} State
 * @typedef {import('./drop.js').Chosen} Chosen
 * @typedef {import('./types.js').Options} Options
 * @typedef {import('./types.js').Report} Report
 * @typedef {import('./types.js').RunResult} RunResult
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
  if (tables) save(tables[table], `${table}.parquet`);
});
const lakeExport = createExport();
const kept = createKept(open);
const audit = createAudit((result) => {
  if (!tables) return;
  lakeExport.offer({ trees: result.trees, tables, inputs: chosen?.inputs ?? [] });
  kept.offer({ audit: result, tables });
});
const compare = createCompare(audit.report);
const effect = createEffect();
const pace = createPace(show);
const sqlConsole = __CONSOLE__ ? createConsole() : undefined;

/** Bytes of readings that the workers together hold; what is more goes to the browser's own storage. */
const MEMORY = 512 * 2 ** 20;

/** What "Run again" runs. @type {Chosen | undefined} */
let chosen;
/** The tables that are on the page. @type {RunResult['files'] | undefined} */
let tables;
/** The run that they are of; none when they were kept from an earlier visit. @type {{ result: RunResult, key: import('./key.js').Key, options: Options } | undefined} */
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

/**
 * One run from choosing to results.
 * @param {() => Promise<Chosen>} gather
 */
async function start(gather) {
  const problem = ticket ? 'A run is under way. Cancel it first, or wait for its end.' : keyProblem(form) ?? listProblem();
  notice.textContent = problem ?? '';
  if (problem) return;

  const mine = (ticket = {});
  const since = performance.now();
  const options = readOptions(form);
  forget();
  pipeline.joinByTime(options.join === 'time');
  progress.begin();
  setState('running');
  // Not now: it would lay out the page before the workers are asked.
  requestAnimationFrame(() => find('#run').scrollIntoView({ block: 'nearest' }));
  try {
    await following;
    const key = await makeKey(form);
    if (ticket !== mine) return;
    const { inputs, refusals } = (chosen = await gather());
    if (ticket !== mine) return;
    if (inputs.length + refusals.length === 0) throw new Error('There was no file in what you dropped.');
    /** @type {RunResult} */
    const result = await ask({ kind: 'run', inputs, refusals, options, key: key.key, keyOrigin: key.keyOrigin, memory: MEMORY }, pace.show);
    showResult(result, key, options, since);
    end('done');
  } catch (error) {
    if (ticket !== mine) return;
    pace.flush();
    showFailure(error);
    end('failed');
  }
}

/**
 * @param {RunResult} result
 * @param {import('./key.js').Key} key
 * @param {Options} options
 * @param {number} since
 */
function showResult(result, key, options, since) {
  /** @type {Report} */
  const report = JSON.parse(result.report);
  showReport(report, result.rejects, result.unknownFields, result.unmet);
  if (!report.inputs.some(({ status }) => status === 'used')) throw new Error('No input could be used. Each is named below, with the reason.');
  finished = { result, key, options };
  offer(result, report);
  find('[data-download="key"]').hidden = options.identity !== 'pseudonym' || key.text === undefined;
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

/** Shows a lake that was kept. @param {import('./kept.js').Lake} lake */
function open(lake) {
  if (ticket) {
    notice.textContent = 'A run is under way. Cancel it first, or wait for its end.';
    return;
  }
  notice.textContent = '';
  forget();
  chosen = undefined;
  /** @type {Report} */
  const report = JSON.parse(lake.audit.files.report);
  showReport(report, [], [], []);
  pipeline.joinByTime(report.options.join === 'time');
  offer({ report: lake.audit.files.report, reads: new Uint8Array(), rejects: [], unknownFields: [], unmet: [], files: lake.tables }, report);
  for (const id of ['#again', '[data-download="key"]']) find(id).hidden = true;
  status.textContent = `A lake of an earlier visit, as it was kept. ${summary(report)}`;
  audit.open(lake.audit);
  setState('done');
  find('#run').scrollIntoView({ block: 'nearest' });
}

/** The options have changed: where the run holds enough, what that comes to is shown at once. */
function follow() {
  notice.textContent = '';
  root.dataset.following = '';
  delete root.dataset.counted;
  const mine = (follower = {});
  following = following.then(async () => {
    // Only the last of several changes is followed.
    if (!finished || ticket || follower !== mine) return;
    const options = readOptions(form);
    const since = performance.now();
    // Another key, or other withdrawals, which are typed letter by letter, wait for a run.
    const listed = options.withdrawals.join('\n') === finished.options.withdrawals.join('\n') && options.withdrawals_file === finished.options.withdrawals_file;
    const waits = !listed || !keyFits(form, finished.key);
    const { key, result: before } = finished;
    // The workers need the cores that hashing takes.
    if (!waits) audit.clear();
    /** @type {RunResult | undefined} */
    const result = waits ? undefined : await ask({ kind: 'narrow', options, key: key.key, keyOrigin: key.keyOrigin }, (event) => {
      if (ticket) return;
      pipeline.joinByTime(options.join === 'time');
      show(event);
      root.dataset.counted = '';
    });
    // A run has begun meanwhile, and has the page.
    if (ticket) return;
    find('#stale').hidden = result !== undefined;
    if (!result) {
      if (!waits) audit.begin(before, chosen?.inputs ?? []);
      return;
    }
    compare.clear();
    showResult(result, key, options, since);
    effect.show(before.report, result.report);
  }).catch((error) => {
    if (ticket || error instanceof Cancelled) return;
    showFailure(error);
    setState('failed');
  }).finally(() => {
    if (follower === mine) delete root.dataset.following;
  });
}

/** @param {State} state */
function end(state) {
  ticket = undefined;
  pace.clear();
  setState(state);
}

/** @param {import('./types.js').WorkEvent} event */
function show(event) {
  progress.show(event);
  if ('counts' in event && event.counts) showCounts(event.counts);
}

/** @param {import('./types.js').Counts} counts */
function showCounts(counts) {
  pipeline.show(counts);
  detail.show(counts);
}

function clearCounts() {
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
  finished = undefined;
  culprit = undefined;
  for (const id of ['#incomplete', '#warnings', '#rejects', '#unknown', '#without', '#stale']) find(id).hidden = true;
  find('#again').hidden = false;
  find('#inputs tbody').replaceChildren();
  clearCounts();
}

/** @returns {Promise<Chosen>} */
async function makeSample() {
  /** @type {import('./types.js').SampleResult} */
  const { inputs } = await ask({ kind: 'sample', scale: 1, defects: find('#defects', HTMLInputElement).checked }, pace.show);
  return { inputs, refusals: [] };
}

/** The last choice, but for the input that failed, which is named in the report. @returns {Chosen} */
function withoutCulprit() {
  const { inputs, refusals } = chosen ?? { inputs: [], refusals: [] };
  // An entry of an archive failed: its archive is what can be left out.
  const bad = inputs.find(({ name }) => culprit === name || culprit?.startsWith(`${name}/`));
  if (!bad) return { inputs, refusals };
  const refusal = { name: bad.name, bytes: bad.file.size, reason: 'left_out', message: 'Left out by you, after it could not be read to its end.' };
  return { inputs: inputs.filter((input) => input !== bad), refusals: [...refusals, refusal] };
}

for (const id of ['#files', '#folder']) {
  const picker = find(id, HTMLInputElement);
  picker.addEventListener('change', () => {
    const picked = fromPicker(picker);
    // Emptied, so that choosing the same files again is a change again.
    picker.value = '';
    if (picked.inputs.length > 0) start(async () => picked);
  });
}
find('#sample').addEventListener('click', () => start(makeSample));
find('#again').addEventListener('click', () => start(async () => chosen ?? { inputs: [], refusals: [] }));
find('#without').addEventListener('click', () => {
  const others = withoutCulprit();
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
find('[data-download="key"]').addEventListener('click', () => {
  if (finished?.key.text) save(new Blob([finished.key.text, '\n'], { type: 'text/plain' }), 'stedi-lakehouse.key');
});

// The whole page takes a drop: a file let go beside the zone must not replace the page.
let dragDepth = 0;
addEventListener('dragenter', () => { root.classList.toggle('dragging', (dragDepth += 1) > 0); });
addEventListener('dragleave', () => { root.classList.toggle('dragging', (dragDepth = Math.max(0, dragDepth - 1)) > 0); });
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  dragDepth = 0;
  root.classList.remove('dragging');
  if (!event.dataTransfer) return;
  // The transfer can be read within its event only, so this cannot wait for `start`.
  const dropped = fromDrop(event.dataTransfer);
  start(() => dropped);
});

buildOptions(form, follow);
shareSettings(form);
find('#version').textContent = __VERSION__;
find('#commit').textContent = __COMMIT__;
find('#wasm-sha256').textContent = __WASM_SHA256__;

// Each in a task of its own: a drop must not wait.
setTimeout(createPrivacy);
// Compiled, and warm, before it is asked for. If it cannot be, the first run says why.
setTimeout(() => warmUp().catch(() => undefined));
