//! Landing rows, as many as the memory of a tab holds.

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use stedi_lakehouse::schema::Landing;
use stedi_lakehouse::zones::RecordBatchBuilder;

use crate::fault::Fault;

/// Rows of a batch: as many as DataFusion takes at a time.
pub const BATCH: usize = 8192;

/// Takes the valid rows of a landing table.
pub struct Rows {
    kind: Landing,
    budget: usize,
    batches: RecordBatchBuilder,
}

impl Rows {
    /// None yet, and no more than fit into `budget` bytes.
    pub fn new(kind: Landing, budget: usize) -> Rows {
        Rows { kind, budget, batches: RecordBatchBuilder::new(kind, BATCH).limited(budget) }
    }

    /// Which table.
    pub fn kind(&self) -> Landing {
        self.kind
    }

    /// What takes its records.
    pub fn sink(&mut self) -> &mut RecordBatchBuilder {
        &mut self.batches
    }

    /// Whether all rows so far could be kept.
    ///
    /// # Errors
    /// `too_large`.
    pub fn check(&self) -> Result<(), Fault> {
        if self.batches.is_too_large() { Err(too_large(self.kind, self.budget)) } else { Ok(()) }
    }

    /// The rows as batches.
    ///
    /// # Errors
    /// `too_large`.
    pub fn finish(self) -> Result<Vec<RecordBatch>, Fault> {
        let Rows { kind, budget, batches } = self;
        batches.finish().map_err(|error| match error {
            ArrowError::MemoryError(_) => too_large(kind, budget),
            error => error.into(),
        })
    }
}

fn too_large(kind: Landing, budget: usize) -> Fault {
    Fault::too_large(format!(
        "{} is too large for the memory of a tab: its rows need more than the {} MB that are left. \
         Query the trusted and curated tables, or give fewer files at once.",
        kind.table().name(),
        budget >> 20
    ))
}
