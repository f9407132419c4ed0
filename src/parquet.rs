//! Tables to Parquet bytes that depend on the rows and options only.

use std::sync::Arc;

use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::error::Error;
use crate::schema::{ColumnType, Table};
use crate::zones::Columns;

/// Rows of a row group. A constant, so that the bytes do not depend on how the
/// work was shared out.
pub const ROW_GROUP_ROWS: usize = 1 << 17;

/// Writes a table: Snappy, statistics and page index on, and the given
/// key-value metadata, which must hold no value of a row.
///
/// # Errors
/// What the writer says.
pub fn encode(table: Table, rows: &impl Columns, metadata: &[(&str, String)]) -> Result<Vec<u8>, Error> {
    let schema = table.arrow_schema();
    let entries =
        metadata.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone())).collect();
    let mut properties = WriterProperties::builder()
        .set_created_by(format!("stedi-lakehouse version {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_key_value_metadata(Some(entries));
    // Times are sorted within an owner and mostly distinct: small differences,
    // and nothing for a dictionary.
    for column in table.columns().iter().filter(|column| column.ty == ColumnType::Bigint) {
        let path = ColumnPath::from(column.name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    // Without the Arrow schema: the Parquet types say all there is.
    let options =
        ArrowWriterOptions::new().with_properties(properties.build()).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(Vec::new(), Arc::clone(&schema), options)?;
    let mut start = 0;
    while start < rows.len() {
        let end = rows.len().min(start + ROW_GROUP_ROWS);
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), rows.columns(start..end))?)?;
        start = end;
    }
    Ok(writer.into_inner()?)
}
