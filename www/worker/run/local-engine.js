import { Archive, Reader } from '../../pkg/stedi_lakehouse.js';
import { createArchives } from '../io/archives.js';
import { InputError } from '../../shared/errors.js';
import { gatherJobs } from './gather-jobs.js';
import { readRanges } from './read-ranges.js';
import { yieldTask } from '../../shared/yield-task.js';

/**
 * @typedef {import('../../shared/protocol.js').ByteRange} ByteRange
 * @typedef {import('../../shared/protocol.js').JobRows} JobRows
 * @typedef {import('../../shared/protocol.js').Share} Share
 * @typedef {import('../../pkg/stedi_lakehouse.js').RowGroupBuilder} RowGroupBuilder
 * @typedef {(at: number, bytes: number) => void} OnRead bytes that were read of one of several
 */

/**
 * One of the instances of the core that share a run: it reads customers, then readings, holds what it has admitted of
 * these, and makes row groups. The lead's own is called as it is, the others through `remote-engine.js`.
 * @param {number} memory bytes that readings may take; more of them is handed to the browser, as a blob
 */
export function createLocalEngine(memory) {
  // While a list of rows grows it takes up to twice its size.
  const most = memory / 2;
  /** @type {Reader | undefined} */
  let reader = new Reader();
  /** @type {RowGroupBuilder | undefined} */
  let builder;
  /** That of the files' run, which reruns start from. @type {RowGroupBuilder | undefined} */
  let whole;
  /** What was handed to the browser. @type {Blob[]} */
  const runs = [];
  /** Jobs that are counted and not done. @type {Set<number>} */
  const counted = new Set();
  /** Readings that may be paired with those of every job of a kind, by their sensor. @type {Map<string, Blob>} */
  const common = new Map();
  const archives = createArchives(Archive);

  function reading() {
    if (!reader) throw new Error('An engine was called to read after the plan was made.');
    return reader;
  }

  function curating() {
    if (!builder) throw new Error('An engine was called for tables before the plan was made.');
    return builder;
  }

  function spill() {
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const chunks = [];
    reading().spill((chunk) => chunks.push(chunk));
    runs.push(new Blob(chunks));
  }

  /**
   * Takes an entry of an archive.
   * @param {import('../../shared/protocol.js').ArchiveEntry} entry
   * @returns {import('../io/archives.js').Taker<Archive, Uint8Array>}
   */
  function taker({ index, name, table, share }) {
    let open = 0;
    return {
      whole: (archive) => reading().entry(archive, index, name, table, share),
      open(packed) {
        open = reading().open_entry(packed, name, table, share);
      },
      push(bytes) {
        reading().push(open, bytes);
        if (reading().size() > most) spill();
      },
      close: () => reading().close(open),
    };
  }

  /** Stretches of what was handed to the browser. @param {Float64Array} slices run, start and end of each */
  function cutOut(slices) {
    /** @type {Blob[]} */
    const bytes = [];
    for (let at = 0; at < slices.length; at += 3) bytes.push(runs[slices[at]].slice(slices[at + 1], slices[at + 2]));
    return bytes;
  }

  /** What was handed to the browser of a job's own readings. @param {number} job @returns {Share[]} */
  function spilled(job) {
    if (runs.length === 0) return [];
    const { head, slices } = curating().slices(job);
    return slices.length > 0 ? [new Blob([head, ...cutOut(slices)])] : [];
  }

  /**
   * What this engine holds of the readings that may be paired with a job's own. They may be all that it has: so no
   * message has them, and no engine has all of them in memory.
   * @param {number} job
   * @returns {Blob[]}
   */
  function partners(job) {
    const own = curating();
    const sensor = own.all_partners(job);
    const known = sensor ? common.get(sensor) : undefined;
    if (known) return [known];
    /** @type {BlobPart[]} */
    let parts = [];
    if (runs.length > 0) parts = cutOut(own.partner_slices(job));
    else own.partners(job, (rows) => parts.push(rows));
    if (parts.length === 0) return [];
    const rows = new Blob(parts);
    if (sensor) common.set(sensor, rows);
    return [rows];
  }

  /** Rows of a job, with those that this engine has handed to the browser. @param {JobRows} rows @returns {JobRows} */
  function withSpilled({ job, shares, partners: others }) {
    if (runs.length === 0) return { job, shares, partners: others };
    return { job, shares: [...shares, ...spilled(job)], partners: [...others, ...partners(job)] };
  }

  return {
    /** @param {ByteRange[]} ranges @param {OnRead} onRead */
    async read(ranges, onRead) {
      const decoded = await readRanges(reading(), ranges, (at, bytes) => {
        onRead(at, bytes);
        if (reading().size() > most) spill();
      });
      return { decoded, counts: reading().counts() };
    },

    /** @param {import('../../shared/protocol.js').ArchiveEntry[]} entries @param {OnRead} onRead */
    async entries(entries, onRead) {
      /** @type {Uint8Array[]} */
      const decoded = [];
      let since = performance.now();
      for (const [at, entry] of entries.entries()) {
        // An entry is decoded by one call; between two of them, messages of others come in.
        if (performance.now() - since > AT_A_TIME) {
          await yieldTask();
          since = performance.now();
        }
        try {
          decoded.push(await archives.readEntry(entry, taker(entry), (bytes) => onRead(at, bytes)));
        } catch (error) {
          throw new InputError(entry.name, error);
        }
        if (reading().size() > most) spill();
      }
      return { decoded, counts: reading().counts() };
    },

    /** What it has read of the customers. @param {import('../../shared/protocol.js').CoreOptions} options */
    customers: async (options) => reading().customers(options),

    /** Forgets what it has read. */
    async forget() {
      reader?.free();
      reader = new Reader();
    },

    /**
     * Reads readings from now on, and forgets those that it has.
     * @param {Uint8Array} context of the run, as the core's bytes
     */
    async admit(context) {
      runs.length = 0;
      reading().admit(context);
    },

    /** Takes the readings of a lake that the run goes on from. @param {import('./read-sources.js').Lake} lake */
    async takeLake(lake) {
      await lake.read((take) => {
        take(reading());
        if (reading().size() > most) spill();
      });
    },

    /** Starts again from what it holds; false if that is not all in memory. @param {Uint8Array} context */
    async rerun(context) {
      if (builder !== whole) builder?.free();
      builder = undefined;
      reader = whole?.narrowed(context);
      return reader !== undefined;
    },

    /** What it has counted, once everything is read. */
    async counters() {
      archives.free();
      // What is left goes the same way, so that every job finds all of it there.
      if (runs.length > 0) spill();
      return reading().counters();
    },

    /**
     * What it holds of the jobs of other engines.
     * @param {Uint8Array} plan
     * @param {number[]} jobs
     * @returns {Promise<JobRows[]>}
     */
    async shares(plan, jobs) {
      builder = reading().row_group_builder(plan);
      reader = undefined;
      whole ??= builder;
      counted.clear();
      common.clear();
      return jobs.map((job) => {
        const shares = spilled(job);
        if (runs.length === 0) shares.push(curating().share(job));
        return { job, shares, partners: partners(job) };
      });
    },

    /**
     * Counts its jobs, with the rows of others, and holds what they come to, all in memory.
     * @param {JobRows[]} jobs
     * @returns {Promise<Uint8Array[]>}
     */
    async count(jobs) {
      /** @type {Uint8Array[]} */
      const counts = [];
      await gatherJobs(jobs.map(withSpilled), curating(), (job) => {
        counts.push(curating().count(job));
        counted.add(job);
      });
      return counts;
    },

    /**
     * Does its jobs, with the rows of others unless it has counted them.
     * @param {JobRows[]} jobs
     * @returns {Promise<import('../../shared/protocol.js').JobResult[]>}
     */
    async work(jobs) {
      /** @type {import('../../shared/protocol.js').JobResult[]} */
      const results = [];
      /** @param {number} job @param {{ body: Uint8Array<ArrayBuffer>, done: Uint8Array }} result */
      const keep = (job, { body, done }) => results.push({ job, body: new Blob([body]), done });
      for (const { job, customers } of jobs) {
        if (customers) keep(job, curating().customers(job, customers));
        else if (counted.has(job)) keep(job, curating().work(job));
      }
      const rest = jobs.filter(({ job, customers }) => !customers && !counted.has(job));
      await gatherJobs(rest.map(withSpilled), curating(), (job) => keep(job, curating().work(job)));
      return results;
    },

    free() {
      archives.free();
      reader?.free();
      if (builder !== whole) builder?.free();
      whole?.free();
      reader = builder = whole = undefined;
    },
  };
}

/** How long a worker takes no message while it decodes entries, in milliseconds. */
const AT_A_TIME = 20;
