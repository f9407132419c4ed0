import { labels } from '../labels/labels.js';
import { coreWords, messageOf } from '../ui/core-words.js';
import { TABLES } from '../../shared/tables.js';
import { find, h } from '../ui/dom.js';
import { createLatest } from '../ui/latest.js';
import { callAside } from '../workers/call-aside.js';
import { changeWords, changesList, changesTable } from './compare.js';

/** What a change of options has changed. */
export function createEffect() {
  const place = find('#effect');
  const words = find('#effect-what');
  const rows = find('#effect-rows');
  const latest = createLatest();

  /** @param {import('../../shared/core.js').Difference} difference */
  function draw({ options, tables, privacy, notes }) {
    const changed = TABLES.filter(({ name }) => tables[name].causes.length > 0);
    // Run again as it was: nothing was changed that could have an effect.
    if (options.length + changed.length === 0) return;
    const what = options.length > 0 ? options.map(changeWords).join(', ') : labels.compare.otherInputs;
    words.textContent = `${what}. ${changed.length === 0 ? labels.compare.noOtherCounts : ''}`;
    // Results under the same key may have been saved before.
    const undone = notes.filter(({ code }) => code === 'times_undone');
    rows.replaceChildren(
      ...undone.map((note) => h('p', { 'data-note': note.code }, coreWords(note))),
      ...(changed.length > 0 ? [changesTable(tables, changed)] : []),
      ...(privacy.length > 0 ? [changesList(labels.compare.people, privacy)] : []),
    );
    place.hidden = false;
  }

  return {
    /** @param {string} old report.json of before @param {string} now */
    show(old, now) {
      latest.run(
        (signal) => callAside('compare', { old, now }, { signal }),
        draw,
        (error) => {
          words.textContent = labels.compare.effectFailed(messageOf(error));
          rows.replaceChildren();
          place.hidden = false;
        },
      );
    },
    clear() {
      latest.cancel();
      place.hidden = true;
    },
  };
}
