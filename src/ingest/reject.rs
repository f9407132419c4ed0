//! Bad input as data: records that are no rows, files that are no exports.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::tally::{Tally, names};

/// How much of a rejected record is kept to be shown.
pub const TEXT_BYTES: usize = 256;
/// How many rejects are kept for a file, and for a run.
pub const KEPT_PER_FILE: usize = 100;
/// How many rejects a run keeps: the first by file and offset.
pub const KEPT: usize = 1000;

names! {
    /// Why a record was rejected.
    pub enum Reason {
        /// Not JSON; goes up to the next line that starts with `{`.
        BadJson = "bad_json", "not valid JSON";
        /// The file ends within the record.
        Unterminated = "unterminated", "cut off before its end";
        /// Longer than 64 MiB.
        TooLong = "too_long", "longer than 64 MiB";
        /// Nested deeper than 128 levels.
        TooDeep = "too_deep", "nested deeper than 128";
        /// A string is not UTF-8.
        BadUtf8 = "bad_utf8", "not valid UTF-8";
        /// A gzip or zip stream breaks off or is damaged: what follows is lost.
        BadCompression = "bad_compression", "damaged gzip or zip, what follows is lost";
        /// A key field is missing, null or empty.
        MissingKey = "missing_key", "key field missing or empty";
        /// A value of a type that the column cannot hold.
        WrongType = "wrong_type", "field of the wrong type";
        /// Text that is no number where a number belongs.
        NotANumber = "not_a_number", "not a number";
        /// A fraction where a whole number belongs.
        NotAnInteger = "not_an_integer", "not an integer";
        /// A number that the column cannot hold.
        OutOfRange = "out_of_range", "number out of range";
    }
}

/// A record that is not a row, with its place in the user's file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reject {
    /// The input's name.
    pub file: String,
    /// Byte of the (inflated) file where the record starts.
    pub offset: u64,
    /// Line of that byte, from 1.
    pub line: u64,
    /// How many bytes were skipped.
    pub bytes: u64,
    /// The column, where one is at fault.
    pub field: Option<Cow<'static, str>>,
    /// What is wrong.
    pub reason: Reason,
    /// What was expected, and at which byte.
    pub detail: Option<String>,
    /// The first bytes of the record, to be shown and never reported.
    pub text: Vec<u8>,
}

impl Reject {
    /// What starts at a byte of a line and is no row; the decoder knows its file.
    pub(super) fn new(offset: u64, line: u64, reason: Reason, detail: Option<String>) -> Reject {
        Reject { file: String::new(), offset, line, bytes: 0, field: None, reason, detail, text: Vec::new() }
    }
}

/// Counts of rejects by reason.
pub type Rejected = Tally<Reason>;

/// Why a file is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No bytes, or nothing but blanks.
    Empty,
    /// No JSON object at its start.
    NotJson,
    /// UTF-32.
    NotUtf8,
    /// Its records fit no table.
    UnknownFields,
    /// Compressed more than once.
    NestedCompression,
    /// A gzip stream that does not even start.
    BadGzip,
    /// A zip without files.
    EmptyArchive,
    /// A pipe, a socket or a device that a folder holds. Reading one may never end,
    /// and takes what it gives from someone else.
    SpecialFile,
    /// A link to a folder that it is in.
    LinkLoop,
    /// A zstd stream that does not even start.
    BadZstd,
    /// A zstd stream that can be unpacked with a dictionary only.
    ZstdDictionary,
    /// It starts as JSON records do, and none of them can be read.
    Broken,
    /// JSON that stands in strings of JSON.
    JsonInStrings,
    /// A zip behind other bytes, as in an archive that unpacks itself.
    ZipBehindBytes,
    /// Parquet.
    Parquet,
    /// CSV.
    Csv,
    /// Compressed by bzip2.
    Bzip2,
    /// Compressed by xz.
    Xz,
    /// A 7z archive.
    SevenZip,
    /// Compressed by Snappy.
    Snappy,
    /// A pointer of Git LFS.
    GitLfs,
    /// XML or HTML.
    Xml,
    /// Values as Python prints them.
    PythonRepr,
    /// A table of pandas, column by column.
    PandasColumns,
    /// A table of pandas, with its columns apart from its rows.
    PandasSplit,
    /// A table of pandas, whose rows name no column.
    PandasValues,
    /// Changes of records (Debezium, DMS).
    ChangeEvents,
    /// Readings of both sensors in one record.
    JoinedResult,
}

