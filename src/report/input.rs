//! Inputs: what was read, and what was not.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ingest::{ArchiveFault, Decoded, Loss, Reason, Refusal, Skip, Zone};
use crate::schema::{Landing, Table};
use crate::tally::Name as _;

/// Reasons to reject a region, not a record that has an end.
const REGIONS: [Reason; 6] = [
    Reason::BadJson,
    Reason::Unterminated,
    Reason::TooLong,
    Reason::TooDeep,
    Reason::BadUtf8,
    Reason::BadCompression,
];

/// An input and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ReportInput"))]
pub struct Input {
    /// Path as the user knows it; for an entry of a zip `a.zip/path`.
    pub name: String,
    /// Size, packed as it was.
    pub bytes: u64,
    /// What became of it.
    #[serde(flatten)]
    pub status: InputStatus,
}

/// What became of an input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum InputStatus {
    /// Its records were read.
    Used {
        /// Where they landed.
        table: Landing,
        /// How many are rows.
        records: u64,
        /// How many are not.
        rejected: u64,
        /// Why not.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        #[cfg_attr(test, ts(type = "Partial<Record<Reason, number>>", optional))]
        reasons: BTreeMap<Reason, u64>,
        /// Known fields that a record had twice.
        duplicate_keys: u64,
        /// Times that are written as dates.
        dates: u64,
        /// Names of fields that the table does not have: how many.
        unknown_fields: usize,
        /// An array that does not end: the file may have been cut.
        array_not_closed: bool,
        /// Its rejects may be of customers though it is not known to hold any: it holds readings, and
        /// rejects that name emails; or it counts as customers, and no record shows a key of theirs.
        #[serde(skip)]
        #[cfg_attr(test, ts(skip))]
        may_hold_customers: bool,
        /// More of it was rejected than read, in records or in bytes: one reject may cover nearly all.
        #[serde(skip)]
        #[cfg_attr(test, ts(skip))]
        mostly_rejected: bool,
    },
    /// It was not read.
    Refused {
        /// Short name.
        reason: String,
        /// For the person whose file it is.
        message: String,
    },
    /// A marker or a file of a system, which is no problem.
    Skipped {
        /// Short name.
        reason: String,
    },
    /// It lies where earlier jobs put what they made of landing files, which are there too.
    #[serde(rename = "left_out")]
    LeftOut {
        /// The zone that it is of.
        reason: String,
    },
    /// Rows of a lake that the run went on from; they were admitted again.
    Lake {
        /// The lake's table.
        table: Table,
        /// How many rows.
        records: u64,
    },
    /// It was not read, since its readings are in that lake.
    #[serde(rename = "in_lake")]
    InLake,
    /// Unpacked, it has the same bytes as another input, which was used.
    Duplicate {
        /// The other's name.
        of: String,
    },
}

/// What an input that was refused for a reason may have held. A reason of the host's own says that it
/// could not be read.
fn loss(reason: &str) -> Loss {
    let refusals = Refusal::ALL.iter().map(|refusal| (refusal.reason(), refusal.loss()));
    let archives = ArchiveFault::ALL.iter().map(|fault| (fault.reason(), fault.loss()));
    refusals.chain(archives).find(|(name, _)| *name == reason).map_or(Loss::Damaged, |(_, loss)| loss)
}

impl Input {
    fn new(name: String, bytes: u64, status: InputStatus) -> Input {
        Input { name, bytes, status }
    }

    /// What an input that was refused may have held.
    pub(super) fn loss(&self) -> Loss {
        match &self.status {
            InputStatus::Refused { reason, .. } if *reason == Refusal::Parquet.reason() => self.of_parquet(),
            InputStatus::Refused { reason, .. } => loss(reason),
            _ => Loss::Nothing,
        }
    }

    /// A file of Parquet may be of anything, but where runs write theirs, and under the names by which
    /// single tables are saved.
    fn of_parquet(&self) -> Loss {
        let name = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = name.split(['.', ' ']).next().unwrap_or_default();
        let is_ours =
            Table::from_name(stem).is_some_and(|table| !table.is_landing()) || made_in(&self.name).is_some();
        if is_ours { Loss::Nothing } else { Loss::Unread }
    }

