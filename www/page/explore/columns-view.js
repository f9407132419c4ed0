import { labels } from '../labels/labels.js';
import { find, h } from '../ui/dom.js';
import { createLatest } from '../ui/latest.js';
import { explore } from './explore-client.js';

/** @typedef {import('../../shared/core.js').TableName} TableName */
/** @typedef {import('../../shared/core.js').TableSchema} TableSchema */

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

/** The columns of the selected table and the SQL that defines it, made when they are seen. */
export function createColumns() {
  const columns = find('#columns');
  const sql = find('#sql code');
  /** @type {TableName} */
  let table = 'machine_learning_curated';

  const latest = createLatest();

  function show() {
    latest.run(
      () => schemaOf(table),
      (schema) => {
        columns.replaceChildren(list(schema));
        sql.textContent = schema.sql ?? '';
      },
      () => {
        columns.replaceChildren(labels.explore.noColumns);
        sql.textContent = labels.explore.noSql;
      },
    );
  }

  return {
    /** @param {TableName} next */
    select(next) {
      table = next;
      columns.replaceChildren();
      sql.textContent = '';
    },
    show,
  };
}

/** @param {TableSchema} schema */
function list({ table, folder, columns }) {
  const landing = table.endsWith('_landing');
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': labels.explore.columnsOf(table) },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...[labels.explore.column, labels.explore.type, labels.explore.meaning].map((name) =>
            h('th', { scope: 'col' }, name),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        ...columns.map(({ name, type, key, meaning }) =>
          h(
            'tr',
            {},
            h('td', {}, h('code', {}, name)),
            h('td', {}, type, ...(type === 'bigint' ? [h('small', {}, labels.explore.milliseconds)] : [])),
            h('td', {}, labels.core.columns[name] ?? meaning, landing && key ? labels.explore.neverMissing : ''),
          ),
        ),
      ),
    ),
    h(
      'p',
      { class: 'more' },
      landing ? labels.explore.notSaved : labels.explore.place,
      landing ? '' : h('code', {}, `${folder}/`),
    ),
  );
}
