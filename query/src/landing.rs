//! Landing rows as columns, read by the core's own decoder: the same rows are
//! valid here and in a run.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Builder, Int32Builder, Int64Builder, RecordBatch, StringBuilder};
use arrow::datatypes::SchemaRef;
use stedi_lakehouse::ingest::{FastRow, FieldFault, Record, Sink};
use stedi_lakehouse::rows::NULL_DOUBLE;
use stedi_lakehouse::schema::{Column, ColumnType, Landing};

use crate::fault::Fault;

/// Rows of a batch: as many as DataFusion takes at a time.
pub const BATCH: usize = 8192;

enum Builder {
    String(StringBuilder),
    Bigint(Int64Builder),
    Int(Int32Builder),
    Double(Float64Builder),
}

enum Value<'a> {
    String(Option<Cow<'a, str>>),
    Bigint(Option<i64>),
    Int(Option<i32>),
    Double(f64),
}

/// Takes the valid rows of a landing table.
pub struct Rows {
    kind: Landing,
    schema: SchemaRef,
    columns: Vec<Builder>,
    /// Rows that are in no batch yet.
    open: usize,
    batches: Vec<RecordBatch>,
    /// Bytes of the batches, and how many there may be.
    bytes: usize,
    budget: usize,
    failed: Option<Fault>,
}

impl Rows {
    /// None yet, and no more than fit into `budget` bytes.
    pub fn new(kind: Landing, budget: usize) -> Rows {
        let columns = kind.columns().iter().map(|column| Builder::new(column.ty)).collect();
        let schema = kind.table().arrow_schema();
        Rows { kind, schema, columns, open: 0, batches: Vec::new(), bytes: 0, budget, failed: None }
    }

    /// Which table.
    pub fn kind(&self) -> Landing {
        self.kind
    }

    /// Whether all rows so far could be kept.
    ///
    /// # Errors
    /// `too_large`.
    pub fn check(&self) -> Result<(), Fault> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    /// The rows as batches.
    ///
    /// # Errors
    /// `too_large`.
    pub fn finish(mut self) -> Result<Vec<RecordBatch>, Fault> {
        self.end_batch();
        self.check()?;
        Ok(self.batches)
    }

    fn end_row(&mut self) {
        self.open += 1;
        if self.open == BATCH {
            self.end_batch();
        }
    }

    fn end_batch(&mut self) {
        let columns = self.columns.iter_mut().map(Builder::finish).collect();
        self.open = 0;
        match RecordBatch::try_new(Arc::clone(&self.schema), columns) {
            _ if self.failed.is_some() => {}
            Ok(batch) => {
                self.bytes += batch.get_array_memory_size();
                self.batches.push(batch);
                if self.bytes > self.budget {
                    self.batches.clear();
                    self.failed = Some(Fault::too_large(format!(
                        "{} is too large for the memory of a tab: its rows need more than the {} MB that are left. \
                         Query the trusted and curated tables, or give fewer files at once.",
                        self.kind.table().name(),
                        self.budget >> 20
                    )));
                }
            }
            Err(error) => self.failed = Some(error.into()),
        }
    }
}

impl Sink for Rows {
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        // All of it before any of it is kept: a fault makes it no row.
        let columns = self.kind.columns().iter().enumerate();
        let values = columns.map(|(at, column)| value(record, at, column)).collect::<Result<Vec<_>, _>>()?;
        self.columns.iter_mut().zip(values).for_each(|(column, value)| column.append(value));
        self.end_row();
        Ok(())
    }

    const FAST: bool = true;

    fn fast(&mut self, row: &FastRow<'_>) {
        for (at, column) in self.columns.iter_mut().enumerate() {
            match column {
                // The fast path lets only ASCII through.
                Builder::String(builder) => match str::from_utf8(row.text(at)) {
                    Ok(text) if !text.is_empty() => builder.append_value(text),
                    _ => builder.append_null(),
                },
                Builder::Bigint(builder) => builder.append_option(row.integer(at)),
                // The fast path holds an `int` to its range.
                Builder::Int(builder) => builder.append_option(row.integer(at).map(|value| value as i32)),
                Builder::Double(builder) => builder.append_option(double(row.double(at))),
            }
        }
        self.end_row();
    }
}

fn value<'a>(record: &'a Record<'_>, at: usize, column: &Column) -> Result<Value<'a>, FieldFault> {
    Ok(match column.ty {
        ColumnType::String => Value::String(record.text(at)?),
        ColumnType::Bigint => Value::Bigint(record.bigint(at)?),
        ColumnType::Int => Value::Int(record.int(at)?),
        ColumnType::Double => Value::Double(record.double(at)?),
    })
}

fn double(value: f64) -> Option<f64> {
    (value.to_bits() != NULL_DOUBLE.to_bits()).then_some(value)
}

impl Builder {
    fn new(ty: ColumnType) -> Builder {
        match ty {
            ColumnType::String => Builder::String(StringBuilder::new()),
            ColumnType::Bigint => Builder::Bigint(Int64Builder::with_capacity(BATCH)),
            ColumnType::Int => Builder::Int(Int32Builder::with_capacity(BATCH)),
            ColumnType::Double => Builder::Double(Float64Builder::with_capacity(BATCH)),
        }
    }

    fn append(&mut self, value: Value<'_>) {
        match (self, value) {
            (Builder::String(builder), Value::String(value)) => builder.append_option(value),
            (Builder::Bigint(builder), Value::Bigint(value)) => builder.append_option(value),
            (Builder::Int(builder), Value::Int(value)) => builder.append_option(value),
            (Builder::Double(builder), Value::Double(value)) => builder.append_option(double(value)),
            // Both are made from the same columns.
            _ => {}
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::String(builder) => Arc::new(builder.finish()),
            Builder::Bigint(builder) => Arc::new(builder.finish()),
            Builder::Int(builder) => Arc::new(builder.finish()),
            Builder::Double(builder) => Arc::new(builder.finish()),
        }
    }
}
