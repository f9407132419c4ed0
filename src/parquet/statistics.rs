//! What the footer of a table's file says of its rows: how many there are, and between which times and numbers. Never
//! of text, whose bounds are values of people.

use bytes::Bytes;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::statistics::Statistics;

use crate::error::Error;
use crate::schema::{ColumnType, Table};

/// Of a whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileStatistics {
    /// How many rows it has.
    pub rows: u64,
    /// Its columns of times and numbers, in their order.
    pub columns: Vec<ColumnStatistics>,
}

/// Of a column of times or numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnStatistics {
    /// Its name.
    pub name: &'static str,
    /// How many rows have no value.
    pub nulls: Option<u64>,
    /// The least and the greatest value, as JSON has them; none if there is no value, or if they are not known.
    pub bounds: Option<[String; 2]>,
}

impl FileStatistics {
    /// Of a file of so many bytes by its last ones, the footer among them.
    ///
    /// # Errors
    /// What the Parquet crate says of a footer that it cannot read.
    pub fn of_end(table: Table, end: &[u8], bytes: u64) -> Result<FileStatistics, Error> {
        let mut reader = ParquetMetaDataReader::new();
        reader.try_parse_sized(&Bytes::copy_from_slice(end), bytes)?;
        Ok(FileStatistics::of(table, &reader.finish()?))
    }

    /// Of a file of a table by its footer.
    pub fn of(table: Table, metadata: &ParquetMetaData) -> FileStatistics {
        let groups = metadata.row_groups();
        let numbers =
            table.columns().iter().enumerate().filter(|(_, column)| column.ty != ColumnType::String);
        let columns = numbers.map(|(at, column)| {
            let chunks = groups.iter().map(|group| group.column(at).statistics());
            let nulls = chunks.clone().map(|chunk| chunk?.null_count_opt()).sum();
            // Of a group without a value there are no bounds, and none are missing.
            let of_values = groups.iter().zip(chunks).filter(|(group, chunk)| {
                chunk.and_then(Statistics::null_count_opt) != Some(group.num_rows().max(0) as u64)
            });
            let of_values = of_values.map(|(_, chunk)| chunk);
            ColumnStatistics { name: column.name, nulls, bounds: bounds(column.ty, of_values) }
        });
        let rows = groups.iter().map(|group| group.num_rows().max(0) as u64).sum();
        FileStatistics { rows, columns: columns.collect() }
    }
}

fn bounds<'a>(ty: ColumnType, chunks: impl Iterator<Item = Option<&'a Statistics>>) -> Option<[String; 2]> {
    let chunks: Vec<&Statistics> = chunks.collect::<Option<_>>()?;
    let whole = |bound: i64| Some(bound.to_string());
    // JSON has no others.
    let finite = |bound: f64| bound.is_finite().then(|| format!("{bound:?}"));
    match ty {
        ColumnType::Bigint => {
            let of = |chunk: &&Statistics| match chunk {
                Statistics::Int64(of) => Some([*of.min_opt()?, *of.max_opt()?]),
                _ => None,
            };
            widest(chunks.iter().map(of), i64::cmp, whole)
        }
        ColumnType::Int => {
            let of = |chunk: &&Statistics| match chunk {
                Statistics::Int32(of) => Some([i64::from(*of.min_opt()?), i64::from(*of.max_opt()?)]),
                _ => None,
            };
            widest(chunks.iter().map(of), i64::cmp, whole)
        }
        ColumnType::Double => {
            let of = |chunk: &&Statistics| match chunk {
                Statistics::Double(of) => Some([*of.min_opt()?, *of.max_opt()?]),
                _ => None,
            };
            widest(chunks.iter().map(of), f64::total_cmp, finite)
        }
        ColumnType::String => None,
    }
}

fn widest<T: Copy>(
    chunks: impl Iterator<Item = Option<[T; 2]>>,
    order: fn(&T, &T) -> std::cmp::Ordering,
    text: impl Fn(T) -> Option<String>,
) -> Option<[String; 2]> {
    let chunks: Vec<[T; 2]> = chunks.collect::<Option<_>>()?;
    let least = chunks.iter().map(|[least, _]| *least).min_by(order)?;
    let greatest = chunks.iter().map(|[_, greatest]| *greatest).max_by(order)?;
    Some([text(least)?, text(greatest)?])
}
