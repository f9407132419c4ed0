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
export type ConsentTime = "ever" | "as-of" | "as-of-phone";

/**
 * Which of a person's customer records decide.
 */
export type ConsentRecords = "any" | "latest";

/**
 * How emails are compared.
 */
export type Emails = "exact" | "folded";

/**
 * What to do with a serial number that several emails share.
 */
export type SharedSerials = "keep" | "drop";

/**
 * What to do with rows that are there twice.
 */
export type Duplicates = "keep" | "drop";

/**
 * How machine_learning_curated pairs readings.
 */
export type Join = "owner" | "time";

/**
 * What `subject` of machine_learning_curated holds.
 */
export type Identity = "pseudonym" | "serial";

/**
 * What the times of machine_learning_curated are. Other tables have them as they are.
 */
export type Times = "exact" | "shifted" | "relative";

/**
 * Whether a subject may have several rows of one time in machine_learning_curated.
 */
export type OnePerInstant = "off" | "on";

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
 * How emails are compared.
 */
emails: Emails, 
/**
 * What to do with serial numbers of several people.
 */
shared_serials: SharedSerials, 
/**
 * What to do with equal rows.
 */
duplicates: Duplicates, 
/**
 * How readings are paired.
 */
join: Join, 
/**
 * What a subject is.
 */
identity: Identity, 
/**
 * What the times of machine_learning_curated are.
 */
times: Times, 
/**
 * Whether a subject has one row for each time at most.
 */
