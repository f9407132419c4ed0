//! Puts the tables together, and tells of them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ReadingStage;
use super::curator::{Counted, Done};
use super::journal::{Journal, Landed};
use super::plan::{Brief, Plan};
use crate::consent::{self, Filtered};
use crate::error::{Error, ErrorKind};
use crate::ingest::{Reads, Rejected};
use crate::joins;
use crate::options::{Key, Options};
use crate::parquet::{self, About, MAGIC, Part};
use crate::report::{self, Findings, KeyReport, OptionsReport, Report, Spread, TableReport, Tool};
use crate::schema::{Landing, Table};
use crate::zones::Customer;

/// Waits for the curators.
pub struct CurateStage {
    stage: ReadingStage,
    plan: Plan,
}

/// The jobs of one table.
#[derive(Default)]
struct TableJobs {
    first: usize,
    counted: Vec<Counted>,
    about: Vec<About>,
}

type ByTable = BTreeMap<Table, TableJobs>;

impl TableJobs {
    fn sum(&self, count: impl Fn(&Counted) -> u64) -> u64 {
        self.counted.iter().map(count).sum()
    }

    fn filtered(&self) -> Filtered {
        let mut filtered = Filtered::default();
        self.counted.iter().for_each(|counted| filtered.absorb(&counted.filtered));
        filtered
    }

    fn report(&self, rows_in: u64, filtered: Filtered) -> TableReport {
        TableReport {
            duplicates: Some(self.sum(|counted| counted.duplicates)),
            ..TableReport::filtered(rows_in, self.sum(|counted| counted.rows), filtered)
        }
    }
}

