//! The table of contents: customers, then the consent ledger, then readings,
//! then the curated tables.
//!
//! ```text
//! CustomerStage ──consent()──▶ ReadingStage ──settle()──▶ CurateStage ──finish()──▶ Lake
//!                   brief ──▶ Reader ─tallies┘   plan ──▶ Curator ─parts┘
//! ```
//! A stage is one; readers, and the curators that they become, are as many as
//! there are instances. What passes between them travels as bytes.

mod curator;
mod journal;
mod plan;
mod reader;
mod spill;

pub use curator::{Curator, Done};
pub use journal::Journal;
pub use plan::{Brief, Job, Plan};
pub use reader::Reader;
pub use spill::{Slice, accelerometer_rows};

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use journal::Landed;
use reader::accelerometer_trusted;

use crate::consent::{self, Admission, Filtered};
use crate::error::{Error, ErrorKind};
use crate::ingest::{Archive, ArchiveError, InputFile, Rejected};
use crate::joins;
use crate::options::{Key, KeyOrigin, Options};
use crate::parquet::{self, About, MAGIC, Part, ROW_GROUP_ROWS};
use crate::report::{self, Findings, OptionsReport, Report, Spread, TableReport, Tool};
use crate::schema::{Landing, Table};
use crate::zones::{Customer, CustomerLanding, Tallies};

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

    /// What it writes down.
    pub fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// The tables so far.
    pub fn tables(&self, open: Option<&InputFile>) -> BTreeMap<Table, TableReport> {
        self.journal.landing.tables(open)
    }

    /// Takes the next bytes of a file of customers.
    pub fn push(&mut self, file: &mut InputFile, chunk: &[u8]) {
        file.push(chunk, &mut self.landing);
    }

    /// Ends a file of so many bytes.
    pub fn close(&mut self, file: InputFile, name: String, bytes: u64) {
        let kind = file.kind();
        self.journal.decoded(name, bytes, kind, file.finish(&mut self.landing));
    }

    /// Takes a whole entry of a zip.
    ///
    /// # Errors
    /// What keeps the entry from being opened; nothing of it was taken then.
    pub fn entry<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        entry: usize,
        file: &mut InputFile,
    ) -> Result<(), ArchiveError> {
        archive.decode(entry, file, &mut self.landing)
    }

    /// Makes the consent ledger.
    pub fn consent(mut self) -> ReadingStage {
        self.landing.rows.sort_by(Customer::order);
        let findings =
            Findings { consent_unreadable: self.landing.consent_unreadable, ..Findings::default() };
        let customer_rows = self.landing.rows.len() as u64;
        let admission = consent::admit(self.landing.rows, &self.options);
        let mut tallies = Tallies::new(&admission.ledger);
        tallies.met = admission.met.clone();
        ReadingStage {
            brief: Brief::new(admission.ledger.clone(), &self.options, &self.key),
            options: self.options,
            key_origin: self.key.origin,
            journal: self.journal,
            customer_rows,
            admission,
            tallies,
            findings,
        }
    }
}

/// Waits for the readers.
pub struct ReadingStage {
    brief: Brief,
    options: Options,
    key_origin: KeyOrigin,
    journal: Journal,
    /// Of customer_landing.
    customer_rows: u64,
    admission: Admission,
    tallies: Tallies,
    findings: Findings,
}

impl ReadingStage {
    /// What it writes down; the files that readers have read come here.
    pub fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// What readers need to know.
    pub fn brief(&self) -> &Brief {
        &self.brief
    }

    /// Takes in what a reader counted.
    pub fn absorb(&mut self, tallies: Tallies) {
        self.tallies.absorb(tallies);
    }

    /// The tables so far.
    pub fn tables(&self) -> BTreeMap<Table, TableReport> {
        let mut tables = self.journal.landing.tables(None);
        let rows_out = self.admission.customers.rows().len() as u64;
        let filtered = self.admission.filtered.clone();
        tables.insert(Table::CustomerTrusted, TableReport::filtered(self.customer_rows, rows_out, filtered));
        let trusted = accelerometer_trusted(&tables, &self.tallies);
        tables.insert(Table::AccelerometerTrusted, trusted);
        tables
    }

