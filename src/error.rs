//! What can stop a run. Bad rows and bad files do not: they are data (see
//! [`crate::ingest::Reject`] and [`crate::ingest::Refusal`]).

use std::fmt;

use crate::schema::Table;

/// Why a run stopped. See [`Error::kind`].
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The pseudonym key has no bytes.
    EmptyKey,
    /// A step was asked for out of turn, e.g. readings before the consent ledger.
    OutOfTurn {
        /// What was asked for.
        step: &'static str,
        /// What it needs first.
        needs: &'static str,
    },
    /// Rows in are not rows out + filtered + rejected: a defect of this program.
    Ledger {
        /// The table that does not balance.
        table: Table,
    },
    /// Bytes from another instance that are no message of this version.
    Exchange {
        /// What they should have been.
        expected: &'static str,
        /// What the decoder says.
        cause: Option<postcard::Error>,
    },
    /// A file that is no report of this program.
    NotAReport {
        /// Why; never what it holds.
        problem: String,
    },
    /// A document that this program put together is no JSON: a defect of it.
    Document {
        /// What it should have been.
        expected: &'static str,
    },
    /// A host gave something of the wrong form.
    BadArgument {
        /// What it should have been.
        expected: &'static str,
    },
    /// More rows than one instance can number.
    TooManyRows {
        /// Their table.
        table: Table,
    },
    /// More pairs than memory is planned for.
    TooManyPairs {
        /// How many there are at least.
        pairs: u64,
        /// How many one job may make.
        most: u64,
    },
    /// The Parquet writer failed.
    Parquet(parquet::errors::ParquetError),
    /// The Arrow arrays did not fit together.
    Arrow(arrow::error::ArrowError),
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// A short name that scripts can rely on.
    pub fn code(&self) -> &'static str {
        match self.kind() {
            ErrorKind::EmptyKey => "empty_key",
            ErrorKind::OutOfTurn { .. } => "out_of_turn",
            ErrorKind::Ledger { .. } => "ledger",
            ErrorKind::Exchange { .. } => "exchange",
            ErrorKind::NotAReport { .. } => "not_a_report",
            ErrorKind::Document { .. } => "document",
            ErrorKind::BadArgument { .. } => "bad_argument",
            ErrorKind::TooManyRows { .. } => "too_many_rows",
            ErrorKind::TooManyPairs { .. } => "too_many_pairs",
            ErrorKind::Parquet(_) => "parquet",
            ErrorKind::Arrow(_) => "arrow",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::EmptyKey => write!(f, "the pseudonym key is empty"),
            ErrorKind::OutOfTurn { step, needs } => write!(f, "{step} is possible only after {needs}"),
            ErrorKind::Ledger { table } => write!(
                f,
                "the ledger of {} does not balance, so no output is given; this is a defect of stedi-lakehouse",
                table.name()
            ),
            ErrorKind::Exchange { expected, .. } => {
                write!(f, "these bytes are no {expected} of this version")
            }
            ErrorKind::NotAReport { problem } => write!(f, "this is no report of stedi-lakehouse: {problem}"),
            ErrorKind::Document { expected } => {
                write!(f, "{expected} could not be put together; this is a defect of stedi-lakehouse")
            }
            ErrorKind::BadArgument { expected } => write!(f, "this is no {expected}"),
            ErrorKind::TooManyRows { table } => {
                write!(f, "{} has more rows than one instance can hold", table.name())
            }
            ErrorKind::TooManyPairs { pairs, most } => write!(
                f,
                "machine_learning_curated would have {pairs} pairs or more of readings that belong together, and \
                 memory is planned for {most}: many readings have the same time. Under join = owner they are those \
                 of few people, else of all. Look for readings that were exported several times or without their time"
            ),
            ErrorKind::Parquet(error) => write!(f, "writing Parquet failed: {error}"),
            ErrorKind::Arrow(error) => write!(f, "building a table failed: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Error(Box::new(kind))
    }
}

impl From<parquet::errors::ParquetError> for Error {
    fn from(error: parquet::errors::ParquetError) -> Self {
        ErrorKind::Parquet(error).into()
    }
}

impl From<arrow::error::ArrowError> for Error {
    fn from(error: arrow::error::ArrowError) -> Self {
        ErrorKind::Arrow(error).into()
    }
}
