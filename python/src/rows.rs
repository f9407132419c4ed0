//! Records as rows of Arrow.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Builder, Int32Builder, Int64Builder, RecordBatch, StringBuilder};
use arrow::error::ArrowError;
use stedi_lakehouse::ingest::{FieldFault, Record, Sink};
use stedi_lakehouse::schema::{ColumnType, Landing, accelerometer, customer};
use stedi_lakehouse::spelling::folded;

/// Rows of a batch.
const BATCH_ROWS: usize = 64 << 10;
/// Bytes of text after which a batch ends: Arrow counts them in 31 bits.
const BATCH_TEXT: usize = 64 << 20;

/// A column that grows.
enum Column {
    Text(StringBuilder),
    Bigint(Int64Builder),
    Int(Int32Builder),
    Double(Float64Builder),
}

/// A value of a record that is read and not yet taken: a later field of it may be at fault.
enum Cell<'a> {
    Text(Option<Cow<'a, str>>),
    Bigint(Option<i64>),
    Int(Option<i32>),
    Double(Option<f64>),
}

/// Takes records as rows of their landing table.
pub struct Rows {
    kind: Landing,
    /// The column whose emails are folded.
    folds: Option<usize>,
    columns: Vec<Column>,
    rows: usize,
    text: usize,
    batches: Vec<RecordBatch>,
    fault: Option<ArrowError>,
}

impl Rows {
    /// No rows yet.
    pub fn new(kind: Landing) -> Rows {
        let column = |ty| match ty {
            ColumnType::String => Column::Text(StringBuilder::new()),
            ColumnType::Bigint => Column::Bigint(Int64Builder::new()),
            ColumnType::Int => Column::Int(Int32Builder::new()),
            ColumnType::Double => Column::Double(Float64Builder::new()),
        };
        let columns = kind.columns().iter().map(|known| column(known.ty)).collect();
        Rows { kind, folds: None, columns, rows: 0, text: 0, batches: Vec::new(), fault: None }
    }

    /// The same, with emails as they are compared under emails = folded.
    pub fn folding(self) -> Rows {
        let folds = match self.kind {
            Landing::Customer => Some(customer::EMAIL),
            Landing::Accelerometer => Some(accelerometer::USER),
            Landing::StepTrainer => None,
        };
        Rows { folds, ..self }
    }

    fn end_batch(&mut self) {
        let arrays = self.columns.iter_mut().map(|column| -> ArrayRef {
            match column {
                Column::Text(texts) => Arc::new(texts.finish()),
                Column::Bigint(numbers) => Arc::new(numbers.finish()),
                Column::Int(numbers) => Arc::new(numbers.finish()),
                Column::Double(numbers) => Arc::new(numbers.finish()),
            }
        });
        match RecordBatch::try_new(self.kind.table().arrow_schema(), arrays.collect()) {
            Ok(batch) => self.batches.push(batch),
            Err(fault) => self.fault = Some(fault),
        }
        (self.rows, self.text) = (0, 0);
    }

    /// All rows.
    ///
    /// # Errors
    /// What Arrow says of a batch.
    pub fn finish(mut self) -> Result<Vec<RecordBatch>, ArrowError> {
        if self.rows > 0 {
            self.end_batch();
        }
        self.fault.map_or(Ok(self.batches), Err)
    }
}

impl Sink for Rows {
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        let cell = |(at, column): (usize, &Column)| {
            Ok(match column {
                Column::Text(_) if self.folds == Some(at) => {
                    Cell::Text(record.text(at)?.map(|email| Cow::Owned(folded(&email))))
                }
                Column::Text(_) => Cell::Text(record.text(at)?),
                Column::Bigint(_) => Cell::Bigint(record.bigint(at)?),
                Column::Int(_) => Cell::Int(record.int(at)?),
                Column::Double(_) => Cell::Double(Some(record.double(at)?).filter(|value| !value.is_nan())),
            })
        };
        let cells = self.columns.iter().enumerate().map(cell).collect::<Result<Vec<_>, FieldFault>>()?;
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            match (column, cell) {
                (Column::Text(texts), Cell::Text(text)) => {
                    self.text += text.as_ref().map_or(0, |text| text.len());
                    texts.append_option(text);
                }
                (Column::Bigint(numbers), Cell::Bigint(number)) => numbers.append_option(number),
                (Column::Int(numbers), Cell::Int(number)) => numbers.append_option(number),
                (Column::Double(numbers), Cell::Double(number)) => numbers.append_option(number),
                // A cell is read as its column is.
                _ => {}
            }
        }
        self.rows += 1;
        if self.rows == BATCH_ROWS || self.text >= BATCH_TEXT {
            self.end_batch();
        }
        Ok(())
    }
}
