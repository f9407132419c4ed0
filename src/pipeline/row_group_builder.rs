//! Makes row groups wherever there is an instance to do it, out of what every
//! instance has admitted.

use std::borrow::Borrow;
use std::collections::VecDeque;
use std::iter;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::context::WorkerContext;
use super::job_readings::JobReadings;
use super::plan::{CurationPlan, Job};
use super::reader::Reader;
use super::spill::{Slice, Spilled, write_rows};
use crate::consent::{self, Filtered, Readings, Rule, Trusted};
use crate::error::Error;
use crate::joins::{self, Groups};
use crate::options::Compression;
use crate::parquet::{self, About, Part};
use crate::report::{Quality, Spread};
use crate::rows::{Customer, MachineLearning, Reading, Sensor, StepReading};
use crate::schema::Table;
use crate::wire::Message;
use crate::zones::{self, MOST_PAIRS, Needs, Paired, ReadingCollector, Wanted};

/// What a reader has become: the holder of what it admitted, for as long as
/// tables are made of it.
pub struct RowGroupBuilder {
    context: WorkerContext,
    plan: CurationPlan,
    /// Sorted.
    readings: Readings,
    emails: Groups,
    serials: Groups,
    spilled: Spilled,
}

/// The counts of a job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobCounts {
    pub(super) job: usize,
    pub(super) rows: u64,
    pub(super) duplicates: u64,
    pub(super) filtered: Filtered,
    pub(super) rows_matched: u64,
    pub(super) pairs: u64,
    pub(super) left_out: u64,
    pub(super) mixed: u64,
    pub(super) spread: Spread,
    /// Of a table of readings.
    pub(super) quality: Quality,
    /// Step readings of devices that a withdrawn person had too.
    pub(super) of_withdrawn: u64,
    /// The first and the last time of the readings, if there are any.
    pub(super) times: Option<(i64, i64)>,
}

/// What became of a job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobResult {
    pub(super) counted: JobCounts,
    pub(super) about: About,
}

impl JobCounts {
    /// Of a job that counts its rows only.
    pub(super) fn of_rows(job: usize, rows: usize) -> JobCounts {
        JobCounts {
            job,
            rows: rows as u64,
            duplicates: 0,
            filtered: Filtered::default(),
            rows_matched: 0,
            pairs: 0,
            left_out: 0,
            mixed: 0,
            spread: Spread::default(),
            quality: Quality::default(),
            of_withdrawn: 0,
            times: None,
        }
    }
}

impl Message for JobCounts {
    const NAME: &'static str = "answer to a job";
}

impl Message for JobResult {
    const NAME: &'static str = "answer to a job";
}

/// The rows of a job, sorted, and what they come to.
pub struct JobRows {
    /// What is known before they are encoded.
    pub counted: JobCounts,
    rows: Rows,
}

enum Rows {
    Accelerometer(Trusted<Vec<Reading>>),
    Steps(Trusted<Vec<StepReading>>),
    Paired(Vec<MachineLearning>),
}

impl RowGroupBuilder {
    /// When everything is read and planned: makes tables of what a reader has.
    pub fn new(reader: Reader, plan: CurationPlan) -> RowGroupBuilder {
        let Reader { context, collector: ReadingCollector { mut readings, .. }, spilled, .. } = reader;
        let (emails, serials) = readings.sort(&context.ledger);
        RowGroupBuilder { context, plan, readings, emails, serials, spilled }
    }

    /// Who may be used.
    pub fn context(&self) -> &WorkerContext {
        &self.context
    }

    /// Starts again under narrower options, from what this instance holds, if it
    /// holds all of it in memory.
    pub fn narrowed(&self, context: WorkerContext) -> Option<Reader> {
        if !self.spilled.is_empty() {
            return None;
        }
        let collector = ReadingCollector::narrowed(&self.readings, &self.context.ledger, &context.ledger);
        Some(Reader::of(context, collector))
    }

    /// Whose readings a job of machine_learning_curated needs, and of which sensor only those that may be paired
    /// with its own.
    fn needs(&self, job: usize) -> (Needs, Option<Sensor>) {
        let Job { groups, making, .. } = &self.plan.jobs[job];
        let pairing = self.context.pairing();
        let needs = pairing.needs(*making, groups, &self.plan.curated_owners);
        (needs, self.partners_of(job))
    }

    fn partners_of(&self, job: usize) -> Option<Sensor> {
        self.plan.jobs[job].partners(self.context.pairing())
    }

