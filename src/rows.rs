//! The rows of the tables, in any zone, and the order of each table.

use std::cmp::Ordering;

use crate::schema::customer::{EMAIL, LASTUPDATEDATE, SERIALNUMBER, SHAREWITHRESEARCHASOFDATE, TEXTS, TIMES};

/// A double that is no value: the smallest in `f64::total_cmp`, so nulls sort
/// first without a branch. JSON has no NaN, so no record can hold it.
pub const NULL_DOUBLE: f64 = f64::from_bits(u64::MAX);

/// A customer record, in any zone: its text columns, then its times.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Customer {
    /// By position in the schema; email and serialnumber are always there.
    pub texts: [Option<String>; TEXTS],
    /// By position in the schema less `TEXTS`; epoch milliseconds.
    pub times: [Option<i64>; TIMES],
}

impl Customer {
    /// The person.
    pub fn email(&self) -> &str {
        self.texts[EMAIL].as_deref().unwrap_or_default()
    }

    /// The person's device.
    pub fn serial(&self) -> &str {
        self.texts[SERIALNUMBER].as_deref().unwrap_or_default()
    }

    /// Epoch milliseconds; `None` is older than any.
    pub fn last_update(&self) -> Option<i64> {
        self.times[LASTUPDATEDATE - TEXTS]
    }

    /// When this record consents from, if it does.
    pub fn consent_date(&self) -> Option<i64> {
        self.times[SHAREWITHRESEARCHASOFDATE - TEXTS].filter(|&date| date > 0)
    }

    /// The order of the customer tables: by email, then the columns.
    pub fn order(&self, other: &Customer) -> Ordering {
        self.email().cmp(other.email()).then_with(|| self.cmp(other))
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
