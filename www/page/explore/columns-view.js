import { find, h } from '../ui/dom.js';
import { createLatest } from '../ui/latest.js';
import { explore } from './explore-client.js';

/** @typedef {import('../../shared/core-types.js').TableName} TableName */
/** @typedef {import('../../shared/core-types.js').TableSchema} TableSchema */

/** @type {Promise<TableSchema[]> | undefined} */
let schemas;

/** The columns of a table, as the core has them. @param {TableName} table @returns {Promise<TableSchema>} */
export async function schemaOf(table) {
  schemas ??= explore('schema', undefined);
  // What failed once is tried again.
  schemas.catch(() => {
    schemas = undefined;
  });
  const found = (await schemas).find((schema) => schema.table === table);
  if (!found) throw new Error(`The core has no table ${table}.`);
  return found;
}

/** The columns of the selected table and the SQL that defines it, made when they are opened. */
export function createColumns() {
  const columns = find('#columns', HTMLDetailsElement);
  const sql = find('#sql', HTMLDetailsElement);
  /** @type {TableName} */
  let table = 'machine_learning_curated';

  const latest = createLatest();

  function show() {
    sql.hidden = table.endsWith('_landing');
    if (!columns.open && !sql.open) return;
    latest.run(
      () => schemaOf(table),
      (schema) => {
        find('#columns > div').replaceChildren(list(schema));
        find('#sql code').textContent = schema.sql ?? '';
      },
      () => {
        find('#columns > div').replaceChildren('The columns could not be read.');
        find('#sql code').textContent = 'The SQL could not be read.';
      },
    );
  }
  columns.addEventListener('toggle', show);
  sql.addEventListener('toggle', show);

  return {
    /** @param {TableName} next */
    select(next) {
      table = next;
      show();
    },
  };
}

/** @param {TableSchema} schema */
function list({ table, folder, columns }) {
  const landing = table.endsWith('_landing');
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Columns of ${table}` },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...['Column', 'Type', 'Meaning'].map((name) => h('th', { scope: 'col' }, name)))),
      h(
        'tbody',
        {},
        ...columns.map(({ name, type, key, meaning }) =>
          h(
            'tr',
            {},
            h('td', {}, h('code', {}, name)),
            h('td', {}, type, ...(type === 'bigint' ? [h('small', {}, 'epoch milliseconds')] : [])),
            h('td', {}, meaning, landing && key ? '; never missing' : ''),
          ),
        ),
      ),
    ),
    h(
      'p',
      { class: 'more' },
      landing ? 'Not saved.' : 'Its place in the lake: ',
      landing ? '' : h('code', {}, `${folder}/`),
    ),
  );
}
