//! Rows to columns, in the order of the schema.

use std::borrow::Borrow;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, Int64Array, StringArray};

use crate::names::Names;
use crate::rows::{Customer, MachineLearning, NULL_DOUBLE, Reading, StepReading};

/// A column of some rows.
pub enum Column<'a> {
    /// Positions in a list of texts.
    Named(Vec<u32>, &'a Names),
    /// A `string`.
    Texts(Vec<Option<&'a str>>),
    /// An `int`.
    Ints(Vec<Option<i32>>),
    /// A `double`; null is [`NULL_DOUBLE`].
    Doubles(Vec<f64>),
    /// Any other.
    Array(ArrayRef),
}

/// Bytes of text after which an array ends: Arrow counts them in 31 bits, and a
/// text may have as many as a record.
const TEXT_BYTES: usize = 64 << 20;

impl Column<'_> {
    /// As Arrow arrays, one after the other: one, unless its texts are long.
    pub fn arrays(&self) -> Box<dyn Iterator<Item = ArrayRef> + '_> {
        let one = |array| Box::new(std::iter::once(array));
        match self {
            Column::Named(rows, names) => Box::new(texts(rows, |&at| Some(&names[at as usize]))),
            Column::Texts(rows) => Box::new(texts(rows, |row| *row)),
            Column::Ints(rows) => one(array(Int32Array::from(rows.clone()))),
            Column::Doubles(rows) => {
                let null = NULL_DOUBLE.to_bits();
                let some = |&row: &f64| Some(row).filter(|row| row.to_bits() != null);
                one(array(Float64Array::from_iter(rows.iter().map(some))))
            }
            Column::Array(array) => one(Arc::clone(array)),
        }
    }
}

fn texts<'a, T>(
    mut rows: &'a [T],
    text: impl Fn(&'a T) -> Option<&'a str>,
) -> impl Iterator<Item = ArrayRef> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = rows.iter().take_while(|row| {
            let before = bytes;
            bytes += text(row).map_or(0, str::len);
            before < TEXT_BYTES
        });
        let (now, later) = rows.split_at(fits.count());
        rows = later;
        (!now.is_empty()).then(|| array(StringArray::from_iter(now.iter().map(&text))))
    })
}

/// Rows that can be written as a table's columns.
pub trait Columns {
    /// How many rows there are.
    fn len(&self) -> usize;
    /// The columns of these rows.
    fn columns(&self, rows: Range<usize>) -> Vec<Column<'_>>;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<C: Borrow<Customer>> Columns for &[C] {
    fn len(&self) -> usize {
        <[C]>::len(self)
    }

    fn columns(&self, rows: Range<usize>) -> Vec<Column<'_>> {
        let rows = &self[rows];
        let texts = (0..crate::schema::customer::TEXTS)
            .map(|at| Column::Texts(rows.iter().map(|row| row.borrow().text(at)).collect()));
        let time = |row: &C, at| row.borrow().time(at);
        let times = (0..crate::schema::customer::TIMES)
            .map(|at| Column::Array(array(Int64Array::from_iter(rows.iter().map(|row| time(row, at))))));
        texts.chain(times).collect()
    }
}

/// Readings with the names that their positions stand for.
impl Columns for (&[Reading], &Names) {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn columns(&self, rows: Range<usize>) -> Vec<Column<'_>> {
        let (rows, emails) = (&self.0[rows], self.1);
        let mut columns = vec![
            Column::Named(rows.iter().map(|row| row.email).collect(), emails),
            times(rows.iter().map(|row| row.time)),
        ];
        columns.extend(axes(rows, |row| &row.xyz));
        columns
    }
}

impl Columns for (&[StepReading], &Names) {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn columns(&self, rows: Range<usize>) -> Vec<Column<'_>> {
        let (rows, serials) = (&self.0[rows], self.1);
        vec![
            times(rows.iter().map(|row| row.time)),
            Column::Named(rows.iter().map(|row| row.serial).collect(), serials),
            Column::Ints(rows.iter().map(|row| row.distance).collect()),
        ]
    }
}

impl Columns for (&[MachineLearning], &Names) {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn columns(&self, rows: Range<usize>) -> Vec<Column<'_>> {
        let (rows, subjects) = (&self.0[rows], self.1);
        let mut columns = vec![
            Column::Named(rows.iter().map(|row| row.subject).collect(), subjects),
            times(rows.iter().map(|row| row.time)),
            Column::Ints(rows.iter().map(|row| row.distance).collect()),
        ];
        columns.extend(axes(rows, |row| &row.xyz));
        columns
    }
}

fn array(array: impl arrow::array::Array + 'static) -> ArrayRef {
    Arc::new(array)
}

fn times<'a>(times: impl Iterator<Item = i64>) -> Column<'a> {
    Column::Array(array(Int64Array::from_iter_values(times)))
}

fn axes<'a, T>(rows: &[T], xyz: impl Fn(&T) -> &[f64; 3]) -> impl Iterator<Item = Column<'a>> {
    (0..3).map(move |axis| Column::Doubles(rows.iter().map(|row| xyz(row)[axis]).collect()))
}
