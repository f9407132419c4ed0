//! Landing records as columns, for hosts that give their rows: what is a row here is one in a run.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Builder, Int32Builder, Int64Builder, RecordBatch, StringBuilder};
use arrow::error::ArrowError;

use crate::ingest::{FastRow, FieldFault, Record, Sink};
use crate::schema::{ColumnType, Landing, accelerometer, customer};
use crate::spelling::folded;

/// Bytes of text after which a batch ends: Arrow counts them in 31 bits.
const BATCH_TEXT: usize = 64 << 20;

/// A column that grows.
enum Column {
    Text(StringBuilder),
    Bigint(Int64Builder),
    Int(Int32Builder),
    Double(Float64Builder),
}

/// A value of a column.
enum Cell<'a> {
    Text(Option<Cow<'a, str>>),
    /// A `bigint`, or an `int` in its range.
    Integer(Option<i64>),
    /// Null is [`crate::rows::NULL_DOUBLE`].
    Double(f64),
}

/// Takes records as rows of their landing table.
pub struct RecordBatchBuilder {
    kind: Landing,
    /// The column whose emails are folded.
    folds: Option<usize>,
    columns: Vec<Column>,
    /// Rows and bytes of text that are in no batch yet.
    rows: usize,
    text: usize,
    max_rows: usize,
    batches: Result<Vec<RecordBatch>, ArrowError>,
    /// Bytes of the batches.
    bytes: usize,
    max_bytes: usize,
}

impl RecordBatchBuilder {
    /// No rows yet; a batch has `max_rows` at most.
    pub fn new(kind: Landing, max_rows: usize) -> RecordBatchBuilder {
        let column = |ty| match ty {
            ColumnType::String => Column::Text(StringBuilder::new()),
            ColumnType::Bigint => Column::Bigint(Int64Builder::new()),
            ColumnType::Int => Column::Int(Int32Builder::new()),
            ColumnType::Double => Column::Double(Float64Builder::new()),
        };
        let columns = kind.columns().iter().map(|known| column(known.ty)).collect();
        let (batches, max_bytes) = (Ok(Vec::new()), usize::MAX);
        RecordBatchBuilder {
            kind,
            folds: None,
            columns,
            rows: 0,
            text: 0,
            max_rows,
            batches,
            bytes: 0,
            max_bytes,
        }
    }

    /// The same, with emails as they are compared under emails = folded.
    pub fn folding(self) -> RecordBatchBuilder {
        let folds = match self.kind {
            Landing::Customer => Some(customer::EMAIL),
            Landing::Accelerometer => Some(accelerometer::USER),
            Landing::StepTrainer => None,
        };
        RecordBatchBuilder { folds, ..self }
    }

    /// The same, which keeps no rows if all batches have more bytes.
    pub fn limited(self, max_bytes: usize) -> RecordBatchBuilder {
        RecordBatchBuilder { max_bytes, ..self }
    }

    /// Whether the batches so far are too large to be kept.
    pub fn is_too_large(&self) -> bool {
        self.bytes > self.max_bytes
    }

    /// All rows.
    ///
    /// # Errors
    /// `MemoryError` if they are too large, and what Arrow says of a batch.
    pub fn finish(mut self) -> Result<Vec<RecordBatch>, ArrowError> {
        if self.rows > 0 {
            self.end_batch();
        }
        self.batches
    }

    fn append<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) {
        for (at, (column, cell)) in self.columns.iter_mut().zip(cells).enumerate() {
            match (column, cell) {
                (Column::Text(texts), Cell::Text(mut text)) => {
                    if self.folds == Some(at) {
                        text = text.map(|email| Cow::Owned(folded(&email)));
                    }
                    self.text += text.as_ref().map_or(0, |text| text.len());
                    texts.append_option(text);
                }
                (Column::Bigint(bigints), Cell::Integer(bigint)) => bigints.append_option(bigint),
                (Column::Int(ints), Cell::Integer(int)) => ints.append_option(int.map(|int| int as i32)),
                (Column::Double(doubles), Cell::Double(double)) if double.is_nan() => doubles.append_null(),
                (Column::Double(doubles), Cell::Double(double)) => doubles.append_value(double),
                // A cell is read as its column is.
                _ => {}
            }
        }
        self.rows += 1;
        if self.rows == self.max_rows || self.text >= BATCH_TEXT {
            self.end_batch();
        }
    }

    fn end_batch(&mut self) {
        (self.rows, self.text) = (0, 0);
        let arrays = self.columns.iter_mut().map(|column| -> ArrayRef {
            match column {
                Column::Text(texts) => Arc::new(texts.finish()),
                Column::Bigint(numbers) => Arc::new(numbers.finish()),
                Column::Int(numbers) => Arc::new(numbers.finish()),
                Column::Double(numbers) => Arc::new(numbers.finish()),
            }
        });
        let batch = RecordBatch::try_new(self.kind.table().arrow_schema(), arrays.collect());
        let Ok(batches) = &mut self.batches else { return };
        match batch {
            Ok(batch) => {
                self.bytes += batch.get_array_memory_size();
                batches.push(batch);
            }
            Err(fault) => self.batches = Err(fault),
        }
        if self.is_too_large() {
            self.batches = Err(ArrowError::MemoryError(format!("rows above {} bytes", self.max_bytes)));
        }
    }
}

