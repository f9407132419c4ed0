/** What the core gives and takes: made by src/bindings.rs; STEDI_BLESS=1 cargo test --lib bindings writes it. */

/**
 * The three kinds of landing record.
 */
export type Landing = "customer_landing" | "accelerometer_landing" | "step_trainer_landing";

/**
 * The eight tables of the lake, in the order in which they are made.
 */
export type TableName = "customer_landing" | "accelerometer_landing" | "step_trainer_landing" | "customer_trusted" | "accelerometer_trusted" | "customer_curated" | "step_trainer_trusted" | "machine_learning_curated";

/**
 * From when on a person's readings may be used.
 */
export type ConsentTime = "ever" | "as-of";

/**
 * Which of a person's customer records decide.
 */
export type ConsentRecords = "any" | "latest";

/**
 * What to do with a serial number that stands under more than one email.
 */
export type SharedSerials = "keep" | "drop";

/**
 * How machine_learning_curated pairs readings.
 */
export type Join = "owner" | "time";

/**
 * What `subject` of machine_learning_curated holds.
 */
export type Identity = "pseudonym" | "serial";

/**
 * How Parquet pages are compressed. It changes no row.
 */
export type Compression = "snappy" | "gzip" | "zstd";

/**
 * All options of a run; `Default` is the house's choice.
 */
export type Options = { 
/**
 * From when on a person's readings may be used.
 */
consent: ConsentTime, 
/**
 * Which of a person's records decide.
 */
records: ConsentRecords, 
/**
 * What to do with serial numbers of several people.
 */
shared_serials: SharedSerials, 
/**
 * How readings are paired.
 */
join: Join, 
/**
 * What a subject is.
 */
identity: Identity, 
/**
 * How files are compressed.
 */
compression: Compression, 
/**
 * Emails and serial numbers to leave out, compared without case and blanks
 * at their ends, serial numbers without blanks alone. Personal data: a report
 * says only how many there are. See [`crate::withdrawals::read`].
 */
withdrawals: Array<string>, };

/**
 * Whether the caller made the key up or was given it.
 */
export type KeyOrigin = "given" | "random";

/**
 * What the first bytes of an input say about it.
 */
export type Recognition = { "status": "table", 
/**
 * Which.
 */
table: Landing, } | { "status": "archive" } | { "status": "more", 
/**
 * How many.
 */
bytes: number, } | { "status": "refused", 
/**
 * Short name, as in the report.
 */
reason: string, 
/**
 * For the person whose file it is.
 */
message: string, };

/**
 * A file in a zip.
 */
export type ArchiveEntry = { 
/**
 * Path within the zip.
 */
name: string, 
/**
 * Compressed size.
 */
bytes: number, };

/**
 * A job of the plan.
 */
export type Job = { 
/**
 * Of which table it makes row groups.
 */
table: TableName, 
/**
 * About how many rows.
 */
rows: number, };

/**
 * A job that is done.
 */
export type JobDone = { 
/**
 * Row groups of its table.
 */
body: Uint8Array<ArrayBuffer>, 
/**
 * What the run is told of them.
 */
done: Uint8Array<ArrayBuffer>, };

/**
 * A written table as the parts of its file.
 */
export type TableFile = { 
/**
 * The first bytes.
 */
head: Uint8Array<ArrayBuffer>, 
/**
 * Numbers of the jobs whose bodies follow, in order.
 */
jobs: Array<number>, 
/**
 * The last bytes.
 */
tail: Uint8Array<ArrayBuffer>, };

/**
 * A file of the made-up export.
 */
export type SampleFile = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its bytes.
 */
bytes: Uint8Array<ArrayBuffer>, };

/**
 * An entry of the withdrawals: `list` 0 was typed, 1 is the file; lines count from 1.
 */
export type Unmet = { 
/**
 * In which list.
 */
list: number, 
/**
 * On which line.
 */
line: number, 
/**
 * What it says.
 */
entry: string, };

/**
 * A field that no table has. Its name is input, for the page only.
 */
export type UnknownField = { 
/**
 * As written.
 */
name: string, 
/**
 * How many records have it.
 */
count: number, };

/**
 * A column. A `bigint` is a time, in epoch milliseconds.
 */
