import { messageOf } from '../../shared/errors.js';
import { TABLES } from '../../shared/tables.js';
import { find } from '../ui/dom.js';
import { createLatest } from '../ui/latest.js';
import { callAside } from '../workers/call-aside.js';
import { changeWords, changesList, changesTable } from './compare.js';

/** What a change of options has changed. */
export function createEffect() {
  const place = find('#effect');
  const words = find('#effect-what');
  const rows = find('#effect-rows');
  const latest = createLatest();

  /** @param {import('../../shared/core-types.js').Difference} difference */
  function draw({ options, tables, privacy }) {
    const changed = TABLES.filter(({ name }) => tables[name].causes.length > 0);
    const none = changed.length === 0 ? 'No table has other counts.' : '';
    words.textContent = `${options.map(changeWords).join(', ')}. ${none}`;
    rows.replaceChildren(
      ...(changed.length > 0 ? [changesTable(tables, changed)] : []),
      ...(privacy.length > 0 ? [changesList('People in machine_learning_curated', privacy)] : []),
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
          words.textContent = `The effect of this change cannot be shown: ${messageOf(error)}`;
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
