//! Makes row groups wherever there is an instance to do it, out of what every
//! instance has admitted.

use serde::{Deserialize, Serialize};

use super::plan::{Brief, Job, Plan};
use super::reader::Reader;
use super::spill::{Slice, Spilled};
use crate::consent::Filtered;
use crate::error::{Error, ErrorKind};
use crate::joins;
use crate::parquet::{self, About, Part};
use crate::report::Spread;
use crate::schema::Table;
use crate::zones::{self, Intake, Reading, Readings, StepReading};

/// What a reader has become: the holder of what it admitted, for as long as
/// tables are made of it.
pub struct Curator {
    brief: Brief,
    plan: Plan,
    readings: Readings,
    emails: Groups,
    serials: Groups,
    spilled: Spilled,
}

/// Positions of rows by a group number, and where each group starts in them.
struct Groups {
    starts: Vec<usize>,
    positions: Vec<u32>,
}

impl Groups {
    fn of(&self, group: usize) -> &[u32] {
        &self.positions[self.starts[group]..self.starts[group + 1]]
    }
}

/// What became of a job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    pub(super) job: usize,
    pub(super) about: About,
    pub(super) rows: u64,
    pub(super) duplicates: u64,
    pub(super) filtered: Filtered,
    pub(super) rows_matched: u64,
    pub(super) mixed: u64,
    pub(super) spread: Spread,
}

impl Done {
    /// As bytes for another instance.
    ///
    /// # Errors
    /// `Exchange` when it cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        postcard::to_allocvec(self).map_err(|_| no_answer())
    }

    /// From [`Done::to_bytes`].
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Done, Error> {
        postcard::from_bytes(bytes).map_err(|_| no_answer())
    }
}

fn no_answer() -> Error {
    ErrorKind::Exchange { expected: "answer to a job" }.into()
}

impl Curator {
    pub(super) fn new(brief: Brief, plan: Plan, readings: Readings, spilled: Spilled) -> Curator {
        let (emails, serials) = (brief.ledger.emails().len(), brief.ledger.serials().len());
        let (starts, positions) = joins::group(readings.accelerometer.rows(), emails, |row| row.email);
        let emails = Groups { starts, positions };
        let (starts, positions) = joins::group(readings.steps.rows(), serials, |row| row.serial);
        let serials = Groups { starts, positions };
        Curator { brief, plan, readings, emails, serials, spilled }
    }

    /// Who may be used.
    pub fn brief(&self) -> &Brief {
        &self.brief
    }

    /// Starts again under narrower options, from what this instance holds, if it
    /// holds all of it in memory.
    pub fn narrowed(&self, brief: Brief) -> Option<Reader> {
        if !self.spilled.is_empty() {
            return None;
        }
        let intake = Intake::narrowed(&self.readings, &self.brief.ledger, &brief.ledger);
        Some(Reader::of(brief, intake))
    }

    /// What this instance holds in memory of a job's readings.
    pub fn share(&self, job: usize) -> Readings {
        let Job { table, groups, .. } = &self.plan.jobs[job];
        let mut share = Readings::default();
        let mut reading = |email: usize| {
            share.accelerometer.take_from(&self.readings.accelerometer, self.emails.of(email));
        };
        let mut step = |serial: usize| {
            share.steps.take_from(&self.readings.steps, self.serials.of(serial));
        };
        let pairing = self.brief.pairing();
        match table {
            Table::StepTrainerTrusted => groups.clone().for_each(step),
            Table::MachineLearningCurated if pairing.by_subject() => {
                let emails = &pairing.subjects.order()[groups.clone()];
                emails.iter().for_each(|&email| reading(email as usize));
                let serials = pairing.serials(groups.clone());
                serials.into_iter().for_each(|serial| step(serial as usize));
            }
            Table::MachineLearningCurated => return self.readings.clone(),
            _ => groups.clone().for_each(&mut reading),
        }
        share
    }

    /// Where the rest of a job's readings are that this instance has admitted:
    /// accelerometer readings, then step readings.
    pub fn slices(&self, job: usize) -> (Vec<Slice>, Vec<Slice>) {
        self.spilled.slices(self.brief.pairing(), &self.plan.jobs[job])
    }

    /// Does a job, from the shares of all instances.
    ///
    /// # Errors
    /// What the Parquet writer says; `TooManyRows`.
    pub fn work(&self, job: usize, readings: Readings) -> Result<(Vec<u8>, Done), Error> {
        let Job { table, groups, .. } = &self.plan.jobs[job];
        let ledger = &self.brief.ledger;
        let (emails, serials) = (ledger.emails(), ledger.serials());
        let Readings { mut accelerometer, mut steps } = readings;
        accelerometer.sort_grouped(emails.len(), |row| row.email, |row| row.time, Reading::order);
        let mut filtered = self.plan.settlement.steps(ledger, &mut steps);
        steps.sort_grouped(serials.len(), |row| row.serial, |row| row.time, StepReading::order);
        let (mut rows_matched, mut mixed, mut spread) = (0, 0, Spread::default());
        let (Part { body, about }, rows, duplicates) = match table {
            Table::StepTrainerTrusted => {
                let rows = steps.rows().as_slice();
                let part = parquet::encode(*table, &(rows, serials))?;
                (part, rows.len(), joins::duplicates(rows, |a, b| a == b))
            }
            Table::MachineLearningCurated => {
                let pairing = self.brief.pairing();
                let paired = zones::curate(pairing, groups.clone(), &accelerometer, &steps)?;
                spread = paired.spread();
                (rows_matched, mixed, filtered) = (paired.rows_matched, paired.mixed, paired.filtered);
                let rows = paired.rows.as_slice();
                let part = parquet::encode(*table, &(rows, pairing.subjects.names()))?;
                (part, rows.len(), joins::duplicates(rows, |a, b| a.order(b).is_eq()))
            }
            _ => {
                let rows = accelerometer.rows().as_slice();
                let part = parquet::encode(*table, &(rows, emails))?;
                (part, rows.len(), joins::duplicates(rows, |a, b| a.order(b).is_eq()))
            }
        };
        Ok((body, Done { job, about, rows: rows as u64, duplicates, filtered, rows_matched, mixed, spread }))
    }
}
