//! A table of a lake as a Parquet file, read one row group at a time.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::metadata::{FooterTail, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::ChunkReader;
use parquet::schema::types::SchemaDescriptor;

use super::columns::Column;
use super::piece::Piece;
use crate::error::{Error, ErrorKind};
use crate::parquet::{FileStatistics, parquet_schema};
use crate::schema::Table;

/// Rows that are decoded at a time.
const BATCH_ROWS: usize = 1 << 14;
/// What a file ends with: the length of its footer, and four letters.
const END: usize = 8;

/// The footer of a table's file. Whoever reads a row group hands the file over again, so that
/// several threads can read one file.
#[derive(Clone)]
pub struct TableFile {
    table: Table,
    schema: SchemaRef,
    metadata: Arc<ParquetMetaData>,
}

/// How many bytes the footer of a file has, its end included, by the file's last 8 bytes.
///
/// # Errors
/// `NotALake` if they are not the end of a Parquet file.
pub fn footer_bytes(end: &[u8]) -> Result<u64, Error> {
    let end: &[u8; END] = end.try_into().map_err(|_| unreadable("it is too short to be a Parquet file"))?;
    let footer = FooterTail::try_new(end).map_err(unreadable)?;
    Ok((footer.metadata_length() + END) as u64)
}

impl TableFile {
    /// Reads the footer.
    ///
    /// # Errors
    /// `NotALake` if it cannot be read, or if the columns are not those of the table.
    pub fn open(table: Table, file: &impl ChunkReader) -> Result<TableFile, Error> {
        TableFile::new(table, ParquetMetaDataReader::new().parse_and_finish(file).map_err(unreadable)?)
    }

    /// Reads the footer of a file of so many bytes: see [`footer_bytes`].
    ///
    /// # Errors
    /// As [`TableFile::open`].
    pub fn of_footer(table: Table, footer: Bytes, size: u64) -> Result<TableFile, Error> {
        let mut reader = ParquetMetaDataReader::new();
        reader.try_parse_sized(&footer, size).map_err(unreadable)?;
        TableFile::new(table, reader.finish().map_err(unreadable)?)
    }

    fn new(table: Table, metadata: ParquetMetaData) -> Result<TableFile, Error> {
        let wanted = table.arrow_schema();
        if !is_same(metadata.file_metadata().schema_descr(), &parquet_schema(&wanted)?) {
            let problem = format!("the columns are not those of {}", table.name());
            return Err(ErrorKind::NotALake { problem }.into());
        }
        // Whether a key is missing is for whoever takes the rows.
        let fields = wanted.fields().iter().map(|field| field.as_ref().clone().with_nullable(true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        Ok(TableFile { table, schema, metadata: Arc::new(metadata) })
    }

    /// Which table it is.
    pub fn table(&self) -> Table {
        self.table
    }

    /// The footer.
    pub fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }

    /// How many row groups it has.
    pub fn row_groups(&self) -> usize {
        self.metadata().num_row_groups()
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.metadata().row_groups().iter().map(|group| group.num_rows().max(0) as u64).sum()
    }

    /// What its footer says of its rows.
    pub fn statistics(&self) -> FileStatistics {
        FileStatistics::of(self.table, self.metadata())
    }

    /// The bytes of a row group: its first, and the one behind its last.
    pub fn range(&self, group: usize) -> (u64, u64) {
        let columns = self.metadata().row_group(group).columns().iter();
        let ranges = columns.map(|column| column.byte_range());
        let range = ranges.fold((u64::MAX, 0), |(first, end), (start, length)| {
            (first.min(start), end.max(start.saturating_add(length)))
        });
        (range.0.min(range.1), range.1)
    }

    /// Reads a row group, some rows at a time.
    ///
    /// # Errors
    /// `NotALake` if they cannot be read; what `take` says.
    pub fn read<R: ChunkReader + 'static>(
        &self,
        file: R,
        group: usize,
        mut take: impl FnMut(&RecordBatch) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (file, about) = (Arc::new(file), self.metadata().row_group(group));
        let columns = self.table.columns().iter().enumerate();
        let columns: Result<Vec<Column>, ParquetError> =
            columns.map(|(at, column)| Column::open(&file, about, at, column.ty)).collect();
        let mut columns = columns.map_err(unreadable)?;
        loop {
            let arrays: Result<Vec<_>, ParquetError> =
                columns.iter_mut().map(|column| column.read(BATCH_ROWS)).collect();
            let arrays = arrays.map_err(unreadable)?;
            let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(unreadable)?;
            if batch.num_rows() == 0 {
                return Ok(());
            }
            take(&batch)?;
        }
    }