impl CurateStage {
    pub(super) fn new(plan: Plan, stage: ReadingStage) -> CurateStage {
        CurateStage { stage, plan }
    }

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
            key: KeyReport::new(key),
            journal: stage.journal.clone(),
            customer_rows: stage.customer_rows,
            tallies: stage.tallies.narrowed(&stage.brief.ledger, &admission.ledger),
            admission,
            findings: stage.findings.clone(),
        })
    }

    fn by_table(&self, mut counted: Vec<(Counted, Option<About>)>) -> Result<ByTable, Error> {
        counted.sort_by_key(|(counted, _)| counted.job);
        if !counted.iter().map(|(counted, _)| counted.job).eq(0..self.plan.jobs.len()) {
            return Err(ErrorKind::Exchange { expected: "answer to every job" }.into());
        }
        let mut by_table = ByTable::new();
        for (counted, about) in counted {
            let first = counted.job;
            let jobs = by_table.entry(self.plan.jobs[first].table);
            let jobs = jobs.or_insert(TableJobs { first, ..TableJobs::default() });
            jobs.counted.push(counted);
            jobs.about.extend(about);
        }
        Ok(by_table)
    }

    /// The ledger of all tables, before they are encoded.
    ///
    /// # Errors
    /// As [`CurateStage::finish`].
    pub fn counted(&self, counted: Vec<Counted>) -> Result<BTreeMap<Table, TableReport>, Error> {
        self.ledger(&self.by_table(counted.into_iter().map(|counted| (counted, None)).collect())?)
    }

    fn ledger(&self, by_table: &ByTable) -> Result<BTreeMap<Table, TableReport>, Error> {
        let none = TableJobs::default();
        let jobs = |table| by_table.get(&table).unwrap_or(&none);
        let (accelerometer, steps) = (jobs(Table::AccelerometerTrusted), jobs(Table::StepTrainerTrusted));
        let paired = jobs(Table::MachineLearningCurated);
        let ReadingStage { brief, admission, tallies, .. } = &self.stage;
        let (ledger, settlement) = (&brief.ledger, &self.plan.settlement);
        let mut tables = self.tables();

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

        tables.insert(
            Table::MachineLearningCurated,
            TableReport {
                rows_matched: Some(paired.sum(|counted| counted.rows_matched)),
                rows_in_step: Some(rows_in_step),
                mixed_pairs: Some(paired.sum(|counted| counted.mixed)),
                ..paired.report(rows_in, paired.filtered())
            },
        );
        report::check(&tables)?;
        Ok(tables)
    }

    /// Puts the tables together, from all that the curators have done.
    ///
    /// # Errors
    /// `Ledger` when a table does not balance; `Exchange` when a job is missing;
    /// what the Parquet writer says.
    pub fn finish(&self, done: Vec<Done>) -> Result<Lake, Error> {
        let done = done.into_iter().map(|Done { counted, about }| (counted, Some(about)));
        let by_table = self.by_table(done.collect())?;
        let tables = self.ledger(&by_table)?;
        let ReadingStage { brief, options, key, journal, admission, tallies, findings, .. } = &self.stage;
        let ledger = &brief.ledger;
        let none = TableJobs::default();
        let jobs = |table| by_table.get(&table).unwrap_or(&none);
        let (curated, _) = self.plan.settlement.customers(ledger, &admission.customers);
        let paired = jobs(Table::MachineLearningCurated);
        let mixed = paired.sum(|counted| counted.mixed);
        let mut spread = Spread::default();
        paired.counted.iter().for_each(|counted| spread.absorb(counted.spread.clone()));

        let outputs = vec![
            Output::of_rows(Table::CustomerTrusted, admission.customers.rows(), options)?,
            Output::of_jobs(Table::AccelerometerTrusted, jobs(Table::AccelerometerTrusted), options)?,
            Output::of_rows(Table::CustomerCurated, curated.rows(), options)?,
            Output::of_jobs(Table::StepTrainerTrusted, jobs(Table::StepTrainerTrusted), options)?,
            Output::of_jobs(Table::MachineLearningCurated, paired, options)?,
        ];

        let Journal { mut inputs, landing, rejects, unknown_fields, reads } = journal.clone();
        let Landed { records, rejected, barred } = landing;
        inputs.sort();
        let shared_serials = admission.shared_serials;
        let unmet = ledger.unmet(&tallies.met);
        let incomplete = report::incomplete(&barred, &inputs);
        let findings = Findings {
            mixed_pairs: mixed,
            withdrawals_unmet: unmet.len() as u64,
            barred: (barred.named, admission.barred_people()),
            undated: (admission.undated.records, admission.undated_people()),
            missing: Landing::ALL.into_iter().filter(|kind| !records.contains_key(kind)).collect(),
            shared_serials,
            ..findings.clone()
        };
        Ok(Lake {
            report: Report {
                format: report::FORMAT,
                version: report::VERSION,
                tool: Tool::THIS,
                complete: incomplete.is_empty(),
                incomplete,
                options: OptionsReport::new(options, Some(*key)),
                warnings: report::warnings(options, &inputs, &findings),
                inputs,
                tables,
                privacy: spread.privacy(options),
                rejects_kept: rejects.len(),
                rejects_total: rejected.values().map(Rejected::total).sum(),
                rejects,
            },
            unknown_fields,
            reads,
            unmet,
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
    /// What was read of the inputs, for those who read them again.
    pub reads: Reads,
    /// Entries of the withdrawals that match nothing, by position in the options:
    /// likewise.
    pub unmet: Vec<usize>,
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
    fn of_rows(table: Table, rows: &[Customer], options: &Options) -> Result<Output, Error> {
        let Part { body, about } = parquet::encode(table, options.compression, &rows)?;
        let tail = tail(table, std::iter::once(&about), options)?;
        Ok(Output { table, head: [MAGIC.as_slice(), &body].concat(), jobs: 0..0, tail })
    }

    fn of_jobs(table: Table, jobs: &TableJobs, options: &Options) -> Result<Output, Error> {
        let tail = tail(table, jobs.about.iter(), options)?;
        Ok(Output { table, head: MAGIC.to_vec(), jobs: jobs.first..jobs.first + jobs.about.len(), tail })
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
