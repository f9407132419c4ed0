import { labels } from '../labels/labels.js';
import { coreWords, messageOf } from '../ui/core-words.js';
import { TABLES } from '../../shared/tables.js';
import { find, h } from '../ui/dom.js';
import { createLatest } from '../ui/latest.js';
import { callAside } from '../workers/call-aside.js';
import { changeWords, changesList, changesTable } from './compare.js';

/** Where the form has what is no choice from a list. @type {Partial<Record<string, string>>} */
const PLACES = { withdrawals: '#withdrawn', withdrawals_file: '#withdrawn' };

/**
 * What a change of options has changed, right below what was changed: it lies over no setting, and moves none that
 * stands above it.
 */
export function createEffect() {
  const place = find('#effect');
  const scroller = find('#setup');
  /** What the effect is of. */
  let cause = find('.presets');
  const words = find('#effect-what');
  const rows = find('#effect-rows');
  const latest = createLatest();

  /** @param {import('../../shared/core.js').Difference} difference */
  function draw({ options, tables, people, privacy, notes }) {
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
      ...(people.length > 0 ? [changesList(labels.compare.inAndOut, people)] : []),
      ...(privacy.length > 0 ? [changesList(labels.compare.people, privacy)] : []),
    );
    show(options.map(({ name }) => name));
  }

  /** @param {string[]} changed names of options */
  function show(changed) {
    const places = changed.map((name) =>
      document.querySelector(PLACES[name] ?? `[data-choice="${name.replaceAll('_', '-')}"]`),
    );
    const found = [...new Set(places)];
    const [one] = found;
    cause = found.length === 1 && one instanceof HTMLElement ? one : find('.presets');
    const { top } = cause.getBoundingClientRect();
    cause.after(place);
    place.hidden = false;
    // What is being changed stays where it is, though the effect of an earlier change above it is gone.
    scroller.scrollTop += cause.getBoundingClientRect().top - top;
    place.scrollIntoView({ block: 'nearest' });
    cause.scrollIntoView({ block: 'nearest' });
  }

  /** Whether there was one to close. */
  function close() {
    const was = place.checkVisibility();
    const hadFocus = place.contains(document.activeElement);
    place.hidden = true;
    if (hadFocus) toCause();
    return was;
  }

  function toCause() {
    const control = cause.querySelector('select, textarea, input, button');
    if (control instanceof HTMLElement) control.focus({ preventScroll: true });
  }

  find('#effect-close').addEventListener('click', () => {
    close();
    // Safari gives a clicked button no focus.
    toCause();
  });

  return {
    close,
    /** @param {string} old report.json of before @param {string} now */
    show(old, now) {
      latest.run(
        (signal) => callAside('compare', { old, now }, { signal }),
        draw,
        (error) => {
          words.textContent = labels.compare.effectFailed(messageOf(error));
          rows.replaceChildren();
          show([]);
        },
      );
    },
    clear() {
      latest.cancel();
      place.hidden = true;
    },
  };
}
