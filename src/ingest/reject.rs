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

/// Counts of rejects by reason.
pub type Rejected = Tally<Reason>;

/// Why a file is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No bytes, or nothing but blanks.
    Empty,
    /// No JSON object at its start.
    NotJson,
    /// UTF-16 or UTF-32.
    NotUtf8,
    /// Its records fit no table.
    UnknownFields,
    /// Compressed more than once.
    NestedCompression,
    /// A gzip stream that does not even start.
    BadGzip,
    /// It lies under a dotted name: see [`is_hidden`].
    Hidden,
    /// A zip without files.
    EmptyArchive,
    /// A pipe, a socket or a device that a folder holds. Reading one may never end,
    /// and takes what it gives from someone else.
    SpecialFile,
    /// A link to a folder that it is in.
    LinkLoop,
}

/// Whether a file is hidden (.DS_Store, __MACOSX/._a.json): one of the names on its
/// way, below the folder or the archive that was given, begins with a dot. Names are
/// parted by slashes.
pub fn is_hidden(below: &str) -> bool {
    below.split('/').any(|name| name.starts_with('.'))
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
            Refusal::Hidden => "hidden",
            Refusal::SpecialFile => "special_file",
            Refusal::LinkLoop => "unreadable",
        }
    }

    /// For the person whose file it is.
    pub fn message(self) -> &'static str {
        match self {
            Refusal::Empty => "the file is empty",
            Refusal::NotJson => "the file holds no JSON records: no object {…} was found at its start",
            Refusal::NotUtf8 => "the file is UTF-16 or UTF-32; save it as UTF-8",
            Refusal::UnknownFields => {
                "its records fit no table: customers have email and serialNumber, accelerometer readings user and \
                 timestamp, step trainer readings sensorReadingTime and serialNumber"
            }
            Refusal::NestedCompression => "the file is compressed more than once; unpack it once",
            Refusal::BadGzip => "the gzip stream is damaged from its start",
            Refusal::Hidden => "hidden files of folders and archives are not read",
            Refusal::EmptyArchive => "the zip holds no files",
            Refusal::SpecialFile => {
                "pipes, sockets and devices in folders are not read; name a pipe or device itself to read it"
            }
            Refusal::LinkLoop => "the link leads to a folder that it is in",
        }
    }
}
