import { Archive, Lake, head_bytes, skip_reason } from '../../pkg/stedi_lakehouse.js';
import { createArchives } from '../io/archives.js';
import { textOf, unpacked } from '../io/lake-blob.js';
import { readHead } from '../io/read-file.js';
import { below, byName, detectFile } from '../run/scan-inputs.js';

/**
 * @typedef {import('../../shared/protocol.js').Input} Input
 * @typedef {import('../../shared/protocol.js').LakeBlob} LakeBlob
 * @typedef {import('../../shared/protocol.js').FoundLake} FoundLake
 */

/**
 * What may be a lake: files below a folder or in a zip, by their paths there. A zip is no input of a run that goes on
 * from the lake in it.
 * @typedef {{ name: string, files: LakeBlob[], outside: Input[], zip?: Input }} Place
 */

const REPORT = 'report.json';
/** What says of the versions of a lake. */
const PAST = ['history.json', 'lineage.json', 'erasure.json'];
/** A report has a line for each input and a thousand rejects at most; larger is another file. */
const LARGEST_REPORT = 64_000_000;

/**
 * The lake among chosen files: a folder, or a zip, with a report that says by hashes which files belong to it, and a
 * table of these. Of several the first by name is taken.
 * @param {Input[]} inputs
 * @returns {Promise<import('../../shared/protocol.js').Found>}
 */
export async function findLake(inputs) {
  const ordered = [...inputs].sort(byName);
  for (const input of ordered) {
    const place = isReport(input.name) ? inFolder(ordered, input) : isZip(input.name) && (await inZip(ordered, input));
    const found = place && (await lakeOf(place));
    if (!found) continue;
    const { lake, own, hasLanding } = found;
    const beside = ordered.filter((other) => other !== place.zip && !own.has(other.file)).map(({ name }) => name);
    return { lake: { ...lake, beside }, raw: hasLanding || (await hasRaw(lake, place.outside)) };
  }
  return { raw: true };
}

/** @param {string} path */
const isReport = (path) => path === REPORT || path.endsWith(`/${REPORT}`);

/** @param {string} path */
const isZip = (path) => /\.zip$/i.test(path);

/** @param {Input[]} inputs @param {Input} report @returns {Place} */
function inFolder(inputs, report) {
  const root = report.name.slice(0, -REPORT.length);
  const [within, outside] = [true, false].map((is) => inputs.filter(({ name }) => name.startsWith(root) === is));
  const files = within.map(({ name, file }) => ({ path: name.slice(root.length), blob: file, deflated: false }));
  return { name: root.slice(0, -1), files, outside };
}

/**
 * What cannot be opened is no lake; the run says why.
 * @param {Input[]} inputs
 * @param {Input} zip
 * @returns {Promise<Place | undefined>}
 */
async function inZip(inputs, zip) {
  const { name, file } = zip;
  const archives = createArchives(Archive);
  try {
    const entries = await archives.use(name, file, (archive) => archive.entries());
    const report = entries.find((entry) => isReport(entry.name));
    if (!report) return undefined;
    const root = report.name.slice(0, -REPORT.length);
    /** @type {LakeBlob[]} */
    const files = [];
    for (const [index, entry] of entries.entries()) {
      if (!entry.name.startsWith(root)) continue;
      const packed = await archives.use(name, file, (archive) => archive.packed(index));
      const { start, end, stored } = packed;
      packed.free();
      files.push({ path: entry.name.slice(root.length), blob: file.slice(start, end), deflated: stored === false });
    }
    return { name, files, outside: inputs.filter((input) => input !== zip), zip };
  } catch {
    return undefined;
  } finally {
    archives.free();
  }
}

/**
 * The lake in a place, with what belongs to it and is no landing file.
 * @param {Place} place
 * @returns {Promise<{ lake: FoundLake, own: Set<Blob>, hasLanding: boolean } | undefined>}
 */
async function lakeOf({ name, files }) {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const text = async (/** @type {string} */ path) => {
    const file = byPath.get(path);
    return file && file.blob.size <= LARGEST_REPORT ? textOf(file) : undefined;
  };
  let lake;
  try {
    const report = await text(REPORT);
    if (report === undefined) return undefined;
    lake = new Lake(report);
    const known = lake.files();
    const own = known.flatMap(({ path }) => byPath.get(path) ?? []);
    if (!own.some(({ path }) => path.endsWith('.parquet'))) return undefined;
    const paths = new Set([REPORT, ...known.map(({ path }) => path)]);
    const others = files.filter(({ path }) => !paths.has(path));
    const landing = new Set(known.flatMap(({ path, landing }) => (landing ? [path] : [])));
    const belongs = files.filter(({ path }) => paths.has(path) && !landing.has(path)).map(({ blob }) => blob);
    const documents = [];
    for (const path of PAST) {
      const said = paths.has(path) ? await text(path) : undefined;
      if (said !== undefined) documents.push(path, said);
    }
    const past = lake.past(documents);
    const about = { documents, history: JSON.parse(past.history()), erased: past.erased() };
    past.free();
    const hasLanding = own.some(({ path }) => landing.has(path));
    return { lake: { name, report, files: own, others, beside: [], ...about }, own: new Set(belongs), hasLanding };
  } catch {
    return undefined;
  } finally {
    lake?.free();
  }
}

/** Whether a run could read something beside the lake. @param {FoundLake} lake @param {Input[]} outside */
async function hasRaw(lake, outside) {
  const beside = outside.map(({ name, file }) => ({ path: below(name) || name, blob: file, deflated: false }));
  for (const file of [...lake.others, ...beside]) if (await isRaw(file)) return true;
  return false;
}

/** What cannot be read is named by the run. @param {LakeBlob} file */
async function isRaw(file) {
  if (skip_reason(file.path, file.blob.size) !== undefined) return false;
  try {
    const whole = await unpacked(file);
    const { found } = await detectFile(whole, await readHead(whole, head_bytes()));
    return found.status !== 'refused';
  } catch {
    return true;
  }
}
