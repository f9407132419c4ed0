//! The rows of the tables, in any zone, and the order of each table.

mod customer;

use std::cmp::Ordering;
use std::collections::HashSet;

pub use customer::Customer;

/// A double that is no value: the smallest in `f64::total_cmp`, so nulls sort
/// first without a branch. JSON has no NaN, so no record can hold it.
pub const NULL_DOUBLE: f64 = f64::from_bits(u64::MAX);

/// Which sensor a reading is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensor {
    /// The phone's.
    Accelerometer,
    /// The device's.
    StepTrainer,
}

impl Sensor {
    /// Its name, as in those of its tables.
    pub fn name(self) -> &'static str {
        match self {
            Sensor::Accelerometer => "accelerometer",
            Sensor::StepTrainer => "step_trainer",
        }
    }
}

/// An admitted accelerometer reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Its user, by position in the ledger's emails.
    pub email: u32,
    /// Epoch milliseconds.
    pub time: i64,
    /// The axes; null is [`NULL_DOUBLE`].
    pub xyz: [f64; 3],
}

impl Reading {
    /// Bytes of a row that travels.
    pub const BYTES: usize = 36;

    /// Little-endian: email, time, axes.
    pub fn to_bytes(self) -> [u8; Reading::BYTES] {
        let [x, y, z] = self.xyz.map(f64::to_le_bytes);
        joined(&[&self.email.to_le_bytes(), &self.time.to_le_bytes(), &x, &y, &z])
    }

    pub(crate) fn from_bytes(bytes: &[u8; Reading::BYTES]) -> Reading {
        Reading {
            email: u32::from_le_bytes(part(bytes, 0)),
            time: i64::from_le_bytes(part(bytes, 4)),
            xyz: [12, 20, 28].map(|at| f64::from_le_bytes(part(bytes, at))),
        }
    }

    /// Whose and when it is.
    fn moment(&self) -> (u32, i64) {
        (self.email, self.time)
    }

    /// What is equal where the axes are, as numbers: -0.0 is 0.0, and null is null.
    fn axes(&self) -> [u64; 3] {
        self.xyz.map(|axis| if axis == 0.0 { 0 } else { axis.to_bits() })
    }

    /// How many of these rows, which are sorted, are equal to an earlier one.
    pub fn repeats(rows: &[Reading]) -> u64 {
        let moments = rows.chunk_by(|a, b| a.moment() == b.moment()).filter(|rows| rows.len() > 1);
        let repeats = |rows: &[Reading]| {
            let distinct: HashSet<[u64; 3]> = rows.iter().map(Reading::axes).collect();
            rows.len() - distinct.len()
        };
        moments.map(repeats).sum::<usize>() as u64
    }

    /// Whether each row is the first of those that are equal to it, asked in their order.
    pub fn firsts() -> impl FnMut(&Reading) -> bool {
        let (mut moment, mut seen) = (None, HashSet::new());
        move |row| {
            if moment != Some(row.moment()) {
                moment = Some(row.moment());
                seen.clear();
            }
            seen.insert(row.axes())
        }
    }

    /// The order of the accelerometer tables.
    pub fn order(&self, other: &Reading) -> Ordering {
        (self.email, self.time).cmp(&(other.email, other.time)).then_with(|| order_xyz(&self.xyz, &other.xyz))
    }
}

/// An admitted step trainer reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepReading {
    /// Its device, by position in the ledger's serials.
    pub serial: u32,
    /// Epoch milliseconds.
    pub time: i64,
    /// What the sensor measured.
    pub distance: Option<i32>,
}

impl StepReading {
    /// Bytes of a row that travels.
    pub const BYTES: usize = 17;

    /// Little-endian: serial, time, distance, and 1 if there is one.
    pub fn to_bytes(self) -> [u8; StepReading::BYTES] {
        let distance = self.distance.unwrap_or_default().to_le_bytes();
        let some = [u8::from(self.distance.is_some())];
        joined(&[&self.serial.to_le_bytes(), &self.time.to_le_bytes(), &distance, &some])
    }

    pub(crate) fn from_bytes(bytes: &[u8; StepReading::BYTES]) -> StepReading {
        StepReading {
            serial: u32::from_le_bytes(part(bytes, 0)),
            time: i64::from_le_bytes(part(bytes, 4)),
            distance: (bytes[16] == 1).then(|| i32::from_le_bytes(part(bytes, 12))),
        }
    }

    /// The order of the step trainer tables.
    pub fn order(&self, other: &StepReading) -> Ordering {
        (self.serial, self.time, self.distance).cmp(&(other.serial, other.time, other.distance))
    }
}

/// A row of machine_learning_curated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MachineLearning {
    /// Rank among [`crate::zones::Subjects`].
    pub subject: u32,
    /// Epoch milliseconds.
    pub time: i64,
    /// What the step trainer measured.
    pub distance: Option<i32>,
    /// The axes; null is [`NULL_DOUBLE`].
    pub xyz: [f64; 3],
}

impl MachineLearning {
    /// The order of the table: by subject, never by the email behind it.
    pub fn order(&self, other: &MachineLearning) -> Ordering {
        (self.subject, self.time, self.distance)
            .cmp(&(other.subject, other.time, other.distance))
            .then_with(|| order_xyz(&self.xyz, &other.xyz))
    }
}

/// By x, then y, then z. Without a branch for each: which of them decides differs
/// from row to row, and no processor can foresee it.
fn order_xyz(one: &[f64; 3], other: &[f64; 3]) -> Ordering {
    let by = |axis: usize| one[axis].total_cmp(&other[axis]) as i8;
    (4 * by(0) + 2 * by(1) + by(2)).cmp(&0)
}

fn joined<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut bytes = [0; N];
    let mut at = 0;
    for part in parts {
        bytes[at..at + part.len()].copy_from_slice(part);
        at += part.len();
    }
    bytes
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[at..at + N]);
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_repeat_as_numbers_and_nulls_do() {
        let reading = |time, x, y| Reading { email: 0, time, xyz: [x, y, NULL_DOUBLE] };
        let mut rows = vec![
            reading(1, -0.0, 1.0),
            reading(1, 0.0, 1.0),
            // Between the two in the order of the table.
            reading(1, -0.0, 2.0),
            reading(1, NULL_DOUBLE, 1.0),
            reading(1, NULL_DOUBLE, 1.0),
            reading(2, 0.0, 1.0),
        ];
        rows.sort_by(Reading::order);
        assert_eq!(Reading::repeats(&rows), 2);
        rows.retain(Reading::firsts());
        let kept: Vec<_> = rows.iter().map(|row| (row.time, row.xyz[0].to_bits(), row.xyz[1])).collect();
        let [zero, null] = [(-0.0f64).to_bits(), NULL_DOUBLE.to_bits()];
        assert_eq!(kept, [(1, null, 1.0), (1, zero, 1.0), (1, zero, 2.0), (2, 0.0f64.to_bits(), 1.0)]);
    }
}