    /// Every reading was seen: settles who is curated, and plans the rest.
    pub fn settle(self) -> CurateStage {
        self.settle_in_jobs_of(ROW_GROUP_ROWS as u64)
    }

    /// As [`ReadingStage::settle`], with jobs of at most so many rows, where no
    /// group is larger; they show in the files as row groups.
    pub fn settle_in_jobs_of(self, rows: u64) -> CurateStage {
        CurateStage { plan: Plan::new(&self.brief, &self.tallies, rows), stage: self }
    }
}

/// Waits for the curators.
pub struct CurateStage {
    stage: ReadingStage,
    plan: Plan,
}

/// The jobs of one table.
#[derive(Default)]
struct TableJobs {
    first: usize,
    done: Vec<Done>,
}

impl TableJobs {
    fn sum(&self, count: impl Fn(&Done) -> u64) -> u64 {
        self.done.iter().map(count).sum()
    }

    fn filtered(&self) -> Filtered {
        let mut filtered = Filtered::default();
        self.done.iter().for_each(|done| filtered.absorb(&done.filtered));
        filtered
    }

    fn report(&self, rows_in: u64, filtered: Filtered) -> TableReport {
        TableReport {
            duplicates: Some(self.sum(|done| done.duplicates)),
            ..TableReport::filtered(rows_in, self.sum(|done| done.rows), filtered)
        }
    }
}

impl CurateStage {
    /// What curators need to know.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The tables so far.
    pub fn tables(&self) -> BTreeMap<Table, TableReport> {
        self.stage.tables()
    }

    /// Starts again under other options, whose readings all are among those that
    /// the curators hold: see [`Curator::narrowed`]. `None` if they may not be.
    pub fn narrowed(&self, options: Options, key: &Key) -> Option<ReadingStage> {
        let stage = &self.stage;
        if !options.narrows(&stage.options) {
            return None;
        }
        let admission = consent::narrow(&stage.admission, &options);
        Some(ReadingStage {
            brief: Brief::new(admission.ledger.clone(), &options, key),
            options,
            key_origin: key.origin,
            journal: stage.journal.clone(),
            customer_rows: stage.customer_rows,
            tallies: stage.tallies.narrowed(&stage.brief.ledger, &admission.ledger),
            admission,
            findings: stage.findings.clone(),
        })
    }

