//! Joins on sorted keys. Nothing here knows a table.

use std::cmp::Ordering;
use std::ops::Range;

/// Calls `pair` with the positions of every left and right row of equal key,
/// left first. Both sides must be sorted by their key.
pub fn merge_join<L, R, K: Ord>(
    left: &[L],
    right: &[R],
    left_key: impl Fn(&L) -> K,
    right_key: impl Fn(&R) -> K,
    mut pair: impl FnMut(usize, usize),
) {
    let (mut l, mut r) = (0, 0);
    while l < left.len() && r < right.len() {
        let key = left_key(&left[l]);
        match key.cmp(&right_key(&right[r])) {
            Ordering::Less => l += 1,
            Ordering::Greater => r += 1,
            Ordering::Equal => {
                let end = r + right[r..].iter().take_while(|&row| right_key(row) == key).count();
                while l < left.len() && left_key(&left[l]) == key {
                    (r..end).for_each(|at| pair(l, at));
                    l += 1;
                }
                r = end;
            }
        }
    }
}

/// How many pairs [`merge_join`] of the same sides would give.
pub fn count_pairs<L, R, K: Ord>(
    mut left: &[L],
    mut right: &[R],
    left_key: impl Fn(&L) -> K,
    right_key: impl Fn(&R) -> K,
) -> u64 {
    let mut pairs = 0;
    while let (Some(l), Some(r)) = (left.first(), right.first()) {
        let (l, r) = (left_key(l), right_key(r));
        let lefts = left.iter().take_while(|&row| left_key(row) == l).count();
        let rights = right.iter().take_while(|&row| right_key(row) == r).count();
        if l == r {
            pairs += lefts as u64 * rights as u64;
        }
        if l <= r {
            left = &left[lefts..];
        }
        if l >= r {
            right = &right[rights..];
        }
    }
    pairs
}

/// The rows of one key, in rows sorted by it.
pub fn equal_range<T, K: Ord>(rows: &[T], key: impl Fn(&T) -> K, wanted: &K) -> Range<usize> {
    let start = rows.partition_point(|row| key(row) < *wanted);
    let length = rows[start..].partition_point(|row| key(row) == *wanted);
    start..start + length
}

/// Where each group of rows starts, in rows sorted by it, and where the last ends.
pub struct Groups(Vec<usize>);

impl Groups {
    /// Where the rows of these groups are.
    pub fn of(&self, groups: Range<usize>) -> Range<usize> {
        self.0[groups.start]..self.0[groups.end]
    }
}

/// Stretches of rows that stand together, by group.
pub struct Stretches<'a, T> {
    stretches: Vec<&'a [T]>,
    /// Where each group starts among them, and where the last ends.
    starts: Vec<usize>,
}

impl<'a, T> Stretches<'a, T> {
    /// Those of one group, in the order of the rows.
    pub fn of(&self, group: usize) -> &[&'a [T]] {
        &self.stretches[self.starts[group]..self.starts[group + 1]]
    }
}

/// Groups rows by a small number, without moving them.
pub fn group<T>(rows: &[T], groups: usize, key: impl Fn(&T) -> u32) -> Stretches<'_, T> {
    // Twice, since there may be as many stretches as rows.
    let in_order = || rows.chunk_by(|a, b| key(a) == key(b));
    let group = |rows: &[T]| key(&rows[0]) as usize;
    let starts = starts_of(groups, in_order().map(|rows| (group(rows), 1)));
    let mut next = starts.clone();
    let mut stretches = vec![&rows[..0]; starts[groups]];
    for rows in in_order() {
        let at = &mut next[group(rows)];
        stretches[*at] = rows;
        *at += 1;
    }
    Stretches { stretches, starts }
}

/// Sorts rows by a small group number, then by the rest; `order` compares by
/// both. Rows of a group mostly come together, and nearly in order.
pub fn sort_grouped<T: Copy>(
    rows: &mut Vec<T>,
    groups: usize,
    key: impl Fn(&T) -> u32,
    order: impl Fn(&T, &T) -> Ordering,
) -> Groups {
    let grouped = group(rows, groups, &key);
    let lengths = grouped.stretches.iter().map(|rows| (key(&rows[0]) as usize, rows.len()));
    let starts = starts_of(groups, lengths);
    if !grouped.stretches.is_sorted_by_key(|rows| rows.as_ptr()) {
        *rows = grouped.stretches.concat();
    }
    for group in starts.windows(2) {
        let rows = &mut rows[group[0]..group[1]];
        if !insertion_sort(rows, &order) {
            rows.sort_by(&order);
        }
    }
    Groups(starts)
}

/// Places that a row is moved by, on average, before a general sort is quicker.
const MOVES: usize = 16;

/// Sorts rows of which few are far from their place: each is compared with one
/// other then, where a general sort compares it with many. Gives up when it
/// moves too many.
fn insertion_sort<T: Copy>(rows: &mut [T], order: impl Fn(&T, &T) -> Ordering) -> bool {
    let mut moves = MOVES * rows.len();
    for at in 1..rows.len() {
        let row = rows[at];
        let later = rows[..at].iter().rev().take_while(|&before| order(before, &row).is_gt()).count();
        if later > moves {
            return false;
        }
        if later > 0 {
            moves -= later;
            rows.copy_within(at - later..at, at - later + 1);
            rows[at - later] = row;
        }
    }
    true
}

/// Where each group starts of what is so long, and where the last ends.
fn starts_of(groups: usize, lengths: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut starts = vec![0; groups + 1];
    lengths.for_each(|(group, length)| starts[group + 1] += length);
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    starts
}

