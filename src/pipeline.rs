//! The table of contents: customers, then the consent ledger, then readings,
//! then the curated tables.
//!
//! ```text
//! CustomerStage ──consent()──▶ ReadingStage ──curate()──▶ Lake
//! ```
//! Each stage takes files of its kind, in any order and any chunks.

mod journal;
mod reader;

pub use journal::Journal;
pub use reader::Reader;

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use journal::Landed;
use reader::accelerometer_trusted;

use crate::consent::{self, ConsentLedger, Trusted};
use crate::error::Error;
use crate::ingest::{Archive, ArchiveError, InputFile, Rejected};
use crate::joins;
use crate::options::{Key, Options};
use crate::parquet;
use crate::report::{self, Findings, OptionsReport, Report, TableReport, Tool};
use crate::schema::{Landing, Table};
use crate::zones::{
    self, Columns, Customer, CustomerLanding, MachineLearning, Reading, Readings, Settlement, StepReading,
};

/// Takes files of some kinds.
pub trait Stage {
    /// The kinds of file that it takes.
    const KINDS: &'static [Landing];

    /// What it writes down.
    fn journal(&mut self) -> &mut Journal;

    /// Takes the next bytes of a file.
    fn push(&mut self, file: &mut InputFile, chunk: &[u8]);

    /// Ends a file of so many bytes.
    fn close(&mut self, file: InputFile, name: String, bytes: u64);

    /// Takes a whole entry of a zip.
    ///
    /// # Errors
    /// What keeps the entry from being opened; nothing of it was taken then.
    fn entry<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        entry: usize,
        file: &mut InputFile,
    ) -> Result<(), ArchiveError>;
}

/// Takes the customers.
pub struct CustomerStage {
    options: Options,
    key: Key,
    journal: Journal,
    landing: CustomerLanding,
}

impl CustomerStage {
    /// Starts a run.
    pub fn new(options: Options, key: Key) -> CustomerStage {
        CustomerStage { options, key, journal: Journal::default(), landing: CustomerLanding::default() }
    }

    /// The tables so far.
    pub fn tables(&self, open: Option<&InputFile>) -> BTreeMap<Table, TableReport> {
        self.journal.landing.tables(open)
    }

    /// Makes the consent ledger.
    pub fn consent(self) -> ReadingStage {
        let rows_in = self.landing.rows.len() as u64;
        let admission = consent::admit(self.landing.rows, &self.options);
        let trusted =
            TableReport::filtered(rows_in, admission.customers.rows().len() as u64, admission.filtered);
        let mut readings = Readings::new(&admission.ledger);
        readings.met = admission.met;
        ReadingStage {
            options: self.options,
            key: self.key,
            journal: self.journal,
            customers: admission.customers,
            customer_trusted: trusted,
            reader: Reader::with(admission.ledger, readings),
            findings: Findings {
                shared_serials: admission.shared_serials,
                consent_unreadable: self.landing.consent_unreadable,
                ..Findings::default()
            },
        }
    }
}

impl Stage for CustomerStage {
    const KINDS: &'static [Landing] = &[Landing::Customer];

    fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    fn push(&mut self, file: &mut InputFile, chunk: &[u8]) {
        file.push(chunk, &mut self.landing);
    }

    fn close(&mut self, file: InputFile, name: String, bytes: u64) {
        let kind = file.kind();
        self.journal.decoded(name, bytes, kind, file.finish(&mut self.landing));
    }

    fn entry<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        entry: usize,
        file: &mut InputFile,
    ) -> Result<(), ArchiveError> {
        archive.decode(entry, file, &mut self.landing)
    }
}

/// Takes the readings, past the consent ledger.
pub struct ReadingStage {
    options: Options,
    key: Key,
    journal: Journal,
    customers: Trusted<Vec<Customer>>,
    customer_trusted: TableReport,
    reader: Reader,
    findings: Findings,
}

impl Stage for ReadingStage {
    const KINDS: &'static [Landing] = &[Landing::Accelerometer, Landing::StepTrainer];

    fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    fn push(&mut self, file: &mut InputFile, chunk: &[u8]) {
        self.reader.push(file, chunk);
    }

    fn close(&mut self, file: InputFile, name: String, bytes: u64) {
        let kind = file.kind();
        let decoded = self.reader.finish(file);
        self.journal.decoded(name, bytes, kind, decoded);
    }

    fn entry<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        entry: usize,
        file: &mut InputFile,
    ) -> Result<(), ArchiveError> {
        self.reader.entry(archive, entry, file)
    }
}

impl ReadingStage {
    /// The decisions about people, for other instances.
    pub fn ledger(&self) -> &ConsentLedger {
        &self.reader.ledger
    }

    /// Takes in what another instance admitted under the same ledger; what it
    /// decoded goes to [`Journal::decoded`].
    pub fn absorb(&mut self, readings: Readings) {
        self.reader.readings.absorb(readings);
    }

    /// The tables so far.
    pub fn tables(&self, open: Option<&InputFile>) -> BTreeMap<Table, TableReport> {
        let mut tables = self.journal.landing.tables(open);
        tables.insert(Table::CustomerTrusted, self.customer_trusted.clone());
        let trusted = accelerometer_trusted(&tables, &self.reader.readings);
        tables.insert(Table::AccelerometerTrusted, trusted);
        tables
    }