impl Refusal {
    /// Short name, as in the report.
    pub fn reason(self) -> &'static str {
        match self {
            Refusal::Empty | Refusal::EmptyArchive => "empty",
            Refusal::NotJson => "not_json",
            Refusal::NotUtf8 => "not_utf8",
            Refusal::UnknownFields => "unknown_fields",
            Refusal::NestedCompression => "nested_compression",
            Refusal::BadGzip => "bad_gzip",
            Refusal::SpecialFile => "special_file",
            Refusal::LinkLoop => "unreadable",
            Refusal::BadZstd => "bad_zstd",
            Refusal::ZstdDictionary => "zstd_dictionary",
            Refusal::Broken => "broken",
            Refusal::JsonInStrings => "json_in_strings",
            Refusal::ZipBehindBytes => "zip_behind_bytes",
            Refusal::Parquet => "parquet",
            Refusal::Csv => "csv",
            Refusal::Bzip2 => "bzip2",
            Refusal::Xz => "xz",
            Refusal::SevenZip => "seven_zip",
            Refusal::Snappy => "snappy",
            Refusal::GitLfs => "git_lfs",
            Refusal::Xml => "xml",
            Refusal::PythonRepr => "python_repr",
            Refusal::PandasColumns => "pandas_columns",
            Refusal::PandasSplit => "pandas_split",
            Refusal::PandasValues => "pandas_values",
            Refusal::ChangeEvents => "change_events",
            Refusal::JoinedResult => "joined_result",
        }
    }

    /// For the person whose file it is.
    pub fn message(self) -> &'static str {
        match self {
            Refusal::Empty => "the file is empty",
            Refusal::NotJson => "the file holds no JSON records: no object {…} was found at its start",
            Refusal::NotUtf8 => "the file is UTF-32; save it as UTF-8",
            Refusal::UnknownFields => {
                "its records fit no table: customers have email and serialNumber, accelerometer readings user and \
                 timestamp, step trainer readings sensorReadingTime and serialNumber"
            }
            Refusal::NestedCompression => "the file is compressed more than once; unpack it once",
            Refusal::BadGzip => "the gzip stream is damaged from its start",
            Refusal::EmptyArchive => "the archive holds no files",
            Refusal::SpecialFile => {
                "pipes, sockets and devices in folders are not read; name a pipe or device itself to read it"
            }
            Refusal::LinkLoop => "the link leads to a folder that it is in",
            Refusal::BadZstd => "the zstd stream is damaged from its start",
            Refusal::ZstdDictionary => {
                "the file was packed by zstd with a dictionary, without which it cannot be read; unpack it first"
            }
            Refusal::Broken => {
                "the file starts as JSON records do, but none of them can be read: it was cut within the first, or its \
                 JSON is not valid"
            }
            Refusal::JsonInStrings => {
                "its records are JSON within strings, encoded twice; decode them once, for example by jq -c fromjson"
            }
            Refusal::ZipBehindBytes => {
                "the file is a zip behind other bytes, as an archive that unpacks itself is; unpack it first"
            }
            Refusal::Parquet => "the file is Parquet, which is not read; give the JSON that it was made from",
            Refusal::Csv => "the file is CSV; save the table as JSON, one record per line",
            Refusal::Bzip2 => "the file is compressed by bzip2; unpack it, or pack it as gzip or zstd",
            Refusal::Xz => "the file is compressed by xz; unpack it, or pack it as gzip or zstd",
            Refusal::SevenZip => "the file is a 7z archive; unpack it, or pack it as zip",
            Refusal::Snappy => "the file is compressed by Snappy; unpack it, or pack it as gzip or zstd",
            Refusal::GitLfs => "the file is a Git LFS pointer and not the data; run git lfs pull",
            Refusal::Xml => {
                "the file is XML or HTML, such as an error page that was saved; download the data again"
            }
            Refusal::PythonRepr => {
                "the file holds values as Python prints them, not JSON; save it with json.dump"
            }
            Refusal::PandasColumns => {
                "the file is a pandas table column by column; save it with to_json(orient=\"records\", lines=True)"
            }
            Refusal::PandasSplit => {
                "the file is a pandas table with orient=\"split\"; save it with to_json(orient=\"records\", lines=True)"
            }
            Refusal::PandasValues => {
                "the file is a pandas table with orient=\"values\", whose rows name no column; save it with \
                 to_json(orient=\"records\", lines=True)"
            }
            Refusal::ChangeEvents => {
                "the file holds changes of records (Debezium or DMS); export the current records instead"
            }
            Refusal::JoinedResult => {
                "its records join both sensors already (machine_learning_curated); give the landing files instead"
            }
        }
    }
}
