//! What comes of a statement: rows to be looked at by pages, and as files.

use arrow::array::RecordBatch;
use arrow::csv;
use arrow::datatypes::{DataType, SchemaRef};
use arrow::json::writer::LineDelimited;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use stedi_lakehouse::views::{SqlColumn, SqlKind};

use crate::fault::Fault;

/// Rows, in the order in which they came.
pub struct Answer {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    /// Of each batch its first row, then the number of all.
    starts: Vec<usize>,
    /// Whether a landing table is behind it.
    pub raw: bool,
}

impl Answer {
    /// Of these batches, which all have this schema.
    pub fn new(schema: SchemaRef, batches: Vec<RecordBatch>, raw: bool) -> Answer {
        let mut starts = vec![0];
        for batch in &batches {
            starts.push(starts[starts.len() - 1] + batch.num_rows());
        }
        Answer { schema, batches, starts, raw }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.starts[self.batches.len()]
    }

    /// Its columns.
    pub fn columns(&self) -> Vec<SqlColumn> {
        let fields = self.schema.fields().iter();
        fields
            .map(|field| SqlColumn {
                name: field.name().clone(),
                kind: kind(field.data_type()),
                meaning: field.data_type().to_string(),
            })
            .collect()
    }

    /// Rows from `start` to before `end`, as text; null is none.
    ///
    /// # Errors
    /// A value that has no text.
    pub fn page(&self, start: usize, end: usize) -> Result<Vec<Vec<Option<String>>>, Fault> {
        let end = end.min(self.rows());
        let mut page = Vec::new();
        let first = self.starts.partition_point(|&row| row <= start).saturating_sub(1);
        for (batch, &row) in
            self.batches.iter().zip(&self.starts).skip(first).take_while(|(_, row)| **row < end)
        {
            let options = FormatOptions::default();
            let columns: Result<Vec<_>, _> =
                batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options)).collect();
            let columns = columns?;
            for at in start.saturating_sub(row)..(end - row).min(batch.num_rows()) {
                let cells = columns.iter().zip(batch.columns()).map(|(format, column)| {
                    if column.is_null(at) { Ok(None) } else { format.value(at).try_to_string().map(Some) }
                });
                page.push(cells.collect::<Result<_, _>>()?);
            }
        }
        Ok(page)
    }

    /// As CSV with a line of names.
    ///
    /// # Errors
    /// A type that CSV has no form for.
    pub fn csv(&self) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        let mut writer = csv::WriterBuilder::new().with_header(true).build(&mut out);
        writer.write(&RecordBatch::new_empty(self.schema.clone()))?;
        for batch in &self.batches {
            writer.write(batch)?;
        }
        drop(writer);
        Ok(out)
    }

    /// As newline-delimited JSON, an object a row.
    ///
    /// # Errors
    /// A type that JSON has no form for.
    pub fn ndjson(&self) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        let builder = arrow::json::WriterBuilder::new().with_explicit_nulls(true);
        let mut writer = builder.build::<_, LineDelimited>(&mut out);
        for batch in &self.batches {
            writer.write(batch)?;
        }
        writer.finish()?;
        drop(writer);
        Ok(out)
    }

    /// As Parquet.
    ///
    /// # Errors
    /// A type that Parquet has no form for.
    pub fn parquet(&self) -> Result<Vec<u8>, Fault> {
        let properties = WriterProperties::builder()
            .set_created_by(format!("stedi-lakehouse version {}", env!("CARGO_PKG_VERSION")))
            .set_compression(Compression::SNAPPY)
            .build();
        // As the lake's own files: the Parquet types say all there is.
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let mut writer = ArrowWriter::try_new_with_options(Vec::new(), self.schema.clone(), options)?;
        for batch in &self.batches {
            writer.write(batch)?;
        }
        Ok(writer.into_inner()?)
    }

    pub(crate) fn into_parts(self) -> (SchemaRef, Vec<RecordBatch>) {
        (self.schema, self.batches)
    }
}

fn kind(ty: &DataType) -> SqlKind {
    match ty {
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => SqlKind::Double,
        ty if ty.is_floating() => SqlKind::Double,
        ty if ty.is_integer() => SqlKind::Int,
        _ => SqlKind::String,
    }
}
