import { labels } from '../labels/labels.js';
import { createLatest } from '../ui/latest.js';
import { createRpcClient } from '../workers/rpc-client.js';
import { schemaOf } from '../explore/columns-view.js';
import { createEditor, rangeOf } from './editor.js';
import { createSessionTables } from './session-tables.js';
import { QUERIES } from './queries.js';
import { createResult } from './result.js';
import { createTableList } from './table-list.js';
import { failureWords } from '../ui/core-words.js';
import { h } from '../ui/dom.js';
import { save } from '../export/download.js';
import { downloadName } from '../export/download-name.js';
import { sourcesOf } from '../explore/explore-panel.js';
import { asFailure } from '../../shared/errors.js';
import * as format from '../ui/format.js';
import { TABLES } from '../../shared/tables.js';
import { engine } from '../workers/compile-wasm.js';

/**
 * @typedef {import('../../shared/protocol.js').SqlDone} SqlDone
 * @typedef {import('../run-state.js').Results} Results
 */

/** A statement that asks for a count and nothing else. */
const COUNT = /^\s*select\s+count\s*\([^()]*\)\s*(as\s+\w+\s+)?from\s/i;

/** Statements in the history. */
const HISTORY = 50;

/** The console, opened. @param {HTMLElement} section */
export function createView(section) {
  const queries = h(
    'select',
    { id: 'console-queries', 'aria-label': labels.console.queries },
    h('option', { value: '' }, labels.console.queries),
    ...QUERIES.map(({ name }, at) => h('option', { value: at }, name)),
  );
  const past = h(
    'select',
    { id: 'console-history', 'aria-label': labels.console.historyOf, disabled: true },
    h('option', { value: '' }, labels.console.history),
  );
  const place = h('div', { id: 'console-editor' });
  const runButton = h('button', { type: 'button', id: 'console-run', class: 'primary' }, labels.console.run);
  const explainButton = h('button', { type: 'button', id: 'console-explain' }, labels.console.explain);
  const cancelButton = h('button', { type: 'button', id: 'console-cancel', disabled: true }, labels.console.cancel);
  const status = h('p', { id: 'console-status', role: 'status' });
  const answer = h('div', { id: 'console-result', hidden: true });
  const sessionPlace = h('div', { id: 'console-session', hidden: true });
  const tableList = h('nav', { id: 'console-tables', 'aria-label': labels.console.tables });
  const work = h(
    'div',
    { id: 'console-work' },
    h('div', { class: 'tools' }, queries, past),
    place,
    h(
      'div',
      { class: 'actions' },
      runButton,
      explainButton,
      cancelButton,
      h('p', { class: 'hint' }, labels.console.keys),
    ),
    status,
    answer,
    sessionPlace,
  );
  section.append(h('div', { id: 'console-frame' }, tableList, work));

  /** @type {Results | undefined} */
  let run;
  const latest = createLatest();
  /** Whether a statement is under way. */
  let busy = false;
  /** @type {string[]} */
  let statements = [];

  /** @type {ReturnType<typeof createRpcClient<import('../../shared/protocol.js').SqlService>>} */
  const client = createRpcClient('#sql-worker-source', engine, (call) => call('lake', lake()));
  const editor = createEditor(place, { run: () => execute('') });
  const list = createTableList(tableList, editor.insert);
  const result = createResult(answer, {
    call: client.call,
    fail,
    save: (as, what) => {
      const mine = run;
      // What is made slowly may be of an earlier run by then.
      client
        .call('file', as)
        .then((file) => {
          if (run === mine) save(file, `${nameOf(what)}.${as}`);
        })
        .catch(fail);
    },
  });
  const session = createSessionTables(
    sessionPlace,
    nameOf,
    (name) => execute('', `DROP TABLE "${name.replaceAll('"', '""')}"`),
    complete,
  );

  /** What a file is called that is saved. @param {string} what */
  function nameOf(what) {
    return run ? downloadName(what, run.report.options) : what;
  }

  /** What the worker has to know. @returns {import('../../shared/protocol.js').SqlLake} */
  function lake() {
    const {
      report,
      inputs,
      result: { files },
    } = run ?? { report: undefined, inputs: [], result: { files: undefined } };
    const landing = TABLES.filter(({ saved }) => !saved).map(({ name }) => name);
    const sources = report ? landing.flatMap((table) => sourcesOf(table, report, inputs)) : [];
    const absent = landing.filter(
      (table) => (report?.tables[table]?.rows_out ?? 0) > 0 && !sources.some((source) => source.table === table),
    );
    return { files, sources, absent, session: session.all() };
  }

  async function complete() {
    const tables = await Promise.all(TABLES.map(({ name }) => schemaOf(name))).catch(() => []);
    list.show(tables);
    editor.complete([
      ...tables.map(({ table, columns }) => ({ name: table, columns })),
      ...session.all().map(({ name }) => ({ name, columns: [] })),
    ]);
  }

  /** @param {boolean} is */
  function setBusy(is) {
    busy = is;
    section.toggleAttribute('aria-busy', busy);
    runButton.disabled = explainButton.disabled = busy;
    cancelButton.disabled = !busy;
  }

  /**
   * Runs the text of the editor, or another statement.
   * @param {'' | 'EXPLAIN '} prefix
   * @param {string} [statement]
   */
  function execute(prefix, statement) {
    if (busy) return;
    const { text, from } = statement === undefined ? editor.statement() : { text: statement, from: -1 };
    if (text.trim() === '') return void (status.textContent = labels.console.noStatement);
    const since = performance.now();
    // One that explains itself already is run as it is.
    const added = /^\s*explain\b/i.test(text) ? '' : prefix;
    editor.unmark();
    result.clear();
    delete status.dataset.failed;
    status.textContent = labels.console.running;
    setBusy(true);
    if (statement === undefined) remember(text);
    latest.run(
      (signal) => client.call('query', added + text, { signal }),
      (done) => {
        status.textContent = `${show(done, COUNT.test(text))} ${format.shortly(performance.now() - since)}.`;
        setBusy(false);
      },
      (error) => {
        fail(error);
        if (from >= 0) markError(error, text, from, added.length);
        setBusy(false);
      },
    );
  }

  /** Ends what the engine is doing: it takes no messages meanwhile, so its worker ends. */
  function cancel() {
    if (!busy) return;
    latest.cancel();
    client.stop(new Error('The statement was cancelled.'));
    setBusy(false);
  }

  /** @param {SqlDone} done @param {boolean} isCount */
  function show(done, isCount) {
    switch (done.kind) {
      case 'rows':
        result.show(done, isCount);
        return labels.console.doneIn;
      case 'created': {
        const { name, rows, raw, file } = done;
        session.add({ name, rows, raw, file });
        return labels.console.made(name, format.counted(rows, labels.nouns.row), raw ? labels.console.commaRaw : '');
      }
      case 'dropped':
        session.drop(done.names);
        return labels.console.dropped(done.names.join(', '));
    }
  }

  /** @param {unknown} error */
  function fail(error) {
    const failure = asFailure(error);
    const message = failureWords(failure);
    status.dataset.failed = '';
    status.textContent = failure.file ? `${failure.file}: ${message}` : message;
  }

  /**
   * @param {unknown} error
   * @param {string} text
   * @param {number} from
   * @param {number} added characters that the editor does not have
   */
  function markError(error, text, from, added) {
    const { message, place: where } = asFailure(error);
    if (where) {
      const range = rangeOf(' '.repeat(added) + text, where);
      editor.mark({ from: Math.max(0, range.from - added) + from, to: range.to - added + from }, message);
    } else if (/found: EOF/.test(message)) {
      const end = from + text.trimEnd().length;
      editor.mark({ from: end - 1, to: end }, message);
    }
    editor.focus();
  }

  /** @param {string} text */
  function remember(text) {
    statements = [text, ...statements.filter((other) => other !== text)].slice(0, HISTORY);
    past.disabled = false;
    past.replaceChildren(
      h('option', { value: '' }, labels.console.history),
      ...statements.map((one, at) => h('option', { value: at }, one.replace(/\s+/g, ' ').trim().slice(0, 80))),
    );
  }

  runButton.addEventListener('click', () => execute(''));
  explainButton.addEventListener('click', () => execute('EXPLAIN '));
  cancelButton.addEventListener('click', () => {
    cancel();
    status.textContent = labels.console.cancelled;
    runButton.focus();
  });
  queries.addEventListener('change', () => {
    const query = QUERIES[Number(queries.value)];
    if (queries.value !== '') editor.write(query.sql);
    queries.value = '';
  });
  past.addEventListener('change', () => {
    if (past.value !== '') editor.write(statements[Number(past.value)]);
    past.value = '';
  });

  function clear() {
    cancel();
    // They were made of the earlier tables, which may have let in people that these do not.
    session.clear();
    result.clear();
    editor.unmark();
    delete status.dataset.failed;
  }

  complete();
  return {
    focus: editor.focus,
    /** @param {Results} next */
    open(next) {
      const dropped = session.all().length > 0;
      clear();
      run = next;
      client.update();
      status.textContent = dropped ? labels.console.tablesChanged : '';
    },
    close() {
      clear();
      run = undefined;
      client.update();
    },
  };
}
