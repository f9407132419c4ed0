//! The columns of a row group as Arrow arrays, by the Parquet library's readers of pages and values alone: its reader
//! of Arrow would make the page half a megabyte larger.

use std::sync::Arc;

use arrow::array::{ArrayRef, ArrowPrimitiveType, PrimitiveArray, StringArray};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use parquet::column::page::PageReader;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, Int32Type as Int32, Int64Type as Int64,
};
use parquet::errors::Result;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::properties::ReaderProperties;
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;

use crate::parquet::unpacked;
use crate::schema::ColumnType;

/// A column of a row group, read from its start to its end.
pub(super) enum Column {
    Text(ColumnReaderImpl<ByteArrayType>),
    Bigint(ColumnReaderImpl<Int64>),
    Int(ColumnReaderImpl<Int32>),
    Double(ColumnReaderImpl<DoubleType>),
}

impl Column {
    /// The column at this position, of this type.
    pub(super) fn open<R: ChunkReader + 'static>(
        file: &Arc<R>,
        group: &RowGroupMetaData,
        at: usize,
        ty: ColumnType,
    ) -> Result<Column> {
        Ok(match ty {
            ColumnType::String => Column::Text(Column::texts(file, group, at)?),
            ColumnType::Bigint => Column::Bigint(reader(file, group, at)?),
            ColumnType::Int => Column::Int(reader(file, group, at)?),
            ColumnType::Double => Column::Double(reader(file, group, at)?),
        })
    }

    /// The values of a column of texts.
    pub(super) fn texts<R: ChunkReader + 'static>(
        file: &Arc<R>,
        group: &RowGroupMetaData,
        at: usize,
    ) -> Result<ColumnReaderImpl<ByteArrayType>> {
        reader(file, group, at)
    }

    /// The next so many rows, or as many as are left.
    pub(super) fn read(&mut self, rows: usize) -> Result<ArrayRef> {
        Ok(match self {
            Column::Text(reader) => Arc::new(texts(next(reader, rows)?)?),
            Column::Bigint(reader) => Arc::new(numbers::<Int64Type>(next(reader, rows)?)),
            Column::Int(reader) => Arc::new(numbers::<Int32Type>(next(reader, rows)?)),
            Column::Double(reader) => Arc::new(numbers::<Float64Type>(next(reader, rows)?)),
        })
    }
}

fn reader<T: DataType, R: ChunkReader + 'static>(
    file: &Arc<R>,
    group: &RowGroupMetaData,
    at: usize,
) -> Result<ColumnReaderImpl<T>> {
    Ok(ColumnReaderImpl::new(group.column(at).column_descr_ptr(), pages(file, group, at)?))
}

/// The pages of a column of a row group, with what they say of their values.
pub(super) fn pages<R: ChunkReader + 'static>(
    file: &Arc<R>,
    group: &RowGroupMetaData,
    at: usize,
) -> Result<Box<dyn PageReader>> {
    let rows = usize::try_from(group.num_rows())?;
    let properties = Arc::new(ReaderProperties::builder().set_read_page_statistics(true).build());
    unpacked(group.column(at), |column| {
        let file = Arc::clone(file);
        Ok(Box::new(SerializedPageReader::new_with_properties(file, column, rows, None, properties)?))
    })
}

/// Values of rows that have one, and which rows have none.
type Values<T> = (Vec<T>, Option<NullBuffer>);

fn next<T: DataType>(reader: &mut ColumnReaderImpl<T>, rows: usize) -> Result<Values<T::T>> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    reader.read_records(rows, Some(&mut levels), None, &mut values)?;
    let nulls = (values.len() < levels.len()).then(|| levels.iter().map(|&level| level > 0).collect());
    Ok((values, nulls))
}

fn numbers<T: ArrowPrimitiveType>((values, nulls): Values<T::Native>) -> PrimitiveArray<T> {
    let Some(nulls) = nulls else { return PrimitiveArray::new(ScalarBuffer::from(values), None) };
    let mut values = values.into_iter();
    let spaced: Vec<T::Native> = nulls
        .iter()
        .map(|is| if is { values.next().unwrap_or_default() } else { T::Native::default() })
        .collect();
    PrimitiveArray::new(ScalarBuffer::from(spaced), Some(nulls))
}

fn texts((values, nulls): Values<ByteArray>) -> Result<StringArray> {
    let rows = nulls.as_ref().map_or(values.len(), NullBuffer::len);
    let mut bytes = Vec::with_capacity(values.iter().map(ByteArray::len).sum());
    let mut offsets = Vec::with_capacity(rows + 1);
    offsets.push(0);
    let mut values = values.iter();
    for row in 0..rows {
        if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)) {
            bytes.extend_from_slice(values.next().map_or(&[], ByteArray::data));
        }
        offsets.push(i32::try_from(bytes.len())?);
    }
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    Ok(StringArray::try_new(offsets, Buffer::from_vec(bytes), nulls)?)
}
