//! The last stage of a run: puts the tables together, and makes its report.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use super::lake::{Lake, Output};
use super::plan::{CurationPlan, Job};
use super::row_group_builder::{JobCounts, JobResult, encode_customers};
use super::run_log::{Landed, RunLog};
use super::run_state::RunState;
use crate::consent::{ConsentLedger, Filtered, Outcomes};
use crate::error::Error;
use crate::ingest::Rejected;
use crate::joins;
use crate::options::ConsentTime;
use crate::parquet::About;
use crate::report::{
    self, FromReport, Input, InputStatus, OptionsReport, People, Quality, QualityReport, Report, Spread,
    TableReport, TimeRanges, Tool, WarningInputs,
};
use crate::rows::Customer;
use crate::schema::{Landing, Table};
use crate::wire;

/// Waits for the row group builders.
pub struct CurateStage {
    state: RunState,
    plan: CurationPlan,
    /// customer_curated, by position in customer_trusted, and why the others are not in it.
    curated: Vec<u32>,
    curated_filtered: Filtered,
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

    /// The first and the last time of its readings.
    fn times(&self) -> Option<(i64, i64)> {
        let times = self.counted.iter().filter_map(|counted| counted.times);
        times.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    fn filtered(&self) -> Filtered {
        let mut filtered = Filtered::default();
        self.counted.iter().for_each(|counted| filtered.merge(&counted.filtered));
        filtered
    }

    fn quality(&self) -> Quality {
        let mut quality = Quality::default();
        self.counted.iter().for_each(|counted| quality.merge(counted.quality.clone()));
        quality
    }

    fn report(&self, rows_in: u64, filtered: Filtered) -> TableReport {
        TableReport {
            duplicates: Some(self.sum(|counted| counted.duplicates)),
            ..TableReport::filtered(rows_in, self.sum(|counted| counted.rows), filtered)
        }
    }
}

impl CurateStage {
    pub(super) fn new(mut plan: CurationPlan, state: RunState) -> CurateStage {
        let trusted = state.consent.customers.rows();
        let (curated, curated_filtered) = plan.curated_owners.customers(&state.context.ledger, trusted);
        plan.add_customers(Table::CustomerTrusted, trusted.len());
        plan.add_customers(Table::CustomerCurated, curated.len());
        CurateStage { state, plan, curated, curated_filtered }
    }

    /// What row group builders need to know.
    pub fn plan(&self) -> &CurationPlan {
        &self.plan
    }

    /// The tables so far.
    pub fn tables(&self) -> BTreeMap<Table, TableReport> {
        self.state.tables()
    }

    /// What decides on customer records that are read again.
    pub fn outcomes(&self) -> Outcomes {
        self.state.consent.outcomes(&self.state.options)
    }

    /// Whom the run has admitted.
    pub fn consent(&self) -> &ConsentLedger {
        &self.state.context.ledger
    }

    pub(super) fn state(&self) -> &RunState {
        &self.state
    }

    fn is_of_customers(&self, job: usize) -> bool {
        matches!(self.plan.jobs[job].table, Table::CustomerTrusted | Table::CustomerCurated)
    }

    /// The rows of a job, if it is of customers.
    fn rows(&self, job: usize) -> Option<Vec<&Customer>> {
        let Job { table, groups, .. } = &self.plan.jobs[job];
        let trusted = self.state.consent.customers.rows();
        match table {
            Table::CustomerTrusted => Some(trusted[groups.clone()].iter().map(Borrow::borrow).collect()),
            Table::CustomerCurated => {
                let curated = &self.curated[groups.clone()];
                Some(curated.iter().map(|&at| trusted[at as usize].borrow()).collect())
            }
            _ => None,
        }
    }

    /// Does a job here, if it is of customers, whose rows no row group builder has.
    ///
    /// # Errors
    /// What the Parquet writer says.
    pub fn encode_customers(&self, job: usize) -> Option<Result<(Vec<u8>, JobResult), Error>> {
        let compression = self.state.context.compression;
        Some(encode_customers(&self.plan, job, compression, &self.rows(job)?))
    }

