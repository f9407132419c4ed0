//! Readings that outgrow memory are written out by the host, in runs, and found
//! again by where they lie in them.

use std::ops::Range;

use super::context::WorkerContext;
use super::plan::Job;
use crate::consent::{Owner, Readings};
use crate::joins::{self, Stretches};
use crate::rows::{Reading, StepReading};
use crate::schema::Table;
use crate::zones::{CuratedOwners, Pairing};

/// Bytes handed to the host at a time.
const CHUNK: usize = 1 << 20;

/// Where the runs of an instance have what.
#[derive(Default)]
pub struct Spilled {
    runs: Vec<Run>,
    /// Serial numbers in the order of the first of their subjects.
    serials: Vec<u32>,
    /// By serial: its place in that order.
    places: Vec<u32>,
}

/// A stretch of a run, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Which run.
    pub run: usize,
    /// From here.
    pub start: u64,
    /// To before here.
    pub end: u64,
}

/// One run: the same readings in the order of each table that needs them, so
/// that a job finds its own in few places.
struct Run {
    emails: Section,
    subjects: Section,
    serials: Section,
    subjects_serials: Section,
}

/// Where the rows of each group begin, in bytes, and where the last ends.
#[derive(Default)]
struct Section(Vec<u64>);

impl Section {
    fn slice(&self, groups: Range<usize>) -> Range<u64> {
        match self.0.is_empty() {
            true => 0..0,
            false => self.0[groups.start]..self.0[groups.end],
        }
    }
}

impl Spilled {
    /// Whether there is any run.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Hands readings out as a run, and forgets them.
    pub(super) fn spill(
        &mut self,
        context: &WorkerContext,
        readings: &mut Readings,
        write: &mut dyn FnMut(&[u8]),
    ) {
        let pairing = context.pairing();
        let by_subject = pairing.by_subject();
        if by_subject && self.serials.is_empty() {
            self.order_serials(pairing);
        }
        let mut out = Out { write, chunk: Vec::with_capacity(CHUNK), written: 0 };
        let people = context.ledger.emails().len();
        let rows = joins::group(readings.accelerometer.rows(), people, |row| row.email);
        let emails = out.section(0..people as u32, &rows, Reading::to_bytes);
        let subjects = match by_subject {
            true => out.section(pairing.subjects.order().iter().copied(), &rows, Reading::to_bytes),
            false => Section::default(),
        };
        drop(rows);
        let devices = context.ledger.serials().len();
        let rows = joins::group(readings.steps.rows(), devices, |row| row.serial);
        let serials = out.section(0..devices as u32, &rows, StepReading::to_bytes);
        let subjects_serials = match by_subject {
            true => out.section(self.serials.iter().copied(), &rows, StepReading::to_bytes),
            false => Section::default(),
        };
        out.flush();
        readings.accelerometer.clear();
        readings.steps.clear();
        self.runs.push(Run { emails, subjects, serials, subjects_serials });
    }

    fn order_serials(&mut self, pairing: Pairing<'_>) {
        let devices = pairing.ledger.serials().len();
        self.places = vec![u32::MAX; devices];
        let owners = pairing.subjects.order().iter().flat_map(|&email| pairing.ledger.owners_of(email));
        for &Owner { serial, .. } in owners {
            let place = &mut self.places[serial as usize];
            if *place == u32::MAX {
                *place = self.serials.len() as u32;
                self.serials.push(serial);
            }
        }
    }

    /// Where a job's readings are.
    pub(super) fn slices(
        &self,
        pairing: Pairing<'_>,
        curated: &CuratedOwners,
        job: &Job,
    ) -> (Vec<Slice>, Vec<Slice>) {
        let Job { table, groups, .. } = job;
        let (mut accelerometer, mut steps) = (Vec::new(), Vec::new());
        let stretches = match table {
            Table::MachineLearningCurated if pairing.by_subject() && !self.is_empty() => {
                let serials = pairing.serials(groups.clone(), curated);
                stretches(serials.into_iter().map(|serial| self.places[serial as usize] as usize).collect())
            }
            _ => Vec::new(),
        };
        for (run, sections) in self.runs.iter().enumerate() {
            let add = |slices: &mut Vec<Slice>, bytes: Range<u64>| {
                if !bytes.is_empty() {
                    slices.push(Slice { run, start: bytes.start, end: bytes.end });
                }
            };
            let all = |section: &Section| section.slice(0..section.0.len() - 1);
            match table {
                Table::StepTrainerTrusted => add(&mut steps, sections.serials.slice(groups.clone())),
                Table::MachineLearningCurated if pairing.by_subject() => {
                    add(&mut accelerometer, sections.subjects.slice(groups.clone()));
                    for stretch in &stretches {
                        add(&mut steps, sections.subjects_serials.slice(stretch.clone()));
                    }
                }
                Table::MachineLearningCurated => {
                    add(&mut accelerometer, all(&sections.emails));
                    add(&mut steps, all(&sections.serials));
                }
                Table::AccelerometerTrusted => add(&mut accelerometer, sections.emails.slice(groups.clone())),
                _ => {}
            }
        }
        (accelerometer, steps)
    }
}

/// Numbers as ranges of those that follow each other.
fn stretches(mut numbers: Vec<usize>) -> Vec<Range<usize>> {
    numbers.sort_unstable();
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for number in numbers {
        match stretches.last_mut() {
            Some(last) if last.end == number => last.end += 1,
            _ => stretches.push(number..number + 1),
        }
    }
    stretches
}

struct Out<'a> {
    write: &'a mut dyn FnMut(&[u8]),
    chunk: Vec<u8>,
    written: u64,
}

impl Out<'_> {
    fn section<const N: usize, T: Copy>(
        &mut self,
        order: impl Iterator<Item = u32>,
        rows: &Stretches<'_, T>,
        to_bytes: impl Fn(T) -> [u8; N],
    ) -> Section {
        let mut starts = vec![self.written];
        for group in order {
            for &row in rows.of(group as usize).iter().copied().flatten() {
                if self.chunk.len() + N > CHUNK {
                    self.flush();
                }
                self.chunk.extend_from_slice(&to_bytes(row));
                self.written += N as u64;
            }
            starts.push(self.written);
        }
        Section(starts)
    }

    fn flush(&mut self) {
        (self.write)(&self.chunk);
        self.chunk.clear();
    }
}

/// How many rows of the kind are in so many bytes.
pub fn accelerometer_rows(slices: &[Slice]) -> usize {
    let bytes: u64 = slices.iter().map(|slice| slice.end - slice.start).sum();
    (bytes / Reading::BYTES as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_each_other_are_one_stretch() {
        assert_eq!(stretches(vec![7, 3, 4, 9, 8]), [3..5, 7..10]);
        assert!(stretches(Vec::new()).is_empty());
    }
}
