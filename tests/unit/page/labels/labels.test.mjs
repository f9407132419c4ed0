// Every language says all that English says, with the same parts in it; tsc holds the names too.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DE } from '../../../../www/page/labels/de/de.js';
import { STATIC as GERMAN } from '../../../../www/page/labels/de/static.js';
import { EN } from '../../../../www/page/labels/en/en.js';
import { STATIC } from '../../../../www/page/labels/en/static.js';
import { isLanguage, languageOf } from '../../../../www/page/labels/labels.js';
import { piecesOf } from '../../../../www/page/labels/pieces.js';
import { LIMITS } from '../../../../www/shared/core.js';
import { fillLabels } from '../../../../www/build/fill-labels.mjs';

const template = readFileSync(new URL('../../../../www/page/index.html', import.meta.url), 'utf8');

/**
 * Texts by their paths. Those of the core, which are English without a table, are held on their own.
 * @param {object} words
 * @param {string} [path]
 * @returns {[string, string][]}
 */
function texts(words, path = '') {
  return Object.entries(words).flatMap(([name, value]) => {
    const here = `${path}/${name}`;
    if (typeof value === 'object') return here === '/core' ? [] : texts(value, here);
    // What is put in is seen, and nothing of it is lost.
    if (typeof value === 'function')
      return [[here, value(...Array.from({ length: value.length }, (_, at) => `‹${at}›`))]];
    return [[here, value]];
  });
}

/** What a text is put together from. @param {string} text */
const partsOf = (text) => (text.match(/‹\d›/g) ?? []).sort();

test('German has every text of English in the same order, each with the same parts', () => {
  const [english, german] = [texts(EN), texts(DE)];
  assert.ok(english.length > 400);
  assert.deepEqual(
    german.map(([path]) => path),
    english.map(([path]) => path),
  );
  for (const [at, [path, text]] of english.entries()) {
    const own = german[at][1];
    assert.equal(typeof own, 'string', path);
    assert.equal(own === '', text === '', path);
    assert.deepEqual(partsOf(own), partsOf(text), path);
    // A text that is put between others keeps its blanks.
    assert.deepEqual([/^\s/.test(own), /\s$/.test(own)], [/^\s/.test(text), /\s$/.test(text)], path);
  }
});

test('of a text with parts none is left out', () => {
  for (const words of [EN, DE]) {
    for (const [path, value] of Object.entries(words).flatMap(([section, all]) =>
      Object.entries(all).map(([name, value]) => /** @type {const} */ ([`${section}.${name}`, value])),
    )) {
      if (typeof value !== 'function' || ['core.privacy', 'core.quality'].includes(path)) continue;
      const marks = Array.from({ length: value.length }, (_, at) => `‹${at}›`);
      assert.deepEqual(partsOf(value(...marks)), marks, path);
    }
  }
});

test('German has a word for each rule and reason of the core', () => {
  for (const kind of /** @type {const} */ (['rules', 'outcomes', 'reasons', 'unread']))
    assert.deepEqual(Object.keys(DE.core[kind]).sort(), Object.keys(EN.core[kind]).sort(), kind);
});

test('German names the limits of the core', () => {
  const { too_deep: deep, too_long: long } = DE.core.reasons;
  assert.equal(deep.match(/\d+/)?.[0], String(LIMITS.record_depth), deep);
  assert.equal(long.match(/\d+ MiB/)?.[0], `${LIMITS.record_bytes / 2 ** 20} MiB`, long);
});

