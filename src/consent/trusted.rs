//! Consent as a type: what holds rows that were admitted, and how readings get
//! in.

use std::cmp::Ordering;
use std::ops::Range;

use crate::joins::{self, Groups};
use crate::rows::{Reading, StepReading};

/// Rows that the consent rules admitted. Only `consent` can make one that holds any:
/// what fills it is private to it, or wants an [`Admitted`].
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

    /// The rows, to note something of them.
    pub(super) fn rows_mut(&mut self) -> &mut [R] {
        &mut self.0
    }

    /// Keeps the rows for which `keep` holds: trust survives leaving rows out.
    pub fn retain(&mut self, keep: impl FnMut(&R) -> bool) {
        self.0.retain(keep);
    }

    /// Takes some of another's rows, by where they are there.
    pub fn take_from(&mut self, other: &Self, rows: Range<usize>)
    where
        R: Copy,
    {
        self.0.extend_from_slice(&other.0[rows]);
    }

    /// Takes those of another's rows that are wanted, by where they are there.
    pub fn take_wanted(&mut self, other: &Self, rows: Range<usize>, wanted: impl Fn(&R) -> bool)
    where
        R: Copy,
    {
        self.0.extend(other.0[rows].iter().copied().filter(wanted));
    }

    /// Takes another instance's rows; both are sorted, and so is what they become.
    pub fn merge(&mut self, other: Self, order: impl Fn(&R, &R) -> Ordering)
    where
        R: Copy,
    {
        if self.0.is_empty() {
            self.0 = other.0;
        } else if !other.0.is_empty() {
            self.0 = joins::merge(&self.0, &other.0, order);
        }
    }

    /// As [`Trusted::retain`]; gives how many rows go.
    pub fn leave_out(&mut self, keep: impl FnMut(&R) -> bool) -> u64 {
        let before = self.0.len();
        self.0.retain(keep);
        (before - self.0.len()) as u64
    }

    /// Forgets them, and gives their memory back.
    pub fn clear(&mut self) {
        self.0 = Vec::new();
    }

    /// Sorts them by a group number below `groups`, then by the rest, and gives
    /// where each group is.
    pub fn sort_grouped(
        &mut self,
        groups: usize,
        group: impl Fn(&R) -> u32,
        order: impl Fn(&R, &R) -> Ordering,
    ) -> Groups
    where
        R: Copy,
    {
        joins::sort_grouped(&mut self.0, groups, group, order)
    }

    /// Sorts them.
    pub fn sort_by(&mut self, order: impl FnMut(&R, &R) -> Ordering) {
        self.0.sort_unstable_by(order);
    }

    /// Rows that another instance of this program admitted and sent as bytes.
    pub(super) fn receive(&mut self, rows: impl Iterator<Item = R>) {
        self.0.extend(rows);
    }
}

/// An email or a serial number that the ledger admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    at: u32,
    since: i64,
}

impl Admitted {
    pub(super) fn new(at: u32, since: i64) -> Admitted {
        Admitted { at, since }
    }

    /// Position in the ledger's emails or serials.
    pub fn position(self) -> u32 {
        self.at
    }
}

impl Trusted<Vec<Reading>> {
    /// Takes an accelerometer reading of an admitted user, unless it was taken
    /// before the consent date: then false.
    #[inline]
    pub fn take(&mut self, user: Admitted, time: i64, xyz: [f64; 3]) -> bool {
        if time < user.since {
            return false;
        }
        self.0.push(Reading { email: user.at, time, xyz });
        true
    }
}

impl Trusted<Vec<StepReading>> {
    /// Takes a step reading of an admitted serial number, unless it was taken
    /// before any consent that could cover it: then false, and what it counts
    /// under is decided later.
    #[inline]
    pub fn take(&mut self, serial: Admitted, time: i64, distance: Option<i32>) -> bool {
        if time < serial.since {
            return false;
        }
        self.0.push(StepReading { serial: serial.at, time, distance });
        true
    }
}
