/** @typedef {import('../../shared/core.js').TableName} TableName */

/**
 * Numbers and warnings lead to what they are about: the rows, reasons or inputs that are counted, a table of the
 * pipeline, or a setting.
 * @param {object} to
 * @param {(place: string, of: TableName | undefined) => void} to.explore
 * @param {(table: TableName) => void} to.table
 * @param {(name: string) => void} to.setting
 */
export function followLinks({ explore, table, setting }) {
  addEventListener('click', ({ target }) => {
    const button = target instanceof Element && target.closest('button');
    if (!button) return;
    const { explore: place, of, toTable, toSetting } = button.dataset;
    if (place) explore(place, /** @type {TableName | undefined} */ (of));
    else if (toTable) table(/** @type {TableName} */ (toTable));
    else if (toSetting) setting(toSetting);
  });
}
