// Whose sensors measured a subject.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSensors } from '../../../../www/worker/explore/sensors.js';

/** @type {import('../../../../www/shared/core.js').Column[]} */
const COLUMNS = [
  { name: 'customername', type: 'string', key: false, meaning: '' },
  { name: 'email', type: 'string', key: true, meaning: '' },
  { name: 'serialnumber', type: 'string', key: true, meaning: '' },
];

/** A table in memory, read in parts of two rows. @param {string[][]} rows */
const tableOf = (rows) => ({
  rows: rows.length,
  columns: COLUMNS.map(({ name }) => name),
  /** @param {string[]} wanted @param {number} start @param {number} end */
  async *read(wanted, start, end) {
    for (let at = start; at < end; at += 2) {
      const part = rows.slice(at, Math.min(end, at + 2));
      yield {
        start: at,
        end: at + part.length,
        values: wanted.map((name) => part.map((row) => row[COLUMNS.findIndex((column) => column.name === name)])),
      };
    }
  },
});

test('a person may have several devices, and a device several people', async () => {
  const table = tableOf([
    ['A', 'a@x', 's1'],
    ['A', 'a@x', 's2'],
    ['A again', 'a@x', 's2'],
    ['B', 'b@x', 's2'],
    ['C', 'c@x', 's3'],
  ]);
  const person = await findSensors(table, COLUMNS, (email) => email === 'a@x');
  assert.deepEqual([[...person.users], [...person.devices]], [['a@x'], ['s1', 's2']]);
  const device = await findSensors(table, COLUMNS, (_, serial) => serial === 's2');
  assert.deepEqual([[...device.users], [...device.devices]], [['a@x', 'b@x'], ['s2']]);
  const nobody = await findSensors(table, COLUMNS, () => false);
  assert.equal(nobody.users.size + nobody.devices.size, 0);
});
