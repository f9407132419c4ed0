//! Which readings a job of machine_learning_curated needs: those of its subjects, and those that may be
//! paired with them.

use std::ops::Range;

use super::curated::{Making, Pairing};
use super::trusted::CuratedOwners;
use crate::options::{Identity, Join};
use crate::rows::Sensor;

/// Positions in the ledger's emails or serials.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Every one.
    All,
    /// These, sorted, each once.
    Of(Vec<u32>),
}

impl Wanted {
    /// Ranges of positions, of `all`, whose readings stand together.
    pub fn ranges(self, all: usize) -> impl Iterator<Item = Range<usize>> {
        let ranges: Vec<Range<usize>> = match self {
            Wanted::All => std::iter::once(0..all).collect(),
            Wanted::Of(positions) => {
                let stretches = positions.chunk_by(|one, next| one + 1 == *next);
                stretches.map(|those| those[0] as usize..those[0] as usize + those.len()).collect()
            }
        };
        ranges.into_iter()
    }
}

/// Whose readings a job needs.
#[derive(Debug, PartialEq, Eq)]
pub struct Needs {
    /// Accelerometer readings of these emails.
    pub emails: Wanted,
    /// Step readings of these serial numbers.
    pub serials: Wanted,
}

impl Pairing<'_> {
    /// The sensor whose readings the groups of a job do not cut: it needs only those that were taken at the
    /// time of one of its own, of the other sensor. There may be far more of them than it can hold.
    pub fn partners(&self, making: Making) -> Option<Sensor> {
        match making {
            Making::Pairs => Some(Sensor::Accelerometer),
            Making::Matches => Some(Sensor::StepTrainer),
            // It is one job of few readings, or cuts those of both sensors.
            Making::Whole if self.identity == Identity::Serial || self.join == Join::Owner => None,
            Making::Whole => Some(Sensor::StepTrainer),
        }
    }

    /// Whose readings a job needs. People who are not curated, who may be millions, are in no pair.
    pub fn needs(&self, making: Making, groups: &Range<usize>, curated: &CuratedOwners) -> Needs {
        let positions = groups.start as u32..groups.end as u32;
        match (making, self.identity) {
            (Making::Whole, Identity::Serial) => Needs { emails: Wanted::All, serials: Wanted::All },
            (Making::Whole, Identity::Pseudonym) => {
                let emails = self.subjects.order()[groups.clone()].iter().copied();
                self.of_people(emails.filter(|&email| curated.is_seen(email)).collect())
            }
            (Making::Matches, _) => {
                self.of_people(positions.filter(|&email| curated.is_seen(email)).collect())
            }
            (Making::Pairs, _) => {
                let emails = match self.join {
                    Join::Time => Wanted::All,
                    Join::Owner => {
                        let owners = self.ledger.owners().iter();
                        let owners = owners.filter(|owner| positions.contains(&owner.serial));
                        sorted(
                            owners.map(|owner| owner.email).filter(|&email| curated.is_seen(email)).collect(),
                        )
                    }
                };
                Needs { emails, serials: Wanted::Of(positions.collect()) }
            }
        }
    }

    fn of_people(&self, emails: Vec<u32>) -> Needs {
        let serials = match self.join {
            Join::Time => Wanted::All,
            Join::Owner => {
                let owners = emails.iter().flat_map(|&email| self.ledger.owners_of(email));
                sorted(owners.map(|owner| owner.serial).collect())
            }
        };
        Needs { emails: sorted(emails), serials }
    }
}

/// Those positions, in order and each once.
pub fn sorted(mut positions: Vec<u32>) -> Wanted {
    positions.sort_unstable();
    positions.dedup();
    Wanted::Of(positions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_that_follow_each_other_are_one_range() {
        let ranges = |positions: Vec<u32>| sorted(positions).ranges(10).collect::<Vec<_>>();
        assert_eq!(ranges(vec![7, 3, 4, 9, 8, 4]), [3..5, 7..10]);
        assert!(ranges(Vec::new()).is_empty());
        assert!(Wanted::All.ranges(10).eq(std::iter::once(0..10)));
    }
}
