//! Shows what stands around a place of a file: the rows are made and
//! shown, not saved, by the same decoder that reads them in a run.

use std::borrow::Cow;

use super::input_file::InputFile;
use crate::ingest::json::{FieldFault, Record};
use crate::ingest::reject::Reject;
use crate::ingest::{Decoded, Sink};
use crate::schema::customer::SHAREWITHRESEARCHASOFDATE;
use crate::schema::{ColumnType, Landing};

/// Rows after which a packed file is not inflated any further.
const ROWS: usize = 1000;
/// Bytes of a packed file between two looks at how many rows there are.
const STEP: usize = 4 << 10;

/// A row as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Byte of the (inflated) file where its record starts.
    pub offset: u64,
    /// Its values, by column, as text; numbers in plain decimals.
    pub cells: Vec<Option<String>>,
    /// Of a customer.
    pub date_fault: Option<DateFault>,
}

/// Why a consent date that is there is null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// It is no time.
    Unreadable,
    /// Two fields have values that differ.
    Conflict,
}

impl DateFault {
    fn of(record: &Record<'_>) -> Option<DateFault> {
        let conflicts = record.is_conflicting(SHAREWITHRESEARCHASOFDATE);
        let unreadable = || record.is_unreadable(SHAREWITHRESEARCHASOFDATE);
        conflicts.then_some(DateFault::Conflict).or_else(|| unreadable().then_some(DateFault::Unreadable))
    }
}

/// What stands around a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peek {
    /// Its rows, in order.
    pub rows: Vec<Shown>,
    /// Its records that are no rows, in order, as many as are kept of a file.
    pub rejects: Vec<Reject>,
}

/// Shows the records of a range of a plain file, or without one those at the
/// start of a packed file: see [`InputFile::range`] for which bytes to give.
/// With `complete` nothing comes after the bytes; else a record that they cut
/// is left out. Of a file of several tables, which `share` says it is, those of one kind.
pub fn peek(kind: Landing, share: bool, bytes: &[u8], range: Option<(u64, u64)>, complete: bool) -> Peek {
    let mut sink = PeekSink { kind, rows: Vec::new() };
    let mut file = match range {
        Some((start, end)) => InputFile::range("", kind, start, end),
        None => InputFile::new("", kind),
    };
    if share {
        file = file.sharing(kind == Landing::Customer);
    }
    let mut full = false;
    for step in bytes.chunks(if range.is_some() { bytes.len().max(1) } else { STEP }) {
        file.push(step, &mut sink);
        full = range.is_none() && sink.rows.len() >= ROWS;
        if full {
            break;
        }
    }
    let Decoded { rejects, .. } =
        if file.is_done() || (complete && !full) { file.finish(&mut sink) } else { file.so_far().clone() };
    Peek { rows: sink.rows, rejects }
}

struct PeekSink {
    kind: Landing,
    rows: Vec<Shown>,
}

impl Sink for PeekSink {
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        let mut cells = Vec::with_capacity(self.kind.columns().len());
        for (at, column) in self.kind.columns().iter().enumerate() {
            cells.push(match column.ty {
                ColumnType::String => record.text(at)?.map(Cow::into_owned),
                ColumnType::Bigint => record.bigint(at)?.map(|value| value.to_string()),
                ColumnType::Int => record.int(at)?.map(|value| value.to_string()),
                ColumnType::Double => {
                    Some(record.double(at)?).filter(|value| !value.is_nan()).map(|value| value.to_string())
                }
            });
        }
        let date_fault = if self.kind == Landing::Customer { DateFault::of(record) } else { None };
        self.rows.push(Shown { offset: record.offset, cells, date_fault });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Reason;

    const FILE: &str = "{\"user\":\"a\",\"timestamp\":1,\"x\":0.1,\"y\":-2}\n\
        {\"user\":\"b\",\"timestamp\":\"soon\"}\n\
        {\"user\":\"c\",\"timestamp\":\"3.0\",\"z\":1e3}\n";

    fn users(peek: &Peek) -> Vec<&str> {
        peek.rows.iter().map(|row| row.cells[0].as_deref().unwrap_or_default()).collect()
    }

    #[test]
    fn rows_and_rejects_of_a_whole_file_with_their_places() {
        let peek = peek(Landing::Accelerometer, false, FILE.as_bytes(), Some((0, u64::MAX)), true);
        assert_eq!(users(&peek), ["a", "c"]);
        let text = |value: &str| Some(value.to_owned());
        assert_eq!(peek.rows[0].cells[1..], [text("1"), text("0.1"), text("-2"), None]);
        assert_eq!(peek.rows[1].cells[1..], [text("3"), None, None, text("1000")]);
        assert_eq!(&FILE[peek.rows[1].offset as usize..][..11], "{\"user\":\"c\"");
        assert_eq!((peek.rejects.len(), peek.rejects[0].reason), (1, Reason::NotANumber));
        assert_eq!(&FILE[peek.rejects[0].offset as usize..][..11], "{\"user\":\"b\"");
    }

    #[test]
    fn windows_show_every_record_once() {
        for size in 1..FILE.len() {
            let mut found = Vec::new();
            for start in (0..FILE.len()).step_by(size) {
                let range = Some((start as u64, (start + size) as u64));
                let bytes = &FILE.as_bytes()[start.saturating_sub(1)..];
                found.extend(peek(Landing::Accelerometer, false, bytes, range, true).rows);
            }
            assert_eq!(
                found.iter().map(|row| row.cells[0].as_deref()).collect::<Vec<_>>(),
                [Some("a"), Some("c")]
            );
        }
    }

    #[test]
    fn a_record_that_the_bytes_cut_is_left_out_and_no_reject() {
        for end in 1..40 {
            let peek = peek(Landing::Accelerometer, false, &FILE.as_bytes()[..end], Some((0, 1000)), false);
            assert!(peek.rows.is_empty() && peek.rejects.is_empty(), "{end}");
        }
    }

    #[test]
    fn a_consent_date_that_cannot_be_read_is_null_as_in_a_run() {
        let file = "{\"email\":\"a\",\"serialNumber\":\"s\",\"shareWithResearchAsOfDate\":\"yes\"}";
        let peek = peek(Landing::Customer, false, file.as_bytes(), None, true);
        assert_eq!(peek.rows[0].cells[SHAREWITHRESEARCHASOFDATE], None);
        assert_eq!(peek.rows[0].date_fault, Some(DateFault::Unreadable));
    }
}
