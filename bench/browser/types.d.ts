/** Rows of each of the five tables. */
export type Counts = Record<string, number>;
export type Result = { seconds: number; counts?: Counts };
export type Case = { name: string; unseen: boolean; claimed: boolean; bytes: number };

declare global {
  /** What a page offers to the bench that drives it; each kind of page has its own part of this. */
  var bench: {
    /** Starts the engine and tells its version. */
    prepare(): Promise<string>;
    /** One job, from the files that were chosen to Blobs. */
    run(): Promise<Result>;

    /** What there is to decode. */
    cases(): Promise<Case[]>;
    decode(index: number): Promise<{ seconds: number }>;

    /** The page under test: the end of the run that the next choice of files starts. */
    ended(): Promise<{ seconds: number; state: string }>;
    /** The same of the run before, or null while there is none. */
    last: { seconds: number; state: string } | null;
    /** Bytes of the WASM memories of each of its workers. */
    memories: Record<string, number>;
  };
}
