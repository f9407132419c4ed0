//! Tables to Parquet bytes that depend on the rows and options only. Row groups
//! are encoded apart, each part by any instance, and put together afterwards.

mod chunk;
mod codec;
mod dictionary;
mod rle_bitpack;
mod statistics;
mod unpacked;

use std::io::{self, Read, Write};
use std::sync::Arc;

use arrow::datatypes::Schema;
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::Encoding;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{KeyValue, PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, SchemaDescriptor};
use serde::{Deserialize, Serialize};

use chunk::Chunk;
use codec::codec;
use dictionary::Dictionary;

pub use statistics::{ColumnStatistics, FileStatistics};
pub(crate) use unpacked::unpacked;

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
    let properties = Arc::new(properties(table, compression).build());
    // One kind of writer here and there: another would be compiled once more.
    let all = End { skip: 0, kept: Vec::new() };
    let descriptor = parquet_schema(&schema)?;
    let mut writer = SerializedFileWriter::new(all, descriptor.root_schema_ptr(), properties)?;
    let library = ArrowRowGroupWriterFactory::new(&writer, Arc::clone(&schema));
    let mut start = 0;
    while start < rows.len() {
        let end = rows.len().min(start + ROW_GROUP_ROWS);
        let writers = library.create_column_writers(writer.flushed_row_groups().len())?;
        let mut group = writer.next_row_group()?;
        let columns = rows.columns(start..end).into_iter().zip(schema.fields());
        for (((column, field), mut any), describes) in columns.zip(writers).zip(descriptor.columns()) {
            if let Some(column) = Dictionary::of(&column) {
                let Chunk { pages, close } = chunk::encode(&column, end - start, describes, compression)?;
                group.append_column(&pages, close)?;
            } else {
                for array in column.arrays() {
                    for leaf in compute_leaves(field, &array)? {
                        any.write(&leaf)?;
                    }
                }
                any.close()?.append_to_row_group(&mut group)?;
            }
        }
        group.close()?;
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
    let schema = parquet_schema(&table.arrow_schema())?;
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

/// Without the Arrow schema beside it: the Parquet types say all there is.
pub(crate) fn parquet_schema(schema: &Schema) -> ParquetResult<SchemaDescriptor> {
    ArrowSchemaConverter::new().schema_root("arrow_schema").convert(schema)
}

/// Statistics and page index on.
fn properties(table: Table, compression: Compression) -> WriterPropertiesBuilder {
    let properties = WriterProperties::builder()
        .set_created_by(format!("stedi-lakehouse version {}", env!("CARGO_PKG_VERSION")))
        .set_compression(codec(compression))
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

/// Keeps what is written after the first `skip` bytes.
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::names::Names;
    use crate::rows::{MachineLearning, NULL_DOUBLE};
    use arrow::array::AsArray;
    use arrow::datatypes::{Float64Type, Int32Type};
    use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
    use parquet::file::page_index::column_index::ColumnIndexMetaData;
    use proptest::prelude::*;

    const TABLE: Table = Table::MachineLearningCurated;

    fn file(compression: Compression, parts: &[(&[MachineLearning], &Names)]) -> Bytes {
        let parts: Vec<Part> = parts.iter().map(|rows| encode(TABLE, compression, rows).unwrap()).collect();
        let end = assemble(TABLE, compression, parts.iter().map(|part| &part.about), &[]).unwrap();
        let bodies = parts.iter().flat_map(|part| &part.body);
        MAGIC.iter().chain(bodies).chain(&end).copied().collect()
    }

    fn rows() -> impl Strategy<Value = Vec<MachineLearning>> {
        let axis = || {
            prop_oneof![
                Just(NULL_DOUBLE),
                Just(-0.0),
                Just(0.0),
                (-40..40).prop_map(|x| f64::from(x) / 10.0),
                -1e9..1e9
            ]
        };
        let distance = prop::option::of(prop_oneof![0..50, any::<i32>()]);
        let row = (0..3u32, distance, [axis(), axis(), axis()])
            .prop_map(|(subject, distance, xyz)| MachineLearning { subject, time: 0, distance, xyz });
        // Of one row many, so that there are runs and more than one page.
        prop::collection::vec((row, prop_oneof![1..3usize, 1..9000usize]), 1..40).prop_map(|runs| {
            runs.into_iter().flat_map(|(row, times)| std::iter::repeat_n(row, times)).collect()
        })
    }

    /// Reads a file, whose rows are to be these.
    fn read<'a>(
        file: Bytes,
        subjects: &Names,
        mut rows: impl Iterator<Item = &'a MachineLearning>,
    ) -> Arc<ParquetMetaData> {
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Required);
        let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).unwrap();
        let metadata = reader.metadata().clone();
        for batch in reader.build().unwrap() {
            let batch = batch.unwrap();
            let distances: Vec<_> = batch.column(2).as_primitive::<Int32Type>().iter().collect();
            let axes =
                [3, 4, 5].map(|at| batch.column(at).as_primitive::<Float64Type>().iter().collect::<Vec<_>>());
            for at in 0..batch.num_rows() {
                let row = rows.next().unwrap();
                assert_eq!(batch.column(0).as_string::<i32>().value(at), &subjects[row.subject as usize]);
                assert_eq!(distances[at], row.distance);
                let xyz = [0, 1, 2].map(|axis| axes[axis][at].unwrap_or(NULL_DOUBLE).to_bits());
                assert_eq!(xyz, row.xyz.map(f64::to_bits));
            }
        }
        assert!(rows.next().is_none());
        metadata
    }

    #[test]
    fn many_values_are_written_without_a_dictionary_of_ours() {
        let subjects = ["a"].into_iter().collect();
        let rows: Vec<MachineLearning> = (0..40_000)
            .map(|at| MachineLearning {
                subject: 0,
                time: at,
                distance: Some(at as i32),
                xyz: [at as f64, 0.0, NULL_DOUBLE],
            })
            .collect();
        read(file(Compression::Snappy, &[(&rows, &subjects)]), &subjects, rows.iter());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn a_file_gives_its_rows_back(
            one in rows(),
            other in rows(),
            compression in prop::sample::select(vec![Compression::Snappy, Compression::Gzip, Compression::Zstd]),
        ) {
            let subjects: Names = ["anna", "b", "émile"].into_iter().collect();
            let file = file(compression, &[(&one, &subjects), (&other, &subjects)]);
            let metadata = read(file, &subjects, one.iter().chain(&other));
            // What the indexes say of the pages of x holds for their rows.
            let groups = [&one, &other].into_iter().flat_map(|rows| rows.chunks(ROW_GROUP_ROWS));
            for (group, rows) in groups.enumerate() {
                let ColumnIndexMetaData::DOUBLE(index) = &metadata.column_index().unwrap()[group][3] else { panic!() };
                let pages = metadata.offset_index().unwrap()[group][3].page_locations();
                for (at, page) in pages.iter().enumerate() {
                    let end = pages.get(at + 1).map_or(rows.len(), |next| next.first_row_index as usize);
                    let xs = rows[page.first_row_index as usize..end].iter().map(|row| row.xyz[0]);
                    let values: Vec<f64> = xs.filter(|x| !x.is_nan()).collect();
                    let (min, max) = (index.min_value(at).copied(), index.max_value(at).copied());
                    prop_assert_eq!(index.is_null_page(at), values.is_empty());
                    prop_assert_eq!(min, values.iter().copied().reduce(f64::min));
                    prop_assert_eq!(max, values.iter().copied().reduce(f64::max));
                    let nulls = end - page.first_row_index as usize - values.len();
                    prop_assert_eq!(index.null_count(at), Some(nulls as i64));
                }
            }
        }
    }
}
