//! What a report says of the lake that its run went on from.

use serde::Serialize;

use crate::schema::Landing;

/// The lake that stood in for the readings it was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FromReport {
    /// SHA-256 of that lake's report.
    pub report_sha256: String,
    /// Inputs that were left out, since their readings are in that lake.
    pub left_out: u64,
    /// Who is admitted that was not, or not from the same time on.
    pub newly_admitted: NewlyAdmitted,
    /// The files of readings that the lake was made of, this run's own not among them.
    pub files: Vec<EarlierFile>,
}

/// People and devices of whom that lake did not keep all readings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewlyAdmitted {
    /// Emails that its customer_trusted lacks.
    pub people: u64,
    /// Serial numbers that its customer_curated lacks, or whose readings it left out as shared.
    pub devices: u64,
    /// People and devices that are admitted from an earlier time on than there.
    pub earlier_dates: u64,
}

impl NewlyAdmitted {
    /// All of them.
    pub fn total(self) -> u64 {
        self.people + self.devices + self.earlier_dates
    }
}

/// A file of readings that an earlier run read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EarlierFile {
    /// Its name in the report of that run.
    pub name: String,
    /// Where its records landed.
    pub table: Landing,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, or of those of the zip that it came in.
    pub sha256: Option<String>,
    /// Whether it may hold readings of people, or from times, that were not admitted when it was
    /// read, and are now.
    pub may_hold_more: bool,
}
