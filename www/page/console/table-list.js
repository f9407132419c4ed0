import { labels } from '../labels/labels.js';
import { breakable } from '../pipeline/pipeline.js';
import { h } from '../ui/dom.js';

/** @typedef {import('../../shared/core.js').TableSchema} TableSchema */

/**
 * The tables and their columns, beside the editor. A name that is pressed is written where the cursor is.
 * @param {HTMLElement} place
 * @param {(name: string) => void} onChoose
 */
export function createTableList(place, onChoose) {
  place.append(h('h3', {}, labels.console.tables));
  place.addEventListener('click', ({ target }) => {
    const name = target instanceof Element && target.closest('button')?.dataset.name;
    if (name) onChoose(name);
  });
  return {
    /** @param {TableSchema[]} tables */
    show(tables) {
      for (const old of place.querySelectorAll('details')) old.remove();
      place.append(
        ...tables.map(({ table, columns }) =>
          h(
            'details',
            {},
            h('summary', {}, h('code', {}, ...breakable(table))),
            h(
              'ul',
              {},
              ...[{ name: table, type: labels.console.table }, ...columns].map(({ name, type }) =>
                h(
                  'li',
                  {},
                  h('button', { type: 'button', class: 'quiet', 'data-name': name }, h('code', {}, name)),
                  h('small', {}, type),
                ),
              ),
            ),
          ),
        ),
      );
    },
  };
}
