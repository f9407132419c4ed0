// German words for what stops a run, by the code and message of the failure; English stands where there are none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAILURES } from '../../../../www/page/labels/de/failures.js';
import { Shortened, Unreadable } from '../../../../www/shared/file-errors.js';

/** @param {string} code @param {string} message */
function said(code, message) {
  const own = FAILURES[code];
  return typeof own === 'function' ? own(message) : own;
}

test('a file that cannot be read is said with its error and what to do', () => {
  const cause = (/** @type {string} */ name) => Object.assign(new Error(''), { name });
  const gone = new Unreadable('read this file', cause('NotFoundError'));
  assert.match(said(gone.code, gone.message) ?? '', /\(NotFoundError\)\. Sie wurde verschoben/);
  const changed = new Unreadable('read this file', cause('NotReadableError'));
  assert.match(said(changed.code, changed.message) ?? '', /\(NotReadableError\)\. Sie wurde geändert.*Netzlaufwerk/);
  const again = new Unreadable('read this file', cause('NotReadableError'), 'again');
  assert.match(said(again.code, again.message) ?? '', /Jetzt ist sie lesbar/);
  const shortened = new Shortened();
  assert.match(said(shortened.code, shortened.message) ?? '', /^Diese Datei endete vor dem letzten Byte.*geändert/);
});

test('what a message names stands in the German too', () => {
  for (const [code, message, words] of [
    ['too_large', '812 MB of readings belong together, more than', '812 MB an Messwerten'],
    ['too_many_rows', 'accelerometer_trusted has more rows than one instance can hold', 'accelerometer_trusted hat'],
    ['no_landing', 'The files of customer_landing are not here: a saved lake', 'von customer_landing sind'],
    ['not_a_lake', 'a/b.parquet is not what the report of the lake says. More.', 'a/b.parquet ist nicht'],
    ['not_a_lake', 'this is no lake of stedi-lakehouse, or it is damaged: x', 'oder er ist beschädigt.'],
    ['cannot_go_on', 'a run cannot go on from this lake: it lacks tables; a', 'Ihm fehlen Tabellen.'],
    ['bad_reference', 'the reference of the request has more than 200 characters', 'mehr als 200 Zeichen'],
    ['bad_reference', 'the reference of the request names a person or device that is to be', 'Sie nennt eine Person'],
    ['still_found', 'would still be found in a, b, as part of a value in the row of', 'zu finden in a, b, als Teil'],
  ])
    assert.ok(said(code, message)?.includes(words), `${code}: ${said(code, message)}`);
  const pairs = 'machine_learning_curated would have 64000000 pairs or more, and memory is planned for 2000000: many';
  assert.match(said('too_many_pairs', pairs) ?? '', /hätte 64000000 oder mehr.* für 2000000 geplant/);
});

test('a message that is not the one that was translated stays as it is', () => {
  const coded = ['too_large', 'too_many_pairs', 'too_many_rows', 'no_landing'];
  for (const code of [...coded, 'cannot_go_on', 'still_found', 'bad_reference'])
    assert.equal(said(code, 'Something else.') || undefined, undefined, code);
});
