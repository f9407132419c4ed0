//! Whether a new version of a table has every row of an earlier one: only then may the earlier one stay, for in it
//! whoever left would still be found.

use std::collections::VecDeque;

use arrow::array::{Array, AsArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use parquet::file::reader::ChunkReader;

use super::table_file::TableFile;
use crate::error::Error;
use crate::schema::{ColumnType, Table};

/// Whether every row of `old` is in `new` too, as often. `open_old` and `open_new` give their files.
///
/// Both are in the order of the table, so that each row of the old one comes in the new one after the row before it.
/// That is all that is looked for: of a file that is not in that order no row is taken for one that is there.
///
/// # Errors
/// `NotALake` if one of them cannot be read.
pub fn keeps_rows<O: ChunkReader + 'static, N: ChunkReader + 'static>(
    old: &TableFile,
    open_old: impl Fn() -> Result<O, Error>,
    new: &TableFile,
    open_new: impl Fn() -> Result<N, Error>,
) -> Result<bool, Error> {
    if old.table() != new.table() || old.rows() > new.rows() {
        return Ok(false);
    }
    let mut to_find = RowsToFind { file: old, open: open_old, group: 0, batches: VecDeque::new(), row: 0 };
    to_find.fill()?;
    for group in 0..new.row_groups() {
        if to_find.batches.is_empty() {
            break;
        }
        new.read(open_new()?, group, |batch| {
            let columns = columns(new.table(), batch);
            for row in 0..batch.num_rows() {
                let Some(front) = to_find.batches.front() else { return Ok(()) };
                if front.iter().zip(&columns).all(|(old, new)| old.is_same(to_find.row, new, row)) {
                    to_find.next()?;
                }
            }
            Ok(())
        })?;
    }
    Ok(to_find.batches.is_empty())
}

/// The rows that are still looked for.
struct RowsToFind<'a, F> {
    file: &'a TableFile,
    open: F,
    group: usize,
    /// Of one row group.
    batches: VecDeque<Vec<Values>>,
    /// The next one of the first batch.
    row: usize,
}

impl<R: ChunkReader + 'static, F: Fn() -> Result<R, Error>> RowsToFind<'_, F> {
    fn fill(&mut self) -> Result<(), Error> {
        while self.batches.is_empty() && self.group < self.file.row_groups() {
            let batches = &mut self.batches;
            self.file.read((self.open)()?, self.group, |batch| {
                batches.push_back(columns(self.file.table(), batch));
                Ok(())
            })?;
            self.group += 1;
        }
        Ok(())
    }

    fn next(&mut self) -> Result<(), Error> {
        self.row += 1;
        if self
            .batches
            .front()
            .is_some_and(|batch| batch.first().is_none_or(|column| self.row >= column.len()))
        {
            self.batches.pop_front();
            self.row = 0;
            self.fill()?;
        }
        Ok(())
    }
}

/// The values of a column.
enum Values {
    Text(StringArray),
    Bigint(Int64Array),
    Int(Int32Array),
    Double(Float64Array),
}

fn columns(table: Table, batch: &RecordBatch) -> Vec<Values> {
    let columns = table.columns().iter().zip(batch.columns());
    columns
        .map(|(column, array)| match column.ty {
            ColumnType::String => Values::Text(array.as_string().clone()),
            ColumnType::Bigint => Values::Bigint(array.as_primitive::<Int64Type>().clone()),
            ColumnType::Int => Values::Int(array.as_primitive::<Int32Type>().clone()),
            ColumnType::Double => Values::Double(array.as_primitive::<Float64Type>().clone()),
        })
        .collect()
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Values::Text(array) => array.len(),
            Values::Bigint(array) => array.len(),
            Values::Int(array) => array.len(),
            Values::Double(array) => array.len(),
        }
    }

    /// Whether a value is another column's, to the bit.
    fn is_same(&self, at: usize, other: &Values, row: usize) -> bool {
        match (self, other) {
            (Values::Text(one), Values::Text(other)) => {
                same(one, at, other, row, |array, at| array.value(at))
            }
            (Values::Bigint(one), Values::Bigint(other)) => {
                same(one, at, other, row, |array, at| array.value(at))
            }
            (Values::Int(one), Values::Int(other)) => same(one, at, other, row, |array, at| array.value(at)),
            (Values::Double(one), Values::Double(other)) => {
                same(one, at, other, row, |array, at| array.value(at).to_bits())
            }
            _ => false,
        }
    }
}