    /// The rows of a job as bytes for a row group builder, if it is of customers.
    pub fn customers(&self, job: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.rows(job)?.iter().for_each(|row| row.write(&mut bytes));
        Some(bytes)
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

    /// The ledger of all tables, before they are encoded, from what the jobs of readings count.
    ///
    /// # Errors
    /// As [`CurateStage::finish`].
    pub fn counted(&self, mut counted: Vec<JobCounts>) -> Result<BTreeMap<Table, TableReport>, Error> {
        let customers = (0..self.plan.jobs.len()).filter(|&job| self.is_of_customers(job));
        counted.extend(customers.map(|job| JobCounts::of_rows(job, self.plan.jobs[job].groups.len())));
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

        let trusted = consent.customers.rows().as_slice();
        if let Some(report) = tables.get_mut(&Table::CustomerTrusted) {
            report.duplicates = Some(joins::duplicates(trusted, |a, b| a.row == b.row));
        }
        let row = |at: &u32| &trusted[*at as usize].row;
        let filtered = self.curated_filtered.clone();
        tables.insert(
            Table::CustomerCurated,
            TableReport {
                duplicates: Some(joins::duplicates(&self.curated, |a, b| row(a) == row(b))),
                ..TableReport::filtered(trusted.len() as u64, self.curated.len() as u64, filtered)
            },
        );

        let rows_in = tables[&Table::AccelerometerLanding].rows_out + counters.lake_accelerometer;
        let mut filtered = accelerometer.filtered();
        filtered.merge(&counters.accelerometer_filtered());
        let report = TableReport {
            rows_in_lake: self.of_lake(counters.lake_accelerometer),
            ..accelerometer.report(rows_in, filtered)
        };
        let rows_in = report.rows_out;
        tables.insert(Table::AccelerometerTrusted, report);

        let mut filtered = steps.filtered();
        filtered.merge(&curated_owners.early_steps(ledger, &counters.early_steps));
        filtered.merge(&counters.step_filtered);
        let rows_in_of_steps = tables[&Table::StepTrainerLanding].rows_out + counters.lake_steps;
        let report = TableReport {
            rows_in_lake: self.of_lake(counters.lake_steps),
            ..steps.report(rows_in_of_steps, filtered)
        };
        let rows_in_step = report.rows_out;
        tables.insert(Table::StepTrainerTrusted, report);

        tables.insert(
            Table::MachineLearningCurated,
            TableReport {
                rows_matched: Some(paired.sum(|counted| counted.rows_matched)),
                rows_in_step: Some(rows_in_step),
                pairs: Some(paired.sum(|counted| counted.pairs)),
                pairs_left_out: Some(paired.sum(|counted| counted.left_out)),
                mixed_pairs: Some(paired.sum(|counted| counted.mixed)),
                ..paired.report(rows_in, paired.filtered())
            },
        );
        report::check(&tables)?;
        Ok(tables)
    }

    /// Rows that came from a lake, if the run goes on from one.
    fn of_lake(&self, rows: u64) -> Option<u64> {
        self.state.earlier.as_ref().map(|_| rows)
    }

    /// What the report says of the lake that the run goes on from.
    fn from(&self, inputs: &[Input]) -> Option<FromReport> {
        let RunState { context, counters, earlier, .. } = &self.state;
        let left_out = inputs.iter().filter(|input| matches!(input.status, InputStatus::InLake)).count();
        let earlier = earlier.as_ref()?;
        let kept: Vec<Option<i64>> = self.plan.curated_owners.kept_since().collect();
        Some(earlier.report(&context.ledger, &kept, &counters.lake_serials, left_out as u64))
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
        let RunState {
            context, options, key, log, consent, counters, warning_inputs, withdrawn_before, ..
        } = &self.state;
        let ledger = &context.ledger;
        let none = TableJobs::default();
        let jobs = |table| by_table.get(&table).unwrap_or(&none);
        let paired = jobs(Table::MachineLearningCurated);
        let mixed = paired.sum(|counted| counted.mixed);
        let mut spread = Spread::default();
        paired.counted.iter().for_each(|counted| spread.merge(counted.spread.clone()));

        let of_jobs =
            |table| Output::of_jobs(table, jobs(table).first, &jobs(table).about, options, *withdrawn_before);
        let outputs: Vec<Output> = Table::WRITTEN.into_iter().map(of_jobs).collect::<Result<_, _>>()?;

        let incomplete = log.incomplete();
        let RunLog { mut inputs, landing, rejects, unknown_fields, reads, empty_lists } = log.clone();
        let Landed { records, rejected, barred } = landing;
        inputs.sort();
        let shared_serials = consent.shared_serials + consent.shared_with_rejects;
        let admitted_people = consent.admitted_people();
        let unmatched = ledger.unmatched(&counters.matched_withdrawals);
        let times = |table| jobs(table).times();
        let times = times(Table::AccelerometerTrusted).zip(times(Table::StepTrainerTrusted));
        let times = times.filter(|_| tables[&Table::MachineLearningCurated].rows_out == 0);
        let times = times.map(|(accelerometer, steps)| TimeRanges { accelerometer, steps });
        let early_dates = if options.consent == ConsentTime::Ever { 0 } else { consent.early_dates };
        let from = self.from(&inputs);
        let of_lake = |kind: Landing| match kind {
            Landing::Customer => false,
            Landing::Accelerometer => counters.lake_accelerometer > 0,
            Landing::StepTrainer => counters.lake_steps > 0,
        };
        let is_missing = |kind: &Landing| !records.contains_key(kind) && !of_lake(*kind);
        let warning_inputs = WarningInputs {
            consent_unreadable: warning_inputs.consent_unreadable + early_dates,
            superseded: consent.superseded_people(),
            times,
            mixed_pairs: mixed,
            withdrawals_unmet: unmatched.len() as u64,
            withdrawals_empty: empty_lists,
            withdrawn_steps: jobs(Table::StepTrainerTrusted).sum(|counted| counted.of_withdrawn),
            emails_differ: counters.alike.iter().sum(),
            customer_emails_differ: consent.emails_differ,
            barred: (barred.named, consent.barred_people()),
            undated: (consent.undated_records, consent.undated_people()),
            not_millis: counters.not_millis,
            missing: Landing::ALL.into_iter().filter(is_missing).collect(),
            newly_admitted: from.as_ref().map_or(0, |from| from.newly_admitted.total()),
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
                warnings: report::warnings(options, &inputs, &tables, &warning_inputs),
                inputs,
                tables,
                from,
                people: People {
                    admitted: admitted_people,
                    left_out: consent.landing_people.saturating_sub(admitted_people),
                },
                privacy: spread.privacy(options),
                quality: QualityReport::new(Quality::TABLES.map(|table| (table, jobs(table).quality()))),
                rejects_kept: rejects.len(),
                rejects_total: rejected.values().map(Rejected::total).sum(),
                rejects,
            },
            unknown_fields,
            times,
            reads,
            unmatched,
            outputs,
        })
    }
}
