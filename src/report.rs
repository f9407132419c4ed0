//! What a run tells about itself: counts, names of files, places and reasons,
//! never a value of a record.

mod input;
mod privacy;
mod warnings;

pub use input::{Input, InputStatus};
pub use privacy::{Privacy, Spread};
pub use warnings::{Findings, Warning, warnings};

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use crate::consent::Filtered;
use crate::error::{Error, ErrorKind};
use crate::ingest::{Reason, Reject, Rejected};
use crate::options::{ConsentRecords, ConsentTime, Identity, Join, KeyOrigin, Options, SharedSerials};
use crate::schema::Table;

/// What [`Report::format`] says.
pub const FORMAT: &str = "stedi-lakehouse-report";
/// The layout that this program writes. It reads older ones too.
pub const VERSION: u32 = 2;

/// `report.json`; `docs/report.schema.json` describes it. A run gives it without
/// hashes and commit: [`crate::audit::complete`] adds them, when nobody waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Always [`FORMAT`].
    pub format: Cow<'static, str>,
    /// Version of this layout.
    pub version: u32,
    /// What made it.
    pub tool: Tool,
    /// The choices.
    pub options: OptionsReport,
    /// Every input, by name.
    pub inputs: Vec<Input>,
    /// The zips that some of them came in; known when hashed. From version 2 on.
    #[serde(default)]
    pub archives: Vec<Archive>,
    /// The ledger of the eight tables.
    pub tables: BTreeMap<Table, TableReport>,
    /// The written tables; known when hashed, none when nothing was written. From
    /// version 2 on.
    #[serde(default)]
    pub outputs: Vec<Output>,
    /// What machine_learning_curated says of people. From version 2 on.
    #[serde(default)]
    pub privacy: Option<Privacy>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
    /// The first rejects, by file and offset; in JSON without their text, for a
    /// report must not hold values of records.
    #[serde(serialize_with = "places")]
    pub rejects: Vec<Reject>,
    /// How many of them are listed.
    pub rejects_kept: usize,
    /// How many there were.
    pub rejects_total: u64,
}

impl Report {
    /// `report.json`.
    pub fn to_json(&self) -> String {
        // Plain structs with string keys: this cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Reads a `report.json` of this or of an earlier version.
    ///
    /// # Errors
    /// `NotAReport` for anything else.
    pub fn from_json(text: &str) -> Result<Report, Error> {
        #[derive(Deserialize)]
        struct Head {
            #[serde(default)]
            format: String,
            #[serde(default)]
            version: u32,
        }
        let text = text.trim_start_matches('\u{feff}');
        // Not serde's own message, which quotes the file: it may be a file of records.
        let refuse = |problem: String| Error::from(ErrorKind::NotAReport { problem });
        let head: Head = serde_json::from_str(text)
            .map_err(|error| refuse(format!("line {} cannot be read as one", error.line())))?;
        if head.format != FORMAT {
            return Err(refuse(format!("its format is not {FORMAT}")));
        }
        if !(1..=VERSION).contains(&head.version) {
            return Err(refuse(format!(
                "it is of version {}, and this program knows the versions 1 to {VERSION}",
                head.version
            )));
        }
        serde_json::from_str(text).map_err(|error| {
            refuse(format!("line {} does not fit version {} of the format", error.line(), head.version))
        })
    }
}

/// A zip whose entries were inputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    /// Path as the user knows it.
    pub name: String,
    /// Size.
    pub bytes: u64,
    /// In hex; none if it could not be read again.
    pub sha256: Option<String>,
}

/// A written table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Which.
    pub table: Table,
    /// Path below the folder of the lake, or the name that the page saves it by.
    pub file: String,
    /// Rows.
    pub rows: u64,
    /// Size of the Parquet file.
    pub bytes: u64,
    /// In hex.
    pub sha256: String,
}

/// A reject as it is reported.
#[derive(Serialize)]
pub(crate) struct Place<'a> {
    file: &'a str,
    line: u64,
    offset: u64,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    reason: Reason,
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// The program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Always `stedi-lakehouse`.
    pub name: Cow<'static, str>,
    /// Version of the package.
    pub version: Cow<'static, str>,
    /// The commit it was built from, `-dirty` if there were changes; the host knows.
    #[serde(default)]
    pub commit: Option<String>,
    /// On the page: SHA-256 of the core, as the page's end shows it.
    #[serde(default)]
    pub wasm_sha256: Option<String>,
}

impl Tool {
    /// This program.
    pub const THIS: Tool = Tool {
        name: Cow::Borrowed(env!("CARGO_PKG_NAME")),
        version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
        commit: None,
        wasm_sha256: None,
    };
}

/// The options without what is personal or secret in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // as in `Options`
pub struct OptionsReport {
    pub consent: ConsentTime,
    pub records: ConsentRecords,
    pub shared_serials: SharedSerials,
    pub join: Join,
    pub identity: Identity,
    /// How many entries the list has.
    pub withdrawals: usize,
    /// Left out of Parquet metadata: a saved key gives the same bytes again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyOrigin>,
}

impl OptionsReport {
    /// What may be told of these options.
    pub fn new(options: &Options, key: Option<KeyOrigin>) -> OptionsReport {
        let Options { consent, records, shared_serials, join, identity, ref withdrawals } = *options;
        OptionsReport {
            consent,
            records,
            shared_serials,
            join,
            identity,
            withdrawals: withdrawals.len(),
            key,
        }
    }
}

/// A table's ledger: rows in = rows out + filtered + rejected, but for
/// machine_learning_curated rows in = rows matched + filtered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// Rows of the (left) input; for landing, records.
    pub rows_in: u64,
    /// Rows of the table.
    pub rows_out: u64,
    /// Rows left out, by rule.
    pub filtered: Filtered,
    /// Records that are no rows, by reason.
    pub rejected: Rejected,
    /// Rows that repeat another, kept: for the five written tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<u64>,
    /// machine_learning_curated: accelerometer readings in at least one pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_matched: Option<u64>,
    /// machine_learning_curated: rows of step_trainer_trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_in_step: Option<u64>,
    /// machine_learning_curated: rows that pair two people.
    #[serde(skip_serializing_if = "Option::is_none")]
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
        self.rows_in == kept + self.filtered.total() + self.rejected.total()
    }
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