fn same<'a, A: Array, T: PartialEq>(
    one: &'a A,
    at: usize,
    other: &'a A,
    row: usize,
    value: impl Fn(&'a A, usize) -> T,
) -> bool {
    match (one.is_null(at), other.is_null(row)) {
        (false, false) => value(one, at) == value(other, row),
        (one, other) => one == other,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::names::Names;
    use crate::options::Compression;
    use crate::parquet::{MAGIC, ROW_GROUP_ROWS, assemble, encode};
    use crate::rows::{MachineLearning, NULL_DOUBLE};
    use bytes::Bytes;
    use proptest::prelude::*;

    const TABLE: Table = Table::MachineLearningCurated;

    fn file(mut rows: Vec<MachineLearning>) -> Bytes {
        let subjects: Names = ["anna", "émile"].into_iter().collect();
        rows.sort_by_key(|row| (row.subject, row.time, row.distance));
        let part = encode(TABLE, Compression::Snappy, &(&rows[..], &subjects)).unwrap();
        let end = assemble(TABLE, Compression::Snappy, std::iter::once(&part.about), &[]).unwrap();
        MAGIC.iter().chain(&part.body).chain(&end).copied().collect()
    }

    fn keeps(old: Vec<MachineLearning>, new: Vec<MachineLearning>) -> bool {
        let [old, new] = [old, new].map(file);
        let [old_table, new_table] = [&old, &new].map(|file| TableFile::open(TABLE, file).unwrap());
        keeps_rows(&old_table, || Ok(old.clone()), &new_table, || Ok(new.clone())).unwrap()
    }

    fn row(subject: u32, time: i64, distance: Option<i32>, x: f64) -> MachineLearning {
        MachineLearning { subject, time, distance, xyz: [x, NULL_DOUBLE, -0.0] }
    }

    #[test]
    fn a_row_that_differs_by_a_bit_has_left() {
        let one = || vec![row(0, 5, None, 0.0), row(1, 5, Some(2), NULL_DOUBLE)];
        assert!(keeps(one(), one()));
        assert!(keeps(Vec::new(), one()) && keeps(Vec::new(), Vec::new()));
        assert!(!keeps(one(), Vec::new()));
        for other in [
            row(0, 5, None, -0.0),
            row(0, 5, Some(0), 0.0),
            row(0, 5, None, NULL_DOUBLE),
            row(0, 6, None, 0.0),
            row(1, 5, None, 0.0),
        ] {
            assert!(!keeps(one(), vec![other, row(1, 5, Some(2), NULL_DOUBLE), row(1, 9, None, 1.0)]));
        }
    }

    #[test]
    fn rows_are_followed_from_row_group_to_row_group() {
        let rows =
            |step: usize| (0..2 * ROW_GROUP_ROWS + 9).step_by(step).map(|at| row(0, at as i64, None, 1.0));
        assert!(keeps(rows(2).collect(), rows(1).collect()));
        assert!(!keeps(
            rows(2).chain([row(0, 1, None, 1.0)]).collect(),
            rows(2).chain([row(0, 3, None, 1.0)]).collect()
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn it_is_whether_one_multiset_is_part_of_the_other(
            old in prop::collection::vec((0..2u32, 0..3i64), 0..8),
            new in prop::collection::vec((0..2u32, 0..3i64), 0..12),
        ) {
            let rows = |of: &[(u32, i64)]| of.iter().map(|&(subject, time)| row(subject, time, None, 1.0)).collect();
            let mut left = new.clone();
            let kept = old.iter().all(|row| {
                left.iter().position(|other| other == row).map(|at| left.swap_remove(at)).is_some()
            });
            prop_assert_eq!(keeps(rows(&old), rows(&new)), kept);
        }
    }
}
