//! What a decoder tells of a file.

use std::collections::HashMap;

use super::reject::{KEPT_PER_FILE, Reject, Rejected};

/// Names of unknown fields that are told apart; more are counted as one.
const UNKNOWN_NAMES: usize = 1000;
/// What further unknown names are counted under.
pub const OTHER_NAMES: &str = "…";

/// What a file held, beside its rows.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// Bytes read, inflated.
    pub bytes: u64,
    /// Records that the sink took.
    pub records: u64,
    /// Records that are no rows.
    pub rejected: Rejected,
    /// The first of them.
    pub rejects: Vec<Reject>,
    /// Known fields that a record had twice; the last one won.
    pub duplicate_keys: u64,
    /// Fields that the table does not have. Names are input: never reported.
    pub unknown_fields: HashMap<String, u64>,
    /// `[` minus `]` between records: more than zero when an array was cut.
    pub open_arrays: i64,
}

impl Decoded {
    pub(super) fn reject(&mut self, reject: Reject) {
        self.rejected.add(reject.reason, 1);
        if self.rejects.len() < KEPT_PER_FILE {
            self.rejects.push(reject);
        }
    }

    pub(super) fn unknown_field(&mut self, name: &str, times: u64) {
        if times == 0 {
            return;
        }
        let counts = &mut self.unknown_fields;
        if let Some(count) = counts.get_mut(name) {
            *count += times;
        } else {
            let name = if counts.len() < UNKNOWN_NAMES { name } else { OTHER_NAMES };
            *counts.entry(name.to_owned()).or_default() += times;
        }
    }
}
