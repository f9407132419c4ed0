// The SQL console understands what Athena's people write.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, cells, launch, openSqlPage, resultRows, reveal, run, runSample, write } from './sql-harness.mjs';
import { TABLES, rowsOut } from './harness.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A value, and what Trino's documentation says that it is. */
const VALUES = [
  ['count_if(v > 1)', '2'],
  ['count_if(v > 9)', '0'],
  ['count_if(v > 0) FILTER (WHERE v < 3)', '2'],
  ["arbitrary('a')", 'a'],
  ['sum(IF(v > 1, 10, 1))', '21'],
  ['sum(if(v > 2, 1))', '1'],
  ['CAST(approx_percentile(v, 0.5) AS BIGINT)', '2'],
  ['max(from_unixtime(0))', '1970-01-01T00:00:00'],
  ['max(from_unixtime(1655560000.25))', '2022-06-18T13:46:40.250'],
  ["max(date_diff('second', from_unixtime(0), from_unixtime(90)))", '90'],
  ["max(date_diff('minute', from_unixtime(0), from_unixtime(90)))", '1'],
  ["max(date_diff('minute', from_unixtime(90), from_unixtime(0)))", '-1'],
  ["max(date_diff('day', DATE '2022-06-18', DATE '2022-07-02'))", '14'],
  ["max(date_format(from_unixtime(1655560000), '%Y-%m-%d %H:%i:%s %W %M %c'))", '2022-06-18 13:46:40 Saturday June 6'],
];

test('functions that Athena has are understood', async (t) => {
  const { page, errors } = await openSqlPage(t, browser, 'file');
  await runSample(page);
  const columns = VALUES.map(([value], at) => `CAST(${value} AS VARCHAR) AS c${at}`);
  await ask(page, `SELECT ${columns.join(',\n')} FROM (VALUES (1), (2), (3)) AS t (v)`);
  assert.deepEqual(
    (await cells(page))[0].map((cell, at) => [VALUES[at][0], cell]),
    VALUES,
  );
  const rows = await rowsOut(page);
  await ask(page, 'SELECT count_if(sharewithresearchasofdate > 0) AS yes FROM customer_trusted');
  assert.equal((await cells(page))[0][0], rows.customer_trusted.toLocaleString('en-US'));
  await ask(page, 'SELECT DISTINCT subject, count_if(x > 0) OVER (PARTITION BY subject) FROM machine_learning_curated');
  assert.ok((await resultRows(page)) > 10);
  for (const [sql, words] of [
    ["SELECT date_diff('month', from_unixtime(0), now())", /date_diff counts in 'millisecond', .* 'week' here/],
    ["SELECT date_format(now(), '%Y %U')", /date_format knows no %U here/],
    ['SELECT count_if(nope) FROM customer_trusted', /No field named nope/],
  ]) {
    await write(page, /** @type {string} */ (sql));
    const answer = await run(page);
    assert.ok(answer.failed);
    assert.match(answer.words, /** @type {RegExp} */ (words));
  }
  assert.deepEqual(errors, []);
});

test('a table is summarised, a row a column, and shows how Athena makes it', async (t) => {
  const { page, errors } = await openSqlPage(t, browser, 'http');
  await runSample(page);
  const rows = await rowsOut(page);
  await ask(page, 'SUMMARIZE machine_learning_curated;');
  const summary = await cells(page);
  assert.deepEqual(
    summary.map(([name]) => name),
    ['subject', 'sensorreadingtime', 'distancefromobject', 'x', 'y', 'z'],
  );
  const heads = await page.$$eval('#console-grid [role="columnheader"]', (all) => all.map((one) => one.textContent));
  assert.deepEqual(heads.slice(3), ['rows', 'nulls', 'distinct', 'min', 'max', 'mean', 'deviation']);
  assert.equal(summary[3][2], rows.machine_learning_curated.toLocaleString('en-US'));
  assert.deepEqual(summary[3].slice(3, 7), ['0', '3', '-1.0', '1.0']);
  assert.equal(await page.isVisible('#console-raw'), false);
  await ask(page, 'summarize select email, sharewithresearchasofdate as "A date" from customer_landing');
  assert.ok(await page.isVisible('#console-raw'), 'the least email is somebody’s');
  await reveal(page);
  const [, date] = await cells(page);
  assert.equal(date[0], 'A date');
  assert.equal(Number(date[2].replace(/\D/g, '')) + Number(date[3].replace(/\D/g, '')), rows.customer_landing);
  await ask(page, 'CREATE TABLE mine AS SELECT 1 AS one');
  await ask(page, ' show tables ;');
  assert.deepEqual(
    (await cells(page)).map(([name]) => name),
    [...TABLES, 'mine'].sort(),
    'those of the lake and of the session, and not what describes them',
  );
  await ask(page, 'SHOW CREATE TABLE accelerometer_trusted');
  const statement = (await cells(page)).map(([line]) => line);
  assert.match(statement[0], /^CREATE EXTERNAL TABLE IF NOT EXISTS accelerometer_trusted \(/);
  assert.ok(statement.some((line) => /^LOCATION 's3:\/\/\$\{bucket\}\/accelerometer\/trusted\/'/.test(line)));
  await write(page, 'SHOW CREATE TABLE nope');
  assert.match((await run(page)).words, /nope is no table of the lake/);
  await write(page, 'SUMMARIZE SELECT nope FROM customer_trusted');
  assert.match((await run(page)).words, /No field named nope/);
  assert.deepEqual(errors, []);
});