    /// As [`TableFile::read`], of the bytes that [`TableFile::range`] names.
    ///
    /// # Errors
    /// The same.
    pub fn read_piece(
        &self,
        bytes: Vec<u8>,
        group: usize,
        take: impl FnMut(&RecordBatch) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let piece = Piece { start: self.range(group).0, bytes: bytes.into() };
        self.read(piece, group, take)
    }
}

/// Whether columns have the same names and types, each with a value or none.
fn is_same(found: &SchemaDescriptor, wanted: &SchemaDescriptor) -> bool {
    found.num_columns() == wanted.num_columns()
        && found.columns().iter().zip(wanted.columns()).all(|(found, wanted)| {
            found.path() == wanted.path()
                && found.physical_type() == wanted.physical_type()
                && found.logical_type_ref() == wanted.logical_type_ref()
                && found.max_rep_level() == 0
                && found.max_def_level() <= 1
        })
}

fn unreadable(cause: impl std::fmt::Display) -> Error {
    ErrorKind::NotALake { problem: format!("its Parquet cannot be read: {cause}") }.into()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::lake::rows::pairs;
    use crate::names::Names;
    use crate::options::Compression;
    use crate::parquet::{MAGIC, ROW_GROUP_ROWS, assemble, encode};
    use crate::rows::{MachineLearning, NULL_DOUBLE};

    const TABLE: Table = Table::MachineLearningCurated;

    fn row(at: usize) -> MachineLearning {
        MachineLearning {
            subject: (at % 2) as u32,
            time: at as i64,
            distance: (!at.is_multiple_of(5)).then_some(at as i32),
            xyz: [at as f64 / 7.0, NULL_DOUBLE, -0.0],
        }
    }

    #[test]
    fn pieces_of_a_file_give_the_rows_that_the_file_gives() {
        let subjects: Names = ["anna", "émile"].into_iter().collect();
        let rows: Vec<MachineLearning> = (0..ROW_GROUP_ROWS + 10).map(row).collect();
        for compression in [Compression::Snappy, Compression::Gzip, Compression::Zstd] {
            let part = encode(TABLE, compression, &(&rows[..], &subjects)).unwrap();
            let end = assemble(TABLE, compression, std::iter::once(&part.about), &[]).unwrap();
            let file: Bytes = MAGIC.iter().chain(&part.body).chain(&end).copied().collect();
            let whole = TableFile::open(TABLE, &file).unwrap();
            let footer = footer_bytes(&file[file.len() - END..]).unwrap() as usize;
            let pieced =
                TableFile::of_footer(TABLE, file.slice(file.len() - footer..), file.len() as u64).unwrap();
            assert_eq!((pieced.row_groups(), pieced.rows()), (2, rows.len() as u64));
            let mut at = 0;
            for group in 0..2 {
                let mut batches = Vec::new();
                let (start, end) = pieced.range(group);
                let piece = file[start as usize..end as usize].to_vec();
                let take = |batch: &RecordBatch| {
                    batches.push(batch.clone());
                    Ok(())
                };
                pieced.read_piece(piece, group, take).unwrap();
                let mut again = batches.iter();
                let same = |batch: &RecordBatch| {
                    assert_eq!(Some(batch), again.next());
                    Ok(())
                };
                whole.read(file.clone(), group, same).unwrap();
                for batch in &batches {
                    for pair in pairs(batch).unwrap() {
                        let wanted = row(at);
                        assert_eq!(pair.subject, &subjects[wanted.subject as usize]);
                        assert_eq!((pair.time, pair.distance), (wanted.time, wanted.distance));
                        assert_eq!(pair.xyz.map(f64::to_bits), wanted.xyz.map(f64::to_bits));
                        at += 1;
                    }
                }
            }
            assert_eq!(at, rows.len());
        }
    }

    #[test]
    fn what_is_no_file_of_the_table_is_an_error() {
        assert!(footer_bytes(b"short").is_err() && footer_bytes(b"12345678").is_err());
        let rows: Vec<MachineLearning> = (0..10).map(row).collect();
        let subjects: Names = ["a", "b"].into_iter().collect();
        let part = encode(TABLE, Compression::Snappy, &(&rows[..], &subjects)).unwrap();
        let end = assemble(TABLE, Compression::Snappy, std::iter::once(&part.about), &[]).unwrap();
        let file: Bytes = MAGIC.iter().chain(&part.body).chain(&end).copied().collect();
        let error = TableFile::open(Table::CustomerTrusted, &file).err().unwrap();
        assert!(error.to_string().contains("the columns are not those of customer_trusted"), "{error}");
        let table = TableFile::open(TABLE, &file).unwrap();
        let (start, end) = table.range(0);
        let mut piece = file[start as usize..end as usize].to_vec();
        piece.truncate(piece.len() / 2);
        let error = table.read_piece(piece, 0, |_| Ok(())).err().unwrap();
        assert!(error.to_string().contains("its Parquet cannot be read"), "{error}");
    }
}