test('German has a text for each warning of the core', () => {
  const sources = ['report/warnings.rs', 'report/empty.rs', 'report/incomplete.rs', 'audit/compare.rs'].map((file) =>
    readFileSync(new URL(`../../../../src/${file}`, import.meta.url), 'utf8'),
  );
  const [warnings, empty, incomplete, compare] = sources.map((text) => text.split('#[cfg(test)]')[0]);
  const codes = [
    ...warnings.matchAll(/(?:warn\(\s*|Warning::new\(\s*|=> \(\s*)"(\w+)"/g),
    ...empty.matchAll(/Warning::new\(\s*"(\w+)"/g),
    ...incomplete.matchAll(/Warning::new\(\s*"(\w+)"/g),
    ...compare.matchAll(/\([^()]*(?:\([^()]*\)[^()]*)*, "(\w+)", [A-Z_]+\)/g),
  ].map(([, code]) => code);
  assert.ok(codes.length > 35, `${codes.length}`);
  assert.deepEqual(Object.keys(DE.core.warnings).sort(), [...new Set(codes)].sort());
  for (const [code, words] of Object.entries(DE.core.warnings)) {
    const text = typeof words === 'function' ? words('Of these people 7 are in the trusted tables.') : words;
    assert.match(text ?? '', /\w{3,}.*\.$|\?$/, code);
  }
});

test('German says what the research table says of people, with the numbers of the report', () => {
  const privacy = {
    owners: 2,
    subjects: 3,
    smallest_rows: 4,
    median_rows: 5,
    timestamps: 7,
    timestamps_of_one_subject: 6,
    meaning: '',
  };
  const say = (/** @type {object} */ options, /** @type {object} */ more = {}) =>
    DE.core.privacy({ ...privacy, ...more }, /** @type {any} */ (options), String) ?? '';
  const words = say({ identity: 'pseudonym', join: 'owner' });
  assert.match(words, /enthält 2 Personen unter Pseudonymen.*hat 4, der Median ist 5\. Zu 6 von 7 Zeiten.*anonym/);
  assert.match(
    say({ identity: 'serial', join: 'time' }),
    /Seriennummern ihrer Geräte.*zweier Personen.*Kundentabellen/,
  );
  assert.match(words, /Zeilen: Wer weiß/);
  for (const times of ['shifted', 'relative']) {
    const moved = say({ identity: 'pseudonym', join: 'owner', times });
    assert.match(moved, /nicht die Zeiten der Messung.*nicht über den Gang.*anonym/);
    assert.equal(moved.includes('Wochentag'), times === 'shifted');
  }
  assert.equal(say({}, { subjects: 0 }), 'machine_learning_curated enthält niemanden.');
  assert.equal(EN.core.privacy(privacy, /** @type {any} */ ({}), String), undefined, 'the core says it in English');
});

test('German says how good the readings are, with the numbers of the report', () => {
  const released = { subjects: 30, median_rate: 0.326, coarse: 30, with_gaps: 0, constant: 0, measures: {} };
  const say = (/** @type {object} */ quality, /** @type {object} */ more = {}) =>
    DE.core.quality(
      /** @type {any} */ ({
        few_values: 3,
        steps_visible: false,
        rate_before_join: null,
        tables: { machine_learning_curated: { ...released, ...more } },
        ...quality,
      }),
      String,
      (hertz) => `${hertz} Hz`,
    ) ?? '';
  assert.equal(
    say({}),
    '0.326 Hz, höchstens drei verschiedene Werte je Achse, keine Labels: Schritte lassen sich daraus nicht lernen.',
  );
  assert.match(say({ few_values: 1 }), / Hz, ein verschiedener Wert je Achse/);
  assert.match(say({ few_values: null }, { coarse: 20 }), /höchstens vier .* bei 20 von 30 Testpersonen/);
  assert.match(say({ few_values: null, steps_visible: true }, { coarse: 0 }), /mehr als vier .* darin zu sehen/);
  assert.match(say({ rate_before_join: 50 }), /vor dem Verbinden 50 Hz/);
  assert.match(
    say({}, { with_gaps: 2, constant: 1, measures: { x: { out_of_range: 4 } } }),
    / 2 von 30 Testpersonen haben Lücken; 1 von 30 .* nie ändert; 4 Werte liegen außerhalb des Messbereichs\.$/,
  );
  assert.match(say({}, { subjects: 0 }), /enthält keine Messwerte/);
  assert.equal(EN.core.quality(/** @type {any} */ ({}), String, String), undefined, 'the core says it in English');
});

test('what leads to the counts of the original course is named as the form names it', () => {
  for (const [words, { choices, presets }] of /** @type {const} */ ([
    [STATIC, EN],
    [GERMAN, DE],
  ])) {
    assert.ok(words.presetsHint.includes(presets.original), words.presetsHint);
    assert.ok(words.presetsHint.includes(choices.consent.values['as-of-phone'].label), words.presetsHint);
  }
});

test('the data card names what the page has as the page does', () => {
  const card = readFileSync(new URL('../../../../src/audit/data_card.rs', import.meta.url), 'utf8');
  const text = card.split('#[cfg(test)]')[0].replace(/\\\n\s*/g, '');
  const { label, values } = EN.choices['one-per-instant'];
  for (const name of [STATIC.testShare, `${label}: ${values.on.label}`])
    assert.ok(text.includes(`(on the page: \\"${name}\\")`), name);
});

test('the texts of index.html are those of the languages, with the same tags', () => {
  const named = [...template.matchAll(/ data-words(?:-[\w-]+)?="(\w+)"/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(named)].sort(), Object.keys(STATIC).sort());
  assert.deepEqual(Object.keys(GERMAN).sort(), Object.keys(STATIC).sort());
  for (const [name, text] of Object.entries(STATIC)) {
    const tags = (/** @type {string} */ words) => piecesOf(words).flatMap(({ tag }) => tag ?? []);
    const own = /** @type {Record<string, string>} */ (GERMAN)[name];
    assert.deepEqual(tags(own).sort(), tags(text).sort(), name);
    assert.equal(own.trim(), own, name);
  }
});

test('the build puts texts in, with what is not markup escaped, and refuses a name that it does not know', () => {
  const filled = fillLabels('<p data-words="conditionHint"></p><input data-words-placeholder="conditionExample">');
  assert.match(filled, /<code>&gt;= 5<\/code>, <code>&lt; 2022-06-18<\/code>, or the value\.<\/p>/);
  assert.match(filled, /placeholder="text, or &gt;= 5"/);
  assert.match(
    fillLabels('<p data-words="noResultsHint"><a href="#part=result"></a></p>'),
    /run\. <a href="#part=result">Drop your exports/,
  );
  assert.throws(() => fillLabels('<p data-words="nothing"></p>'), /no text is named nothing/);
  assert.throws(() => fillLabels('<p data-words="noResultsHint"></p>'), /links of the text/);
  assert.throws(() => fillLabels('<p data-words="undo"><a href="#"></a></p>'), /links of the text/);
});

test('an address asks for a language that there is', () => {
  assert.deepEqual(['#lang=de', '#part=sql&lang=en', '#lang=fr', '#lang=toString', ''].map(languageOf), [
    'de',
    'en',
    undefined,
    undefined,
    undefined,
  ]);
  assert.ok(isLanguage('de') && !isLanguage('fr') && !isLanguage(null));
});
