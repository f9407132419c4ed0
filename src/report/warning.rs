//! A warning, and what warnings are made from.

use serde::Serialize;

use crate::schema::Landing;

/// Something that the reader of the tables should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Warning {
    /// Short name.
    pub code: &'static str,
    /// How many of it.
    pub count: u64,
    /// For people.
    pub message: String,
}

impl Warning {
    pub(super) fn new(code: &'static str, count: u64, message: &str) -> Warning {
        Warning { code, count, message: message.to_owned() }
    }
}

/// What warnings are made from.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct WarningInputs {
    pub shared_serials: u64,
    pub mixed_pairs: u64,
    pub consent_unreadable: u64,
    pub consent_conflict: u64,
    /// Whether any customer record has the field of consent.
    pub consent_field: bool,
    /// People in customer_trusted whose newest record does not consent.
    pub superseded: u64,
    /// Of readings that could not be paired.
    pub times: Option<TimeRanges>,
    pub withdrawals_unmet: u64,
    /// Lists that have no entry.
    pub withdrawals_empty: u64,
    /// Rows of step_trainer_trusted whose serial number a withdrawn person had too.
    pub withdrawn_steps: u64,
    /// Readings of users who are not admitted, and are but for case and blanks.
    pub emails_differ: u64,
    pub customer_emails_differ: u64,
    /// Records, and people of them who are in customer_trusted.
    pub barred: (u64, u64),
    pub undated: (u64, u64),
    pub missing: Vec<Landing>,
    /// Admitted readings whose time is no number of milliseconds.
    pub not_millis: u64,
    /// See [`super::NewlyAdmitted`].
    pub newly_admitted: u64,
}

/// Between which times the readings of the two sensors are: epoch milliseconds, the last
/// one included. They are values of records, so no report holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TimeRanges {
    /// Of accelerometer_trusted.
    pub accelerometer: (i64, i64),
    /// Of step_trainer_trusted.
    pub steps: (i64, i64),
}
