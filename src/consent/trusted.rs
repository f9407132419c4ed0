//! Consent as a type: what holds rows that were admitted, and how readings get
//! in.

use super::{ConsentLedger, Rule, Withdrawals};
use crate::zones::{Reading, StepReading};

/// Rows that the consent rules admitted. Only this module can make one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trusted<T>(T);

impl<T> Trusted<T> {
    /// The rows.
    pub fn rows(&self) -> &T {
        &self.0
    }
}

impl<R> Trusted<Vec<R>> {
    /// Rows that the rules have passed.
    pub(super) fn admitted(rows: Vec<R>) -> Self {
        Trusted(rows)
    }

    /// Keeps the rows for which `keep` holds: trust survives leaving rows out.
    pub fn retain(&mut self, keep: impl FnMut(&R) -> bool) {
        self.0.retain(keep);
    }

    /// Takes another instance's rows.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Sorts them.
    pub fn sort_by(&mut self, order: impl FnMut(&R, &R) -> std::cmp::Ordering) {
        self.0.sort_unstable_by(order);
    }

    /// Rows that another instance of this program admitted and sent as bytes.
    pub(crate) fn from_exchange(rows: Vec<R>) -> Self {
        Trusted(rows)
    }
}

impl Trusted<Vec<Reading>> {
    /// Takes an accelerometer reading, if the ledger admits it, and returns the
    /// position of its email.
    ///
    /// # Errors
    /// The rule that keeps it out.
    pub fn take(
        &mut self,
        ledger: &ConsentLedger,
        met: &mut Withdrawals,
        (user, time, xyz): (&str, i64, [f64; 3]),
    ) -> Result<u32, Rule> {
        let email = ledger.admit_user(user, time, met)?;
        self.0.push(Reading { email, time, xyz });
        Ok(email)
    }
}

/// What became of a step reading that the customers admit.
pub enum Taken {
    /// Stored, until it is settled who has accelerometer readings.
    Stored,
    /// Taken before any consent that could cover it, so not stored; what it
    /// counts under is settled later. Has the position of its serial number.
    Early(u32),
}

impl Trusted<Vec<StepReading>> {
    /// Takes a step reading, if the ledger admits it.
    ///
    /// # Errors
    /// The rule that keeps it out.
    pub fn take(
        &mut self,
        ledger: &ConsentLedger,
        met: &mut Withdrawals,
        (serial, time, distance): (&str, i64, Option<i32>),
    ) -> Result<Taken, Rule> {
        let (serial, early) = ledger.admit_serial(serial, time, met)?;
        if early {
            return Ok(Taken::Early(serial));
        }
        self.0.push(StepReading { serial, time, distance });
        Ok(Taken::Stored)
    }
}
