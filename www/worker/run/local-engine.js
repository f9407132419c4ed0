import { Archive, Reader } from '../../pkg/stedi_lakehouse.js';
import { createArchives } from '../io/archives.js';
import { LIMITS } from '../../shared/core.js';
import { InputError } from '../../shared/errors.js';
import { readRanges } from './read-ranges.js';
import { readBack } from '../io/read-file.js';
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
    reading().spill((chunk) => chunks.push(/** @type {Uint8Array<ArrayBuffer>} */ (chunk)));
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

  /** What was handed to the browser of a job's readings. @param {number} job @returns {Share[]} */
  function spilled(job) {
    if (runs.length === 0) return [];
    const { head, slices } = curating().slices(job);
    if (slices.length === 0) return [];
    /** @type {BlobPart[]} */
    const bytes = [head];
    for (let at = 0; at < slices.length; at += 3) bytes.push(runs[slices[at]].slice(slices[at + 1], slices[at + 2]));
    return [new Blob(bytes)];
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
    customers: async (options) => /** @type {Uint8Array<ArrayBuffer>} */ (reading().customers(options)),

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
      if (runs.length > 0 || reading().is_too_much_to_send()) spill();
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
      return jobs.map((job) => {
        const shares = spilled(job);
        if (runs.length === 0) shares.push(/** @type {Uint8Array<ArrayBuffer>} */ (curating().share(job)));
        return { job, shares };
      });
    },

    /**
     * Counts its jobs, with the rows of others, all in memory, and holds them.
     * @param {JobRows[]} jobs
     * @returns {Promise<Uint8Array[]>}
     */
    async count(jobs) {
      return jobs.map(({ job, shares }) => curating().count(job, /** @type {Uint8Array[]} */ (shares)));
    },

    /**
     * Does its jobs, with the rows of others unless it has counted them.
     * @param {JobRows[]} jobs
     * @returns {Promise<import('../../shared/protocol.js').JobResult[]>}
     */
    async work(jobs) {
      /** @type {import('../../shared/protocol.js').JobResult[]} */
      const results = [];
      for (const { job, shares, customers } of jobs) {
        if (customers) {
          const { body, done } = curating().customers(job, customers);
          results.push({ job, body: new Blob([body]), done });
          continue;
        }
        const all = [...shares, ...spilled(job)];
        refuseTooMuch(all.reduce((sum, share) => sum + (share instanceof Blob ? share.size : share.length), 0));
        const bytes = await Promise.all(all.map((share) => (share instanceof Blob ? readBack(share) : share)));
        const { body, done } = curating().work(job, bytes);
        results.push({ job, body: new Blob([body]), done });
      }
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

/** @param {number} bytes */
function refuseTooMuch(bytes) {
  if (bytes <= LIMITS.job_bytes) return;
  throw Object.assign(
    new Error(
      `${Math.round(bytes / 2 ** 20)} MB of readings belong together, more than this page can take at once: ` +
        'those of one person, or under join = time all step readings. The command line can do it.',
    ),
    { code: 'too_large' },
  );
}