impl Sink for RecordBatchBuilder {
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        let cells = self.kind.columns().iter().enumerate().map(|(at, column)| {
            Ok(match column.ty {
                ColumnType::String => Cell::Text(record.text(at)?),
                ColumnType::Bigint => Cell::Integer(record.bigint(at)?),
                ColumnType::Int => Cell::Integer(record.int(at)?.map(i64::from)),
                ColumnType::Double => Cell::Double(record.double(at)?),
            })
        });
        // All of it before any of it is kept: a fault makes it no row.
        let cells = cells.collect::<Result<Vec<_>, FieldFault>>()?;
        self.append(cells);
        Ok(())
    }

    const FAST: bool = true;

    fn fast(&mut self, row: &FastRow<'_>) {
        // The fast path lets only UTF-8 through.
        let text = |at| str::from_utf8(row.text(at)).ok().filter(|text| !text.is_empty());
        let columns = self.kind.columns().iter().enumerate();
        self.append(columns.map(|(at, column)| match column.ty {
            ColumnType::String => Cell::Text(text(at).map(Cow::Borrowed)),
            ColumnType::Bigint | ColumnType::Int => Cell::Integer(row.integer(at)),
            ColumnType::Double => Cell::Double(row.double(at)),
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::InputFile;

    /// Without the fast path.
    struct Slow(RecordBatchBuilder);

    impl Sink for Slow {
        fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
            self.0.record(record)
        }
    }

    fn read<S: Sink>(kind: Landing, text: &str, mut sink: S) -> S {
        let mut file = InputFile::new("", kind);
        file.push(text.as_bytes(), &mut sink);
        file.finish(&mut sink);
        sink
    }

    #[test]
    fn the_fast_path_makes_the_same_rows() {
        let customers = ["\u{c4}nn@X.org", "b@x.org", "C@x.org"]
            .map(|email| format!("{{\"email\":\"{email}\",\"serialNumber\":\"s\",\"lastUpdateDate\":1}}\n"));
        let readings = "{\"user\":\"A@x.org\",\"timestamp\":1,\"x\":0.5,\"y\":-0.0}\n".repeat(3);
        let steps = "{\"sensorReadingTime\":1,\"serialNumber\":\"s\",\"distanceFromObject\":-2}\n".repeat(3);
        for (kind, text) in Landing::ALL.into_iter().zip([customers.concat(), readings, steps]) {
            let rows = || RecordBatchBuilder::new(kind, 9).folding();
            let batches = read(kind, &text, rows()).finish().unwrap();
            assert_eq!(batches, read(kind, &text, Slow(rows())).0.finish().unwrap());
            assert_eq!(batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [3]);
            let shown = format!("{batches:?}");
            assert_eq!(shown.contains("\u{e4}nn@x.org"), kind == Landing::Customer, "{shown}");
            assert!(!shown.contains("A@x.org") && !shown.contains("C@x.org"), "{shown}");
        }
    }

    #[test]
    fn batches_end_and_what_is_too_large_is_not_kept() {
        let text = "{\"sensorReadingTime\":1,\"serialNumber\":\"s\"}\n".repeat(5);
        let rows = |max_bytes| {
            let rows = RecordBatchBuilder::new(Landing::StepTrainer, 2).limited(max_bytes);
            read(Landing::StepTrainer, &text, rows)
        };
        let batches = rows(usize::MAX).finish().unwrap();
        assert_eq!(batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [2, 2, 1]);
        let bytes: usize = batches.iter().map(RecordBatch::get_array_memory_size).sum();
        assert_eq!(rows(bytes).finish().unwrap(), batches);
        // The last batch is the one too many.
        assert!(!rows(bytes - 1).is_too_large() && rows(1).is_too_large());
        for max_bytes in [1, bytes - 1] {
            assert!(matches!(rows(max_bytes).finish(), Err(ArrowError::MemoryError(_))));
        }
    }
}
