//! What can stop a run. Bad rows and bad files do not: they are data (see
//! [`crate::ingest::Reject`] and [`crate::ingest::Refusal`]).

use crate::schema::Table;

/// Why a run stopped. See [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The pseudonym key has no bytes.
    #[error("the pseudonym key is empty")]
    EmptyKey,
    /// Times of one subject are moved together, and a subject's rows are not one person's alone.
    #[error(
        "times = {times} moves all times of one person, so it needs join = owner and identity = pseudonym: \
         under join = time a row has readings of two people, and a serial number may be of several"
    )]
    TimesOfOne {
        /// The choice of the option.
        times: &'static str,
    },
    /// A share of a test split that is none.
    #[error("the share of the test split must be above 0 and below 1, such as 0.2")]
    BadShare,
    /// Subjects are dealt to splits, and a subject's rows are not one person's alone.
    #[error(
        "a test share deals people to training or test, so it needs join = owner and identity = pseudonym: \
         under join = time a row has readings of two people, and a serial number may be of several"
    )]
    ShareOfOne,
    /// A step was asked for out of turn, e.g. readings before the consent ledger.
    #[error("{step} is possible only after {needs}")]
    OutOfTurn {
        /// What was asked for.
        step: &'static str,
        /// What it needs first.
        needs: &'static str,
    },
    /// Rows in are not rows out + filtered + rejected: a defect of this program.
    #[error(
        "the ledger of {} does not balance, so no output is given; this is a defect of stedi-lakehouse",
        table.name()
    )]
    Ledger {
        /// The table that does not balance.
        table: Table,
    },
    /// Bytes from another instance that are no message of this version.
    #[error("these bytes are no {expected} of this version")]
    Exchange {
        /// What they should have been.
        expected: &'static str,
        /// What the decoder says; none where it decodes and does not fit.
        #[source]
        cause: Option<postcard::Error>,
    },
    /// A file that is no report of this program.
    #[error("this is no report of stedi-lakehouse: {problem}")]
    NotAReport {
        /// Why; never what it holds.
        problem: String,
    },
    /// A lake that cannot be read, or is none of this program.
    #[error("this is no lake of stedi-lakehouse, or it is damaged: {problem}")]
    NotALake {
        /// Why; never a value of a row.
        problem: String,
    },
    /// A key that is not the one of a lake's pseudonyms.
    #[error("it is not the key of this lake (check value {was}, not {is})")]
    OtherKey {
        /// The check value of the key.
        is: String,
        /// That of the lake's.
        was: String,
    },
    /// A reference of a request for an erasure that cannot be kept.
    #[error("the reference of the request {problem}")]
    BadReference {
        /// Why; never what it says.
        problem: &'static str,
    },
    /// A lake that a run cannot go on from.
    #[error("a run cannot go on from this lake: {problem}")]
    CannotGoOn {
        /// Why, and what to do.
        problem: String,
    },
    /// A document that this program put together is no JSON: a defect of it.
    #[error("{expected} could not be put together; this is a defect of stedi-lakehouse")]
    Document {
        /// What it should have been.
        expected: &'static str,
        /// What the encoder says; none where a template was filled in.
        #[source]
        cause: Option<serde_json::Error>,
    },
    /// A host gave something of the wrong form.
    #[error("this is no {expected}")]
    BadArgument {
        /// What it should have been.
        expected: &'static str,
    },
    /// More rows than one instance can number.
    #[error("{} has more rows than one instance can hold", table.name())]
    TooManyRows {
        /// Their table.
        table: Table,
    },
    /// More pairs than memory is planned for.
    #[error(
        "machine_learning_curated would have {pairs} pairs or more of readings that belong together, and \
         memory is planned for {most}: many readings have the same time. Under join = owner they are those \
         of few people, else of all. Look for readings that were exported several times or without their time"
    )]
    TooManyPairs {
        /// How many there are at least.
        pairs: u64,
        /// How many one job may make.
        most: u64,
    },
    /// The Parquet writer failed.
    #[error("writing Parquet failed: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The Arrow arrays did not fit together.
    #[error("building a table failed: {0}")]
    Arrow(#[from] arrow::error::ArrowError),
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
            ErrorKind::TimesOfOne { .. } => "times_of_one",
            ErrorKind::BadShare => "bad_share",
            ErrorKind::ShareOfOne => "share_of_one",
            ErrorKind::OutOfTurn { .. } => "out_of_turn",
            ErrorKind::Ledger { .. } => "ledger",
            ErrorKind::Exchange { .. } => "exchange",
            ErrorKind::NotAReport { .. } => "not_a_report",
            ErrorKind::NotALake { .. } => "not_a_lake",
            ErrorKind::OtherKey { .. } => "other_key",
            ErrorKind::BadReference { .. } => "bad_reference",
            ErrorKind::CannotGoOn { .. } => "cannot_go_on",
            ErrorKind::Document { .. } => "document",
            ErrorKind::BadArgument { .. } => "bad_argument",
            ErrorKind::TooManyRows { .. } => "too_many_rows",
            ErrorKind::TooManyPairs { .. } => "too_many_pairs",
            ErrorKind::Parquet(_) => "parquet",
            ErrorKind::Arrow(_) => "arrow",
        }
    }
}

impl<E: Into<ErrorKind>> From<E> for Error {
    fn from(kind: E) -> Self {
        Error(Box::new(kind.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Archive, Reads};
    use crate::wire::Message;
    use std::error::Error as _;

    #[test]
    fn an_error_keeps_its_cause() {
        let exchange = Reads::from_bytes(&[200]).unwrap_err();
        assert_eq!(
            exchange.source().map(ToString::to_string),
            Some("Hit the end of buffer, expected more data".into())
        );
        let parquet: Error = parquet::errors::ParquetError::EOF("cut".into()).into();
        assert!(parquet.source().is_some() && parquet.to_string().contains("cut"));
        let zip = Archive::new(std::io::Cursor::new(b"no zip")).err().unwrap();
        assert!(zip.source().and_then(|cause| cause.source()).is_none());
        assert!(zip.source().is_some_and(|cause| zip.to_string().contains(&cause.to_string())));
    }
}