    /// An input that was read.
    pub fn used(name: String, bytes: u64, table: Landing, decoded: &Decoded) -> Input {
        let rejected = decoded.rejected.total();
        let regions: u64 = REGIONS.iter().map(|&of| decoded.rejected.get(of)).sum();
        let reasons = Reason::ALL.iter().map(|&reason| (reason, decoded.rejected.get(reason)));
        let without_key = regions + decoded.rejected.get(Reason::MissingKey);
        let may_hold_customers = match table {
            Landing::Customer => decoded.records == 0 && rejected > 0 && without_key == rejected,
            Landing::Accelerometer | Landing::StepTrainer => {
                decoded.barred.named + decoded.barred.nameless > 0
            }
        };
        Input::new(
            name,
            bytes,
            InputStatus::Used {
                table,
                records: decoded.records,
                rejected,
                reasons: reasons.filter(|(_, count)| *count > 0).collect(),
                duplicate_keys: decoded.duplicate_keys,
                dates: decoded.dates,
                unknown_fields: decoded.unknown_fields.len(),
                // A rejected region may hold the bracket.
                array_not_closed: decoded.open_arrays > 0 && regions == 0,
                may_hold_customers,
                mostly_rejected: rejected > decoded.records || decoded.rejected_bytes > decoded.bytes / 2,
            },
        )
    }

    /// An input that was not read.
    pub fn refused(name: String, bytes: u64, reason: &str, message: &str) -> Input {
        let (reason, message) = (reason.to_owned(), message.to_owned());
        Input::new(name, bytes, InputStatus::Refused { reason, message })
    }

    /// An input that is skipped.
    pub fn skipped(name: String, bytes: u64, skip: Skip) -> Input {
        Input::new(name, bytes, InputStatus::Skipped { reason: skip.reason().to_owned() })
    }

    /// An input that is left out for its zone.
    pub fn left_out(name: String, bytes: u64, zone: Zone) -> Input {
        Input::new(name, bytes, InputStatus::LeftOut { reason: zone.name().to_owned() })
    }

    /// Leaves out what was refused and may have held customers, if by its path earlier jobs made it:
    /// nobody asks what was in it. What is harmless stays refused, so that it is named.
    pub fn leave_out_if_lost(&mut self, path: &str) {
        if let Some(zone) = made_in(path).filter(|_| self.loss() != Loss::Nothing) {
            self.status = InputStatus::LeftOut { reason: zone.name().to_owned() };
        }
    }

    /// An input that has the same bytes as another.
    pub fn duplicate(name: String, bytes: u64, of: String) -> Input {
        Input::new(name, bytes, InputStatus::Duplicate { of })
    }

    /// A table of the lake that the run goes on from.
    pub fn lake(name: String, bytes: u64, table: Table, records: u64) -> Input {
        Input::new(name, bytes, InputStatus::Lake { table, records })
    }

    /// An input whose readings are in that lake.
    pub fn in_lake(name: String, bytes: u64) -> Input {
        Input::new(name, bytes, InputStatus::InLake)
    }

    /// As [`Input::refused`].
    pub fn refusal(name: String, bytes: u64, refusal: Refusal) -> Input {
        Input::refused(name, bytes, refusal.reason(), refusal.message())
    }
}

/// The zone of what earlier jobs made of landing files, by its path: see [`Zone::of`].
fn made_in(path: &str) -> Option<Zone> {
    Zone::of(path).filter(|zone| *zone != Zone::Landing)
}

/// Where there are landing files among the sources, hands those that earlier jobs made of them to
/// `leave`, and leaves out what was refused there and may have held customers. Paths are below the
/// folder or archive that was given. Gives whether there are.
pub fn leave_out<'a, S>(
    sources: &mut Vec<S>,
    path: impl Fn(&S) -> &str,
    mut leave: impl FnMut(S, Zone),
    refused: impl Iterator<Item = (String, &'a mut Input)>,
) -> bool {
    if !sources.iter().any(|source| Zone::of(path(source)) == Some(Zone::Landing)) {
        return false;
    }
    for source in std::mem::take(sources) {
        match made_in(path(&source)) {
            Some(zone) => leave(source, zone),
            None => sources.push(source),
        }
    }
    refused.for_each(|(path, input)| input.leave_out_if_lost(&path));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reason_is_of_one_loss() {
        for refusal in Refusal::ALL {
            assert_eq!(loss(refusal.reason()), refusal.loss(), "{refusal:?}");
        }
        for fault in ArchiveFault::ALL {
            assert_eq!(loss(fault.reason()), fault.loss(), "{fault:?}");
        }
        assert_eq!(loss("NotReadableError"), Loss::Damaged);
    }
}
