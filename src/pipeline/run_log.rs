//! What a run writes down while it reads.

use std::collections::BTreeMap;

use crate::ingest::{Barred, Decoded, InputFile, KEPT, Reads, Reject, Rejected, keep_samples};
use crate::report::{self, Input, TableReport, Warning};
use crate::schema::{Landing, Table};

/// What a run writes down while it reads.
#[derive(Clone, Default)]
pub struct RunLog {
    pub(super) inputs: Vec<Input>,
    pub(super) landing: Landed,
    pub(super) rejects: Vec<Reject>,
    pub(super) unknown_fields: BTreeMap<String, u64>,
    pub(super) reads: Reads,
    pub(super) empty_lists: u64,
}

impl RunLog {
    /// Notes a list of withdrawals that has no entry.
    pub fn empty_list(&mut self) {
        self.empty_lists += 1;
    }

    /// Why the run is incomplete by what was read so far, if it is.
    pub fn incomplete(&self) -> Vec<Warning> {
        report::incomplete(&self.landing.barred, &self.inputs)
    }

    /// The inputs, in the order of a report.
    pub fn inputs(&self) -> Vec<Input> {
        let mut inputs = self.inputs.clone();
        inputs.sort();
        inputs
    }

    /// The landing tables so far.
    pub fn tables(&self) -> BTreeMap<Table, TableReport> {
        self.landing.tables([])
    }

    /// The kinds of which no input was read.
    pub fn missing(&self) -> Vec<Landing> {
        Landing::ALL.into_iter().filter(|kind| !self.landing.records.contains_key(kind)).collect()
    }

    /// The rejects that a report lists.
    pub fn rejects(&self) -> &[Reject] {
        &self.rejects
    }

    /// Whose the rejected customers are.
    pub fn barred(&self) -> &Barred {
        &self.landing.barred
    }

    /// Notes an input that was not read.
    pub fn input(&mut self, input: Input) {
        self.inputs.push(input);
    }

    /// Notes a file that was read, here or by another instance. One of several tables need
    /// not have records of each.
    pub fn decoded(&mut self, name: String, bytes: u64, kind: Landing, mut decoded: Decoded) {
        if decoded.share && decoded.records + decoded.rejected.total() == 0 {
            return;
        }
        self.landing.add(kind, &decoded);
        self.reads.note(&name, std::mem::take(&mut decoded.read));
        self.inputs.push(Input::used(name, bytes, kind, &decoded));
        // Inputs may be tens of thousands, most of them without a reject.
        if !decoded.rejects.is_empty() {
            self.rejects.extend(decoded.rejects);
            self.rejects.sort();
            keep_samples(&mut self.rejects, KEPT);
        }
        for (name, count) in decoded.unknown_fields {
            *self.unknown_fields.entry(name).or_default() += count;
        }
    }
}

/// Records and rejects of each kind.
#[derive(Clone, Default)]
pub(super) struct Landed {
    pub(super) records: BTreeMap<Landing, u64>,
    pub(super) rejected: BTreeMap<Landing, Rejected>,
    /// Whose the rejected customers are.
    pub(super) barred: Barred,
}

impl Landed {
    pub(super) fn add(&mut self, kind: Landing, decoded: &Decoded) {
        *self.records.entry(kind).or_default() += decoded.records;
        self.rejected.entry(kind).or_default().merge(&decoded.rejected);
        self.barred.merge(decoded.barred.clone());
    }

    /// The landing tables, with the files that are still being read.
    pub(super) fn tables<'a>(
        &self,
        open: impl IntoIterator<Item = &'a InputFile> + Clone,
    ) -> BTreeMap<Table, TableReport> {
        let report = |kind: Landing| {
            let mut records = self.records.get(&kind).copied().unwrap_or(0);
            let mut rejected = self.rejected.get(&kind).cloned().unwrap_or_default();
            for file in open.clone().into_iter().filter(|file| file.kind() == kind) {
                records += file.so_far().records;
                rejected.merge(&file.so_far().rejected);
            }
            (kind.table(), TableReport::landing(records, rejected))
        };
        Landing::ALL.into_iter().map(report).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::KEPT_PER_FILE;

    fn rejects<'a>(names: impl Iterator<Item = &'a String>) -> Vec<Reject> {
        let mut log = RunLog::default();
        for name in names {
            let mut file = InputFile::new(name.as_str(), Landing::Accelerometer);
            file.push("{x}\n".repeat(KEPT_PER_FILE + 50).as_bytes(), &mut ());
            log.decoded(name.clone(), 1, Landing::Accelerometer, file.finish(&mut ()));
        }
        log.rejects
    }

    #[test]
    fn a_late_file_has_samples_whatever_the_order_of_files() {
        let names: Vec<String> = (10..25).map(|number| format!("{number}.json")).collect();
        let kept = rejects(names.iter());
        assert_eq!(kept, rejects(names.iter().rev()));
        assert_eq!(kept.len(), KEPT);
        let of = |name: &String| kept.iter().filter(|reject| reject.file == *name).count();
        assert_eq!((of(&names[0]), of(&names[14])), (KEPT_PER_FILE, 5));
    }
}
