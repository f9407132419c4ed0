//! What a run tells about itself: counts, names of files, places and reasons,
//! never a value of a record.

mod empty;
mod from;
mod incomplete;
mod input;
mod key;
mod privacy;
mod profile;
mod quality;
mod quality_words;
mod requirements;
mod scale;
mod warning;
mod warnings;

pub use from::{EarlierFile, FromReport, NewlyAdmitted};
pub use incomplete::incomplete;
pub use input::{Input, InputStatus, leave_out};
pub use key::{KeyCheck, KeyReport};
pub use privacy::{Privacy, Spread};
pub use profile::Quality;
pub use quality::{MeasureQuality, QualityReport, SubjectQuality, TableQuality};
pub use quality_words::rate_in_words;
pub use requirements::Requirements;
pub use scale::Subjects;
pub use warning::{TimeRanges, Warning, WarningInputs};
pub use warnings::warnings;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::consent::Filtered;
use crate::error::{Error, ErrorKind};
use crate::ingest::{Reason, Reject, Rejected};
use crate::options::{
    Compression, ConsentRecords, ConsentTime, Duplicates, Emails, Identity, Join, OnePerInstant, Options,
    SharedSerials, Times,
};
use crate::schema::Table;

/// What [`Report::format`] says.
pub const FORMAT: &str = "stedi-lakehouse-report";
/// The layout that this program writes; it compares with older ones too.
pub const VERSION: u32 = 3;

/// `report.json` as a run gives it: without commit, file names of outputs and
/// hashes, which [`crate::audit::ReportFile::complete`] adds when nobody waits.
/// `docs/report.schema.json` describes the complete one.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Report {
    /// Always [`FORMAT`].
    pub format: &'static str,
    /// Version of this layout.
    pub version: u32,
    /// What made it.
    pub tool: Tool,
    /// Whether all that people said of their consent is known.
    pub complete: bool,
    /// Why not.
    pub incomplete: Vec<Warning>,
    /// The choices.
    #[cfg_attr(test, ts(type = "OptionsReport & KeyReport"))]
    pub options: OptionsReport,
    /// Every input, by name.
    pub inputs: Vec<Input>,
    /// The ledger of the eight tables.
    pub tables: BTreeMap<Table, TableReport>,
    /// Of a run that goes on from a lake: that lake.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub from: Option<FromReport>,
    /// How many people are in, and how many are out.
    pub people: People,
    /// What machine_learning_curated says of people.
    pub privacy: Privacy,
    /// How good the readings are.
    pub quality: QualityReport,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
    /// Rejects by file and offset, some of each file and reason and the first ones; in
    /// JSON without their text, for a report must not hold values of records.
    #[serde(serialize_with = "places")]
    #[cfg_attr(test, ts(as = "Vec<Place<'static>>"))]
    pub rejects: Vec<Reject>,
    /// How many of them are listed.
    pub rejects_kept: usize,
    /// How many there were.
    pub rejects_total: u64,
}

impl Report {
    /// `report.json`.
    ///
    /// # Errors
    /// `Document`, a defect of this program.
    pub fn to_json(&self) -> Result<String, Error> {
        let failed = |cause| ErrorKind::Document { expected: "report.json", cause: Some(cause) };
        Ok(serde_json::to_string_pretty(self).map_err(failed)?)
    }
}

/// A reject as it is reported.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Place<'a> {
    file: &'a str,
    /// From 1.
    line: u64,
    /// Bytes from the start of the file.
    offset: u64,
    /// How many the reject covers.
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    field: Option<&'a str>,
    reason: Reason,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    detail: Option<&'a str>,
}

impl<'a> From<&'a Reject> for Place<'a> {
    fn from(reject: &'a Reject) -> Place<'a> {
        Place {
            file: &reject.file,
            line: reject.line,
            offset: reject.offset,
            bytes: reject.bytes,
            field: reject.field.as_deref(),
            reason: reject.reason,
            detail: reject.detail.as_deref(),
        }
    }
}

fn places<S: Serializer>(rejects: &[Reject], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rejects.iter().map(Place::from))
}

/// Name and version of the program.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

impl Tool {
    /// This program.
    pub const THIS: Tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
}

