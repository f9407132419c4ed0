import { labels } from '../labels/labels.js';
import {
  autocompletion,
  closeBrackets,
  closeCompletion,
  completeFromList,
  completionKeymap,
  ifNotIn,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { HighlightStyle, bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/**
 * @typedef {import('../../shared/core.js').SqlPlace} SqlPlace
 * @typedef {{ name: string, columns: { name: string, type: string }[] }} Completed a table for completion
 */

const theme = EditorView.theme({
  '&': {
    fontSize: '0.875rem',
    color: 'var(--ink)',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--field)',
    borderRadius: '8px',
  },
  '&.cm-focused': { outline: '3px solid var(--accent)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5', maxHeight: '24em' },
  '.cm-content, .cm-gutter': { minHeight: '7.5em' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--ink)' },
  '.cm-gutters': {
    color: 'var(--soft)',
    backgroundColor: 'var(--sunken)',
    borderRight: '1px solid var(--line)',
    borderRadius: '8px 0 0 8px',
  },
  '.cm-placeholder': { color: 'var(--soft)' },
  '.cm-tooltip': {
    color: 'var(--ink)',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { minWidth: '0', maxWidth: '90vw', fontFamily: 'var(--mono)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { color: 'var(--on-accent)', backgroundColor: 'var(--accent)' },
  '.cm-completionDetail': { color: 'inherit', opacity: '0.8' },
  '.cm-diagnostic': { padding: '4px 8px', fontFamily: 'var(--mono)', whiteSpace: 'pre-wrap' },
  '.cm-lintRange-error': {
    backgroundColor: 'var(--danger-wash)',
    backgroundImage: 'none',
    borderBottom: '2px solid var(--danger)',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-wash)' },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--caution)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--caution)' },
  { tag: [tags.lineComment, tags.blockComment], color: 'var(--soft)', fontStyle: 'italic' },
]);

/**
 * An editor of SQL, in a shadow tree: there CodeMirror's styles are sheets of script, which the
 * page's policy allows, and not elements, which it refuses.
 * @param {HTMLElement} place
 * @param {object} on
 * @param {() => void} on.run
 */
export function createEditor(place, on) {
  const root = place.attachShadow({ mode: 'open' });
  const tables = new Compartment();
  /** Marks are of the text that was run: a change takes them away. */
  const unmark = EditorView.updateListener.of(({ docChanged }) => {
    if (docChanged) queueMicrotask(() => view.dispatch(setDiagnostics(view.state, [])));
  });
  const run = () => {
    closeCompletion(view);
    on.run();
    return true;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      extensions: [
        // First, for the usual keys have a use for Enter too.
        keymap.of([{ key: 'Mod-Enter', run }]),
        lineNumbers(),
        history(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ icons: false }),
        keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        syntaxHighlighting(colours),
        theme,
        EditorView.lineWrapping,
        unmark,
        placeholder('SELECT … FROM machine_learning_curated'),
        EditorView.contentAttributes.of({ 'aria-label': labels.console.statement, spellcheck: 'false' }),
        tables.of(language([])),
      ],
    }),
  });

  return {
    focus: () => view.focus(),
    /** Names to complete. @param {Completed[]} all */
    complete: (all) => view.dispatch({ effects: tables.reconfigure(language(all)) }),
    /** What is selected, or all, and where it starts. */
    statement() {
      const { from, to, empty } = view.state.selection.main;
      return empty ? { text: view.state.doc.toString(), from: 0 } : { text: view.state.sliceDoc(from, to), from };
    },
    /** @param {string} text */
    write(text) {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: text.length },
      });
    },
    /** Writes a name where the cursor is. @param {string} text */
    insert(text) {
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
    /**
     * Marks an error.
     * @param {{ from: number, to: number }} part
     * @param {string} message
     */
    mark({ from, to }, message) {
      const end = view.state.doc.length;
      const start = Math.min(from, Math.max(0, end - 1));
      const stop = Math.min(Math.max(to, start + 1), end);
      // What was selected to be run stays so.
      const selection = view.state.selection.main.empty ? { anchor: start } : undefined;
      view.dispatch(setDiagnostics(view.state, [{ from: start, to: stop, severity: 'error', message }]), {
        selection,
        scrollIntoView: true,
      });
    },
    unmark: () => view.dispatch(setDiagnostics(view.state, [])),
  };
}

/** @param {Completed[]} tables */
function language(tables) {
  const schema = Object.fromEntries(
    tables.map(({ name, columns }) => [
      name,
      columns.map((column) => ({ label: column.name, detail: column.type, type: 'property' })),
    ]),
  );
  // Columns before FROM are written before their table is known.
  const columns = completeFromList([
    ...new Map(
      Object.values(schema)
        .flat()
        .map((column) => [column.label, column]),
    ).values(),
  ]);
  const anywhere = PostgreSQL.language.data.of({
    autocomplete: ifNotIn(['String', 'LineComment', 'BlockComment', '.'], columns),
  });
  return [sql({ dialect: PostgreSQL, schema, upperCaseKeywords: true }), anywhere];
}

/**
 * Where a place of a text is, by characters of its own; of a place that is one point, the whole word.
 * @param {string} text
 * @param {SqlPlace} place
 */
export function rangeOf(text, { line, column, end_line, end_column }) {
  const lines = text.split('\n');
  const at = (/** @type {number} */ wanted, /** @type {number} */ characters) => {
    const before = lines.slice(0, wanted - 1).reduce((sum, { length }) => sum + length + 1, 0);
    // The engine counts characters, the editor UTF-16.
    return before + [...(lines[wanted - 1] ?? '')].slice(0, characters - 1).join('').length;
  };
  const from = at(line, column);
  const word = /^\w+/.exec(text.slice(from))?.[0].length ?? 1;
  return { from, to: Math.max(at(end_line, end_column), from + word) };
}
