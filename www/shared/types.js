/**
 * Shapes that cross a border: the core's answers (where wasm-bindgen can only say `any`), the report,
 * and the messages between the page and its worker. Types only; nothing here runs.
 */

/**
 * @typedef {'customer_landing' | 'accelerometer_landing' | 'step_trainer_landing'} Landing
 * @typedef {'customer_trusted' | 'accelerometer_trusted' | 'customer_curated' | 'step_trainer_trusted'
 *   | 'machine_learning_curated'} SavedTable
 * @typedef {Landing | SavedTable} TableName
 */

/**
 * @typedef {object} Options
 * @property {'ever' | 'as-of'} consent
 * @property {'any' | 'latest'} records
 * @property {'keep' | 'drop'} shared_serials
 * @property {'owner' | 'time'} join
 * @property {'pseudonym' | 'serial'} identity
 * @property {'snappy' | 'gzip'} compression
 * @property {string[]} withdrawals emails and serial numbers, untrimmed
 * @property {string | undefined} withdrawals_file the text of a file that lists more of them
 */

/**
 * What the first bytes of an input say about it.
 * @typedef {{ status: 'table', table: Landing } | { status: 'archive' } | { status: 'more', bytes: number }
 *   | { status: 'refused', reason: string, message: string }} Recognition
 */

/**
 * The ledger of one table, in rows.
 * @typedef {object} TableReport
 * @property {number} rows_in
 * @property {number} rows_out
 * @property {Record<string, number>} filtered by rule
 * @property {Record<string, number>} rejected by reason
 * @property {number} [duplicates] exact duplicate rows, kept
 * @property {number} [rows_matched] of a join: left rows that found a partner
 * @property {number} [rows_in_step] of a join: rows on its right side
 * @property {number} [mixed_pairs] of a join on time only: rows that pair two people
 */

/** @typedef {Partial<Record<TableName, TableReport>>} Counts */

/**
 * A record that could not be used, with its text: for the page, and saved only if that is asked for.
 * @typedef {object} Reject
 * @property {string} file
 * @property {number} line counted from 1
 * @property {number} offset bytes from the start of the file
 * @property {number} bytes how many the reject covers
 * @property {string} [field]
 * @property {string} reason
 * @property {string} [detail]
 * @property {string} text
 */

/** @typedef {{ name: string, count: number }} UnknownField */

/** An entry of the withdrawals that matches nothing: list 0 was typed, 1 is the file. @typedef {{ list: number, line: number, entry: string }} Unmet */

/** @typedef {{ code: string, count: number, message: string }} Warning */

/**
 * @typedef {object} ReportInput
 * @property {string} name
 * @property {number} bytes
 * @property {'used' | 'refused' | 'duplicate'} status
 * @property {Landing} [table]
 * @property {number} [records]
 * @property {number} [rejected]
 * @property {number} [duplicate_keys] known fields that a record had twice
 * @property {boolean} [array_not_closed]
 * @property {string} [reason]
 * @property {string} [message]
 * @property {string} [of] the input whose bytes are the same
 */

/**
 * What machine_learning_curated says of people.
 * @typedef {object} Privacy
 * @property {number} owners
 * @property {number} subjects
 * @property {number} smallest_rows
 * @property {number} median_rows
 * @property {number} timestamps
 * @property {number} timestamps_of_one_subject
 * @property {string} meaning
 */

/**
 * The parts of report.json that the page shows.
 * @typedef {object} Report
 * @property {Omit<Options, 'withdrawals' | 'withdrawals_file'> & { withdrawals: number, key: 'given' | 'random', key_check?: string }} options
 * @property {ReportInput[]} inputs
 * @property {Counts} tables
 * @property {Privacy} privacy
 * @property {Warning[]} [incomplete] why the run is incomplete, if it is; not in reports of earlier versions
 * @property {Warning[]} warnings
 * @property {number} rejects_kept
 * @property {number} rejects_total
 */

/**
 * A file of the user's, under the name that the report gives it: its path inside the dropped folder.
 * @typedef {{ name: string, file: File }} Input
 * @typedef {{ name: string, bytes: number, reason: string, message: string }} Refusal
 */

/**
 * @typedef {object} RunJob
 * @property {'run'} kind
 * @property {Input[]} inputs
 * @property {Refusal[]} refusals inputs that the page already knows it will not use
 * @property {Options} options
 * @property {Uint8Array} key
 * @property {'given' | 'random'} keyOrigin
 * @property {number} memory bytes of readings that all workers together may hold
 * @property {MessagePort[]} helpers other workers that work for this one
 */

