/**
 * What the pages in this folder share with the bench. Types only; nothing here runs.
 *
 * @typedef {Record<string, number>} Counts rows of each of the five tables
 * @typedef {{ seconds: number, counts?: Counts }} Result
 * @typedef {object} PageEngine what a page offers as `globalThis.engine`
 * @property {() => Promise<string>} prepare starts the engine and tells its version
 * @property {(files: File[]) => Promise<Result>} run one job, from files to Blobs
 */

export {};
