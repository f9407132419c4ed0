//! The tables of a run in memory.

use std::sync::Arc;

use bytes::Bytes;
use stedi_lakehouse::schema::Table;

use super::curate::Curated;

/// A table of a run as a Parquet file in memory.
#[derive(Clone)]
pub struct TableBytes {
    curated: Arc<Curated>,
    at: usize,
}

impl TableBytes {
    /// The table at this place of a run's outputs.
    pub(super) fn new(curated: Arc<Curated>, at: usize) -> TableBytes {
        TableBytes { curated, at }
    }

    /// Which table.
    pub fn table(&self) -> Table {
        self.curated.lake.outputs[self.at].table
    }

    /// How many rows.
    pub fn rows(&self) -> u64 {
        self.curated.lake.report.tables.get(&self.table()).map_or(0, |counts| counts.rows_out)
    }

    /// The bytes of the file, in pieces that follow each other. Nothing is copied.
    pub fn pieces(&self) -> Vec<Bytes> {
        let jobs = self.curated.lake.outputs[self.at].jobs.clone();
        let parts = [Part::Head].into_iter().chain(jobs.map(Part::Body)).chain([Part::Tail]);
        parts.map(|part| Bytes::from_owner(Piece { of: self.clone(), part })).collect()
    }
}

#[derive(Clone, Copy)]
enum Part {
    Head,
    Body(usize),
    Tail,
}

/// Bytes of a run, which stays in memory as long as they do.
struct Piece {
    of: TableBytes,
    part: Part,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        let Curated { lake, bodies } = &*self.of.curated;
        let output = &lake.outputs[self.of.at];
        match self.part {
            Part::Head => &output.head,
            Part::Body(job) => &bodies[job],
            Part::Tail => &output.tail,
        }
    }
}
