//! Reads readings wherever there is an instance to do it.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::journal::Landed;
use crate::consent::ConsentLedger;
use crate::ingest::{Archive, ArchiveError, Decoded, InputFile};
use crate::report::TableReport;
use crate::schema::Table;
use crate::zones::Readings;

/// Reads readings past the consent ledger, for a stage in this instance or in
/// another.
pub struct Reader {
    pub(super) ledger: ConsentLedger,
    pub(super) readings: Readings,
    landing: Landed,
}

impl Reader {
    /// A reader of nothing yet.
    pub fn new(ledger: ConsentLedger) -> Reader {
        Reader { readings: Readings::new(&ledger), ledger, landing: Landed::default() }
    }

    /// A reader of nothing yet, that goes on from what customers have met.
    pub(super) fn with(ledger: ConsentLedger, readings: Readings) -> Reader {
        Reader { ledger, readings, landing: Landed::default() }
    }

    /// Takes the next bytes of a file.
    pub fn push(&mut self, file: &mut InputFile, chunk: &[u8]) {
        file.push(chunk, &mut self.readings.sink(&self.ledger, file.kind()));
    }

    /// Ends a file, or a range of one.
    pub fn finish(&mut self, file: InputFile) -> Decoded {
        let kind = file.kind();
        let decoded = file.finish(&mut self.readings.sink(&self.ledger, kind));
        self.landing.add(kind, &decoded);
        decoded
    }

    /// The tables of readings so far, with a file that is still being read.
    pub fn tables(&self, open: Option<&InputFile>) -> BTreeMap<Table, TableReport> {
        let mut tables = self.landing.tables(open);
        tables.remove(&Table::CustomerLanding);
        let trusted = accelerometer_trusted(&tables, &self.readings);
        tables.insert(Table::AccelerometerTrusted, trusted);
        tables
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
        archive.decode(entry, file, &mut self.readings.sink(&self.ledger, kind))
    }

    /// What it has read.
    pub fn readings(&self) -> &Readings {
        &self.readings
    }

    /// What it has read.
    pub fn into_readings(self) -> Readings {
        self.readings
    }
}

/// The table, of the readings so far.
pub(super) fn accelerometer_trusted(
    tables: &BTreeMap<Table, TableReport>,
    readings: &Readings,
) -> TableReport {
    let rows_in = tables.get(&Table::AccelerometerLanding).map_or(0, |landing| landing.rows_out);
    let rows_out = readings.accelerometer.rows().len() as u64;
    TableReport::filtered(rows_in, rows_out, readings.accelerometer_filtered.clone())
}