    /// What this instance holds in memory of a job's own readings, sorted.
    pub fn share(&self, job: usize) -> Readings {
        let Job { table, groups, .. } = &self.plan.jobs[job];
        let mut share = Readings::default();
        let mut readings = |emails: Range<usize>| {
            share.accelerometer.take_from(&self.readings.accelerometer, self.emails.of(emails));
        };
        let mut steps = |serials: Range<usize>| {
            share.steps.take_from(&self.readings.steps, self.serials.of(serials));
        };
        match table {
            Table::StepTrainerTrusted => steps(groups.clone()),
            Table::MachineLearningCurated => {
                let ledger = &self.context.ledger;
                let (needs, partners) = self.needs(job);
                if partners != Some(Sensor::Accelerometer) {
                    needs.emails.ranges(ledger.emails().len()).for_each(readings);
                }
                if partners != Some(Sensor::StepTrainer) {
                    needs.serials.ranges(ledger.serials().len()).for_each(steps);
                }
            }
            Table::AccelerometerTrusted => readings(groups.clone()),
            // Customers are the stage's.
            _ => {}
        }
        share
    }

    /// Where the rest of a job's own readings are that this instance has admitted:
    /// accelerometer readings, then step readings.
    pub fn slices(&self, job: usize) -> (Vec<Slice>, Vec<Slice>) {
        self.spilled.slices(self.context.pairing(), &self.plan.curated_owners, &self.plan.jobs[job])
    }

    /// What this instance holds in memory of the readings that may be paired with a job's own, as rows for
    /// [`JobReadings::take`], some at a time.
    pub fn partners(&self, job: usize, write: &mut dyn FnMut(&[u8])) {
        let (Some(sensor), places) = self.partners_held(job) else { return };
        match sensor {
            Sensor::Accelerometer => {
                let rows = self.readings.accelerometer.rows();
                write_rows(places.into_iter().flat_map(|at| &rows[at]).map(|row| row.to_bytes()), write);
            }
            Sensor::StepTrainer => {
                let rows = self.readings.steps.rows();
                write_rows(places.into_iter().flat_map(|at| &rows[at]).map(|row| row.to_bytes()), write);
            }
        }
    }

    /// Where the rest of them is that this instance has admitted.
    pub fn partner_slices(&self, job: usize) -> Vec<Slice> {
        self.spilled.partners(self.context.pairing(), &self.plan.curated_owners, &self.plan.jobs[job])
    }

    /// The sensor all of whose readings may be paired with a job's own: what this instance gives of them is the same
    /// for every such job.
    pub fn all_partners(&self, job: usize) -> Option<Sensor> {
        let sensor = self.partners_of(job)?;
        let (Needs { emails, serials }, _) = self.needs(job);
        let wanted = match sensor {
            Sensor::Accelerometer => emails,
            Sensor::StepTrainer => serials,
        };
        (wanted == Wanted::All).then_some(sensor)
    }

    /// The sensor whose readings may be paired with a job's own, and where they are of those in memory.
    fn partners_held(&self, job: usize) -> (Option<Sensor>, Vec<Range<usize>>) {
        let Some(sensor) = self.partners_of(job) else { return (None, Vec::new()) };
        let ledger = &self.context.ledger;
        let (Needs { emails, serials }, _) = self.needs(job);
        let places = match sensor {
            Sensor::Accelerometer => {
                emails.ranges(ledger.emails().len()).map(|emails| self.emails.of(emails)).collect()
            }
            Sensor::StepTrainer => {
                serials.ranges(ledger.serials().len()).map(|serials| self.serials.of(serials)).collect()
            }
        };
        (Some(sensor), places)
    }

    /// Begins a job, with its own readings of all instances: each share is sorted.
    pub fn gather(&self, job: usize, shares: Vec<Readings>) -> JobReadings {
        JobReadings::new(job, merged(shares), self.partners_of(job))
    }

    /// Adds what this instance holds in memory of the readings that may be paired with a job's own.
    pub fn add_partners(&self, gathered: &mut JobReadings) {
        gathered.take_held(&self.readings, self.partners_held(gathered.job).1);
    }

    /// Does a job from what this instance and others of the same process hold, all of it in memory.
    ///
    /// # Errors
    /// As [`RowGroupBuilder::work`].
    pub fn work_with(&self, others: &[RowGroupBuilder], job: usize) -> Result<(Vec<u8>, JobResult), Error> {
        let all = || iter::once(self).chain(others);
        let mut gathered = self.gather(job, all().map(|builder| builder.share(job)).collect());
        all().for_each(|builder| builder.add_partners(&mut gathered));
        self.work(gathered)
    }

    /// Does a job, of which all readings are gathered.
    ///
    /// # Errors
    /// What the Parquet writer says; `TooManyRows`, `TooManyPairs`.
    pub fn work(&self, gathered: JobReadings) -> Result<(Vec<u8>, JobResult), Error> {
        self.encode(self.count(gathered)?)
    }

