/**
 * What the core gives, where wasm-bindgen can only say `any`: the report, its parts and what is shown of files.
 * Types only; nothing here runs.
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
 * @property {number} [duplicates] exact duplicate rows; they are included
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

/**
 * An entry of the withdrawals that matches nothing: list 0 was typed, 1 is the file.
 * @typedef {{ list: number, line: number, entry: string }} UnmatchedEntry
 */

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
 * @property {Omit<Options, 'withdrawals' | 'withdrawals_file'> & { withdrawals: number, key: 'given' | 'random',
 *   key_check?: string }} options
 * @property {ReportInput[]} inputs
 * @property {Counts} tables
 * @property {Privacy} privacy
 * @property {Warning[]} [incomplete] why the run is incomplete, if it is; not in reports of earlier versions
 * @property {Warning[]} warnings
 * @property {number} rejects_kept
 * @property {number} rejects_total
 */

/**
 * A column. A `bigint` is a time, in epoch milliseconds.
 * @typedef {{ name: string, type: 'string' | 'bigint' | 'int' | 'double', key: boolean, meaning: string }} Column
 */

/**
 * A table's folder in the lake, its columns, and its rule as SQL; a landing table has none.
 * @typedef {{ table: TableName, folder: string, columns: Column[], sql: string | null }} TableSchema
 */

/**
 * The records around a place of an input; numbers as text.
 * @typedef {{ rows: { offset: number, cells: (string | null)[] }[], rejects: Reject[] }} Peek
 */

/**
 * An export: tables with their paths, documents by path (the report last), and inputs that come along, with their
 * paths.
 * @typedef {'research' | 'lake'} Export
 * @typedef {object} Tree
 * @property {[table: SavedTable, path: string][]} tables
 * @property {[path: string, text: string][]} documents
 * @property {[name: string, path: string][]} landing
 */

/**
 * What changed between two reports; described in src/audit/compare.rs.
 * @typedef {object} Difference
 * @property {{ version: string, commit: string | null }[]} tools
 * @property {Changed[]} options
 * @property {'linked' | 'not_linked' | 'unknown' | null} pseudonyms whether one person has one pseudonym in both runs
 * @property {InputChanges} inputs
 * @property {Record<TableName, TableChange>} tables
 * @property {Changed[]} privacy
 * @property {{ code: string, message: string }[]} notes
 */

/** @typedef {{ name: string, old: string | number | null, new: string | number | null }} Changed */
/** @typedef {{ name: string, bytes: number, status: 'used' | 'refused' | 'duplicate' }} ChangedInput */
/**
 * @typedef {object} InputChanges
 * @property {'sha256' | 'size' | 'content'} compared_by
 * @property {number} same
 * @property {ChangedInput[]} added
 * @property {ChangedInput[]} removed
 * @property {ChangedInput[]} changed
 * @property {[old: string, now: string][]} renamed
 */
/**
 * @typedef {object} TableChange
 * @property {number} old
 * @property {number} new
 * @property {number} gained
 * @property {number} lost
 * @property {boolean | null} same_bytes
 * @property {{ kind: 'rows_in' | 'filtered' | 'rejected' | 'pairs', name?: string, change: number }[]} causes
 */

/**
 * What a statement did; `raw` means that a landing table is behind it, `meaning` is a column's Arrow type.
 * @typedef {{ name: string, type: 'string' | 'int' | 'double', meaning: string }} SqlColumn
 * @typedef {{ kind: 'rows', columns: SqlColumn[], rows: number, raw: boolean }} SqlRows
 * @typedef {{ kind: 'created', name: string, rows: number, raw: boolean, columns?: SqlColumn[] }} SqlCreated
 * @typedef {{ kind: 'dropped', names: string[], columns?: SqlColumn[] }} SqlDropped
 */

/**
 * A part of a statement; lines and columns from 1.
 * @typedef {{ line: number, column: number, end_line: number, end_column: number }} Place
 */

export {};
