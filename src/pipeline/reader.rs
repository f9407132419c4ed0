//! Reads readings wherever there is an instance to do it.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use arrow::array::RecordBatch;

use super::context::WorkerContext;
use super::run_log::Landed;
use super::spill::Spilled;
use crate::error::Error;
use crate::ingest::{Archive, ArchiveError, Decoded, InputFile};
use crate::lake;
use crate::report::TableReport;
use crate::schema::Table;
use crate::zones::{Counters, ReadingCollector};

/// Reads readings past the consent ledger, for a stage in this instance or in
/// another.
pub struct Reader {
    pub(super) context: WorkerContext,
    pub(super) collector: ReadingCollector,
    landing: Landed,
    pub(super) spilled: Spilled,
}

impl Reader {
    /// A reader of nothing yet.
    pub fn new(context: WorkerContext) -> Reader {
        let collector = ReadingCollector::new(&context.ledger);
        Reader::of(context, collector)
    }

    /// What a reader under narrower options would have taken in.
    pub(super) fn of(context: WorkerContext, collector: ReadingCollector) -> Reader {
        Reader { context, collector, landing: Landed::default(), spilled: Spilled::default() }
    }

    /// Takes the next bytes of a file.
    pub fn push(&mut self, file: &mut InputFile, chunk: &[u8]) {
        file.push(chunk, &mut self.collector.sink(&self.context.ledger, file.kind()));
    }

    /// Ends a file, or a range of one.
    pub fn finish(&mut self, file: InputFile) -> Decoded {
        let kind = file.kind();
        let decoded = file.finish(&mut self.collector.sink(&self.context.ledger, kind));
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
        archive.decode(entry, file, &mut self.collector.sink(&self.context.ledger, kind))
    }

    /// Takes rows of the accelerometer_trusted or step_trainer_trusted of a lake that the run goes on
    /// from. They are admitted anew.
    ///
    /// # Errors
    /// `NotALake` if they are none.
    pub fn lake_rows(&mut self, table: Table, batch: &RecordBatch) -> Result<(), Error> {
        let ledger = &self.context.ledger;
        if table == Table::StepTrainerTrusted {
            for row in lake::steps(batch)? {
                self.collector.lake_step(ledger, row.serial, row.time, row.distance);
            }
        } else {
            for row in lake::readings(batch)? {
                self.collector.lake_accelerometer(ledger, row.user, row.time, row.xyz);
            }
        }
        Ok(())
    }

    /// The tables of readings so far, with the files that are still being read.
    pub fn tables<'a>(
        &self,
        open: impl IntoIterator<Item = &'a InputFile> + Clone,
    ) -> BTreeMap<Table, TableReport> {
        let mut tables = self.landing.tables(open);
        tables.remove(&Table::CustomerLanding);
        let trusted = self.collector.counters.accelerometer_trusted(&tables);
        tables.insert(Table::AccelerometerTrusted, trusted);
        tables
    }

    /// What it has counted.
    pub fn counters(&self) -> &Counters {
        &self.collector.counters
    }

    /// Bytes of the readings that it holds.
    pub fn size(&self) -> usize {
        self.collector.readings.size()
    }

    /// Hands its readings out as a run and forgets them. The host keeps the
    /// bytes, and finds them by [`crate::pipeline::RowGroupBuilder::slices`].
    pub fn spill(&mut self, write: &mut dyn FnMut(&[u8])) {
        self.spilled.spill(&self.context, &mut self.collector.readings, write);
    }

    /// Whether it has handed anything out.
    pub fn has_spilled(&self) -> bool {
        !self.spilled.is_empty()
    }
}
