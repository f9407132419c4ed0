//! Inputs: what was read, and what was not.

use serde::Serialize;

use crate::ingest::{Decoded, Reason, Refusal};
use crate::schema::Landing;

/// Reasons to reject a region, not a record that has an end.
const REGIONS: [Reason; 6] = [
    Reason::BadJson,
    Reason::Unterminated,
    Reason::TooLong,
    Reason::TooDeep,
    Reason::BadUtf8,
    Reason::BadCompression,
];

/// An input and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ReportInput"))]
pub struct Input {
    /// Path as the user knows it; for an entry of a zip `a.zip/path`.
    pub name: String,
    /// Size, packed as it was.
    pub bytes: u64,
    /// What became of it.
    #[serde(flatten)]
    pub status: InputStatus,
}

/// What became of an input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum InputStatus {
    /// Its records were read.
    Used {
        /// Where they landed.
        table: Landing,
        /// How many are rows.
        records: u64,
        /// How many are not.
        rejected: u64,
        /// Known fields that a record had twice.
        duplicate_keys: u64,
        /// Names of fields that the table does not have: how many.
        unknown_fields: usize,
        /// An array that does not end: the file may have been cut.
        array_not_closed: bool,
        /// None of its records is a row or shows a key of the table: it may be of another.
        #[serde(skip)]
        #[cfg_attr(test, ts(skip))]
        without_key: bool,
    },
    /// It was not read.
    Refused {
        /// Short name.
        reason: String,
        /// For the person whose file it is.
        message: String,
    },
    /// Unpacked, it has the same bytes as another input, which was used.
    Duplicate {
        /// The other's name.
        of: String,
    },
}

impl Input {
    fn new(name: String, bytes: u64, status: InputStatus) -> Input {
        Input { name, bytes, status }
    }

    /// An input that was read.
    pub fn used(name: String, bytes: u64, table: Landing, decoded: &Decoded) -> Input {
        let rejected = decoded.rejected.total();
        let regions: u64 = REGIONS.iter().map(|&of| decoded.rejected.get(of)).sum();
        let without_key = regions + decoded.rejected.get(Reason::MissingKey);
        Input::new(
            name,
            bytes,
            InputStatus::Used {
                table,
                records: decoded.records,
                rejected,
                duplicate_keys: decoded.duplicate_keys,
                unknown_fields: decoded.unknown_fields.len(),
                // A rejected region may hold the bracket.
                array_not_closed: decoded.open_arrays > 0 && regions == 0,
                without_key: decoded.records == 0 && rejected > 0 && without_key == rejected,
            },
        )
    }

    /// An input that was not read.
    pub fn refused(name: String, bytes: u64, reason: &str, message: &str) -> Input {
        let (reason, message) = (reason.to_owned(), message.to_owned());
        Input::new(name, bytes, InputStatus::Refused { reason, message })
    }

    /// An input that has the same bytes as another.
    pub fn duplicate(name: String, bytes: u64, of: String) -> Input {
        Input::new(name, bytes, InputStatus::Duplicate { of })
    }

    /// As [`Input::refused`].
    pub fn refusal(name: String, bytes: u64, refusal: Refusal) -> Input {
        Input::refused(name, bytes, refusal.reason(), refusal.message())
    }
}
