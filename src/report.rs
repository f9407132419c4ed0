//! What a run tells about itself: counts, names of files, places and reasons,
//! never a value of a record.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::consent::Filtered;
use crate::error::{Error, ErrorKind};
use crate::ingest::{Decoded, Reason, Refusal, Reject, Rejected};
use crate::options::{ConsentRecords, ConsentTime, Identity, Join, KeyOrigin, Options, SharedSerials};
use crate::schema::{Landing, Table};

/// `report.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Always `stedi-lakehouse-report`.
    pub format: &'static str,
    /// Version of this layout.
    pub version: u32,
    /// What made it.
    pub tool: Tool,
    /// The choices.
    pub options: OptionsReport,
    /// Every input, by name.
    pub inputs: Vec<Input>,
    /// The ledger of the eight tables.
    pub tables: BTreeMap<Table, TableReport>,
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

/// Name and version of the program.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
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

/// An input and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
    },
    /// It was not read.
    Refused {
        /// Short name.
        reason: String,
        /// For the person whose file it is.
        message: String,
    },
    /// It has the same bytes as another input, which was used.
    Duplicate {
        /// The other's name.
        of: String,
    },
}

impl Input {
    /// An input that was read.
    pub fn used(name: String, bytes: u64, table: Landing, decoded: &Decoded) -> Input {
        let rejected = decoded.rejected.total();
        Input {
            name,
            bytes,
            status: InputStatus::Used {
                table,
                records: decoded.records,
                rejected,
                duplicate_keys: decoded.duplicate_keys,
                unknown_fields: decoded.unknown_fields.len(),
                // A rejected region may hold the bracket.
                array_not_closed: decoded.open_arrays > 0 && rejected == 0,
            },
        }
    }

    /// An input that was not read.
    pub fn refused(name: String, bytes: u64, reason: &str, message: &str) -> Input {
        let (reason, message) = (reason.to_owned(), message.to_owned());
        Input { name, bytes, status: InputStatus::Refused { reason, message } }
    }

    /// An input that has the same bytes as another.
    pub fn duplicate(name: String, bytes: u64, of: String) -> Input {
        Input { name, bytes, status: InputStatus::Duplicate { of } }
    }

    /// As [`Input::refused`].
    pub fn refusal(name: String, bytes: u64, refusal: Refusal) -> Input {
        Input::refused(name, bytes, refusal.reason(), refusal.message())
    }
}

/// A table's ledger: rows in = rows out + filtered + rejected, but for
/// machine_learning_curated rows in = rows matched + filtered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
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

/// Something that the reader of the tables should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Short name.
    pub code: &'static str,
    /// How many of it.
    pub count: u64,
    /// For people.
    pub message: String,
}

/// What warnings are made from.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Findings {
    pub shared_serials: u64,
    pub mixed_pairs: u64,
    pub consent_unreadable: u64,
    pub withdrawals_unmet: u64,
    pub missing: Vec<Landing>,
}

/// The warnings of a run.
pub fn warnings(options: &Options, inputs: &[Input], findings: &Findings) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, count: u64, message: &str| {
        if count > 0 {
            warnings.push(Warning { code, count, message: message.to_owned() });
        }
    };
    for kind in &findings.missing {
        let (code, message) = match kind {
            Landing::Customer => (
                "no_customers",
                "There is no customer file, so nobody's consent is known: every reading is left out.",
            ),
            Landing::Accelerometer => (
                "no_accelerometer",
                "There is no accelerometer file: customer_curated and what follows from it are empty.",
            ),
            Landing::StepTrainer => (
                "no_step_trainer",
                "There is no step trainer file: step_trainer_trusted and machine_learning_curated are empty.",
            ),
        };
        warn(code, 1, message);
    }
    warn(
        "shared_serials",
        findings.shared_serials,
        match options.shared_serials {
            SharedSerials::Keep => {
                "Serial numbers stand under more than one email, so their step readings cannot be tied to one person. \
                 They are kept, as in the original; shared serials = drop leaves them out."
            }
            SharedSerials::Drop => {
                "Serial numbers stand under more than one email; their step readings are left out."
            }
        },
    );
    if options.join == Join::Time {
        warnings.push(Warning {
            code: "mixed_pairs",
            count: findings.mixed_pairs,
            message: "join = time pairs readings of the same time whoever they are of: so many rows of \
                      machine_learning_curated mix two people. Use it to reproduce the original's counts only."
                .to_owned(),
        });
    }
    if options.identity == Identity::Serial {
        warnings.push(Warning {
            code: "serial_identity",
            count: 1,
            message: "identity = serial names each subject by the device's serial number, which leads back to a person."
                .to_owned(),
        });
    }
    let mut warn = |code, count: u64, message: &str| {
        if count > 0 {
            warnings.push(Warning { code, count, message: message.to_owned() });
        }
    };
    warn(
        "consent_unreadable",
        findings.consent_unreadable,
        "Customer records whose shareWithResearchAsOfDate cannot be read count as no consent.",
    );
    warn(
        "withdrawals_unmet",
        findings.withdrawals_unmet,
        "Entries of the withdrawals match no email and no serial number of these inputs.",
    );
    let (mut keys, mut unknown, mut arrays) = (0, 0, 0);
    for input in inputs {
        if let InputStatus::Used { duplicate_keys, unknown_fields, array_not_closed, .. } = input.status {
            keys += duplicate_keys;
            unknown += u64::from(unknown_fields > 0);
            arrays += u64::from(array_not_closed);
        }
    }
    warn("duplicate_keys", keys, "Fields stand twice in their record; the last one was used.");
    warn("unknown_fields", unknown, "Inputs have fields that their table does not have; they are ignored.");
    warn("array_not_closed", arrays, "Inputs hold an array that does not end: they may have been cut.");
    warnings
}
