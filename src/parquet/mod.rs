//! Tables to Parquet bytes that depend on the rows and options only. Row groups
//! are encoded apart, each part by any instance, and put together afterwards.

use std::io::{self, Read, Write};
use std::sync::Arc;

use arrow::array::RecordBatch;
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::arrow::{ArrowSchemaConverter, ArrowWriter};
use parquet::basic::{Compression as Codec, Encoding, GzipLevel, ZstdLevel};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{KeyValue, PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::options::Compression;
use crate::schema::{ColumnType, Table};
use crate::zones::Columns;

/// Most rows of a row group. A constant, so that the bytes do not depend on how
/// the work was shared out.
pub const ROW_GROUP_ROWS: usize = 1 << 17;

/// What every file begins with.
pub const MAGIC: &[u8; 4] = b"PAR1";

/// Row groups of a table, without a file around them.
pub struct Part {
    /// The pages.
    pub body: Vec<u8>,
    /// What they are.
    pub about: About,
}

/// What is known of a part's pages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct About {
    /// Bytes of the pages.
    bytes: u64,
    /// The end of a Parquet file that would hold the part alone.
    #[serde(with = "serde_bytes")]
    tail: Vec<u8>,
}

/// Writes rows as row groups.
///
/// # Errors
/// What the writer says.
pub fn encode(table: Table, compression: Compression, rows: &impl Columns) -> Result<Part, Error> {
    let schema = table.arrow_schema();
    // Without the Arrow schema: the Parquet types say all there is.
    let options = ArrowWriterOptions::new()
        .with_properties(properties(table, compression).build())
        .with_skip_arrow_metadata(true);
    // One kind of writer here and there: another would be compiled once more.
    let all = End { skip: 0, kept: Vec::new() };
    let mut writer = ArrowWriter::try_new_with_options(all, Arc::clone(&schema), options)?;
    let mut start = 0;
    while start < rows.len() {
        let end = rows.len().min(start + ROW_GROUP_ROWS);
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), rows.columns(start..end))?)?;
        start = end;
    }
    let metadata = writer.finish()?;
    let mut body = std::mem::take(&mut writer.inner_mut().kept);
    let tail = body.split_off(pages_end(&metadata));
    body.drain(..MAGIC.len());
    Ok(Part { about: About { bytes: body.len() as u64, tail }, body })
}

/// The end of a file of these parts, in this order; before it stand [`MAGIC`]
/// and their bodies. The metadata must hold no value of a row.
///
/// # Errors
/// What the writer says.
pub fn assemble<'a>(
    table: Table,
    compression: Compression,
    parts: impl Iterator<Item = &'a About> + Clone,
    metadata: &[(&str, String)],
) -> Result<Vec<u8>, Error> {
    let entries =
        metadata.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone())).collect();
    let properties = Arc::new(properties(table, compression).set_key_value_metadata(Some(entries)).build());
    let schema = ArrowSchemaConverter::new().schema_root("arrow_schema").convert(&table.arrow_schema())?;
    let bodies: u64 = parts.clone().map(|part| part.bytes).sum();
    let end = End { skip: MAGIC.len() as u64 + bodies, kept: Vec::new() };
    let mut writer = SerializedFileWriter::new(end, schema.root_schema_ptr(), properties)?;
    for part in parts {
        let size = (MAGIC.len() as u64) + part.bytes + part.tail.len() as u64;
        let mut reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Required);
        reader.try_parse_sized(&Bytes::copy_from_slice(&part.tail), size)?;
        append(&mut writer, &reader.finish()?)?;
    }
    Ok(writer.into_inner()?.kept)
}

fn append(writer: &mut SerializedFileWriter<End>, part: &ParquetMetaData) -> ParquetResult<()> {
    for (at, group) in part.row_groups().iter().enumerate() {
        let mut appended = writer.next_row_group()?;
        for (column, metadata) in group.columns().iter().enumerate() {
            appended.append_column(
                &Pages,
                ColumnCloseResult {
                    bytes_written: metadata.compressed_size() as u64,
                    rows_written: group.num_rows() as u64,
                    metadata: metadata.clone(),
                    bloom_filter: None,
                    column_index: part.column_index().map(|index| index[at][column].clone()),
                    offset_index: part.offset_index().map(|index| index[at][column].clone()),
                },
            )?;
        }
        appended.close()?;
    }
    Ok(())
}

/// Inflates a gzip page, for a reader that cannot; it holds so many bytes.
///
/// # Errors
/// What the Parquet crate says of a page that is damaged.
pub fn gunzip(page: &[u8], bytes: usize) -> Result<Vec<u8>, Error> {
    let mut inflated = Vec::with_capacity(bytes);
    MultiGzDecoder::new(page).read_to_end(&mut inflated).map_err(ParquetError::from)?;
    Ok(inflated)
}

/// Statistics and page index on.
fn properties(table: Table, compression: Compression) -> WriterPropertiesBuilder {
    let properties = WriterProperties::builder()
        .set_created_by(format!("stedi-lakehouse version {}", env!("CARGO_PKG_VERSION")))
        .set_compression(match compression {
            Compression::Snappy => Codec::SNAPPY,
            Compression::Gzip => Codec::GZIP(GzipLevel::default()),
            Compression::Zstd => Codec::ZSTD(ZstdLevel::default()),
        })
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS));
    // Times are sorted within an owner and mostly distinct: small differences,
    // and nothing for a dictionary.
    let times = table.columns().iter().filter(|column| column.ty == ColumnType::Bigint);
    times.fold(properties, |properties, column| {
        let path = ColumnPath::from(column.name);
        properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
    })
}

/// Where the page indexes begin; without row groups, right after the magic.
fn pages_end(metadata: &ParquetMetaData) -> usize {
    let columns = metadata.row_groups().iter().flat_map(|group| group.columns());
    let starts = columns.flat_map(|column| [column.column_index_offset(), column.offset_index_offset()]);
    starts.flatten().min().and_then(|start| usize::try_from(start).ok()).unwrap_or(MAGIC.len())
}

/// Stands for pages that are elsewhere: only their length counts here.
struct Pages;

impl Length for Pages {
    fn len(&self) -> u64 {
        u64::MAX
    }
}

impl ChunkReader for Pages {
    type T = io::Repeat;

    fn get_read(&self, _start: u64) -> ParquetResult<io::Repeat> {
        Ok(io::repeat(0))
    }

    fn get_bytes(&self, _start: u64, _length: usize) -> ParquetResult<Bytes> {
        Err(ParquetError::NYI("pages are read as a stream".to_owned()))
    }
}

/// Keeps what is written after so many bytes.
struct End {
    skip: u64,
    kept: Vec<u8>,
}

impl Write for End {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
        self.skip -= skipped as u64;
        self.kept.extend_from_slice(&bytes[skipped..]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
