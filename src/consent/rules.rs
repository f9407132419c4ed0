//! The rules by which rows are filtered.

use crate::tally::{Tally, names};

names! {
    /// Why a row is filtered; a row counts under the first that applies.
    pub enum Rule {
        /// The person or the device was withdrawn.
        Withdrawn = "withdrawn", "withdrawn";
        /// No customer record that counts consents to research.
        NoConsent = "no_consent", "no consent to research";
        /// Taken before the consent date, under `as-of` and `as-of-phone`.
        BeforeConsent = "before_consent", "before the consent date";
        /// Several emails share the serial number, under `drop`.
        SharedSerial = "shared_serial", "serial number shared by several people";
        /// Nothing on the other side of the join.
        NoPartner = "no_partner", "no matching reading";
        /// An earlier row is equal in every column, under `drop`.
        Duplicate = "duplicate", "equal to another row";
    }
}

/// Counts of filtered rows by rule.
pub type Filtered = Tally<Rule>;

/// The earliest consent date, in epoch milliseconds, that decides from when on readings
/// may be used: March 1973. An earlier one is in seconds, and would admit everything.
pub const EARLIEST_DATE: i64 = 100_000_000_000;
