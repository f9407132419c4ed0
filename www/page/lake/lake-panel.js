import { labels } from '../labels/labels.js';
import { settingWords } from '../settings/setting-words.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { callAside } from '../workers/call-aside.js';
import { createLakeCheck } from './lake-check.js';
import { createLakeContinue } from './lake-continue.js';
import { createLakeErase } from './lake-erase.js';
import { createLakeEvidence } from './lake-evidence.js';
import { showHistory, timeOf } from './lake-history.js';
import { createLakeKey } from './lake-key.js';
import { createLakePerson } from './lake-person.js';
import { rowLines } from './lake-rows.js';

/**
 * @typedef {import('../input/file-drop.js').Chosen} Chosen
 * @typedef {import('../../shared/protocol.js').FoundLake} FoundLake
 */

/** A choice that takes longer to read says so. */
const SOON = 400;

/**
 * A lake that was chosen: what it is, and what can be asked of it.
 * @param {HTMLFormElement} settings of the page
 * @param {object} on
 * @param {(gather: () => Promise<Chosen>, from?: import('../../shared/protocol.js').FromLake, keyFile?: File) => void
 *   } on.run files, of which some may be raw
 * @param {() => void} on.show brings the part into sight that the panel is in
 */
export function createLakePanel(settings, on) {
  const panel = find('#found-lake');
  const notice = find('#notice');
  /** @type {FoundLake | undefined} */
  let lake;
  const zone = find('#drop');
  /** How many are being taken. */
  let choices = 0;
  const check = createLakeCheck(() => lake);
  const lakeKey = createLakeKey(() => lake);
  const person = createLakePerson(() => lake, lakeKey);
  const going = createLakeContinue(
    () => lake,
    settings,
    lakeKey,
    (from, chosen, keyFile) => on.run(async () => chosen, from, keyFile),
  );
  const evidence = createLakeEvidence(() => lake, check.checked);
  const erasing = createLakeErase(
    () => lake,
    settings,
    lakeKey,
    (has) => {
      find('#found-lake-dropped').hidden = !has;
      evidence.ofOld(has);
    },
  );
  find('#found-lake-close').addEventListener('click', close);
  find('#found-lake-print').addEventListener('click', () => {
    document.documentElement.toggleAttribute('data-print-lake', true);
    print();
    document.documentElement.toggleAttribute('data-print-lake', false);
  });

  function close() {
    lake = undefined;
    panel.hidden = true;
    check.clear();
    person.clear();
    going.clear();
    erasing.clear();
    evidence.clear();
    lakeKey.show(false);
  }

  /** @param {FoundLake} next @param {Chosen | undefined} raw what was chosen together with it, and is run */
  function show(next, raw) {
    close();
    lake = next;
    panel.hidden = false;
    /** @type {import('../evidence/evidence.js').FullReport} */
    const report = JSON.parse(next.report);
    const hasPseudonyms = report.options.identity === 'pseudonym';
    lakeKey.show(hasPseudonyms);
    const isWhole = isLake(report);
    going.show(next, isWhole, hasPseudonyms, raw);
    erasing.show(isWhole, hasPseudonyms);
    describe(next, report);
    showHistory(next.history);
    find('#lake-history', HTMLDetailsElement).open = false;
    find('#found-lake-raw').hidden = !raw;
    on.show();
    if (raw) return;
    // Whoever has chosen a lake goes on there.
    panel.scrollIntoView({ block: 'nearest' });
    find('#found-lake-title').focus({ preventScroll: true });
  }

  return {
    /** Takes what was chosen: a lake is shown, and all else is run. @param {() => Promise<Chosen>} gather */
    async choose(gather) {
      choices += 1;
      zone.ariaBusy = 'true';
      try {
        await take(gather);
      } finally {
        choices -= 1;
        if (choices === 0) zone.ariaBusy = null;
      }
    },
  };

  /** @param {() => Promise<Chosen>} gather */
  async function take(gather) {
    const slow = setTimeout(() => {
      notice.textContent = labels.lake.gathering;
    }, SOON);
    const gathered = gather();
    const chosen = await gathered.catch(() => undefined);
    clearTimeout(slow);
    if (notice.textContent === labels.lake.gathering) notice.textContent = '';
    // The run says why.
    if (!chosen) return on.run(() => gathered);
    const { inputs, refusals } = chosen;
    const found = inputs.some(mayHoldLake) ? await callAside('findLake', inputs).catch(() => undefined) : undefined;
    // The run names what could not be read.
    const raw = !found?.lake || found.raw || refusals.length > 0;
    if (found?.lake) show(found.lake, raw ? chosen : undefined);
    if (raw) on.run(async () => chosen);
  }
}

/** Whether it may be a lake's report, or a zip with one. @param {import('../../shared/protocol.js').Input} input */
const mayHoldLake = ({ name }) => /(^|\/)report\.json$|\.zip$/i.test(name);

/**
 * A research export has one table, perhaps in two files.
 * @param {Pick<import('../evidence/evidence.js').FullReport, 'outputs'>} report
 */
const isLake = ({ outputs }) => new Set(outputs.map(({ table }) => table)).size > 1;

/** @param {FoundLake} lake @param {import('../evidence/evidence.js').FullReport} report */
function describe({ name, history }, { tool, options, privacy, tables, outputs }) {
  find('#found-lake-title').textContent = labels.lake.title(name);
  find('#found-lake-about').textContent = labels.lake.about(
    tool.version,
    format.counted(privacy?.owners ?? 0, labels.nouns.person),
  );
  const last = history.versions.at(-1);
  const facts = [
    [labels.lake.kind, isLake({ outputs }) ? labels.lake.whole : labels.lake.research],
    [
      labels.lake.latest,
      last
        ? labels.lake.version(format.count(last.version), timeOf(last), labels.lake.made[last.made] ?? last.made)
        : labels.lake.noTime,
    ],
    [labels.lake.settings, settingWords(options)],
  ];
  if (options.identity === 'pseudonym' && options.key_check)
    facts.push([labels.lake.identity, labels.lake.key(options.key_check)]);
  find('#found-lake-facts').replaceChildren(
    ...facts.map(([term, words]) => h('div', {}, h('dt', {}, term), h('dd', {}, words))),
  );
  const written = new Set(outputs.map(({ table }) => table));
  const rows = Object.entries(tables).flatMap(([table, counts]) =>
    written.has(table) ? [[table, counts.rows_out]] : [],
  );
  find('#found-lake-rows tbody').replaceChildren(...rowLines(Object.fromEntries(rows)));
}
