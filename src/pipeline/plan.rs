//! What instances need to know after the readings, so that they can share the work.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::context::WorkerContext;
use crate::schema::Table;
use crate::wire::Message;
use crate::zones::{Counters, CuratedOwners};

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
pub struct CurationPlan {
    pub(super) curated_owners: CuratedOwners,
    pub(super) jobs: Vec<Job>,
}

impl Message for CurationPlan {
    const NAME: &'static str = "plan";
}

impl CurationPlan {
    /// From what all instances counted, so that jobs depend on rows only: on at
    /// most so many each.
    pub(super) fn new(context: &WorkerContext, counters: &Counters, most: u64) -> CurationPlan {
        let seen = counters.accelerometer.iter().map(|&rows| rows > 0).collect();
        let mut jobs = Vec::new();
        let mut add = |table, rows: &[u64]| {
            jobs.extend(cut(rows, most).into_iter().map(|(groups, rows)| Job { table, groups, rows }));
        };
        add(Table::AccelerometerTrusted, &counters.accelerometer);
        add(Table::StepTrainerTrusted, &counters.steps);
        if context.pairing().by_subject() {
            let by_subject = context
                .pairing()
                .subjects
                .order()
                .iter()
                .map(|&email| counters.accelerometer[email as usize]);
            add(Table::MachineLearningCurated, &by_subject.collect::<Vec<_>>());
        } else {
            let groups = 0..context.pairing().subjects.names().len();
            let rows = counters.accelerometer.iter().sum();
            jobs.push(Job { table: Table::MachineLearningCurated, groups, rows });
        }
        CurationPlan { curated_owners: CuratedOwners::new(&context.ledger, seen), jobs }
    }

    /// What is to be done, table by table.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
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
