//! Makes row groups wherever there is an instance to do it, out of what every
//! instance has admitted.

use std::collections::VecDeque;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::plan::{Brief, Job, Plan};
use super::reader::Reader;
use super::spill::{Slice, Spilled};
use crate::consent::{Filtered, Trusted};
use crate::error::{Error, ErrorKind};
use crate::joins::{self, Groups};
use crate::parquet::{self, About, Part};
use crate::report::Spread;
use crate::schema::Table;
use crate::zones::{self, Intake, MOST_PAIRS, MachineLearning, Paired, Reading, Readings, StepReading};

/// What a reader has become: the holder of what it admitted, for as long as
/// tables are made of it.
pub struct Curator {
    brief: Brief,
    plan: Plan,
    /// Sorted.
    readings: Readings,
    emails: Groups,
    serials: Groups,
    spilled: Spilled,
}

/// What a job comes to, in counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Counted {
    pub(super) job: usize,
    pub(super) rows: u64,
    pub(super) duplicates: u64,
    pub(super) filtered: Filtered,
    pub(super) rows_matched: u64,
    pub(super) mixed: u64,
    pub(super) spread: Spread,
}

/// What became of a job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    pub(super) counted: Counted,
    pub(super) about: About,
}

impl Counted {
    /// As bytes for another instance.
    ///
    /// # Errors
    /// `Exchange` when it cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        postcard::to_allocvec(self).map_err(|_| no_answer())
    }

    /// From [`Counted::to_bytes`].
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Counted, Error> {
        postcard::from_bytes(bytes).map_err(|_| no_answer())
    }
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

/// The rows of a job, sorted, and what they come to.
pub struct Ready {
    /// What is known before they are encoded.
    pub counted: Counted,
    rows: Rows,
}

enum Rows {
    Accelerometer(Trusted<Vec<Reading>>),
    Steps(Trusted<Vec<StepReading>>),
    Paired(Vec<MachineLearning>),
}

fn no_answer() -> Error {
    ErrorKind::Exchange { expected: "answer to a job" }.into()
}

impl Curator {
    pub(super) fn new(brief: Brief, plan: Plan, mut readings: Readings, spilled: Spilled) -> Curator {
        let (emails, serials) = readings.sort(&brief.ledger);
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

    /// What this instance holds in memory of a job's readings, sorted.
    pub fn share(&self, job: usize) -> Readings {
        let Job { table, groups, .. } = &self.plan.jobs[job];
        let mut share = Readings::default();
        let mut readings = |emails: Range<usize>| {
            share.accelerometer.take_from(&self.readings.accelerometer, self.emails.of(emails));
        };
        let mut steps = |serials: Range<usize>| {
            share.steps.take_from(&self.readings.steps, self.serials.of(serials));
        };
        let pairing = self.brief.pairing();
        let each = |one: u32| one as usize..one as usize + 1;
        match table {
            Table::StepTrainerTrusted => steps(groups.clone()),
            Table::MachineLearningCurated if pairing.by_subject() => {
                pairing.emails(groups.clone()).into_iter().map(each).for_each(readings);
                pairing.serials(groups.clone()).into_iter().map(each).for_each(steps);
            }
            Table::MachineLearningCurated => return self.readings.clone(),
            _ => readings(groups.clone()),
        }
        share
    }

    /// Where the rest of a job's readings are that this instance has admitted:
    /// accelerometer readings, then step readings.
    pub fn slices(&self, job: usize) -> (Vec<Slice>, Vec<Slice>) {
        self.spilled.slices(self.brief.pairing(), &self.plan.jobs[job])
    }

    /// Does a job, from the shares of all instances, each sorted.
    ///
    /// # Errors
    /// What the Parquet writer says; `TooManyRows`, `TooManyPairs`.
    pub fn work(&self, job: usize, shares: Vec<Readings>) -> Result<(Vec<u8>, Done), Error> {
        self.encode(self.count(job, shares)?)
    }

    /// Merges, settles and joins the readings of a job, of which all shares are
    /// sorted.
    ///
    /// # Errors
    /// `TooManyRows`, `TooManyPairs`.
    pub fn count(&self, job: usize, shares: Vec<Readings>) -> Result<Ready, Error> {
        let Job { table, groups, .. } = &self.plan.jobs[job];
        let ledger = &self.brief.ledger;
        let Readings { accelerometer, mut steps } = merged(shares);
        let filtered = self.plan.settlement.steps(ledger, &mut steps);
        let counted = |rows: usize, duplicates, filtered| Counted {
            job,
            rows: rows as u64,
            duplicates,
            filtered,
            rows_matched: 0,
            mixed: 0,
            spread: Spread::default(),
        };
        Ok(match table {
            Table::StepTrainerTrusted => {
                let rows = steps.rows();
                let duplicates = joins::duplicates(rows, |a, b| a == b);
                Ready { counted: counted(rows.len(), duplicates, filtered), rows: Rows::Steps(steps) }
            }
            Table::MachineLearningCurated => {
                let paired =
                    zones::curate(self.brief.pairing(), groups.clone(), &accelerometer, &steps, MOST_PAIRS)?;
                let spread = paired.spread();
                let Paired { rows, rows_matched, filtered, mixed, .. } = paired;
                let duplicates = joins::duplicates(&rows, |a: &MachineLearning, b| a.order(b).is_eq());
                let counted = counted(rows.len(), duplicates, filtered);
                Ready {
                    counted: Counted { rows_matched, mixed, spread, ..counted },
                    rows: Rows::Paired(rows),
                }
            }
            _ => {
                let rows = accelerometer.rows();
                let duplicates = joins::duplicates(rows, |a, b| a.order(b).is_eq());
                let counted = counted(rows.len(), duplicates, filtered);
                Ready { counted, rows: Rows::Accelerometer(accelerometer) }
            }
        })
    }

    /// Makes row groups of the rows of a job.
    ///
    /// # Errors
    /// What the Parquet writer says.
    pub fn encode(&self, ready: Ready) -> Result<(Vec<u8>, Done), Error> {
        let Ready { counted, rows } = ready;
        let table = self.plan.jobs[counted.job].table;
        let (ledger, subjects) = (&self.brief.ledger, self.brief.pairing().subjects);
        let compression = self.brief.compression;
        let Part { body, about } = match &rows {
            Rows::Accelerometer(rows) => {
                parquet::encode(table, compression, &(rows.rows().as_slice(), ledger.emails()))?
            }
            Rows::Steps(rows) => {
                parquet::encode(table, compression, &(rows.rows().as_slice(), ledger.serials()))?
            }
            Rows::Paired(rows) => parquet::encode(table, compression, &(rows.as_slice(), subjects.names()))?,
        };
        Ok((body, Done { counted, about }))
    }
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
