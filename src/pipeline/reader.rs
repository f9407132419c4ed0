//! Reads readings wherever there is an instance to do it.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::curator::Curator;
use super::journal::Landed;
use super::plan::{Brief, Plan};
use super::spill::Spilled;
use crate::ingest::{Archive, ArchiveError, Decoded, InputFile};
use crate::report::TableReport;
use crate::schema::Table;
use crate::zones::{Intake, Tallies};

/// Reads readings past the consent ledger, for a stage in this instance or in
/// another.
pub struct Reader {
    brief: Brief,
    intake: Intake,
    landing: Landed,
    spilled: Spilled,
}

impl Reader {
    /// A reader of nothing yet.
    pub fn new(brief: Brief) -> Reader {
        let intake = Intake::new(&brief.ledger);
        Reader::of(brief, intake)
    }

    /// What a reader under narrower options would have taken in.
    pub(super) fn of(brief: Brief, intake: Intake) -> Reader {
        Reader { brief, intake, landing: Landed::default(), spilled: Spilled::default() }
    }

    /// Takes the next bytes of a file.
    pub fn push(&mut self, file: &mut InputFile, chunk: &[u8]) {
        file.push(chunk, &mut self.intake.sink(&self.brief.ledger, file.kind()));
    }

    /// Ends a file, or a range of one.
    pub fn finish(&mut self, file: InputFile) -> Decoded {
        let kind = file.kind();
        let decoded = file.finish(&mut self.intake.sink(&self.brief.ledger, kind));
        self.landing.add(kind, &decoded);
        decoded
    }

    /// Takes a whole entry of a zip.
    ///
    /// # Errors
    /// What keeps the entry from being opened; nothing of it was taken then.
    pub fn entry<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        entry: usize,
        file: &mut InputFile,
    ) -> Result<(), ArchiveError> {
        let kind = file.kind();
        archive.decode(entry, file, &mut self.intake.sink(&self.brief.ledger, kind))
    }

    /// The tables of readings so far, with the files that are still being read.
    pub fn tables<'a>(
        &self,
        open: impl IntoIterator<Item = &'a InputFile> + Clone,
    ) -> BTreeMap<Table, TableReport> {
        let mut tables = self.landing.tables(open);
        tables.remove(&Table::CustomerLanding);
        let trusted = accelerometer_trusted(&tables, &self.intake.tallies);
        tables.insert(Table::AccelerometerTrusted, trusted);
        tables
    }

    /// What it has counted.
    pub fn tallies(&self) -> &Tallies {
        &self.intake.tallies
    }

    /// Bytes of the readings that it holds.
    pub fn size(&self) -> usize {
        self.intake.readings.size()
    }

    /// Hands its readings out as a run and forgets them. The host keeps the
    /// bytes, and finds them by [`Curator::slices`].
    pub fn spill(&mut self, write: &mut dyn FnMut(&[u8])) {
        self.spilled.spill(&self.brief, &mut self.intake.readings, write);
    }

    /// Whether it has handed anything out.
    pub fn has_spilled(&self) -> bool {
        !self.spilled.is_empty()
    }

    /// When everything is read and settled: makes tables.
    pub fn curator(self, plan: Plan) -> Curator {
        Curator::new(self.brief, plan, self.intake.readings, self.spilled)
    }
}

/// The table, of the readings so far.
pub(super) fn accelerometer_trusted(tables: &BTreeMap<Table, TableReport>, tallies: &Tallies) -> TableReport {
    let rows_in = tables.get(&Table::AccelerometerLanding).map_or(0, |landing| landing.rows_out);
    let rows_out = tallies.accelerometer.iter().sum();
    TableReport::filtered(rows_in, rows_out, tallies.accelerometer_filtered())
}
