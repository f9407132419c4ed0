//! Where the records of a file go.

use super::fast::FastRow;
use super::json::{FieldFault, Record};

/// Takes the records of one kind.
pub trait Sink {
    /// Takes one record.
    ///
    /// # Errors
    /// The field that makes it no row; the decoder counts it as rejected.
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault>;

    /// Whether it takes fast rows too.
    const FAST: bool = false;

    /// Takes a record that the fast path has read: the same values that
    /// [`Sink::record`] would see, and none of them at fault.
    fn fast(&mut self, _row: &FastRow<'_>) {}
}

/// Takes nothing, where a test is about what is counted beside the records.
#[cfg(test)]
impl Sink for () {
    fn record(&mut self, _: &Record<'_>) -> Result<(), FieldFault> {
        Ok(())
    }
}
