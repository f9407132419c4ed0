//! Rows to Arrow arrays, in the order of the schema.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, Int64Array, StringArray};

use super::{Customer, MachineLearning, Reading, StepReading};
use crate::ingest::NULL_DOUBLE;

/// Rows that can be written as a table's columns.
pub trait Columns {
    /// How many rows there are.
    fn len(&self) -> usize;
    /// Arrays of these rows, one a column.
    fn columns(&self, rows: Range<usize>) -> Vec<ArrayRef>;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Columns for &[Customer] {
    fn len(&self) -> usize {
        <[Customer]>::len(self)
    }

    fn columns(&self, rows: Range<usize>) -> Vec<ArrayRef> {
        let rows = &self[rows];
        let texts = (0..crate::schema::customer::TEXTS)
            .map(|at| array(StringArray::from_iter(rows.iter().map(|row| row.texts[at].as_deref()))));
        let times = (0..crate::schema::customer::TIMES)
            .map(|at| array(Int64Array::from_iter(rows.iter().map(|row| row.times[at]))));
        texts.chain(times).collect()
    }
}

/// Readings with the names that their positions stand for.
impl Columns for (&[Reading], &[String]) {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn columns(&self, rows: Range<usize>) -> Vec<ArrayRef> {
        let (rows, emails) = (&self.0[rows], self.1);
        let mut columns = vec![
            names(rows.iter().map(|row| row.email), emails),
            array(Int64Array::from_iter_values(rows.iter().map(|row| row.time))),
        ];
        columns.extend(axes(rows, |row| &row.xyz));
        columns
    }
}

impl Columns for (&[StepReading], &[String]) {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn columns(&self, rows: Range<usize>) -> Vec<ArrayRef> {
        let (rows, serials) = (&self.0[rows], self.1);
        vec![
            array(Int64Array::from_iter_values(rows.iter().map(|row| row.time))),
            names(rows.iter().map(|row| row.serial), serials),
            array(Int32Array::from_iter(rows.iter().map(|row| row.distance))),
        ]
    }
}

impl Columns for (&[MachineLearning], &[String]) {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn columns(&self, rows: Range<usize>) -> Vec<ArrayRef> {
        let (rows, subjects) = (&self.0[rows], self.1);
        let mut columns = vec![
            names(rows.iter().map(|row| row.subject), subjects),
            array(Int64Array::from_iter_values(rows.iter().map(|row| row.time))),
            array(Int32Array::from_iter(rows.iter().map(|row| row.distance))),
        ];
        columns.extend(axes(rows, |row| &row.xyz));
        columns
    }
}

fn array(array: impl arrow::array::Array + 'static) -> ArrayRef {
    Arc::new(array)
}

fn names(positions: impl Iterator<Item = u32>, names: &[String]) -> ArrayRef {
    array(StringArray::from_iter_values(positions.map(|at| names[at as usize].as_str())))
}

fn axes<T>(rows: &[T], xyz: impl Fn(&T) -> &[f64; 3]) -> impl Iterator<Item = ArrayRef> {
    let is_null = |value: f64| value.to_bits() == NULL_DOUBLE.to_bits();
    (0..3).map(move |axis| {
        array(Float64Array::from_iter(rows.iter().map(|row| {
            let value = xyz(row)[axis];
            (!is_null(value)).then_some(value)
        })))
    })
}
