//! What instances are told so that they can share the work: before the readings
//! the brief, after them the plan.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::consent::ConsentLedger;
use crate::error::{Error, ErrorKind};
use crate::options::{Compression, Identity, Join, Key, Options};
use crate::schema::Table;
use crate::zones::{Pairing, Settlement, Subjects, Tallies};

/// What a reader needs to know of people and options.
#[derive(Clone)]
pub struct Brief {
    /// Who may be used.
    pub ledger: ConsentLedger,
    subjects: Subjects,
    join: Join,
    identity: Identity,
    /// Of the row groups.
    pub(super) compression: Compression,
}

impl Brief {
    pub(super) fn new(ledger: ConsentLedger, options: &Options, key: &Key) -> Brief {
        let subjects = Subjects::new(&ledger, options.identity, key);
        Brief {
            ledger,
            subjects,
            join: options.join,
            identity: options.identity,
            compression: options.compression,
        }
    }

    /// How readings are paired.
    pub fn pairing(&self) -> Pairing<'_> {
        let Brief { ledger, subjects, join, identity, .. } = self;
        Pairing { ledger, subjects, join: *join, identity: *identity }
    }

    /// As bytes for another instance.
    ///
    /// # Errors
    /// `Exchange` when it cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let message = (self.ledger.to_bytes()?, &self.subjects, self.join, self.identity, self.compression);
        postcard::to_allocvec(&message).map_err(|_| no("brief"))
    }

    /// From [`Brief::to_bytes`].
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Brief, Error> {
        let (ledger, subjects, join, identity, compression): (Vec<u8>, _, _, _, _) =
            postcard::from_bytes(bytes).map_err(|_| no("brief"))?;
        Ok(Brief { ledger: ConsentLedger::from_bytes(&ledger)?, subjects, join, identity, compression })
    }
}

/// Row groups to be made by one instance, from readings of all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// accelerometer_trusted, step_trainer_trusted or machine_learning_curated.
    pub table: Table,
    /// Positions in the ledger's emails, or serials; ranks of subjects.
    pub groups: Range<usize>,
    /// About how many.
    pub rows: u64,
}

/// Who is curated, and the jobs that make the tables of readings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub(super) settlement: Settlement,
    pub(super) jobs: Vec<Job>,
}

impl Plan {
    /// From what all instances counted, so that jobs depend on rows only: on at
    /// most so many each.
    pub(super) fn new(brief: &Brief, tallies: &Tallies, most: u64) -> Plan {
        let seen = tallies.accelerometer.iter().map(|&rows| rows > 0).collect();
        let mut jobs = Vec::new();
        let mut add = |table, rows: &[u64]| {
            jobs.extend(cut(rows, most).into_iter().map(|(groups, rows)| Job { table, groups, rows }));
        };
        add(Table::AccelerometerTrusted, &tallies.accelerometer);
        add(Table::StepTrainerTrusted, &tallies.steps);
        if brief.pairing().by_subject() {
            let by_subject =
                brief.subjects.order().iter().map(|&email| tallies.accelerometer[email as usize]);
            add(Table::MachineLearningCurated, &by_subject.collect::<Vec<_>>());
        } else {
            let groups = 0..brief.subjects.names().len();
            let rows = tallies.accelerometer.iter().sum();
            jobs.push(Job { table: Table::MachineLearningCurated, groups, rows });
        }
        Plan { settlement: Settlement::new(&brief.ledger, seen), jobs }
    }

    /// What is to be done, table by table.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// As bytes for another instance.
    ///
    /// # Errors
    /// `Exchange` when it cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        postcard::to_allocvec(self).map_err(|_| no("plan"))
    }

    /// From [`Plan::to_bytes`].
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Plan, Error> {
        postcard::from_bytes(bytes).map_err(|_| no("plan"))
    }
}

/// Cuts groups of so many rows into ranges of at most `most` rows; a group that
/// is larger stands alone.
fn cut(rows: &[u64], most: u64) -> Vec<(Range<usize>, u64)> {
    let mut cuts = Vec::new();
    let (mut start, mut sum) = (0, 0);
    for (at, &rows) in rows.iter().enumerate() {
        if sum > 0 && sum + rows > most {
            cuts.push((start..at, sum));
            (start, sum) = (at, 0);
        }
        sum += rows;
    }
    if sum > 0 {
        cuts.push((start..rows.len(), sum));
    }
    cuts
}

fn no(expected: &'static str) -> Error {
    ErrorKind::Exchange { expected }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_at_most_so_many_rows_unless_one_group_is_larger() {
        assert_eq!(cut(&[], 10), []);
        assert_eq!(cut(&[0, 0], 10), []);
        assert_eq!(cut(&[1, 9, 1, 15, 0, 2], 10), [(0..2, 10), (2..3, 1), (3..4, 15), (4..6, 2)]);
    }
}