    /// Puts the tables together, from all that the curators have done.
    ///
    /// # Errors
    /// `Ledger` when a table does not balance; `Exchange` when a job is missing;
    /// what the Parquet writer says.
    pub fn finish(&self, mut done: Vec<Done>) -> Result<Lake, Error> {
        done.sort_by_key(|done| done.job);
        if !done.iter().map(|done| done.job).eq(0..self.plan.jobs.len()) {
            return Err(ErrorKind::Exchange { expected: "answer to every job" }.into());
        }
        let mut by_table: BTreeMap<Table, TableJobs> = BTreeMap::new();
        for done in done {
            let first = done.job;
            let jobs = by_table.entry(self.plan.jobs[first].table);
            jobs.or_insert(TableJobs { first, done: Vec::new() }).done.push(done);
        }
        let mut jobs = |table| by_table.remove(&table).unwrap_or_default();
        let accelerometer = jobs(Table::AccelerometerTrusted);
        let steps = jobs(Table::StepTrainerTrusted);
        let paired = jobs(Table::MachineLearningCurated);

        let mut tables = self.tables();
        let ReadingStage { brief, options, key_origin, journal, admission, tallies, findings, .. } =
            &self.stage;
        let ledger = &brief.ledger;
        let settlement = &self.plan.settlement;

        let (curated, curated_filtered) = settlement.customers(ledger, &admission.customers);
        let (trusted, curated) = (admission.customers.rows().as_slice(), curated.rows().as_slice());
        let same = |a: &Customer, b: &Customer| a == b;
        if let Some(report) = tables.get_mut(&Table::CustomerTrusted) {
            report.duplicates = Some(joins::duplicates(trusted, same));
        }
        tables.insert(
            Table::CustomerCurated,
            TableReport {
                duplicates: Some(joins::duplicates(curated, same)),
                ..TableReport::filtered(trusted.len() as u64, curated.len() as u64, curated_filtered)
            },
        );

        let rows_in = tables[&Table::AccelerometerLanding].rows_out;
        let report = accelerometer.report(rows_in, tallies.accelerometer_filtered());
        let rows_in = report.rows_out;
        tables.insert(Table::AccelerometerTrusted, report);

        let mut filtered = steps.filtered();
        filtered.absorb(&settlement.early_steps(ledger, &tallies.early_steps));
        filtered.absorb(&tallies.step_filtered);
        let report = steps.report(tables[&Table::StepTrainerLanding].rows_out, filtered);
        let rows_in_step = report.rows_out;
        tables.insert(Table::StepTrainerTrusted, report);

        let mixed = paired.sum(|done| done.mixed);
        tables.insert(
            Table::MachineLearningCurated,
            TableReport {
                rows_matched: Some(paired.sum(|done| done.rows_matched)),
                rows_in_step: Some(rows_in_step),
                mixed_pairs: Some(mixed),
                ..paired.report(rows_in, paired.filtered())
            },
        );
        report::check(&tables)?;

        let mut spread = Spread::default();
        paired.done.iter().for_each(|done| spread.absorb(done.spread.clone()));

        // Plain enums and numbers: this cannot fail.
        let told = serde_json::to_string(&OptionsReport::new(options, None)).unwrap_or_default();
        let outputs = vec![
            Output::of_rows(Table::CustomerTrusted, trusted, &told)?,
            Output::of_jobs(Table::AccelerometerTrusted, &accelerometer, &told)?,
            Output::of_rows(Table::CustomerCurated, curated, &told)?,
            Output::of_jobs(Table::StepTrainerTrusted, &steps, &told)?,
            Output::of_jobs(Table::MachineLearningCurated, &paired, &told)?,
        ];

        let Journal { mut inputs, landing: Landed { records, rejected }, rejects, unknown_fields } =
            journal.clone();
        inputs.sort();
        let shared_serials = admission.shared_serials;
        let findings = Findings {
            mixed_pairs: mixed,
            withdrawals_unmet: ledger.unmet(&tallies.met),
            missing: Landing::ALL.into_iter().filter(|kind| !records.contains_key(kind)).collect(),
            shared_serials,
            ..findings.clone()
        };
        Ok(Lake {
            report: Report {
                format: report::FORMAT,
                version: report::VERSION,
                tool: Tool::THIS,
                options: OptionsReport::new(options, Some(*key_origin)),
                warnings: report::warnings(options, &inputs, &findings),
                inputs,
                tables,
                privacy: spread.privacy(options),
                rejects_kept: rejects.len(),
                rejects_total: rejected.values().map(Rejected::total).sum(),
                rejects,
            },
            unknown_fields,
            outputs,
        })
    }
}

/// A finished run.
pub struct Lake {
    /// What it tells about itself.
    pub report: Report,
    /// Names of fields that no table has; input, so never reported.
    pub unknown_fields: BTreeMap<String, u64>,
    /// The five written tables, in order.
    pub outputs: Vec<Output>,
}

impl Lake {
    /// `report.json`.
    pub fn report_json(&self) -> String {
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
    pub jobs: std::ops::Range<usize>,
    /// The last bytes.
    pub tail: Vec<u8>,
}

impl Output {
    fn of_rows(table: Table, rows: &[Customer], options: &str) -> Result<Output, Error> {
        let Part { body, about } = parquet::encode(table, &rows)?;
        let tail = tail(table, std::iter::once(&about), options)?;
        Ok(Output { table, head: [MAGIC.as_slice(), &body].concat(), jobs: 0..0, tail })
    }

    fn of_jobs(table: Table, jobs: &TableJobs, options: &str) -> Result<Output, Error> {
        let tail = tail(table, jobs.done.iter().map(|done| &done.about), options)?;
        Ok(Output { table, head: MAGIC.to_vec(), jobs: jobs.first..jobs.first + jobs.done.len(), tail })
    }
}

fn tail<'a>(
    table: Table,
    parts: impl Iterator<Item = &'a About> + Clone,
    options: &str,
) -> Result<Vec<u8>, Error> {
    let metadata = [
        ("stedi_lakehouse.version", Tool::THIS.version.to_owned()),
        ("stedi_lakehouse.table", table.name().to_owned()),
        ("stedi_lakehouse.options", options.to_owned()),
    ];
    parquet::assemble(table, parts, &metadata)
}
