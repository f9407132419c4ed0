//! The last stage of a run: puts the tables together, and makes its report.

use std::collections::BTreeMap;

use super::lake::{Lake, Output};
use super::plan::CurationPlan;
use super::row_group_builder::{JobCounts, JobResult};
use super::run_log::{Landed, RunLog};
use super::run_state::RunState;
use crate::consent::Filtered;
use crate::error::Error;
use crate::ingest::Rejected;
use crate::joins;
use crate::parquet::About;
use crate::report::{self, OptionsReport, Report, Spread, TableReport, Tool, WarningInputs};
use crate::rows::Customer;
use crate::schema::{Landing, Table};
use crate::wire;

/// Waits for the row group builders.
pub struct CurateStage {
    state: RunState,
    plan: CurationPlan,
}

/// The jobs of one table.
#[derive(Default)]
struct TableJobs {
    first: usize,
    counted: Vec<JobCounts>,
    about: Vec<About>,
}

type ByTable = BTreeMap<Table, TableJobs>;

impl TableJobs {
    fn sum(&self, count: impl Fn(&JobCounts) -> u64) -> u64 {
        self.counted.iter().map(count).sum()
    }

    fn filtered(&self) -> Filtered {
        let mut filtered = Filtered::default();
        self.counted.iter().for_each(|counted| filtered.merge(&counted.filtered));
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
    pub(super) fn new(plan: CurationPlan, state: RunState) -> CurateStage {
        CurateStage { state, plan }
    }

    /// What row group builders need to know.
    pub fn plan(&self) -> &CurationPlan {
        &self.plan
    }

    /// The tables so far.
    pub fn tables(&self) -> BTreeMap<Table, TableReport> {
        self.state.tables()
    }

    pub(super) fn state(&self) -> &RunState {
        &self.state
    }

    fn by_table(&self, mut counted: Vec<(JobCounts, Option<About>)>) -> Result<ByTable, Error> {
        counted.sort_by_key(|(counted, _)| counted.job);
        if !counted.iter().map(|(counted, _)| counted.job).eq(0..self.plan.jobs.len()) {
            return Err(wire::unreadable("answer to every job", None));
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
    pub fn counted(&self, counted: Vec<JobCounts>) -> Result<BTreeMap<Table, TableReport>, Error> {
        self.ledger(&self.by_table(counted.into_iter().map(|counted| (counted, None)).collect())?)
    }

    fn ledger(&self, by_table: &ByTable) -> Result<BTreeMap<Table, TableReport>, Error> {
        let none = TableJobs::default();
        let jobs = |table| by_table.get(&table).unwrap_or(&none);
        let (accelerometer, steps) = (jobs(Table::AccelerometerTrusted), jobs(Table::StepTrainerTrusted));
        let paired = jobs(Table::MachineLearningCurated);
        let RunState { context, consent, counters, .. } = &self.state;
        let (ledger, curated_owners) = (&context.ledger, &self.plan.curated_owners);
        let mut tables = self.tables();

        let (curated, curated_filtered) = curated_owners.customers(ledger, &consent.customers);
        let (trusted, curated) = (consent.customers.rows().as_slice(), curated.rows().as_slice());
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
        let report = accelerometer.report(rows_in, counters.accelerometer_filtered());
        let rows_in = report.rows_out;
        tables.insert(Table::AccelerometerTrusted, report);

        let mut filtered = steps.filtered();
        filtered.merge(&curated_owners.early_steps(ledger, &counters.early_steps));
        filtered.merge(&counters.step_filtered);
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

    /// Puts the tables together, from all that the row group builders have done.
    ///
    /// # Errors
    /// `Ledger` when a table does not balance; `Exchange` when a job is missing;
    /// what the Parquet writer says.
    pub fn finish(&self, done: Vec<JobResult>) -> Result<Lake, Error> {
        let done = done.into_iter().map(|JobResult { counted, about }| (counted, Some(about)));
        let by_table = self.by_table(done.collect())?;
        let tables = self.ledger(&by_table)?;
        let RunState { context, options, key, log, consent, counters, warning_inputs, .. } = &self.state;
        let ledger = &context.ledger;
        let none = TableJobs::default();
        let jobs = |table| by_table.get(&table).unwrap_or(&none);
        let (curated, _) = self.plan.curated_owners.customers(ledger, &consent.customers);
        let paired = jobs(Table::MachineLearningCurated);
        let mixed = paired.sum(|counted| counted.mixed);
        let mut spread = Spread::default();
        paired.counted.iter().for_each(|counted| spread.merge(counted.spread.clone()));

        let of_jobs = |table| Output::of_jobs(table, jobs(table).first, &jobs(table).about, options);
        let outputs = vec![
            Output::of_rows(Table::CustomerTrusted, consent.customers.rows(), options)?,
            of_jobs(Table::AccelerometerTrusted)?,
            Output::of_rows(Table::CustomerCurated, curated.rows(), options)?,
            of_jobs(Table::StepTrainerTrusted)?,
            of_jobs(Table::MachineLearningCurated)?,
        ];

        let RunLog { mut inputs, landing, rejects, unknown_fields, reads, empty_lists } = log.clone();
        let Landed { records, rejected, barred } = landing;
        inputs.sort();
        let shared_serials = consent.shared_serials;
        let unmatched = ledger.unmatched(&counters.matched_withdrawals);
        let incomplete = report::incomplete(&barred, &inputs);
        let warning_inputs = WarningInputs {
            mixed_pairs: mixed,
            withdrawals_unmet: unmatched.len() as u64,
            withdrawals_empty: empty_lists,
            withdrawn_steps: jobs(Table::StepTrainerTrusted).sum(|counted| counted.of_withdrawn),
            emails_differ: counters.alike.iter().sum(),
            customer_emails_differ: consent.emails_differ,
            barred: (barred.named, consent.barred_people()),
            undated: (consent.undated.records, consent.undated_people()),
            missing: Landing::ALL.into_iter().filter(|kind| !records.contains_key(kind)).collect(),
            shared_serials,
            ..warning_inputs.clone()
        };
        Ok(Lake {
            report: Report {
                format: report::FORMAT,
                version: report::VERSION,
                tool: Tool::THIS,
                complete: incomplete.is_empty(),
                incomplete,
                options: OptionsReport::new(options, Some(*key)),
                warnings: report::warnings(options, &inputs, &warning_inputs),
                inputs,
                tables,
                privacy: spread.privacy(options),
                rejects_kept: rejects.len(),
                rejects_total: rejected.values().map(Rejected::total).sum(),
                rejects,
            },
            unknown_fields,
            reads,
            unmatched,
            outputs,
        })
    }
}
