//! Rows of the written tables, as they are read from a lake.

use std::cmp::Ordering;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};

use crate::error::{Error, ErrorKind};
use crate::rows::{Customer, NULL_DOUBLE};
use crate::schema::customer::{EMAIL, SERIALNUMBER, TEXTS};
use crate::schema::{accelerometer, machine_learning, step_trainer};

/// A row of accelerometer_trusted.
#[derive(Clone, Copy, Debug)]
pub struct LakeReading<'a> {
    /// The person's email.
    pub user: &'a str,
    /// Epoch milliseconds.
    pub time: i64,
    /// The axes; null is [`NULL_DOUBLE`].
    pub xyz: [f64; 3],
}

/// A row of step_trainer_trusted.
#[derive(Clone, Copy, Debug)]
pub struct LakeStep<'a> {
    /// The device.
    pub serial: &'a str,
    /// Epoch milliseconds.
    pub time: i64,
    /// What the sensor measured.
    pub distance: Option<i32>,
}

/// A row of machine_learning_curated.
#[derive(Clone, Copy, Debug)]
pub struct LakePair<'a> {
    /// A pseudonym or a serial number.
    pub subject: &'a str,
    /// Epoch milliseconds.
    pub time: i64,
    /// What the step trainer measured.
    pub distance: Option<i32>,
    /// The axes; null is [`NULL_DOUBLE`].
    pub xyz: [f64; 3],
}

impl LakeReading<'_> {
    /// The order of the table.
    pub fn order(&self, other: &LakeReading<'_>) -> Ordering {
        (self.user, self.time).cmp(&(other.user, other.time)).then_with(|| order_xyz(&self.xyz, &other.xyz))
    }
}

impl LakeStep<'_> {
    /// The order of the table.
    pub fn order(&self, other: &LakeStep<'_>) -> Ordering {
        (self.serial, self.time, self.distance).cmp(&(other.serial, other.time, other.distance))
    }
}

impl LakePair<'_> {
    /// The order of the table.
    pub fn order(&self, other: &LakePair<'_>) -> Ordering {
        (self.subject, self.time, self.distance)
            .cmp(&(other.subject, other.time, other.distance))
            .then_with(|| order_xyz(&self.xyz, &other.xyz))
    }
}

fn order_xyz(one: &[f64; 3], other: &[f64; 3]) -> Ordering {
    one.iter().zip(other).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Rows of customer_trusted or customer_curated.
///
/// # Errors
/// `NotALake` if a key is null.
pub fn customers(batch: &RecordBatch) -> Result<Vec<Customer>, Error> {
    full(batch, &[EMAIL, SERIALNUMBER])?;
    let texts: [_; TEXTS] = std::array::from_fn(|at| batch.column(at).as_string::<i32>());
    let times: [_; crate::schema::customer::TIMES] =
        std::array::from_fn(|at| batch.column(TEXTS + at).as_primitive::<Int64Type>());
    let row = |row: usize| {
        Customer::new(
            texts.map(|column| column.is_valid(row).then(|| column.value(row))),
            times.map(|column| column.is_valid(row).then(|| column.value(row))),
        )
    };
    Ok((0..batch.num_rows()).map(row).collect())
}

/// Rows of accelerometer_trusted.
///
/// # Errors
/// As [`customers`].
pub fn readings(batch: &RecordBatch) -> Result<impl Iterator<Item = LakeReading<'_>>, Error> {
    full(batch, &[accelerometer::USER, accelerometer::TIMESTAMP])?;
    let users = batch.column(accelerometer::USER).as_string::<i32>();
    let times = batch.column(accelerometer::TIMESTAMP).as_primitive::<Int64Type>();
    let xyz = axes(batch, accelerometer::X);
    let rows = 0..batch.num_rows();
    Ok(rows.map(move |row| LakeReading { user: users.value(row), time: times.value(row), xyz: xyz(row) }))
}

/// Rows of step_trainer_trusted.
///
/// # Errors
/// As [`customers`].
pub fn steps(batch: &RecordBatch) -> Result<impl Iterator<Item = LakeStep<'_>>, Error> {
    full(batch, &[step_trainer::SENSORREADINGTIME, step_trainer::SERIALNUMBER])?;
    let times = batch.column(step_trainer::SENSORREADINGTIME).as_primitive::<Int64Type>();
    let serials = batch.column(step_trainer::SERIALNUMBER).as_string::<i32>();
    let distance = ints(batch, step_trainer::DISTANCEFROMOBJECT);
    let rows = 0..batch.num_rows();
    Ok(rows.map(move |row| LakeStep {
        serial: serials.value(row),
        time: times.value(row),
        distance: distance(row),
    }))
}

/// Rows of machine_learning_curated.
///
/// # Errors
/// As [`customers`].
pub fn pairs(batch: &RecordBatch) -> Result<impl Iterator<Item = LakePair<'_>>, Error> {
    full(batch, &[machine_learning::SUBJECT, machine_learning::SENSORREADINGTIME])?;
    let subjects = batch.column(machine_learning::SUBJECT).as_string::<i32>();
    let times = batch.column(machine_learning::SENSORREADINGTIME).as_primitive::<Int64Type>();
    let distance = ints(batch, machine_learning::DISTANCEFROMOBJECT);
    let xyz = axes(batch, machine_learning::X);
    let rows = 0..batch.num_rows();
    Ok(rows.map(move |row| LakePair {
        subject: subjects.value(row),
        time: times.value(row),
        distance: distance(row),
        xyz: xyz(row),
    }))
}

/// Sees that columns hold no null.
fn full(batch: &RecordBatch, columns: &[usize]) -> Result<(), Error> {
    match columns.iter().all(|&at| batch.column(at).null_count() == 0) {
        true => Ok(()),
        false => {
            let problem = "a row has no value in a key column".to_owned();
            Err(ErrorKind::NotALake { problem }.into())
        }
    }
}

fn ints(batch: &RecordBatch, at: usize) -> impl Fn(usize) -> Option<i32> + '_ {
    let column = batch.column(at).as_primitive::<Int32Type>();
    move |row| column.is_valid(row).then(|| column.value(row))
}

fn axes(batch: &RecordBatch, first: usize) -> impl Fn(usize) -> [f64; 3] + '_ {
    let columns = [0, 1, 2].map(|axis| batch.column(first + axis).as_primitive::<Float64Type>());
    move |row| columns.map(|column| if column.is_valid(row) { column.value(row) } else { NULL_DOUBLE })
}
