// The job in plain JavaScript, as someone who knows the language would write it: streamed lines, JSON.parse,
// Sets and Maps for the joins, columns for hyparquet-writer.
import { parquetWriteBuffer } from 'hyparquet-writer';
import { answer } from './answer.js';
import { ofKind } from './page.js';

/** @typedef {import('hyparquet-writer').ColumnSource} Column */

const CUSTOMER = {
  customerName: 'STRING',
  email: 'STRING',
  phone: 'STRING',
  birthDay: 'STRING',
  serialNumber: 'STRING',
  registrationDate: 'INT64',
  lastUpdateDate: 'INT64',
  shareWithResearchAsOfDate: 'INT64',
  shareWithPublicAsOfDate: 'INT64',
  shareWithFriendsAsOfDate: 'INT64',
};

answer(job);

/** @param {File[]} files */
async function job(files) {
  /** @type {any[]} */
  const trusted = [];
  await eachRecord(ofKind(files, 'customer'), (record) => {
    if (record.shareWithResearchAsOfDate > 0) trusted.push(record);
  });

  const emails = new Set(trusted.map(({ email }) => email));
  const accelerometer = {
    user: /** @type {string[]} */ ([]),
    timestamp: numbers(),
    x: numbers(),
    y: numbers(),
    z: numbers(),
  };
  await eachRecord(ofKind(files, 'accelerometer'), ({ user, timestamp, x, y, z }) => {
    if (!emails.has(user)) return;
    accelerometer.user.push(user);
    accelerometer.timestamp.push(timestamp);
    accelerometer.x.push(x);
    accelerometer.y.push(y);
    accelerometer.z.push(z);
  });

  const users = new Set(accelerometer.user);
  const curated = trusted.filter(({ email }) => users.has(email));
  const serials = new Set(curated.map(({ serialNumber }) => serialNumber));
  const step = {
    sensorReadingTime: numbers(),
    serialNumber: /** @type {string[]} */ ([]),
    distanceFromObject: numbers(),
  };
  await eachRecord(ofKind(files, 'step_trainer'), ({ sensorReadingTime, serialNumber, distanceFromObject }) => {
    if (!serials.has(serialNumber)) return;
    step.sensorReadingTime.push(sensorReadingTime);
    step.serialNumber.push(serialNumber);
    step.distanceFromObject.push(distanceFromObject);
  });

  const pairs = await pair(curated, accelerometer, step);
  /** @type {Record<string, Column[]>} */
  const tables = {
    customer_trusted: customers(trusted),
    accelerometer_trusted: [
      { name: 'user', type: 'STRING', data: accelerometer.user },
      { name: 'timestamp', type: 'INT64', data: bigints(accelerometer.timestamp) },
      ...doubles(accelerometer),
    ],
    customer_curated: customers(curated),
    step_trainer_trusted: [
      { name: 'sensorreadingtime', type: 'INT64', data: bigints(step.sensorReadingTime) },
      { name: 'serialnumber', type: 'STRING', data: step.serialNumber },
      { name: 'distancefromobject', type: 'INT32', data: step.distanceFromObject },
    ],
    machine_learning_curated: [
      { name: 'subject', type: 'STRING', data: pairs.subject },
      { name: 'sensorreadingtime', type: 'INT64', data: bigints(pairs.time) },
      { name: 'distancefromobject', type: 'INT32', data: pairs.distance },
      ...doubles(pairs),
    ],
  };
  const blobs = map(tables, (columnData) => new Blob([parquetWriteBuffer({ columnData })]));
  return { blobs, counts: map(tables, ([{ data }]) => data.length) };
}

/**
 * @param {any[]} curated
 * @param {{ user: string[], timestamp: number[], x: number[], y: number[], z: number[] }} accelerometer
 * @param {{ sensorReadingTime: number[], serialNumber: string[], distanceFromObject: number[] }} step
 */
async function pair(curated, accelerometer, step) {
  /** Serial numbers of each email. @type {Map<string, Set<string>>} */
  const owned = new Map();
  for (const { email, serialNumber } of curated) entry(owned, email, () => new Set()).add(serialNumber);
  const subjects = await pseudonyms([...owned.keys()]);

  /** Distances by serial number and time. @type {Map<string, Map<number, number[]>>} */
  const distances = new Map();
  for (const [at, serial] of step.serialNumber.entries()) {
    const times = entry(distances, serial, () => new Map());
    entry(times, step.sensorReadingTime[at], numbers).push(step.distanceFromObject[at]);
  }

  const pairs = {
    subject: /** @type {string[]} */ ([]),
    time: numbers(),
    distance: numbers(),
    x: numbers(),
    y: numbers(),
    z: numbers(),
  };
  for (const [at, user] of accelerometer.user.entries()) {
    const time = accelerometer.timestamp[at];
    for (const serial of owned.get(user) ?? []) {
      for (const distance of distances.get(serial)?.get(time) ?? []) {
        pairs.subject.push(/** @type {string} */ (subjects.get(user)));
        pairs.time.push(time);
        pairs.distance.push(distance);
        pairs.x.push(accelerometer.x[at]);
        pairs.y.push(accelerometer.y[at]);
        pairs.z.push(accelerometer.z[at]);
      }
    }
  }
  return pairs;
}

/** HMAC-SHA-256 of each email, once a person. @param {string[]} emails @returns {Promise<Map<string, string>>} */
async function pseudonyms(emails) {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', encoder.encode('key'), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  return new Map(
    await Promise.all(
      emails.map(async (email) => {
        const digest = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(email)));
        const hex = Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
        return /** @type {[string, string]} */ ([email, hex]);
      }),
    ),
  );
}

/** @param {File[]} files @param {(record: any) => void} use */
async function eachRecord(files, use) {
  for (const file of files) {
    let rest = '';
    const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line) use(JSON.parse(line));
    }
    if (rest.trim()) use(JSON.parse(rest));
  }
}

/** @param {any[]} records @returns {Column[]} */
function customers(records) {
  return Object.entries(CUSTOMER).map(([field, type]) => {
    const values = records.map((record) => record[field] ?? null);
    const data = type === 'INT64' ? values.map((value) => (value === null ? null : BigInt(value))) : values;
    return { name: field.toLowerCase(), type: /** @type {'STRING' | 'INT64'} */ (type), data };
  });
}

/** @param {{ x: number[], y: number[], z: number[] }} axes @returns {Column[]} */
function doubles(axes) {
  return /** @type {const} */ (['x', 'y', 'z']).map((name) => ({ name, type: 'DOUBLE', data: axes[name] }));
}

/** @param {number[]} values */
function bigints(values) {
  return BigInt64Array.from(values, BigInt);
}

/** @returns {number[]} */
function numbers() {
  return [];
}

/** @template K, V @param {Map<K, V>} entries @param {K} key @param {() => V} make */
function entry(entries, key, make) {
  let value = entries.get(key);
  if (value === undefined) entries.set(key, (value = make()));
  return value;
}

/** @template V, W @param {Record<string, V>} values @param {(value: V) => W} change */
function map(values, change) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
