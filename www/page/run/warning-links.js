import { labels } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import { labelOf } from '../settings/setting-words.js';

/** @typedef {import('../../shared/core.js').TableName} TableName */
/** @typedef {{ table?: TableName, setting?: string, view?: 'inputs' | 'rejects' }} About */

/**
 * What a warning is about, by its code: a table, a setting by its name in the form, or a list of Explore.
 * @type {Partial<Record<string, About>>}
 */
export const ABOUT = {
  array_not_closed: { view: 'inputs' },
  consent_as_of_phone: { setting: 'consent' },
  consent_conflict: { table: 'customer_landing' },
  consent_field_missing: { table: 'customer_landing' },
  consent_superseded: { table: 'customer_trusted', setting: 'records' },
  consent_unreadable: { table: 'customer_landing' },
  customer_emails_differ: { setting: 'emails' },
  customers_cut: { view: 'inputs' },
  customers_rejected: { view: 'rejects' },
  customers_unreadable: { view: 'rejects' },
  duplicate_keys: { view: 'inputs' },
  duplicate_rows: { setting: 'duplicates' },
  emails_differ: { table: 'accelerometer_trusted', setting: 'emails' },
  files_damaged: { view: 'inputs' },
  files_unread: { view: 'inputs' },
  mixed_pairs: { table: 'machine_learning_curated', setting: 'join' },
  mostly_rejected: { view: 'inputs' },
  no_accelerometer: { table: 'accelerometer_landing' },
  no_common_time: { table: 'machine_learning_curated' },
  no_customers: { table: 'customer_landing' },
  no_step_trainer: { table: 'step_trainer_landing' },
  no_trusted_readings: { table: 'accelerometer_trusted' },
  no_trusted_steps: { table: 'step_trainer_trusted' },
  nobody_consents: { table: 'customer_trusted' },
  rejected_customers: { table: 'customer_landing', setting: 'records' },
  serial_identity: { table: 'machine_learning_curated', setting: 'identity' },
  shared_serials: { table: 'step_trainer_trusted', setting: 'shared-serials' },
  times_not_milliseconds: { setting: 'consent' },
  undated_refusals: { setting: 'records' },
  unknown_fields: { view: 'rejects' },
  withdrawals_empty: { setting: 'withdrawals' },
  withdrawals_unmet: { setting: 'withdrawals' },
  withdrawn_steps: { table: 'step_trainer_trusted', setting: 'shared-serials' },
  zones_left_out: { setting: 'all-zones' },
};

/** What a warning is about, each by its name; nothing where it is about all. @param {string} code */
export function warningLinks(code) {
  const { table, setting, view } = ABOUT[code] ?? {};
  const link = (/** @type {string} */ words, /** @type {Record<string, string>} */ to) =>
    h('button', { type: 'button', class: 'link', ...to }, words);
  const links = [
    ...(table ? [link(table, { 'data-to-table': table })] : []),
    ...(setting ? [link(labelOf(setting.replaceAll('-', '_')), { 'data-to-setting': setting })] : []),
    ...(view ? [link(labels.explore[view], { 'data-explore': view })] : []),
  ];
  return links.length > 0 ? [h('p', { class: 'leads' }, ...links)] : [];
}
