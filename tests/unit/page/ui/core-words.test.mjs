// What the core says of options is said on the page by the names that its form has for them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { coreWords, failureWords, privacyWords } from '../../../../www/page/ui/core-words.js';

/** Sentences of the core, as they stand in its sources. @param {string} file */
function sentencesOf(file) {
  const text = readFileSync(new URL(`../../../../src/${file}`, import.meta.url), 'utf8').split('#[cfg(test)]')[0];
  const literals = text.replace(/^\s*\/\/.*$/gm, '').matchAll(/"((?:[^"\\]|\\[\s\S])*)"/g);
  return [...literals].map(([, words]) => words.replace(/\\\n\s*/g, '')).filter((words) => /\w \w/.test(words));
}

/** An option of the command line, or an option with its value as the core writes it. */
const CODE = /(?<![\w-])--\w|\b[a-z]+ = \w|`/;

test('no warning names an option by a code word', () => {
  const files = [
    'report/warnings.rs',
    'report/empty.rs',
    'report/incomplete.rs',
    'audit/compare.rs',
    'audit/linked.rs',
  ];
  const sentences = files.flatMap(sentencesOf);
  const coded = sentences.filter((words) => CODE.test(words));
  assert.ok(sentences.length > 50 && coded.length > 8, `${coded.length} of ${sentences.length} have code words`);
  for (const message of coded) {
    const code = /--all-zones/.test(message) ? 'zones_left_out' : /`from`/.test(message) ? 'newly_admitted' : '';
    assert.doesNotMatch(coreWords({ code, message }), CODE);
  }
  assert.equal(
    coreWords({ code: 'mixed_pairs', message: 'join = time pairs 12345 readings under consent = as-of-phone.' }),
    '“Sensors are joined by: Time only” pairs 12,345 readings under “Consent time: Phone readings from the consent ' +
      'date on”.',
  );
});

test('neither does a failure, or what is said of people', () => {
  const message = 'times = shifted needs join = owner and identity = pseudonym';
  assert.doesNotMatch(failureWords({ code: 'times_of_one', message }), CODE);
  const privacy = /** @type {any} */ ({ meaning: ' Under join = time a row may pair the readings of two people.' });
  assert.equal(
    privacyWords({ privacy, options: /** @type {any} */ ({}) }),
    ' Under “Sensors are joined by: Time only” a row may pair the readings of two people.',
  );
});