/// One sorted list of two, of which long stretches follow each other.
pub fn merge<T: Copy>(one: &[T], other: &[T], order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    debug_assert!(
        one.is_sorted_by(|a, b| order(a, b).is_le()) && other.is_sorted_by(|a, b| order(a, b).is_le())
    );
    let mut merged = Vec::with_capacity(one.len() + other.len());
    let (mut rows, mut others) = (one, other);
    while let Some(first) = others.first() {
        let (before, rest) = rows.split_at(gallop(rows, |row| order(row, first).is_le()));
        merged.extend_from_slice(before);
        // The other's turn: its first row is before all that is left here.
        (rows, others) = (others, rest);
    }
    merged.extend_from_slice(rows);
    merged
}

/// How many rows at the start are so, where none after them is: found in steps
/// that double, since it may be few of many.
fn gallop<T>(rows: &[T], so: impl Fn(&T) -> bool) -> usize {
    let (mut start, mut step) = (0, 1);
    while rows.get(start + step - 1).is_some_and(&so) {
        start += step;
        step *= 2;
    }
    let end = rows.len().min(start + step);
    start + rows[start..end].partition_point(so)
}

/// Keys that many rows are held against, of which few have one of them: nearly every other row is known by
/// one bit.
pub struct KeySet {
    /// Sorted, each once.
    keys: Vec<i64>,
    /// Set where a key falls.
    bits: Vec<u64>,
    /// By how much a key's product is moved to the right to give its bit.
    shift: u32,
}

/// Bits for each key: one of so many rows that have no key is looked up in vain.
const BITS: usize = 32;
/// More keys than this share the bits: 16 MB of them.
const MOST_KEYS: usize = 1 << 22;

impl KeySet {
    /// Of these keys, in any order.
    pub fn new(mut keys: Vec<i64>) -> KeySet {
        keys.sort_unstable();
        keys.dedup();
        let size = (keys.len().clamp(2, MOST_KEYS) * BITS).next_power_of_two();
        let mut set = KeySet { keys, bits: vec![0; size / 64], shift: 64 - size.trailing_zeros() };
        for at in 0..set.keys.len() {
            let bit = set.bit(set.keys[at]);
            set.bits[bit / 64] |= 1 << (bit % 64);
        }
        set
    }

    /// Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4).
    fn bit(&self, key: i64) -> usize {
        ((key as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    /// Whether it is one of them.
    #[inline]
    pub fn has(&self, key: i64) -> bool {
        let bit = self.bit(key);
        (self.bits[bit / 64] >> (bit % 64)) & 1 == 1 && self.keys.binary_search(&key).is_ok()
    }
}

/// How many rows repeat the row before them, in sorted rows.
pub fn duplicates<T>(rows: &[T], same: impl Fn(&T, &T) -> bool) -> u64 {
    rows.windows(2).filter(|pair| same(&pair[0], &pair[1])).count() as u64
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn merge_join_is_a_nested_loop(
            mut left in prop::collection::vec(0..20u8, 0..60),
            mut right in prop::collection::vec(0..20u8, 0..60),
        ) {
            left.sort_unstable();
            right.sort_unstable();
            let mut found = Vec::new();
            merge_join(&left, &right, |&k| k, |&k| k, |l, r| found.push((l, r)));
            let mut expected = Vec::new();
            for (l, a) in left.iter().enumerate() {
                for (r, b) in right.iter().enumerate() {
                    if a == b {
                        expected.push((l, r));
                    }
                }
            }
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn sort_grouped_is_a_sort(
            mut rows in prop::collection::vec((0..6u32, 0..99i64, 0..4u8), 0..1200),
            by_time: bool,
        ) {
            if by_time {
                rows.sort_by_key(|row| row.1);
            }
            let mut expected = rows.clone();
            expected.sort_unstable();
            let groups = sort_grouped(&mut rows, 6, |row| row.0, Ord::cmp);
            for group in 0..6 {
                let end = rows.partition_point(|row| row.0 <= group);
                prop_assert_eq!(groups.of(0..group as usize + 1), 0..end);
            }
            prop_assert_eq!(rows, expected);
        }

        #[test]
        fn merge_is_a_sort(
            mut one in prop::collection::vec(0..40u8, 0..80),
            mut other in prop::collection::vec(0..40u8, 0..80),
        ) {
            let mut expected = [one.as_slice(), &other].concat();
            expected.sort_unstable();
            one.sort_unstable();
            other.sort_unstable();
            prop_assert_eq!(merge(&one, &other, Ord::cmp), expected);
        }

        #[test]
        fn a_key_set_has_its_keys_alone(
            keys in prop::collection::vec(prop_oneof![-40..40i64, any::<i64>()], 0..200),
            others in prop::collection::vec(prop_oneof![-60..60i64, any::<i64>()], 0..200),
        ) {
            let set = KeySet::new(keys.clone());
            for key in keys.iter().chain(&others) {
                prop_assert_eq!(set.has(*key), keys.contains(key));
            }
        }

        #[test]
        fn equal_range_is_a_filter(mut rows in prop::collection::vec(0..20u8, 0..60), wanted in 0..20u8) {
            rows.sort_unstable();
            let range = equal_range(&rows, |&k| k, &wanted);
            prop_assert_eq!(range.len(), rows.iter().filter(|&&k| k == wanted).count());
            prop_assert!(rows[range].iter().all(|&k| k == wanted));
        }
    }
}
