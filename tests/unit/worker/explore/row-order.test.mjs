import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderRows } from '../../../../www/worker/explore/row-order.js';

/** @type {import('../../../../www/shared/core.js').Column[]} */
const COLUMNS = [
  { name: 'user', type: 'string', key: true, meaning: '' },
  { name: 'timestamp', type: 'bigint', key: true, meaning: '' },
  { name: 'x', type: 'double', key: false, meaning: '' },
];
const DAY = Date.UTC(2024, 0, 2);
const VALUES = [
  ['ann@example.org', 'Ben@example.org', 'ann@example.org', 'zoe'],
  [BigInt(DAY), BigInt(DAY + 1), BigInt(DAY - 1), BigInt(DAY)],
  [0.5, null, -0.25, 12],
];

/** @param {import('../../../../www/shared/protocol.js').RowOrder} order */
const rows = (order) => [...orderRows(VALUES, COLUMNS, order)];

/** @type {[string, import('../../../../www/shared/protocol.js').RowOrder, number[]][]} */
const CASES = [
  ['no order is the order of the file', {}, [0, 1, 2, 3]],
  ['numbers, nulls first', { sort: 'x' }, [1, 2, 0, 3]],
  ['largest first, nulls last', { sort: 'x', descending: true }, [3, 0, 2, 1]],
  ['equal values stay as they are, either way', { sort: 'timestamp', descending: true }, [1, 0, 3, 2]],
  ['text in any case', { where: 'user', fits: ' BEN ' }, [1]],
  ['a number', { where: 'x', fits: '0.5' }, [0]],
  ['a comparison; a null fits nothing', { where: 'x', fits: '< 12' }, [0, 2]],
  ['a negative number', { where: 'x', fits: '>=-0.25' }, [0, 2, 3]],
  ['a day', { where: 'timestamp', fits: '>= 2024-01-02' }, [0, 1, 3]],
  ['a time of another zone', { where: 'timestamp', fits: '= 2024-01-02 01:00+01:00' }, [0, 3]],
  ['epoch milliseconds', { where: 'timestamp', fits: `${DAY + 1}` }, [1]],
  ['both', { where: 'user', fits: 'example', sort: 'x' }, [1, 2, 0]],
  ['an empty condition is none', { where: 'x', fits: '  ' }, [0, 1, 2, 3]],
];
for (const [name, order, wanted] of CASES) test(name, () => assert.deepEqual(rows(order), wanted));

test('what is no number is refused', () => {
  assert.throws(() => rows({ where: 'x', fits: '> much' }), /“much” is no number/);
  assert.throws(() => rows({ where: 'timestamp', fits: 'yesterday' }), /is no time and no number/);
});
