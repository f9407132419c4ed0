//! A finished run.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::Error;
use crate::ingest::Reads;
use crate::options::Options;
use crate::parquet::{self, About, MAGIC, Part};
use crate::report::{OptionsReport, Report, Tool};
use crate::rows::Customer;
use crate::schema::Table;

/// A finished run.
pub struct Lake {
    /// Its report.
    pub report: Report,
    /// Names of fields that no table has; input, so never reported.
    pub unknown_fields: BTreeMap<String, u64>,
    /// What was read of the inputs, for those who read them again.
    pub reads: Reads,
    /// Entries of the withdrawals that match nothing, by position in the options:
    /// likewise.
    pub unmatched: Vec<usize>,
    /// The five written tables, in order.
    pub outputs: Vec<Output>,
}

impl Lake {
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
    pub(super) fn of_rows(table: Table, rows: &[Customer], options: &Options) -> Result<Output, Error> {
        let Part { body, about } = parquet::encode(table, options.compression, &rows)?;
        let tail = tail(table, std::iter::once(&about), options)?;
        Ok(Output { table, head: [MAGIC.as_slice(), &body].concat(), jobs: 0..0, tail })
    }

    /// Of jobs that follow each other, from the first one's number on.
    pub(super) fn of_jobs(
        table: Table,
        first: usize,
        jobs: &[About],
        options: &Options,
    ) -> Result<Output, Error> {
        let tail = tail(table, jobs.iter(), options)?;
        Ok(Output { table, head: MAGIC.to_vec(), jobs: first..first + jobs.len(), tail })
    }
}

fn tail<'a>(
    table: Table,
    parts: impl Iterator<Item = &'a About> + Clone,
    options: &Options,
) -> Result<Vec<u8>, Error> {
    // Plain enums and numbers: this cannot fail.
    let told = serde_json::to_string(&OptionsReport::new(options, None)).unwrap_or_default();
    let metadata = [
        ("stedi_lakehouse.version", Tool::THIS.version.to_owned()),
        ("stedi_lakehouse.table", table.name().to_owned()),
        ("stedi_lakehouse.options", told),
    ];
    parquet::assemble(table, options.compression, parts, &metadata)
}
