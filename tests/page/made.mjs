// A small export, made anew each time, for tests that run often or hide something in it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const START = 1_655_000_000_000;

/**
 * Every second customer consents.
 * @param {string} folder
 * @param {number} [customers]
 * @param {number} [readings] of each customer
 */
export function makeExport(folder, customers = 20, readings = 400) {
  mkdirSync(folder, { recursive: true });
  const people = Array.from({ length: customers }, (_, i) => ({
    customerName: `Person ${i}`,
    email: `person${i}@example.org`,
    phone: `55500${i}`,
    birthDay: '1970-01-01',
    serialNumber: `serial-${i}`,
    registrationDate: START,
    lastUpdateDate: START + i,
    ...(i % 2 ? {} : { shareWithResearchAsOfDate: START }),
  }));
  const times = Array.from({ length: readings }, (_, i) => START + 1000 * i);
  const accelerometer = times.flatMap((timestamp, i) =>
    people.map(({ email }, j) => ({ user: email, timestamp, x: i % 7, y: j, z: -1.5 })),
  );
  const steps = times.flatMap((sensorReadingTime, i) =>
    people.map(({ serialNumber }) => ({ sensorReadingTime, serialNumber, distanceFromObject: i % 300 })),
  );
  const files = { 'customer.json': people, 'accelerometer.json': accelerometer, 'step_trainer.json': steps };
  for (const [name, rows] of Object.entries(files))
    writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return Object.keys(files).map((name) => join(folder, name));
}