/**
 * The last run again, under other options, from what the workers hold.
 * @typedef {{ kind: 'narrow', options: Options, key: Uint8Array, keyOrigin: 'given' | 'random' }} NarrowJob
 */

/** @typedef {{ kind: 'sample', scale: number, defects: boolean }} SampleJob */

/** @typedef {{ kind: 'warm', helpers: MessagePort[] }} WarmJob */

/**
 * @typedef {object} RunResult
 * @property {string} report report.json as it is saved
 * @property {Uint8Array} reads what was read of the inputs, as the core's bytes
 * @property {Reject[]} rejects
 * @property {UnknownField[]} unknownFields
 * @property {Unmet[]} unmet
 * @property {Record<SavedTable, Blob>} files
 */

/** @typedef {{ inputs: Input[] }} SampleResult */

/**
 * A column as the core knows it. A `bigint` is a time, in epoch milliseconds.
 * @typedef {{ name: string, type: 'string' | 'bigint' | 'int' | 'double', key: boolean, meaning: string }} Column
 * @typedef {{ table: TableName, folder: string, columns: Column[], sql: string | null }} TableSchema its rule as SQL, of a landing table none
 */

/**
 * What stands around a place of an input; numbers as text.
 * @typedef {{ rows: { offset: number, cells: (string | null)[] }[], rejects: Reject[] }} Peek
 * @typedef {'page' | 'head'} RawPart a page of a plain file, or the start of a packed one
 */

/**
 * An input of the run that is on the page; `entry` names a file of an archive.
 * @typedef {{ name: string, table: Landing, bytes: number, file: File, entry?: string }} LandingSource
 */

/**
 * What the page asks of the worker that shows things.
 * @typedef {{ kind: 'schema' } | { kind: 'lake', files?: Record<SavedTable, Blob> }
 *   | { kind: 'rows', table: SavedTable, start: number, end: number, dates: boolean }
 *   | { kind: 'raw', source: LandingSource, byte: number, dates: boolean }
 *   | { kind: 'rawRows', start: number, end: number } | { kind: 'times' } | { kind: 'subjects' }
 *   | { kind: 'series', subject: string, from?: number, to?: number }} LookAsk
 * @typedef {{ rows: number, start: number, bytes: number, part: RawPart }} RawPage
 */

/**
 * What charts are drawn from. Times are epoch milliseconds; a mean is over the values that are there.
 * @typedef {{ start: number, width: number, names: string[], counts: number[][] }} Times rows in bins, by table
 * @typedef {{ count: number, most: number, median: number, least: number, curve: [rank: number, rows: number][],
 *   listed: { subject: string, rows: number }[] }} Subjects by rows, the most first
 * @typedef {{ name: string, least: number | null, mean: number | null, most: number | null, values: (number | null)[] }} Measure
 * @typedef {{ subject: string, rows: number, first: number, last: number, times: number[], measures: Measure[] }} Series
 */

/**
 * A row of the grid, as text; `bad` says why it is none, and its one cell is the text of the file then.
 * @typedef {{ head: string, cells: (string | null)[], bad?: string }} GridRow
 */

/**
 * Of a finished run, to be hashed.
 * @typedef {object} AuditJob
 * @property {'audit'} kind
 * @property {string} report report.json without hashes
 * @property {Uint8Array} reads what the run has read of the inputs
 * @property {Input[]} inputs every file that the run was given
 * @property {Record<SavedTable, Blob>} outputs
 * @property {string} commit that the page was built from
 * @property {string} wasmSha256 of the core
 * @property {RunEvent} event
 */

/** @typedef {{ run_id: string, time: string }} RunEvent a UUID, and when the run ended as RFC 3339 */

/**
 * The three files that tell of a run, as they are saved alone, and the exports.
 * @typedef {{ report: string, lineage: string, croissant: string }} AuditFiles
 * `landing` is the lake with its landing files, `changed` the names of inputs that are not what the run has read.
 * @typedef {{ files: AuditFiles, trees: Record<Export | 'landing', Tree>, changed?: string[] }} AuditResult
 */

