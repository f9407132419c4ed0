// Rejected records as they are saved.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndjson } from '../../../../www/page/run/reject-list.js';

test('a line of JSON for each reject, whatever its text', () => {
  /** @type {import('../../../../www/shared/core.js').Reject} */
  const reject = { file: 'a', line: 1, offset: 0, bytes: 9, reason: 'bad_json', text: '{"x":\n"\u2028"' };
  const lines = ndjson([reject, reject], () => 'customer_landing').split('\n');
  assert.equal(lines.length, 3);
  assert.deepEqual(JSON.parse(lines[1]), { table: 'customer_landing', ...reject });
});
