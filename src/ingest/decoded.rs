//! What a decoder gives beside the rows of a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::emails::{Barred, Emails};
use super::reject::{KEPT_PER_FILE, Reject, Rejected, SAMPLES, keep_samples};
use super::source::reads::ReadRange;
use crate::wire::Message;

/// Most names of unknown fields that are counted apart; more are counted as one.
const UNKNOWN_NAMES: usize = 1000;
/// What further unknown names are counted under.
pub const OTHER_NAMES: &str = "…";

/// The bytes of a file that a decoder has decided about, from the record that it
/// began with to the one that it left to the next range. The spans of a file's
/// ranges show whether every byte was decided about once: see [`Decoded::joined`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Span {
    /// None: no record starts in the range.
    #[default]
    Empty,
    /// From a byte up to another, or to the end of the file.
    Bytes {
        /// The first byte.
        start: u64,
        /// The byte after the last; `None` is the end of the file.
        end: Option<u64>,
    },
}

impl Span {
    pub(super) fn begin(&mut self, start: u64) {
        *self = Span::Bytes { start, end: None };
    }

    pub(super) fn stop(&mut self, at: u64) {
        if let Span::Bytes { end, .. } = self {
            *end = Some(at);
        }
    }
}

/// What a file held, beside its rows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Decoded {
    /// Bytes of the span, inflated.
    pub bytes: u64,
    /// Records that the sink took.
    pub records: u64,
    /// Records that are no rows.
    pub rejected: Rejected,
    /// Bytes that they cover.
    pub rejected_bytes: u64,
    /// As many of them as are kept, in order: some of each reason, and the first ones.
    pub rejects: Vec<Reject>,
    /// Whose the rejects are that are, or may be, of customers.
    pub barred: Barred,
    /// Known fields that a record had twice; the last one won.
    pub duplicate_keys: u64,
    /// Times that are written as dates.
    pub dates: u64,
    /// Fields that the table does not have. Names are input: never reported.
    pub unknown_fields: BTreeMap<String, u64>,
    /// `[` minus `]` between records: more than zero when an array was cut.
    pub open_arrays: i64,
    /// Line ends from the first byte of the file or range to its last.
    pub lines: u64,
    /// The bytes that all this is of.
    pub span: Span,
    /// Whether other records of the file are of other tables.
    pub share: bool,
    /// What was read of the file, as it lies on the disk.
    pub read: Vec<ReadRange>,
}

impl Message for Decoded {
    const NAME: &'static str = "account of a file";
}

impl Decoded {
    /// What the ranges of a file come to, in their order. `None` unless the spans
    /// tile the file: two ranges that do not agree where one ends and the other
    /// begins have lost rows, or read some twice, and the file has to be read again
    /// in one piece.
    pub fn joined(ranges: impl IntoIterator<Item = Decoded>) -> Option<Decoded> {
        let mut whole = Decoded::default();
        whole.span.begin(0);
        let mut decided = Some(0);
        for range in ranges {
            if let Span::Bytes { start, end } = range.span {
                if decided != Some(start) {
                    return None;
                }
                decided = end;
            }
            whole.bytes += range.bytes;
            whole.records += range.records;
            whole.rejected.merge(&range.rejected);
            whole.rejected_bytes += range.rejected_bytes;
            whole.barred.merge(range.barred);
            for mut reject in range.rejects {
                reject.line += whole.lines;
                whole.rejects.push(reject);
            }
            keep_samples(&mut whole.rejects, KEPT_PER_FILE);
            whole.duplicate_keys += range.duplicate_keys;
            whole.dates += range.dates;
            range.unknown_fields.iter().for_each(|(name, &count)| whole.unknown_field(name, count));
            whole.open_arrays += range.open_arrays;
            whole.lines += range.lines;
            whole.share |= range.share;
            whole.read.extend(range.read);
        }
        decided.is_none().then_some(whole)
    }

    pub(super) fn reject(&mut self, reject: Reject, emails: Emails) {
        self.rejected.add(reject.reason, 1);
        self.rejected_bytes += reject.bytes;
        self.barred.add(emails);
        if self.rejects.len() < KEPT_PER_FILE || self.rejected.get(reject.reason) <= SAMPLES {
            self.rejects.push(reject);
            keep_samples(&mut self.rejects, KEPT_PER_FILE);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_leave_bytes_out_or_overlap_are_not_joined() {
        let range = |start, end| Decoded { span: Span::Bytes { start, end }, ..Decoded::default() };
        let joins = |ranges: &[Decoded]| Decoded::joined(ranges.to_vec()).is_some();
        assert!(joins(&[range(0, None)]));
        assert!(joins(&[range(0, Some(9)), Decoded::default(), range(9, None), Decoded::default()]));
        assert!(!joins(&[range(0, Some(9)), range(10, None)]), "byte 9 is nobody's");
        assert!(!joins(&[range(0, Some(9)), range(8, None)]), "byte 8 is of two");
        assert!(!joins(&[range(0, None), range(9, None)]));
        assert!(!joins(&[range(0, Some(9))]), "the end is nobody's");
        assert!(!joins(&[range(9, None)]), "the start is nobody's");
        assert!(!joins(&[]));
    }
}
