//! What a run writes down while it reads.

use std::collections::BTreeMap;

use crate::ingest::{Barred, Decoded, InputFile, KEPT, Reads, Reject, Rejected};
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
            self.rejects.truncate(KEPT);
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