    /// Settles, joins, sorts and encodes.
    ///
    /// # Errors
    /// `Ledger` when a table does not balance; `TooManyRows`; what the Parquet
    /// writer says.
    pub fn curate(mut self) -> Result<Lake, Error> {
        let mut tables = self.tables(None);
        let Readings { mut accelerometer, mut steps, early_steps, seen, step_filtered, met, .. } =
            self.reader.readings;
        let ledger = &self.reader.ledger;

        let settlement = Settlement::new(ledger, &seen);
        let (mut curated, curated_filtered) = settlement.customers(&self.customers);
        let mut step_rules = settlement.steps(&mut steps, &early_steps);
        step_rules.absorb(&step_filtered);

        self.customers.sort_by(Customer::order);
        curated.sort_by(Customer::order);
        accelerometer.sort_grouped(ledger.emails().len(), |row| row.email, Reading::order);
        steps.sort_grouped(ledger.serials().len(), |row| row.serial, StepReading::order);
        let paired = zones::curate(ledger, &accelerometer, &steps, &self.options, &self.key)?;

        let (trusted, curated) = (self.customers.rows(), curated.rows());
        let (accelerometer, steps) = (accelerometer.rows(), steps.rows());
        let count = |rows: usize| rows as u64;
        tables.insert(
            Table::CustomerCurated,
            TableReport::filtered(count(trusted.len()), count(curated.len()), curated_filtered),
        );
        tables.insert(
            Table::StepTrainerTrusted,
            TableReport::filtered(
                tables[&Table::StepTrainerLanding].rows_out,
                count(steps.len()),
                step_rules,
            ),
        );
        tables.insert(
            Table::MachineLearningCurated,
            TableReport {
                rows_matched: Some(paired.rows_matched),
                rows_in_step: Some(count(steps.len())),
                mixed_pairs: Some(paired.mixed),
                ..TableReport::filtered(
                    count(accelerometer.len()),
                    count(paired.rows.len()),
                    paired.filtered.clone(),
                )
            },
        );
        report::check(&tables)?;
        let privacy = paired.spread().privacy(&self.options);

        let mut duplicates = |table: Table, count: u64| {
            if let Some(report) = tables.get_mut(&table) {
                report.duplicates = Some(count);
            }
        };
        duplicates(Table::CustomerTrusted, joins::duplicates(trusted, |a, b| a == b));
        duplicates(Table::CustomerCurated, joins::duplicates(curated, |a, b| a == b));
        duplicates(Table::AccelerometerTrusted, joins::duplicates(accelerometer, |a, b| a.order(b).is_eq()));
        duplicates(Table::StepTrainerTrusted, joins::duplicates(steps, |a, b| a == b));
        duplicates(
            Table::MachineLearningCurated,
            joins::duplicates(&paired.rows, |a: &MachineLearning, b| a.order(b).is_eq()),
        );

        let options = OptionsReport::new(&self.options, None);
        let outputs = vec![
            encode(Table::CustomerTrusted, &trusted.as_slice(), options)?,
            encode(Table::AccelerometerTrusted, &(accelerometer.as_slice(), ledger.emails()), options)?,
            encode(Table::CustomerCurated, &curated.as_slice(), options)?,
            encode(Table::StepTrainerTrusted, &(steps.as_slice(), ledger.serials()), options)?,
            encode(
                Table::MachineLearningCurated,
                &(paired.rows.as_slice(), paired.subjects.as_slice()),
                options,
            )?,
        ];

        let Journal { mut inputs, landing: Landed { records, rejected }, rejects, unknown_fields } =
            self.journal;
        inputs.sort();
        let findings = Findings {
            mixed_pairs: paired.mixed,
            withdrawals_unmet: ledger.unmet(&met),
            missing: Landing::ALL.into_iter().filter(|kind| !records.contains_key(kind)).collect(),
            ..self.findings
        };
        Ok(Lake {
            report: Report {
                format: report::FORMAT,
                version: report::VERSION,
                tool: Tool::THIS,
                options: OptionsReport::new(&self.options, Some(self.key.origin)),
                warnings: report::warnings(&self.options, &inputs, &findings),
                inputs,
                tables,
                privacy,
                rejects_kept: rejects.len(),
                rejects_total: rejected.values().map(Rejected::total).sum(),
                rejects,
            },
            unknown_fields,
            outputs,
        })
    }
}

fn encode(table: Table, rows: &impl Columns, options: OptionsReport) -> Result<(Table, Vec<u8>), Error> {
    // Plain enums and numbers: this cannot fail.
    let options = serde_json::to_string(&options).unwrap_or_default();
    let metadata = [
        ("stedi_lakehouse.version", Tool::THIS.version.to_owned()),
        ("stedi_lakehouse.table", table.name().to_owned()),
        ("stedi_lakehouse.options", options),
    ];
    Ok((table, parquet::encode(table, rows, &metadata)?))
}

/// A finished run.
pub struct Lake {
    /// What it tells about itself.
    pub report: Report,
    /// Names of fields that no table has; input, so never reported.
    pub unknown_fields: BTreeMap<String, u64>,
    /// The five written tables as Parquet, in order.
    pub outputs: Vec<(Table, Vec<u8>)>,
}

impl Lake {
    /// `report.json`.
    pub fn report_json(&self) -> String {
        self.report.to_json()
    }
}