    /// Filters and joins the readings of a job.
    ///
    /// # Errors
    /// `TooManyRows`, `TooManyPairs`.
    pub fn count(&self, gathered: JobReadings) -> Result<JobRows, Error> {
        let job = gathered.job;
        let Job { table, making, .. } = &self.plan.jobs[job];
        let ledger = &self.context.ledger;
        let Readings { mut accelerometer, mut steps } = gathered.into_sorted();
        let mut filtered = self.plan.curated_owners.steps(ledger, &mut steps);
        let barred = &self.plan.barred;
        if !barred.is_empty() {
            filtered.add(Rule::NoConsent, accelerometer.leave_out(|row| !barred.contains(&row.email)));
        }
        if self.context.drops_duplicates {
            let mut before = None;
            let repeats = steps.leave_out(|&step| before.replace(step) != Some(step));
            filtered.add(Rule::Duplicate, repeats + accelerometer.leave_out(Reading::firsts()));
        }
        let counted = |rows: usize, duplicates, filtered| JobCounts {
            duplicates,
            filtered,
            ..JobCounts::of_rows(job, rows)
        };
        Ok(match table {
            Table::StepTrainerTrusted => {
                let rows = steps.rows();
                let duplicates = joins::duplicates(rows, |a, b| a == b);
                let of_withdrawn = rows.iter().filter(|step| ledger.is_withdrawn(step.serial)).count() as u64;
                let times = first_and_last(rows.iter().map(|step| step.time));
                let quality = Quality::of_steps(rows);
                let counted = counted(rows.len(), duplicates, filtered);
                let counted = JobCounts { of_withdrawn, times, quality, ..counted };
                JobRows { counted, rows: Rows::Steps(steps) }
            }
            Table::MachineLearningCurated => {
                let (pairing, curated) = (self.context.pairing(), &self.plan.curated_owners);
                let paired = zones::curate(pairing, curated, *making, &accelerometer, &steps, MOST_PAIRS)?;
                let (spread, quality) = (paired.spread(), Quality::of_pairs(&paired.rows));
                let Paired { rows, rows_matched, filtered, pairs, left_out, mixed, .. } = paired;
                let duplicates = joins::duplicates(&rows, |a: &MachineLearning, b| a.order(b).is_eq());
                let counted = counted(rows.len(), duplicates, filtered);
                JobRows {
                    counted: JobCounts { rows_matched, pairs, left_out, mixed, spread, quality, ..counted },
                    rows: Rows::Paired(rows),
                }
            }
            _ => {
                let rows = accelerometer.rows();
                let times = first_and_last(rows.iter().map(|reading| reading.time));
                let quality = Quality::of_accelerometer(rows);
                let counted = counted(rows.len(), Reading::repeats(rows), filtered);
                let counted = JobCounts { times, quality, ..counted };
                JobRows { counted, rows: Rows::Accelerometer(accelerometer) }
            }
        })
    }

    /// Makes row groups of customers, for a job whose rows the stage has sent: see
    /// [`crate::pipeline::CurateStage::customers`].
    ///
    /// # Errors
    /// What the Parquet writer says; `Exchange` for other bytes.
    pub fn customers(&self, job: usize, rows: &[u8]) -> Result<(Vec<u8>, JobResult), Error> {
        let rows = consent::customers_from_bytes(rows)?;
        encode_customers(&self.plan, job, self.context.compression, rows.rows().as_slice())
    }

    /// Makes row groups of the rows of a job.
    ///
    /// # Errors
    /// What the Parquet writer says.
    pub fn encode(&self, ready: JobRows) -> Result<(Vec<u8>, JobResult), Error> {
        let JobRows { counted, rows } = ready;
        let table = self.plan.jobs[counted.job].table;
        let (ledger, subjects) = (&self.context.ledger, self.context.pairing().subjects);
        let compression = self.context.compression;
        let Part { body, about } = match &rows {
            Rows::Accelerometer(rows) => {
                parquet::encode(table, compression, &(rows.rows().as_slice(), ledger.emails()))?
            }
            Rows::Steps(rows) => {
                parquet::encode(table, compression, &(rows.rows().as_slice(), ledger.serials()))?
            }
            Rows::Paired(rows) => parquet::encode(table, compression, &(rows.as_slice(), subjects.names()))?,
        };
        Ok((body, JobResult { counted, about }))
    }
}

/// Makes row groups of the rows of a job.
pub(super) fn encode_customers<C: Borrow<Customer>>(
    plan: &CurationPlan,
    job: usize,
    compression: Compression,
    rows: &[C],
) -> Result<(Vec<u8>, JobResult), Error> {
    let Part { body, about } = parquet::encode(plan.jobs[job].table, compression, &rows)?;
    Ok((body, JobResult { counted: JobCounts::of_rows(job, rows.len()), about }))
}

fn first_and_last(times: impl Iterator<Item = i64>) -> Option<(i64, i64)> {
    times.fold(None, |known, time| {
        let (first, last) = known.unwrap_or((time, time));
        Some((time.min(first), time.max(last)))
    })
}

/// All readings of some shares, which are sorted.
fn merged(shares: Vec<Readings>) -> Readings {
    // By pairs, so that no row is moved more often than the rounds are many.
    let mut shares = VecDeque::from(shares);
    loop {
        let mut one = shares.pop_front().unwrap_or_default();
        let Some(other) = shares.pop_front() else { return one };
        one.merge(other);
        shares.push_back(one);
    }
}
