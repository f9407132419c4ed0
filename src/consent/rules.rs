//! The rules by which rows are filtered.

use crate::tally::{Tally, names};

names! {
    /// Why a row is filtered; a row counts under the first that applies.
    pub enum Rule {
        /// The person or the device was withdrawn.
        Withdrawn = "withdrawn", "withdrawn";
        /// No customer record that counts consents to research.
        NoConsent = "no_consent", "no consent to research";
        /// Taken before the consent date, under `as-of`.
        BeforeConsent = "before_consent", "before the consent date";
        /// The serial number stands under several emails, under `drop`.
        SharedSerial = "shared_serial", "serial number shared by several people";
        /// Nothing on the other side of the join.
        NoPartner = "no_partner", "no matching reading";
    }
}

/// Counts of filtered rows by rule.
pub type Filtered = Tally<Rule>;
