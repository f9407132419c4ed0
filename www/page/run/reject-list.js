import { labels } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import { save } from '../export/download.js';
import * as format from '../ui/format.js';
import { ready, saveButton } from '../export/save-gate.js';
import { LIMITS } from '../../shared/core.js';

/** @typedef {import('../../shared/core.js').Reject} Reject */

/** Long lists are shown to here. */
const LISTED = 200;
/** Characters of a rejected record that are shown. */
const SHOWN_TEXT = 400;

/**
 * The landing table of each input that was used, by its name.
 * @param {import('../../shared/core.js').ReportInput[]} inputs
 */
export const tablesByInput = (inputs) =>
  new Map(inputs.map((input) => [input.name, input.status === 'used' ? input.table : undefined]));

/**
 * Records that are no rows, with their text, and a button to save them: the one place where raw text
 * leaves the page, and only when it is asked for.
 * @param {Reject[]} rejects
 * @param {number} total with those of which only the number is known
 * @param {(reject: Reject) => string | undefined} tableOf
 * @param {() => string} fileName without its ending
 * @param {string} [of]
 */
export function rejectList(rejects, total, tableOf, fileName, of = labels.rejects.theRun) {
  const button = saveButton(
    h('button', { type: 'button', class: 'save', 'data-download': 'rejects' }, labels.rejects.save),
    () => save(new Blob([ndjson(rejects, tableOf)], { type: 'application/x-ndjson' }), `${fileName()}.ndjson`),
  );
  ready(button, true);
  const listed = rejects.slice(0, LISTED);
  return [
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': labels.rejects.of(of) },
      h(
        'table',
        { class: 'rejects' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, labels.rejects.file),
            h('th', { scope: 'col', class: 'number' }, labels.rejects.line),
            h('th', { scope: 'col', class: 'number' }, labels.rejects.byte),
            h('th', { scope: 'col' }, labels.rejects.field),
            h('th', { scope: 'col' }, labels.rejects.reason),
            h('th', { scope: 'col' }, labels.rejects.text, h('span', { class: 'rawmark' }, labels.files.rawMark)),
          ),
        ),
        h('tbody', {}, ...listed.map(row)),
      ),
    ),
    h(
      'p',
      { class: 'more' },
      total > listed.length ? labels.rejects.first(format.count(listed.length), format.count(total)) : '',
    ),
    h(
      'div',
      { class: 'tools' },
      button,
      h(
        'p',
        { class: 'hint' },
        labels.rejects.holds(
          rejects.length < total ? labels.rejects.firstRecords(format.count(rejects.length)) : '',
          format.count(LIMITS.reject_text_bytes),
        ),
      ),
    ),
  ];
}

/** @param {Reject} reject */
function row({ file, line, offset, field, reason, detail, bytes, text }) {
  return h(
    'tr',
    {},
    h('td', { class: 'name' }, file),
    h('td', { class: 'number' }, format.count(line)),
    h('td', { class: 'number' }, format.count(offset)),
    h('td', {}, field ? h('code', {}, field) : ''),
    h(
      'td',
      { class: 'reason' },
      labels.core.reasons[reason] ?? reason,
      ...(detail ? [h('small', {}, detail)] : []),
      ...(bytes > 0 ? [h('small', {}, labels.rejects.covers(format.bytes(bytes)))] : []),
    ),
    h('td', { class: 'raw' }, h('code', {}, shorten(text))),
  );
}

/** A line for each. @param {Reject[]} rejects @param {(reject: Reject) => string | undefined} tableOf */
export function ndjson(rejects, tableOf) {
  return rejects.map((reject) => `${JSON.stringify({ table: tableOf(reject), ...reject })}\n`).join('');
}

/** @param {string} text */
function shorten(text) {
  const line = text.trimEnd();
  return line.length > SHOWN_TEXT ? `${line.slice(0, SHOWN_TEXT)} …` : line;
}
