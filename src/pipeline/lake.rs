//! A finished run.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::{Error, ErrorKind};
use crate::ingest::Reads;
use crate::options::Options;
use crate::parquet::{self, About, MAGIC};
use crate::report::{OptionsReport, Report, TimeRanges, Tool};
use crate::schema::customer::SHAREWITHRESEARCHASOFDATE;
use crate::schema::{Landing, Table};
use crate::spelling::field_name;

/// How alike two names are that may be meant for one another.
const ALIKE: f64 = 0.6;

/// A finished run.
pub struct Lake {
    /// Its report.
    pub report: Report,
    /// Names of fields that no table has; input, so never reported.
    pub unknown_fields: BTreeMap<String, u64>,
    /// Between which times the readings of the two sensors are, if none of them could be
    /// paired: likewise.
    pub times: Option<TimeRanges>,
    /// What was read of the inputs, for those who read them again.
    pub reads: Reads,
    /// Entries of the withdrawals that match nothing, by position in the options:
    /// likewise.
    pub unmatched: Vec<usize>,
    /// The five written tables, in order.
    pub outputs: Vec<Output>,
}

impl Lake {
    /// Where no customer record has the field of consent, the name among those that no
    /// table has that is most like it.
    pub fn nearest_to_consent(&self) -> Option<&str> {
        if !self.report.warnings.iter().any(|warning| warning.code == "consent_field_missing") {
            return None;
        }
        let wanted = Landing::Customer.columns()[SHAREWITHRESEARCHASOFDATE].name;
        let likeness = |name: &str| strsim::jaro(&field_name(name), wanted);
        let names = self.unknown_fields.keys().map(|name| (likeness(name), name.as_str()));
        names
            .filter(|(likeness, _)| *likeness > ALIKE)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, name)| name)
    }

    /// `report.json`.
    ///
    /// # Errors
    /// `Document`, a defect of this program.
    pub fn report_json(&self) -> Result<String, Error> {
        self.report.to_json()
    }
}

/// A table as a Parquet file: its head, the bodies of its jobs, its tail.
pub struct Output {
    /// Which.
    pub table: Table,
    /// The first bytes.
    pub head: Vec<u8>,
    /// The jobs whose bodies follow, in order.
    pub jobs: Range<usize>,
    /// The last bytes.
    pub tail: Vec<u8>,
}

impl Output {
    /// Of jobs that follow each other, from the first one's number on.
    pub(super) fn of_jobs(
        table: Table,
        first: usize,
        jobs: &[About],
        options: &Options,
        before: usize,
    ) -> Result<Output, Error> {
        let tail = tail(table, jobs.iter(), options, before)?;
        Ok(Output { table, head: MAGIC.to_vec(), jobs: first..first + jobs.len(), tail })
    }
}

fn tail<'a>(
    table: Table,
    parts: impl Iterator<Item = &'a About> + Clone,
    options: &Options,
    before: usize,
) -> Result<Vec<u8>, Error> {
    let mut chosen = OptionsReport::new(options, None);
    chosen.withdrawals += before;
    let expected = "the options of a Parquet file";
    let chosen = serde_json::to_string(&chosen)
        .map_err(|cause| ErrorKind::Document { expected, cause: Some(cause) })?;
    let metadata = [
        ("stedi_lakehouse.version", Tool::THIS.version.to_owned()),
        ("stedi_lakehouse.table", table.name().to_owned()),
        ("stedi_lakehouse.options", chosen),
    ];
    parquet::assemble(table, options.compression, parts, &metadata)
}
