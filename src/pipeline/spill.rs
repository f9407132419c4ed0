//! Readings that outgrow memory are written out by the host, in runs, and found
//! again by where they lie in them.

use std::ops::Range;

use super::context::WorkerContext;
use super::plan::Job;
use crate::consent::{Owner, Readings};
use crate::joins::{self, Stretches};
use crate::options::Identity;
use crate::rows::{Reading, Sensor, StepReading};
use crate::schema::Table;
use crate::zones::{CuratedOwners, Making, Needs, Pairing, Wanted, sorted};

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
        let has_pseudonyms = pairing.identity == Identity::Pseudonym;
        if by_subject && self.serials.is_empty() {
            self.order_serials(pairing);
        }
        let mut out = Out::new(write);
        let people = context.ledger.emails().len();
        let rows = joins::group(readings.accelerometer.rows(), people, |row| row.email);
        let emails = out.section(0..people as u32, &rows, Reading::to_bytes);
        let subjects = match has_pseudonyms {
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

    /// Where a job's own readings are: of the accelerometer, then of the step trainer.
    pub(super) fn slices(
        &self,
        pairing: Pairing<'_>,
        curated: &CuratedOwners,
        job: &Job,
    ) -> (Vec<Slice>, Vec<Slice>) {
        if self.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let [mut emails, mut serials] = self.sections(pairing, curated, job);
        match job.partners(pairing) {
            Some(Sensor::Accelerometer) => emails.groups.clear(),
            Some(Sensor::StepTrainer) => serials.groups.clear(),
            None => {}
        }
        (self.find(&emails), self.find(&serials))
    }

    /// Where the readings are that may be paired with a job's own.
    pub(super) fn partners(&self, pairing: Pairing<'_>, curated: &CuratedOwners, job: &Job) -> Vec<Slice> {
        let (false, Some(sensor)) = (self.is_empty(), job.partners(pairing)) else {
            return Vec::new();
        };
        let [emails, serials] = self.sections(pairing, curated, job);
        self.find(match sensor {
            Sensor::Accelerometer => &emails,
            Sensor::StepTrainer => &serials,
        })
    }

    fn find(&self, places: &Places) -> Vec<Slice> {
        let mut slices = Vec::new();
        for (run, sections) in self.runs.iter().enumerate() {
            for groups in &places.groups {
                let Range { start, end } = (places.of)(sections).slice(groups.clone());
                if start < end {
                    slices.push(Slice { run, start, end });
                }
            }
        }
        slices
    }

    /// In which order a job's accelerometer and step readings are found in the fewest places.
    fn sections(&self, pairing: Pairing<'_>, curated: &CuratedOwners, job: &Job) -> [Places; 2] {
        let Job { table, groups, making, .. } = job;
        let emails = |groups| Places { of: |run| &run.emails, groups };
        let serials = |groups| Places { of: |run| &run.serials, groups };
        match table {
            Table::StepTrainerTrusted => [emails(Vec::new()), serials(vec![groups.clone()])],
            Table::AccelerometerTrusted => [emails(vec![groups.clone()]), serials(Vec::new())],
            Table::MachineLearningCurated => {
                let Needs { emails: of_people, serials: of_devices } =
                    pairing.needs(*making, groups, curated);
                let of_people = match (making, pairing.identity) {
                    (Making::Whole, Identity::Pseudonym) => {
                        Places { of: |run| &run.subjects, groups: vec![groups.clone()] }
                    }
                    _ => emails(of_people.ranges(pairing.ledger.emails().len()).collect()),
                };
                let of_devices = match of_devices {
                    Wanted::Of(devices) if pairing.by_subject() => {
                        let places = devices.into_iter().map(|serial| self.places[serial as usize]);
                        let groups = sorted(places.collect()).ranges(self.serials.len()).collect();
                        Places { of: |run| &run.subjects_serials, groups }
                    }
                    wanted => serials(wanted.ranges(pairing.ledger.serials().len()).collect()),
                };
                [of_people, of_devices]
            }
            // Customers are the stage's.
            _ => [emails(Vec::new()), serials(Vec::new())],
        }
    }
}

/// Groups of a section of every run.
struct Places {
    of: fn(&Run) -> &Section,
    groups: Vec<Range<usize>>,
}

struct Out<'a> {
    write: &'a mut dyn FnMut(&[u8]),
    chunk: Vec<u8>,
    written: u64,
}

impl<'a> Out<'a> {
    fn new(write: &'a mut dyn FnMut(&[u8])) -> Out<'a> {
        Out { write, chunk: Vec::with_capacity(CHUNK), written: 0 }
    }

    fn section<const N: usize, T: Copy>(
        &mut self,
        order: impl Iterator<Item = u32>,
        rows: &Stretches<'_, T>,
        to_bytes: impl Fn(T) -> [u8; N],
    ) -> Section {
        let mut starts = vec![self.written];
        for group in order {
            for &row in rows.of(group as usize).iter().copied().flatten() {
                self.push(&to_bytes(row));
            }
            starts.push(self.written);
        }
        Section(starts)
    }

    #[inline]
    fn push(&mut self, row: &[u8]) {
        if self.chunk.len() + row.len() > CHUNK {
            self.flush();
        }
        self.chunk.extend_from_slice(row);
        self.written += row.len() as u64;
    }

    fn flush(&mut self) {
        if !self.chunk.is_empty() {
            (self.write)(&self.chunk);
            self.chunk.clear();
        }
    }
}

/// Hands out rows as bytes, which follow each other.
pub(super) fn write_rows<const N: usize>(rows: impl Iterator<Item = [u8; N]>, write: &mut dyn FnMut(&[u8])) {
    let mut out = Out::new(write);
    rows.for_each(|row| out.push(&row));
    out.flush();
}

/// How many rows of the kind are in so many bytes.
pub fn accelerometer_rows(slices: &[Slice]) -> usize {
    let bytes: u64 = slices.iter().map(|slice| slice.end - slice.start).sum();
    (bytes / Reading::BYTES as u64) as usize
}