/**
 * The files of an export: tables with their paths, documents by path (the report last), and inputs that come along,
 * with their paths.
 * @typedef {'research' | 'lake'} Export
 * @typedef {{ tables: [table: SavedTable, path: string][], documents: [path: string, text: string][], landing: [name: string, path: string][] }} Tree
 * @typedef {{ path: string, blob: Blob }} TreeFile
 * @typedef {{ kind: 'zip', files: TreeFile[], time: string }} ZipJob
 */

/** Two texts of report.json. @typedef {{ kind: 'compare', old: string, now: string }} CompareJob */

/** A text of report.json, to be handed to researchers. @typedef {{ kind: 'number', report: string }} NumberJob */

/**
 * What changed between two reports; described in src/audit/compare.rs.
 * @typedef {object} Difference
 * @property {{ version: string, commit: string | null }[]} tools
 * @property {Changed[]} options
 * @property {'linked' | 'not_linked' | 'unknown' | null} pseudonyms whether one person has one pseudonym in both runs
 * @property {{ compared_by: 'sha256' | 'size' | 'content', same: number, added: ChangedInput[], removed: ChangedInput[], changed: ChangedInput[], renamed: [string, string][] }} inputs
 * @property {Record<TableName, TableChange>} tables
 * @property {Changed[]} privacy
 * @property {{ code: string, message: string }[]} notes
 */

/** @typedef {{ name: string, old: string | number | null, new: string | number | null }} Changed */
/** @typedef {{ name: string, bytes: number, status: 'used' | 'refused' | 'duplicate' }} ChangedInput */
/**
 * @typedef {{ old: number, new: number, gained: number, lost: number, same_bytes: boolean | null, causes: Cause[] }} TableChange
 * @typedef {{ kind: 'rows_in' | 'filtered' | 'rejected' | 'pairs', name?: string, change: number }} Cause
 */

/**
 * What the SQL console's worker is told of the lake: the written tables, the inputs that landing tables are
 * read from when a statement names them, and the tables of the session.
 * @typedef {{ name: string, raw: boolean, rows: number, file: Blob }} OwnTable
 * @typedef {{ files?: Record<SavedTable, Blob>, sources: LandingSource[], absent: TableName[], own: OwnTable[] }} SqlLake absent: landing
 *   tables that had rows, but whose files are not here
 * @typedef {'csv' | 'ndjson' | 'parquet'} SqlFormat
 * @typedef {{ kind: 'lake', lake: SqlLake } | { kind: 'run', sql: string } | { kind: 'rows', start: number, end: number }
 *   | { kind: 'text', end: number } | { kind: 'file', format: SqlFormat }} SqlAsk
 */

/**
 * What a statement did; `raw` says that a landing table is behind it, `meaning` is a column's Arrow type.
 * @typedef {{ name: string, type: 'string' | 'int' | 'double', meaning: string }} SqlColumn
 * @typedef {{ kind: 'rows', columns: SqlColumn[], rows: number, raw: boolean }
 *   | { kind: 'created', name: string, rows: number, raw: boolean, file: Blob }
 *   | { kind: 'dropped', names: string[] }} SqlDone
 */

/** Part of a statement: lines and columns from 1. @typedef {{ line: number, column: number, end_line: number, end_column: number }} Place */

/** @typedef {'sample' | 'looking' | 'customers' | 'readings' | 'curating'} Phase */

/**
 * What a worker says while it works. Bytes are those of the input as it lies on the disk.
 * @typedef {{ kind: 'phase', phase: Phase }} PhaseEvent
 * @typedef {{ kind: 'looking', done: number, total: number }} LookingEvent
 * @typedef {{ kind: 'making', files: number, bytes: number }} MakingEvent
 * @typedef {{ kind: 'sources', sources: { name: string, bytes: number, table: Landing }[] }} SourcesEvent
 * @typedef {{ kind: 'progress', read: [source: number, bytes: number][], counts?: Counts }} ProgressEvent bytes since the last
 * @typedef {{ kind: 'counts', counts: Counts }} CountsEvent
 * @typedef {{ kind: 'hashing' | 'zipping', bytes: number }} HashingEvent bytes so far
 * @typedef {PhaseEvent | LookingEvent | MakingEvent | SourcesEvent | ProgressEvent | CountsEvent} WorkEvent
 */

/**
 * Why a job failed; `file` names the input that was being read, `place` is in a statement of SQL.
 * @typedef {{ code: string, message: string, file?: string, place?: Place }} Failure
 */

/**
 * @typedef {WorkEvent | HashingEvent | { kind: 'done', result: any } | { kind: 'failed', failure: Failure }} WorkerMessage
 */

export {};