export type Column = { 
/**
 * Lower-case name.
 */
name: string, 
/**
 * By its Athena name.
 */
type: 'string' | 'bigint' | 'int' | 'double', 
/**
 * A landing record without a readable value here is rejected.
 */
key: boolean, 
/**
 * What it holds, for people.
 */
meaning: string, };

/**
 * A table.
 */
export type TableSchema = { 
/**
 * Which.
 */
table: TableName, 
/**
 * Where its files lie in a lake.
 */
folder: string, 
/**
 * Its columns, in order.
 */
columns: Array<Column>, 
/**
 * Its rule, but for a landing table.
 */
sql: string | null, };

/**
 * A landing row as it is shown.
 */
export type PeekRow = { 
/**
 * Byte of the (inflated) file where its record starts.
 */
offset: number, 
/**
 * Its values, by column; numbers as text.
 */
cells: Array<string | null>, };

/**
 * What stands around a place of an input.
 */
export type Peek = { 
/**
 * Rows, in order.
 */
rows: Array<PeekRow>, 
/**
 * The first of its records that are no rows.
 */
rejects: Array<Reject>, };

/**
 * A record that could not be used, with its text: for the page, and saved only if
 * that is asked for.
 */
export type Reject = { text: string, file: string, 
/**
 * From 1.
 */
line: number, 
/**
 * Bytes from the start of the file.
 */
offset: number, 
/**
 * How many the reject covers.
 */
bytes: number, field?: string, reason: Reason, detail?: string, };

/**
 * A reject as it is reported.
 */
export type Place = { file: string, 
/**
 * From 1.
 */
line: number, 
/**
 * Bytes from the start of the file.
 */
offset: number, 
/**
 * How many the reject covers.
 */
bytes: number, field?: string, reason: Reason, detail?: string, };

/**
 * Why a row is filtered; a row counts under the first that applies.
 */
export type Rule = "withdrawn" | "no_consent" | "before_consent" | "shared_serial" | "no_partner";

/**
 * Why a record was rejected.
 */
export type Reason = "bad_json" | "unterminated" | "too_long" | "too_deep" | "bad_utf8" | "bad_compression" | "missing_key" | "wrong_type" | "not_a_number" | "not_an_integer" | "out_of_range";

/**
 * A table's ledger: rows in = rows out + filtered + rejected, but for
 * machine_learning_curated rows in = rows matched + filtered.
 */
export type TableReport = { 
/**
 * Rows of the (left) input; for landing, records.
 */
rows_in: number, 
/**
 * Rows of the table.
 */
rows_out: number, 
/**
 * Rows left out, by rule.
 */
filtered: Partial<Record<Rule, number>>, 
/**
 * Records that are no rows, by reason.
 */
rejected: Partial<Record<Reason, number>>, 
/**
 * Rows that repeat another, kept: for the five written tables.
 */
duplicates?: number, 
/**
 * machine_learning_curated: accelerometer readings in at least one pair.
 */
rows_matched?: number, 
/**
 * machine_learning_curated: rows of step_trainer_trusted.
 */
rows_in_step?: number, 
/**
 * machine_learning_curated: rows that pair two people.
 */
mixed_pairs?: number, };

/**
 * Something that the reader of the tables should know.
 */
export type Warning = { 
/**
 * Short name.
 */
code: string, 
/**
 * How many of it.
 */
count: number, 
/**
 * For people.
 */
message: string, };

/**
 * An input and what became of it.
 */
export type ReportInput = { 
/**
 * Path as the user knows it; for an entry of a zip `a.zip/path`.
 */
name: string, 
/**
 * Size, packed as it was.
 */
bytes: number, } & ({ "status": "used", 
/**
 * Where they landed.
 */
table: Landing, 
/**
 * How many are rows.
 */
records: number, 
/**
 * How many are not.
 */
rejected: number, 
/**
 * Known fields that a record had twice.
 */
duplicate_keys: number, 
/**
 * Names of fields that the table does not have: how many.
 */
unknown_fields: number, 
/**
 * An array that does not end: the file may have been cut.
 */
array_not_closed: boolean, } | { "status": "refused", 
/**
 * Short name.
 */
reason: string, 
/**
 * For the person whose file it is.
 */
message: string, } | { "status": "duplicate", 
/**
 * The other's name.
 */
of: string, });

/**
 * What became of an input.
 */