/// The options without what is personal or secret in them.
#[derive(Clone, Copy, Debug, Serialize)]
#[allow(missing_docs)] // as in `Options`
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OptionsReport {
    pub consent: ConsentTime,
    pub records: ConsentRecords,
    pub emails: Emails,
    pub shared_serials: SharedSerials,
    pub duplicates: Duplicates,
    pub join: Join,
    pub identity: Identity,
    pub times: Times,
    pub one_per_instant: OnePerInstant,
    pub compression: Compression,
    /// How many entries the list has.
    pub withdrawals: usize,
    /// Left out of Parquet metadata: a saved key gives the same bytes again.
    #[serde(flatten)]
    #[cfg_attr(test, ts(skip))]
    pub key: Option<KeyReport>,
}

impl OptionsReport {
    /// What may be told of these options.
    pub fn new(options: &Options, key: Option<KeyReport>) -> OptionsReport {
        let Options {
            consent,
            records,
            emails,
            shared_serials,
            duplicates,
            join,
            identity,
            times,
            one_per_instant,
            compression,
            ref withdrawals,
        } = *options;
        OptionsReport {
            consent,
            records,
            emails,
            shared_serials,
            duplicates,
            join,
            identity,
            times,
            one_per_instant,
            compression,
            withdrawals: withdrawals.len(),
            key,
        }
    }
}

/// A table's ledger: rows in = rows out + filtered + rejected, but for
/// machine_learning_curated rows in = rows matched + filtered, and pairs = rows out + pairs left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TableReport {
    /// Rows of the (left) input; for landing, records.
    pub rows_in: u64,
    /// Rows of the table.
    pub rows_out: u64,
    /// Rows left out, by rule.
    pub filtered: Filtered,
    /// Records that are no rows, by reason.
    pub rejected: Rejected,
    /// accelerometer_trusted and step_trainer_trusted of a run that goes on from a lake: how many of
    /// the rows that came in are that lake's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub rows_in_lake: Option<u64>,
    /// Rows that repeat another, kept: for the five written tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub duplicates: Option<u64>,
    /// machine_learning_curated: accelerometer readings in at least one pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub rows_matched: Option<u64>,
    /// machine_learning_curated: rows of step_trainer_trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub rows_in_step: Option<u64>,
    /// machine_learning_curated: pairs of readings that belong together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub pairs: Option<u64>,
    /// machine_learning_curated: of these pairs those that are no rows, since the table has one of their subject and
    /// time: only under `one_per_instant = on`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub pairs_left_out: Option<u64>,
    /// machine_learning_curated: pairs of two people, those that are left out among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub mixed_pairs: Option<u64>,
}

impl TableReport {
    /// A landing table's.
    pub fn landing(records: u64, rejected: Rejected) -> TableReport {
        TableReport {
            rows_in: records + rejected.total(),
            rows_out: records,
            rejected,
            ..TableReport::default()
        }
    }

    /// A trusted or curated table's.
    pub fn filtered(rows_in: u64, rows_out: u64, filtered: Filtered) -> TableReport {
        TableReport { rows_in, rows_out, filtered, ..TableReport::default() }
    }

    /// Whether every row is accounted for.
    pub fn balances(&self) -> bool {
        let kept = self.rows_matched.unwrap_or(self.rows_out);
        let pairs = self.rows_out + self.pairs_left_out.unwrap_or_default();
        self.rows_in == kept + self.filtered.total() + self.rejected.total()
            && self.pairs.is_none_or(|all| all == pairs)
    }
}

/// The people of customer_landing. An email is a person, under `emails = folded` but for case and blanks; a rejected
/// record makes nobody one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(serde::Deserialize, ts_rs::TS))]
pub struct People {
    /// With a row in customer_trusted.
    pub admitted: u64,
    /// Without one.
    pub left_out: u64,
}

/// Sees that every table balances.
///
/// # Errors
/// `Ledger` for the first that does not.
pub fn check(tables: &BTreeMap<Table, TableReport>) -> Result<(), Error> {
    match tables.iter().find(|(_, report)| !report.balances()) {
        Some((&table, _)) => Err(ErrorKind::Ledger { table }.into()),
        None => Ok(()),
    }
}
