// Zips in Safari's engine, which from file:// lets no worker read: by their entries, a slice at a time, of any size.
import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { noWebKit, webkit } from './driver.mjs';
import { cli, pageFile, serve, tempFolder, unbalanced } from './harness.mjs';
import { makeExport } from './made.mjs';
import { zip } from './zip.mjs';

/** What no entry of the zip has: more than fits into memory at once. */
const HOLE = 700 * 2 ** 20;
/** The most that the page hands over at once. */
const SLICE = 4 * 2 ** 20;

/** Writes a zip with a hole between its entries and its directory. @param {string} path @param {Buffer} bytes */
function writeWithHole(path, bytes) {
  const place = bytes.length - 6;
  const directory = bytes.readUInt32LE(place);
  bytes.writeUInt32LE(directory + HOLE, place);
  const file = openSync(path, 'w');
  writeSync(file, bytes, 0, directory, 0);
  writeSync(file, bytes, directory, bytes.length - directory, directory + HOLE);
  closeSync(file);
}

/** Readings that hardly get smaller when they are packed. @param {number} count */
function bulky(count) {
  let state = 1;
  const noise = () => {
    const words = Uint32Array.from({ length: 700 }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0));
    return Buffer.from(words.buffer).toString('base64');
  };
  return Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      user: `person${at % 20}@example.org`,
      timestamp: 1_655_000_000_000 + at,
      x: 1,
      y: 2,
      z: 3,
      n: noise(),
    }),
  ).join('\n');
}

for (const by of ['http', 'file']) {
  test(`WebKit over ${by}: a zip of over 512 MB gives the command line’s counts, and is read in slices`, {
    skip: noWebKit,
  }, async (t) => {
    const program = cli();
    if (!program) return t.skip('the command line program is not built');
    const folder = tempFolder(t);
    mkdirSync(join(folder, 'saved'));
    const [customers, readings, steps] = makeExport(join(folder, 'made')).map((path) => readFileSync(path, 'utf8'));
    const many = Object.fromEntries(
      steps.split('\n').flatMap((line, at) => (at < 300 ? [[`many/${at}.json`, line]] : [])),
    );
    mkdirSync(join(folder, 'export'));
    const [packed, twin] = [join(folder, 'export/export.zip'), join(folder, 'export/twin.json')];
    writeWithHole(
      packed,
      zip({
        'customer.json': customers,
        'readings.json': readings,
        'bulky.json': bulky(4000),
        'steps.json.gz': gzipSync(steps),
        'none.txt': 'no records',
        ...many,
      }),
    );
    writeFileSync(twin, readings);
    program(['run', join(folder, 'export'), '--out', join(folder, 'lake')]);
    const written = JSON.parse(readFileSync(join(folder, 'lake/report.json'), 'utf8'));

    const browser = await webkit(t, join(folder, 'saved'));
    const server = by === 'http' ? await serve() : undefined;
    t.after(() => server?.close());
    await browser.go(server?.url ?? pathToFileURL(pageFile).href);
    await browser.run(`
      window.reads = { most: 0, bytes: 0, open: 0, together: 0 };
      const { arrayBuffer } = window.Blob.prototype;
      window.Blob.prototype.arrayBuffer = function () {
        const reads = window.reads;
        reads.most = Math.max(reads.most, this.size);
        reads.bytes += this.size;
        reads.together = Math.max(reads.together, (reads.open += 1));
        return arrayBuffer.call(this).finally(() => { reads.open -= 1; });
      };`);
    await browser.type('#files', [packed, twin].join('\n'));
    await browser.reached('done');
    const rows = await browser.run(
      "return Object.fromEntries([...document.querySelectorAll('[data-table]')].map(({ dataset }) => " +
        '[dataset.table, Number(dataset.rows)]))',
    );
    assert.deepEqual(
      rows,
      Object.fromEntries(Object.entries(written.tables).map(([table, { rows_out: out }]) => [table, out])),
    );
    const { reads, workers } = await browser.run(
      'return { reads: window.reads, workers: navigator.hardwareConcurrency }',
    );
    t.diagnostic(`${(reads.bytes / 2 ** 20).toFixed(0)} MB by the page, ${reads.together} reads at a time`);
    if (by === 'file') {
      assert.ok(reads.most > 0 && reads.most <= SLICE, `a read of ${reads.most} bytes`);
      // The hole is read for the SHA-256 of the zip only, by one worker more.
      assert.ok(reads.together <= 2 * (workers + 1), `${reads.together} reads at a time`);
    } else assert.equal(reads.bytes, 0);

    const report = JSON.parse(String(await browser.save('report', 'report.json')));
    assert.deepEqual(unbalanced(report), []);
    assert.deepEqual(report.tables, written.tables);
    const statuses = (/** @type {any} */ { inputs }) => inputs.map((/** @type {any} */ { status }) => status).sort();
    assert.deepEqual(statuses(report), statuses(written));
    assert.ok(statuses(report).includes('duplicate'));
    assert.equal(report.archives[0].sha256, written.archives[0].sha256);
    assert.ok(statSync(packed).size > HOLE);
  });
}
