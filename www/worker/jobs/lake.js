import { Hasher, Lake, in_landing } from '../../pkg/stedi_lakehouse.js';
import { asFailure } from '../../shared/errors.js';
import { readAll, textOf, unpacked } from '../io/lake-blob.js';
import { openLakeTable } from '../io/lake-table.js';
import { createReportTimer } from '../io/report-timer.js';

/**
 * @typedef {import('../../shared/protocol.js').JobService} JobService
 * @typedef {import('../../shared/protocol.js').LakeBlob} LakeBlob
 * @typedef {import('../../shared/protocol.js').FoundLake} FoundLake
 * @typedef {import('../../shared/core.js').LakePart} LakePart
 * @typedef {(bytes: number) => void} OnRead
 */

/**
 * Holds a lake against its report: every file, and every row of its tables.
 * @param {JobService['checkLake']['request']} found
 * @param {OnRead} onRead
 * @returns {Promise<JobService['checkLake']['reply']>}
 */
export async function checkLake({ report, files, others }, onRead) {
  const read = createMeter(onRead);
  const lake = new Lake(report);
  const check = lake.check();
  const byPath = blobs(files);
  for (const [at, { path }] of lake.files().entries()) {
    const file = byPath.get(path);
    if (!file) {
      check.file(at, 0);
      continue;
    }
    try {
      const { bytes, sha256 } = await hashOf(file, read);
      check.file(at, bytes, sha256);
    } catch (error) {
      check.file(at, 0, undefined, messageOf(error));
    }
  }
  for (const file of others) {
    const { path } = file;
    check.found(path, in_landing(path) ? (await hashOf(file, read).catch(() => undefined))?.sha256 : undefined);
  }
  for (const part of check.tables()) {
    try {
      const table = await open(byPath, part);
      check.begin(table.file);
      await table.rows((group, bytes) => {
        check.rows(table.file, group, bytes);
        read(bytes.length);
      });
      check.end(part.path);
      table.free();
    } catch (error) {
      check.unreadable(part.path, messageOf(error));
    }
  }
  for (const part of check.earlier_tables()) {
    try {
      const table = await open(byPath, part);
      check.earlier(part.path, table.file);
      table.free();
    } catch (error) {
      check.unreadable(part.path, messageOf(error));
    }
  }
  for (const path of check.logs()) {
    const file = byPath.get(path);
    if (file) check.log(path, await textOf(file));
  }
  const verification = JSON.parse(check.finish());
  lake.free();
  return verification;
}

/**
 * Looks for one person or device in a lake.
 * @param {JobService['findPerson']['request']} request
 * @param {OnRead} onRead
 * @returns {Promise<JobService['findPerson']['reply']>}
 */
export async function findPerson({ lake: { report, files }, entry, key }, onRead) {
  const read = createMeter(onRead);
  const lake = new Lake(report);
  const search = lake.search(entry, key);
  const byPath = blobs(files);
  for (const part of search.tables()) {
    const table = await open(byPath, part);
    await table.rows((group, bytes) => {
      search.rows(table.file, group, bytes);
      read(bytes.length);
    });
    search.end(table.file);
    table.free();
  }
  lake.free();
  return search.finish();
}

/**
 * Fails if a key is not that of the lake's pseudonyms.
 * @param {JobService['checkKey']['request']} request
 */
export function checkKey({ report, key }) {
  const lake = new Lake(report);
  lake.check_key(key);
  lake.free();
}

/**
 * What a lake has to say for itself to people.
 * @param {JobService['evidence']['request']} request
 * @returns {JobService['evidence']['reply']}
 */
export function evidence({ report, documents, check, time }) {
  const lake = new Lake(report);
  const past = lake.past(documents);
  const page = past.evidence(time, check && JSON.stringify(check));
  past.free();
  lake.free();
  return page;
}

/** @param {LakeBlob[]} files */
const blobs = (files) => new Map(files.map((file) => [file.path, file]));

/** @param {Map<string, LakeBlob>} byPath @param {LakePart} part */
async function open(byPath, { table, path }) {
  const file = byPath.get(path);
  if (!file) throw Object.assign(new Error(`${path} is not there`), { code: 'not_a_lake' });
  return openLakeTable(table, await unpacked(file));
}

/** @param {LakeBlob} file @param {OnRead} read */
async function hashOf(file, read) {
  const hasher = new Hasher();
  const blob = await unpacked(file);
  await readAll(blob, (bytes) => {
    hasher.push(bytes);
    read(bytes.length);
  });
  return { bytes: blob.size, sha256: hasher.finish() };
}

/** Why a file cannot be read; after a fault of the core nothing goes on. @param {unknown} error */
function messageOf(error) {
  const { code, message } = asFailure(error);
  if (code === 'panic' || code === 'memory') throw error;
  return message;
}

/** Adds up the bytes that are read, and reports them from time to time. @param {OnRead} onRead */
function createMeter(onRead) {
  const isDue = createReportTimer();
  let done = 0;
  return (/** @type {number} */ bytes) => {
    done += bytes;
    if (isDue()) onRead(done);
  };
}
