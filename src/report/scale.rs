//! Ranges that subjects are counted in: a report says how many subjects are alike, never what one of them is like.

use serde::{Serialize, Serializer};

/// An axis with at most this number of distinct values shows no course of a movement.
pub(super) const FEW: usize = 4;

/// Ranges that subjects are counted in: each from its number up to the next one.
pub(super) struct Scale<const N: usize>([(&'static str, u64); N]);

/// By rows.
pub(super) const ROWS: Scale<5> =
    Scale([("<10", 0), ("10-100", 10), ("100-1000", 100), ("1000-10000", 1000), (">=10000", 10_000)]);
/// By millionths of a hertz, named in hertz.
pub(super) const RATES: Scale<7> = Scale([
    ("0", 0),
    ("<1", 1),
    ("1-10", 1_000_000),
    ("10-20", 10_000_000),
    ("20-50", 20_000_000),
    ("50-100", 50_000_000),
    (">=100", 100_000_000),
]);
/// By milliseconds, named in seconds: a minute, ten of them, an hour, a day.
pub(super) const SPANS: Scale<5> = Scale([
    ("<60", 0),
    ("60-600", 60_000),
    ("600-3600", 600_000),
    ("3600-86400", 3_600_000),
    (">=86400", 86_400_000),
]);
/// By gaps.
pub(super) const GAPS: Scale<4> = Scale([("0", 0), ("1-10", 1), ("10-100", 10), (">=100", 100)]);
/// By distinct values.
pub(super) const DISTINCT: Scale<{ FEW + 2 }> =
    Scale([("0", 0), ("1", 1), ("2", 2), ("3", 3), ("4", 4), (">=5", 5)]);

impl<const N: usize> Scale<N> {
    /// The range that a value is in.
    pub(super) fn position(&self, value: u64) -> usize {
        self.0.iter().rposition(|&(_, from)| from <= value).unwrap_or_default()
    }

    /// The ranges that have subjects.
    pub(super) fn named(&self, counts: &[u64; N]) -> Subjects {
        let named = self.0.iter().zip(counts).filter(|(_, count)| **count > 0);
        Subjects(named.map(|((name, _), count)| (*name, *count)).collect())
    }

    /// The last range that has subjects.
    pub(super) fn last(&self, subjects: &Subjects) -> Option<usize> {
        let (last, _) = subjects.0.last()?;
        self.0.iter().position(|(name, _)| name == last)
    }
}

/// How many subjects are in each range; ranges without any are left out. A range `10-20` holds 10 and not 20.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "Record<string, number>"))]
pub struct Subjects(Vec<(&'static str, u64)>);

impl Serialize for Subjects {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}