one_per_instant: OnePerInstant, 
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
table: Landing, } | { "status": "several" } | { "status": "archive" } | { "status": "more", 
/**
 * At least how many.
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
 * A file that was detected.
 */
export type DetectedFile = { 
/**
 * What it is.
 */
found: Recognition, 
/**
 * As many of its first bytes as that took.
 */
head: Uint8Array<ArrayBuffer>, };

/**
 * A file in an archive.
 */
export type ArchiveEntry = { 
/**
 * Path within the archive.
 */
name: string, 
/**
 * Compressed size; in a tar its size.
 */
bytes: number, };

/**
 * A job of the plan.
 */
export type Job = { 
/**
 * Of which table it makes row groups.
 */
table: SavedTable, 
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
export type UnmatchedEntry = { 
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
cells: Array<string | null>, 
/**
 * What the consent rules of a run made of it, if it is a customer and that is known.
 */
outcome?: Outcome, };

/**
 * What stands around a place of an input.
 */
export type Peek = { 
/**
 * Rows, in order.
 */
rows: Array<PeekRow>, 
/**
 * Its records that are no rows, as many as are kept of a file.
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
export type Rule = "withdrawn" | "no_consent" | "before_consent" | "shared_serial" | "no_partner" | "duplicate";

/**
 * What the consent rules made of a customer record.
 */
export type Outcome = "consents" | "withdrawn" | "no_date" | "unreadable" | "conflict" | "early" | "other_record" | "kept_out" | "barred";

/**
 * Why a record was rejected.
 */
export type Reason = "bad_json" | "unterminated" | "too_long" | "too_deep" | "bad_utf8" | "bad_compression" | "missing_key" | "wrong_type" | "not_a_number" | "not_an_integer" | "out_of_range";

/**
 * A table's ledger: rows in = rows out + filtered + rejected, but for
 * machine_learning_curated rows in = rows matched + filtered, and pairs = rows out + pairs left out.
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
 * accelerometer_trusted and step_trainer_trusted of a run that goes on from a lake: how many of
 * the rows that came in are that lake's.
 */
rows_in_lake?: number, 
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
 * machine_learning_curated: pairs of readings that belong together.
 */
pairs?: number, 
/**
 * machine_learning_curated: of these pairs those that are no rows, since the table has one of their subject and
 * time: only under `one_per_instant = on`.
 */
pairs_left_out?: number, 
/**
 * machine_learning_curated: pairs of two people, those that are left out among them.
 */
mixed_pairs?: number, };

/**
 * Between which times the readings of the two sensors are: epoch milliseconds, the last
 * one included. They are values of records, so no report holds them.
 */
export type TimeRanges = { 
/**
 * Of accelerometer_trusted.
 */
accelerometer: [number, number], 
/**
 * Of step_trainer_trusted.
 */
steps: [number, number], };

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
 * Why not.
 */
reasons?: Partial<Record<Reason, number>>, 
/**
 * Known fields that a record had twice.
 */
duplicate_keys: number, 
/**
 * Times that are written as dates.
 */
dates: number, 
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
message: string, } | { "status": "skipped", 
/**
 * Short name.
 */
reason: string, } | { "status": "left_out", 
/**
 * The zone that it is of.
 */
reason: string, } | { "status": "lake", 
/**
 * The lake's table.
 */
table: TableName, 
/**
 * How many rows.
 */
records: number, } | { "status": "in_lake" } | { "status": "duplicate", 
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
 * Why not.
 */
reasons?: Partial<Record<Reason, number>>, 
/**
 * Known fields that a record had twice.
 */
duplicate_keys: number, 
/**
 * Times that are written as dates.
 */
dates: number, 
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
message: string, } | { "status": "skipped", 
/**
 * Short name.
 */
reason: string, } | { "status": "left_out", 
/**
 * The zone that it is of.
 */
reason: string, } | { "status": "lake", 
/**
 * The lake's table.
 */
table: TableName, 
/**
 * How many rows.
 */
records: number, } | { "status": "in_lake" } | { "status": "duplicate", 
/**
 * The other's name.
 */
of: string, };

/**
 * The lake that stood in for the readings it was made of.
 */
export type FromReport = { 
/**
 * SHA-256 of that lake's report.
 */
report_sha256: string, 
/**
 * Inputs that were left out, since their readings are in that lake.
 */
left_out: number, 
/**
 * Who is admitted that was not, or not from the same time on.
 */
newly_admitted: NewlyAdmitted, 
/**
 * The files of readings that the lake was made of, this run's own not among them.
 */
files: Array<EarlierFile>, };

/**
 * People and devices of whom that lake did not keep all readings.
 */
export type NewlyAdmitted = { 
/**
 * Emails that its customer_trusted lacks.
 */
people: number, 
/**
 * Serial numbers that its customer_curated lacks, or whose readings it left out as shared.
 */
devices: number, 
/**
 * People and devices that are admitted from an earlier time on than there.
 */
earlier_dates: number, };

/**
 * A file of readings that an earlier run read.
 */
export type EarlierFile = { 
/**
 * Its name in the report of that run.
 */
name: string, 
/**
 * Where its records landed.
 */
table: Landing, 
/**
 * Its size.
 */
bytes: number, 
/**
 * SHA-256 of its bytes, or of those of the zip that it came in.
 */
sha256: string | null, 
/**
 * Whether it may hold readings of people, or from times, that were not admitted when it was
 * read, and are now.
 */
may_hold_more: boolean, };

/**
 * The people of customer_landing. An email is a person, under `emails = folded` but for case and blanks; a rejected
 * record makes nobody one of them.
 */
export type People = { 
/**
 * With a row in customer_trusted.
 */
admitted: number, 
/**
 * Without one.
 */
left_out: number, };

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
 * What a report says of the readings.
 */
export type QualityReport = { 
/**
 * What it means for machine_learning_curated, in plain words.
 */
verdict: string, 
/**
 * Whether steps can be seen in it: ten readings a second in the median subject, and more than four values on an
 * axis of most subjects.
 */
steps_visible: boolean, 
/**
 * How many distinct values an axis of it has at most, if these are not more than four in any subject.
 */
few_values: number | null, 
/**
 * The median rate of accelerometer_trusted, where steps could be seen at it and not at that of
 * machine_learning_curated: few readings have one of the other sensor at the same millisecond.
 */
rate_before_join: number | null, 
/**
 * accelerometer_trusted, step_trainer_trusted and machine_learning_curated.
 */
tables: { [key in TableName]?: TableQuality }, };

/**
 * How good the readings of a table are.
 */
export type TableQuality = { 
/**
 * Users of accelerometer_trusted, devices of step_trainer_trusted, subjects of machine_learning_curated.
 */
subjects: number, 
/**
 * Their rows together.
 */
rows: number, 
/**
 * Subjects by their rows.
 */
by_rows: Subjects, 
/**
 * Subjects by their rate, in hertz: distinct instants by time, without gaps. 0 of a single instant.
 */
by_rate: Subjects, 
/**
 * Median of the rates of all subjects, in hertz, to three digits.
 */
median_rate: number, 
/**
 * Subjects by the time from their first row to their last, in seconds.
 */
by_span: Subjects, 
/**
 * Median of it, in seconds, to three digits.
 */
median_span: number, 
/**
 * Subjects by their gaps: intervals between two instants that are longer than a second and than five of the
 * subject's mean intervals.
 */
by_gaps: Subjects, 
/**
 * Subjects that have any.
 */
with_gaps: number, 
/**
 * Rows at an instant that an earlier row of their subject has.
 */
repeated: number, 
/**
 * Subjects that have any.
 */
with_repeated: number, 
/**
 * Subjects of several rows in which a measure has one value.
 */
constant: number, 
/**
 * Subjects none of whose axes has more than four distinct values.
 */
coarse: number, 
/**
 * By column.
 */
measures: { [key in string]: MeasureQuality }, };

/**
 * A measure of all subjects.
 */
export type MeasureQuality = { 
/**
 * Subjects by how many distinct values it has.
 */
by_distinct: Subjects, 
/**
 * Values that no sensor of this kind measures, in any unit: see `docs/results.md`.
 */
out_of_range: number, 
/**
 * Rows without a value.
 */
missing: number, };

/**
 * How many subjects are in each range; ranges without any are left out. A range `10-20` holds 10 and not 20.
 */
export type Subjects = Record<string, number>;

/**
 * One user, device or subject of a table of readings, for people who look at it; no report holds it.
 */
export type SubjectQuality = { 
/**
 * How many.
 */
rows: number, 
/**
 * From the first row to the last, in seconds.
 */
span: number, 
/**
 * In hertz, as in [`TableQuality::rate`].
 */
rate: number, 
/**
 * As in [`TableQuality::gaps`].
 */
gaps: number, 
/**
 * Rows at an instant that an earlier row has.
 */
repeated: number, 
/**
 * Values that no sensor measures.
 */
out_of_range: number, 
/**
 * Measures of one value, by column.
 */
constant: Array<string>, };

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
export type OptionsReport = { consent: ConsentTime, records: ConsentRecords, emails: Emails, shared_serials: SharedSerials, duplicates: Duplicates, join: Join, identity: Identity, times: Times, one_per_instant: OnePerInstant, compression: Compression, 
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
 * Of a run that goes on from a lake: that lake.
 */
from?: FromReport, 
/**
 * How many people are in, and how many are out.
 */
people: People, 
/**
 * What machine_learning_curated says of people.
 */
privacy: Privacy, 
/**
 * How good the readings are.
 */
quality: QualityReport, 
/**
 * What the reader should know.
 */
warnings: Array<Warning>, 
/**
 * Rejects by file and offset, some of each file and reason and the first ones; in
 * JSON without their text, for a report must not hold values of records.
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
 * What is handed over.
 */
export type Export = "lake" | "research";

/**
 * The files of an export: tables with their paths, documents by path (the report
 * last), and inputs that come along, with their paths.
 */
export type Tree = { 
/**
 * By table.
 */
tables: Array<[SavedTable, string]>, 
/**
 * Path and text.
 */
documents: Array<[string, string]>, 
/**
 * Name and path.
 */
landing: Array<[string, string]>, };

/**
 * The difference of two reports, the earlier one first.
 */
export type Difference = { format: 'stedi-lakehouse-difference', 
/**
 * Of this layout.
 */
version: number, 
/**
 * What made the earlier report, and what the later.
 */
tools: [Builder, Builder], 
/**
 * Options that differ.
 */
options: Array<Changed>, 
/**
 * `linked` when both runs had one key, so that one person has one pseudonym in
 * both; `unknown` when a report has no check value of its key; null when a run
 * gave no pseudonyms.
 */
pseudonyms: 'linked' | 'not_linked' | 'unknown' | null, 
/**
 * Which files are the same.
 */
inputs: InputChanges, 
/**
 * All eight.
 */
tables: Record<TableName, TableChange>, 
/**
 * How many people are in and out, where it differs and both reports say it.
 */
people: Array<Changed>, 
/**
 * What machine_learning_curated says of people, where it differs.
 */
privacy: Array<Changed>, 
/**
 * What to know about this comparison.
 */
notes: Array<Note>, };

/**
 * What made a report.
 */
export type Builder = { name: string, version: string, 
/**
 * Reports of version 1 do not say.
 */
commit?: string | null, 
/**
 * Of the core, on the page.
 */
wasm_sha256?: string | null, };

/**
 * Null where a report does not say.
 */
export type Changed = { name: string, old: string | number | null, new: string | number | null, };

/**
 * What became of the inputs.
 */
export type InputChanges = { 
/**
 * `size` of equal names when a report has no hashes; `content`, SHA-256 or else
 * size, when a report has numbers instead of names.
 */
compared_by: 'sha256' | 'size' | 'content', 
/**
 * How many.
 */
same: number, added: Array<ChangedInput>, removed: Array<ChangedInput>, changed: Array<ChangedInput>, 
/**
 * The old name and the new one.
 */
renamed: Array<[string, string]>, };

/**
 * An input of one of the reports.
 */
export type ChangedInput = { name: string, bytes: number, status: InputStatus['status'], };

/**
 * Rows of a table. The changes of its causes add up to `new - old`.
 */
export type TableChange = { old: number, new: number, gained: number, lost: number, 
/**
 * Null where that says nothing of the rows: files hold the options and the
 * program's version.
 */
same_bytes: boolean | null, causes: Array<Cause>, };

/**
 * Why a table has more rows, or fewer.
 */
export type Cause = { 
/**
 * `rows_in` came in; a rule `filtered` or a reason `rejected` fewer or more; of a
 * join, there are more or fewer `pairs` than readings with a partner; the readings are
 * those of a lake and of `other_files`, so that what was left out cannot be compared.
 */
kind: 'rows_in' | 'filtered' | 'rejected' | 'pairs' | 'pairs_left_out' | 'other_files', 
/**
 * Of the rule or the reason.
 */
name?: string, change: number, };

/**
 * For people, with a short name.
 */
export type Note = { code: string, message: string, };

/**
 * A file that belongs to a lake.
 */
export type LakeFile = { 
/**
 * Path below the lake.
 */
path: string, 
/**
 * Whether it is a landing file: raw data, which a run can read.
 */
landing: boolean, };

/**
 * A table of a lake that is to be read.
 */
export type LakePart = { 
/**
 * Which.
 */
table: TableName, 
/**
 * The path of its file below the lake.
 */
path: string, };

/**
 * What was found of a person in a lake.
 */
export type LakePerson = { 
/**
 * Rows of each table of the lake; null where pseudonyms cannot be searched without their key.
 */
rows: Partial<Record<TableName, number | null>>, 
/**
 * Of the step readings those of devices that other people have too.
 */
shared_steps: number, 
/**
 * Whether rows of other subjects may hold readings of theirs: pairs of two people.
 */
mixed_pairs: boolean, };

/**
 * What was checked of a lake, and what differs.
 */
export type LakeVerification = { format: 'stedi-lakehouse-verification', version: number, differences: Array<LakeDifference>, files: number, bytes: number, tables: Partial<Record<TableName, LakeRows>>, others: number, };

/**
 * What in a lake is not as its report says; its place is a path, or a table's name.
 */
export type LakeDifference = { code: string, place: string, message: string, };

/**
 * What the file of a table holds.
 */
export type LakeRows = { rows: number, row_groups: number, };

/**
 * The versions of a lake, the first one first.
 */
export type LakeHistory = { format: 'stedi-lakehouse-history', version: number, versions: Array<LakeVersion>, };

/**
 * A version of a lake: when it was made (RFC 3339, or empty), its options and its rows, how many people are in
 * machine_learning_curated and how many are in and out, and what changed.
 */
export type LakeVersion = { version: number, made: 'run' | 'gone_on' | 'erased', time: string, program: string | null, options: OptionsReport, rows: Partial<Record<TableName, number>>, people: number | null, admission?: People, changes: LakeChanges | null, };

/**
 * What changed since the version before.
 */
export type LakeChanges = { inputs: Record<string, number>, options: Array<Changed>, pseudonyms: 'linked' | 'not_linked' | 'unknown' | null, tables: Record<TableName, TableChange>, privacy: Array<Changed>, };

/**
 * What `erasure.json` says of an erasure, as far as the page shows it.
 */
export type LakeErasure = { asked: number, matched: number, tables: Record<SavedTable, LakeErased>, not_reached: Array<string>, };

/**
 * Rows of a table before an erasure and after it.
 */
export type LakeErased = { rows_before: number, rows_after: number, removed: number, };

/**
 * What a statement of the SQL console did; `raw` means that a landing table is behind it.
 */
export type SqlDone = { "kind": "rows", 
/**
 * Its columns, in order.
 */
columns: Array<SqlColumn>, 
/**
 * How many.
 */
rows: number, 
/**
 * See above.
 */
raw: boolean, } | { "kind": "created", 
/**
 * Of the table.
 */
name: string, 
/**
 * How many.
 */
rows: number, 
/**
 * See above.
 */
raw: boolean, } | { "kind": "dropped", 
/**
 * Of the tables.
 */
names: Array<string>, };

/**
 * A column of an answer.
 */
export type SqlColumn = { 
/**
 * Its name.
 */
name: string, 
/**
 * How it is shown.
 */
type: SqlKind, 
/**
 * Its Arrow type.
 */
meaning: string, };

/**
 * How a column of an answer is shown.
 */
export type SqlKind = "int" | "double" | "string";

/**
 * Part of a statement's text: lines and columns from 1, the end not included.
 */
export type SqlPlace = { 
/**
 * Line of the start.
 */
line: number, 
/**
 * Column of the start, in characters.
 */
column: number, 
/**
 * Line of the end.
 */
end_line: number, 
/**
 * Column of the end.
 */
end_column: number, };

export type SavedTable = Exclude<TableName, Landing>;
export type ArchiveEntries = Array<ArchiveEntry>;
export type Originals = Array<string | null>;
export type Counts = { [key in TableName]?: TableReport };
export type Jobs = Array<Job>;
export type Rejects = Array<Reject>;
export type UnmatchedEntries = Array<UnmatchedEntry>;
export type UnknownFields = Array<UnknownField>;
export type TableSchemas = Array<TableSchema>;
export type TextFiles = Array<[string, string]>;
export type LakeFiles = Array<LakeFile>;
export type LakeParts = Array<LakePart>;
export type Matches = Array<[string, string]>;
export type TableNames = Array<TableName>;
export type TextRows = Array<Array<string | null>>;

export const OPTIONS: readonly { name: string; help: string; values: readonly { name: string; help: string }[] }[];
export const TABLES: readonly { name: TableName; saved: boolean }[];
export const RULES: Readonly<Record<string, string>>;
export const OUTCOMES: Readonly<Record<string, string>>;
export const REASONS: Readonly<Record<string, string>>;
export const UNREAD: Readonly<Record<string, string>>;
export const LIMITS: Readonly<Record<'console_bytes' | 'gathered_bytes' | 'head_bytes' | 'job_bytes' | 'list_bytes' | 'partner_bytes' | 'progress_ms' | 'readings_bytes' | 'record_bytes' | 'record_depth' | 'reject_text_bytes' | 'rejects_kept' | 'rejects_kept_per_file' | 'row_group_rows', number>>;