export type InputStatus = { "status": "used", 
/**
 * Where they landed.
 */
table: Landing, 
/**
 * How many are rows.
 */
records: number, 
/**
 * How many are not.
 */
rejected: number, 
/**
 * Known fields that a record had twice.
 */
duplicate_keys: number, 
/**
 * Names of fields that the table does not have: how many.
 */
unknown_fields: number, 
/**
 * An array that does not end: the file may have been cut.
 */
array_not_closed: boolean, } | { "status": "refused", 
/**
 * Short name.
 */
reason: string, 
/**
 * For the person whose file it is.
 */
message: string, } | { "status": "duplicate", 
/**
 * The other's name.
 */
of: string, };

/**
 * What machine_learning_curated says of people.
 */
export type Privacy = { 
/**
 * People whose accelerometer readings are in it.
 */
owners: number, 
/**
 * Distinct values of its column `subject`.
 */
subjects: number, 
/**
 * Rows of the subject that has the fewest.
 */
smallest_rows: number, 
/**
 * Median of the rows of a subject.
 */
median_rows: number, 
/**
 * Distinct times.
 */
timestamps: number, 
/**
 * Of them those at which only one subject has rows.
 */
timestamps_of_one_subject: number, 
/**
 * The same in plain words.
 */
meaning: string, };

/**
 * Name and version of the program.
 */
export type Tool = { name: string, version: string, };

/**
 * Where a key comes from, and its check value.
 */
export type KeyReport = { key: KeyOrigin, key_check: string, };

/**
 * The options without what is personal or secret in them.
 */
export type OptionsReport = { consent: ConsentTime, records: ConsentRecords, shared_serials: SharedSerials, join: Join, identity: Identity, compression: Compression, 
/**
 * How many entries the list has.
 */
withdrawals: number, };

/**
 * `report.json` as a run gives it: without commit, file names of outputs and
 * hashes, which [`crate::audit::ReportFile::complete`] adds when nobody waits.
 * `docs/report.schema.json` describes the complete one.
 */
export type Report = { 
/**
 * Always [`FORMAT`].
 */
format: string, 
/**
 * Version of this layout.
 */
version: number, 
/**
 * What made it.
 */
tool: Tool, 
/**
 * Whether all that people said of their consent is known.
 */
complete: boolean, 
/**
 * Why not.
 */
incomplete: Array<Warning>, 
/**
 * The choices.
 */
options: OptionsReport & KeyReport, 
/**
 * Every input, by name.
 */
inputs: Array<ReportInput>, 
/**
 * The ledger of the eight tables.
 */
tables: { [key in TableName]?: TableReport }, 
/**
 * What machine_learning_curated says of people.
 */
privacy: Privacy, 
/**
 * What the reader should know.
 */
warnings: Array<Warning>, 
/**
 * The first rejects, by file and offset; in JSON without their text, for a
 * report must not hold values of records.
 */
rejects: Array<Place>, 
/**
 * How many of them are listed.
 */
rejects_kept: number, 
/**
 * How many there were.
 */
rejects_total: number, };

/**
 * What the host gives to the event.
 */
export type RunEvent = { 
/**
 * A UUID, new for each run.
 */
run_id: string, 
/**
 * When the run ended, as RFC 3339.
 */
time: string, };

/**
 * The files of an export: tables with their paths, documents by path (the report
 * last), and inputs that come along, with their paths.
 */
export type Tree = { 
/**
 * By table.
 */
tables: Array<[TableName, string]>, 
/**
 * Path and text.
 */
documents: Array<[string, string]>, 
/**
 * Name and path.
 */
landing: Array<[string, string]>, };

export type SavedTable = Exclude<TableName, Landing>;
export type Counts = Partial<Record<TableName, TableReport>>;

export const OPTIONS: readonly { name: string; help: string; values: readonly { name: string; help: string }[] }[];
export const TABLES: readonly { name: TableName; saved: boolean }[];
export const RULES: Readonly<Record<string, string>>;
export const REASONS: Readonly<Record<string, string>>;
export const LIMITS: Readonly<Record<'record_bytes' | 'record_depth' | 'reject_text_bytes' | 'rejects_kept' | 'rejects_kept_per_file' | 'head_bytes' | 'row_group_rows', number>>;
