//! What instances need to know after the readings, so that they can share the work.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::context::WorkerContext;
use crate::consent::RejectEffects;
use crate::options::{Identity, Join};
use crate::parquet::ROW_GROUP_ROWS;
use crate::rows::Sensor;
use crate::schema::Table;
use crate::wire::Message;
use crate::zones::{Counters, CuratedOwners, Making, Pairing};

/// How many times fewer readings a job pairs under `join = time`, where each may be in many pairs.
const FEWER_BY_TIME: u64 = 4;

/// Row groups to be made by one instance, from readings of all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Of which table.
    pub table: Table,
    /// Positions in the ledger's emails, or serials; ranks of subjects; rows of the customer tables.
    pub groups: Range<usize>,
    /// About how many.
    pub rows: u64,
    /// Of machine_learning_curated: what is made of them.
    pub making: Making,
}

impl Job {
    /// The sensor of whose readings it needs only what was taken at the time of one of its own: see
    /// [`Pairing::partners`].
    pub(super) fn partners(&self, pairing: Pairing<'_>) -> Option<Sensor> {
        if self.table == Table::MachineLearningCurated { pairing.partners(self.making) } else { None }
    }
}

/// Who is curated, and the jobs that make the tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurationPlan {
    pub(super) curated_owners: CuratedOwners,
    /// People of the ledger whose readings are left out: only among the readings it was seen that
    /// they may not consent any more. Positions in the ledger's emails.
    pub(super) barred: BTreeSet<u32>,
    pub(super) jobs: Vec<Job>,
}

impl Message for CurationPlan {
    const NAME: &'static str = "plan";
}

impl CurationPlan {
    /// From what all instances counted, so that jobs depend on rows only: on at
    /// most so many each.
    pub(super) fn new(
        context: &WorkerContext,
        counters: &Counters,
        rejects: RejectEffects,
        most: u64,
    ) -> CurationPlan {
        let admitted = counters.accelerometer.iter().zip(0..);
        let admitted = admitted.map(|(&rows, email)| if rejects.barred.contains(&email) { 0 } else { rows });
        let admitted: Vec<u64> = admitted.collect();
        let seen = admitted.iter().map(|&rows| rows > 0).collect();
        let curated_owners = CuratedOwners::new(&context.ledger, seen, &rejects);
        // Others are read to be counted only: a lake does not have them, and a run that goes on from it
        // cuts its row groups at the same places.
        let kept = (0..).zip(curated_owners.kept_since()).map(|(serial, since)| {
            since.map_or(0, |since| counters.steps_since(&context.ledger, serial, since))
        });
        let kept: Vec<u64> = kept.collect();
        let mut jobs = Vec::new();
        let mut add = |table, making, rows: &[u64], kept: &[u64], most| {
            let cuts = cut(rows, kept, most).into_iter();
            jobs.extend(cuts.map(|(groups, rows)| Job { table, groups, rows, making }));
        };
        add(Table::AccelerometerTrusted, Making::Whole, &counters.accelerometer, &admitted, most);
        add(Table::StepTrainerTrusted, Making::Whole, &counters.steps, &kept, most);
        let pairing = context.pairing();
        let most = match pairing.join {
            Join::Owner => most,
            Join::Time => (most / FEWER_BY_TIME).max(1),
        };
        let mut add_pairs =
            |making, rows: &[u64]| add(Table::MachineLearningCurated, making, rows, rows, most);
        let is_one_job = [&admitted, &kept].iter().all(|rows| rows.iter().sum::<u64>() <= most);
        match pairing.identity {
            Identity::Pseudonym => {
                let by_subject = pairing.subjects.order().iter().map(|&email| admitted[email as usize]);
                add_pairs(Making::Whole, &by_subject.collect::<Vec<_>>());
            }
            Identity::Serial if is_one_job => {
                let groups = 0..pairing.subjects.names().len();
                let rows = admitted.iter().sum();
                jobs.push(Job { table: Table::MachineLearningCurated, groups, rows, making: Making::Whole });
            }
            Identity::Serial => {
                add_pairs(Making::Pairs, &kept);
                add_pairs(Making::Matches, &admitted);
            }
        }
        CurationPlan { curated_owners, barred: rejects.barred, jobs }
    }

    /// Adds what makes a table of customers, of so many rows.
    pub(super) fn add_customers(&mut self, table: Table, rows: usize) {
        for start in (0..rows).step_by(ROW_GROUP_ROWS) {
            let groups = start..rows.min(start + ROW_GROUP_ROWS);
            self.jobs.push(Job { table, rows: groups.len() as u64, groups, making: Making::Whole });
        }
    }

    /// What is to be done, table by table.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }
}

/// Cuts groups of so many rows into ranges of which at most `most` are kept; a group that
/// is larger stands alone. Every row is in a range.
fn cut(rows: &[u64], kept: &[u64], most: u64) -> Vec<(Range<usize>, u64)> {
    let mut cuts = Vec::new();
    let (mut start, mut sum) = (0, 0);
    for (at, &kept) in kept.iter().enumerate() {
        if sum > 0 && sum + kept > most {
            cuts.push((start..at, sum));
            (start, sum) = (at, 0);
        }
        sum += kept;
    }
    if rows[start..].iter().any(|&rows| rows > 0) {
        cuts.push((start..rows.len(), sum));
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_at_most_so_many_rows_unless_one_group_is_larger() {
        let all = |rows: &[u64]| cut(rows, rows, 10);
        assert_eq!(all(&[]), []);
        assert_eq!(all(&[0, 0]), []);
        assert_eq!(all(&[1, 9, 1, 15, 0, 2]), [(0..2, 10), (2..3, 1), (3..4, 15), (4..6, 2)]);
    }

    #[test]
    fn rows_that_are_not_kept_cut_nothing_and_are_in_a_range() {
        assert_eq!(cut(&[1, 9, 9, 5], &[1, 9, 0, 5], 10), [(0..3, 10), (3..4, 5)]);
        assert_eq!(cut(&[9, 9], &[0, 0], 10), [(0..2, 0)]);
        assert_eq!(cut(&[11, 9], &[11, 0], 10), [(0..1, 11), (1..2, 0)]);
    }
}
