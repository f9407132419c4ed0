// Downloads are known again by their names: what they are, their day, and the options that are not the default.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downloadName } from '../../../../www/page/export/download-name.js';

/** @type {import('../../../../www/shared/core.js').Report['options']} */
const DEFAULTS = {
  consent: 'ever',
  records: 'any',
  emails: 'exact',
  shared_serials: 'keep',
  duplicates: 'keep',
  join: 'owner',
  identity: 'pseudonym',
  times: 'exact',
  one_per_instant: 'off',
  compression: 'snappy',
  withdrawals: 0,
  key: 'random',
  key_check: '00000000',
};

test('a name has the day and what differs from the defaults', () => {
  const day = new Date().toISOString().slice(0, 10);
  assert.equal(downloadName('report', DEFAULTS), `stedi-report-${day}`);
  assert.equal(
    downloadName('customer_trusted', { ...DEFAULTS, consent: 'as-of', shared_serials: 'drop', withdrawals: 3 }),
    `stedi-customer_trusted-${day}-consent-as-of-shared-serials-drop-withdrawals-3`,
  );
});
