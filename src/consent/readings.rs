//! Admitted readings as an instance holds them and ships them to others.

use super::ledger::ConsentLedger;
use super::trusted::Trusted;
use crate::error::Error;
use crate::joins::{Groups, KeySet};
use crate::rows::{Reading, Sensor, StepReading};
use crate::wire;

/// Rows of accelerometer_trusted, and step readings of admitted customers that
/// are still whose owner is not yet known to be curated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readings {
    /// accelerometer_trusted.
    pub accelerometer: Trusted<Vec<Reading>>,
    /// Of the customers' serial numbers.
    pub steps: Trusted<Vec<StepReading>>,
}

/// Bytes that stand before the rows: a count, and [`SORTED`] or 0.
const HEAD: usize = 9;
const SORTED: u8 = 1;

impl Readings {
    /// Bytes that they take in memory.
    pub fn size(&self) -> usize {
        size_of_val(self.accelerometer.rows().as_slice()) + size_of_val(self.steps.rows().as_slice())
    }

    /// Sorts them by person and by device, and gives where those of each are.
    pub fn sort(&mut self, ledger: &ConsentLedger) -> (Groups, Groups) {
        let (emails, serials) = (ledger.emails().len(), ledger.serials().len());
        (
            self.accelerometer.sort_grouped(emails, |row| row.email, Reading::order),
            self.steps.sort_grouped(serials, |row| row.serial, StepReading::order),
        )
    }

    /// Takes another's; both are sorted, and so is what they become.
    pub fn merge(&mut self, other: Readings) {
        self.accelerometer.merge(other.accelerometer, Reading::order);
        self.steps.merge(other.steps, StepReading::order);
    }

    /// What stands before `accelerometer` accelerometer rows and the step rows, in no
    /// order.
    pub fn head(accelerometer: usize) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        head[..8].copy_from_slice(&(accelerometer as u64).to_le_bytes());
        head
    }

    /// As bytes, if they are sorted: the head, then rows of little-endian numbers.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (accelerometer, steps) = (self.accelerometer.rows(), self.steps.rows());
        debug_assert!(accelerometer.is_sorted_by(|a, b| a.order(b).is_le()));
        debug_assert!(steps.is_sorted_by(|a, b| a.order(b).is_le()));
        let size = HEAD + accelerometer.len() * Reading::BYTES + steps.len() * StepReading::BYTES;
        let mut bytes = Vec::with_capacity(size);
        bytes.extend_from_slice(&Readings::head(accelerometer.len()));
        bytes[HEAD - 1] = SORTED;
        accelerometer.iter().for_each(|row| bytes.extend_from_slice(&row.to_bytes()));
        steps.iter().for_each(|row| bytes.extend_from_slice(&row.to_bytes()));
        bytes
    }

    /// Adds those of some rows that were taken at one of these times: rows of one sensor as bytes, in any order,
    /// without a head, from an instance with the same ledger.
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn receive_at(
        &mut self,
        times: &KeySet,
        sensor: Sensor,
        bytes: &[u8],
        ledger: &ConsentLedger,
    ) -> Result<(), Error> {
        let mut known = true;
        match sensor {
            Sensor::Accelerometer => {
                let (rows, rest) = bytes.as_chunks();
                known &= rest.is_empty();
                self.accelerometer.receive(rows.iter().map(Reading::from_bytes).filter(|row| {
                    known &= (row.email as usize) < ledger.emails().len();
                    times.has(row.time)
                }));
            }
            Sensor::StepTrainer => {
                let (rows, rest) = bytes.as_chunks();
                known &= rest.is_empty();
                self.steps.receive(rows.iter().map(StepReading::from_bytes).filter(|row| {
                    known &= (row.serial as usize) < ledger.serials().len();
                    times.has(row.time)
                }));
            }
        }
        if known { Ok(()) } else { Err(no_readings()) }
    }

    /// From [`Readings::to_bytes`] of an instance with the same ledger, or from a
    /// head and rows; sorted.
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn from_bytes(bytes: Vec<u8>, ledger: &ConsentLedger) -> Result<Readings, Error> {
        let (head, rows) = bytes.split_first_chunk::<8>().ok_or_else(no_readings)?;
        let (&sorted, rows) = rows.split_first().ok_or_else(no_readings)?;
        let length =
            usize::try_from(u64::from_le_bytes(*head)).ok().and_then(|n| n.checked_mul(Reading::BYTES));
        let (accelerometer, steps) =
            length.and_then(|length| rows.split_at_checked(length)).ok_or_else(no_readings)?;
        let (accelerometer, _) = accelerometer.as_chunks();
        let (steps, rest) = steps.as_chunks();
        let mut known = rest.is_empty() && sorted <= SORTED;
        let mut readings = Readings::default();
        readings.accelerometer.receive(accelerometer.iter().map(Reading::from_bytes).inspect(|row| {
            known &= (row.email as usize) < ledger.emails().len();
        }));
        readings.steps.receive(steps.iter().map(StepReading::from_bytes).inspect(|row| {
            known &= (row.serial as usize) < ledger.serials().len();
        }));
        if !known {
            return Err(no_readings());
        }
        drop(bytes);
        if sorted != SORTED {
            readings.sort(ledger);
        }
        Ok(readings)
    }
}

fn no_readings() -> Error {
    wire::unreadable("set of readings", None)
}
