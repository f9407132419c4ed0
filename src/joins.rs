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

/// The rows of one key, in rows sorted by it.
pub fn equal_range<T, K: Ord>(rows: &[T], key: impl Fn(&T) -> K, wanted: &K) -> Range<usize> {
    let start = rows.partition_point(|row| key(row) < *wanted);
    let length = rows[start..].partition_point(|row| key(row) == *wanted);
    start..start + length
}

/// Positions of rows by a small group number.
pub struct Groups {
    /// Where each group starts among the positions, and the end.
    starts: Vec<usize>,
    positions: Vec<u32>,
}

impl Groups {
    /// The positions of a group's rows, in the order of the rows.
    pub fn of(&self, group: usize) -> &[u32] {
        &self.positions[self.starts[group]..self.starts[group + 1]]
    }
}

/// Groups rows, of which there are up to `u32::MAX`.
pub fn group<T>(rows: &[T], groups: usize, key: impl Fn(&T) -> u32) -> Groups {
    let mut starts = vec![0; groups + 1];
    rows.iter().for_each(|row| starts[key(row) as usize + 1] += 1);
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut positions = vec![0; rows.len()];
    for (row, position) in rows.iter().zip(0..) {
        let at = &mut next[key(row) as usize];
        positions[*at] = position;
        *at += 1;
    }
    Groups { starts, positions }
}

/// Sorts rows by a small group number, then by the rest; `order` compares by
/// both. Rows of a group are mostly in order.
pub fn sort_grouped<T: Copy>(
    rows: &mut Vec<T>,
    groups: usize,
    key: impl Fn(&T) -> u32,
    order: impl Fn(&T, &T) -> Ordering,
) {
    if !rows.is_sorted_by_key(&key) {
        let Groups { positions, .. } = group(rows, groups, &key);
        *rows = positions.iter().map(|&at| rows[at as usize]).collect();
    }
    for rows in rows.chunk_by_mut(|a, b| key(a) == key(b)) {
        if !rows.is_sorted_by(|a, b| order(a, b).is_le()) {
            // Some are late, the others in order: drop-merge sort (E. Ernerfeldt)
            // sorts only those.
            dmsort::sort_by(rows, &order);
        }
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
        fn merge_join_is_a_nested_loop(mut left in prop::collection::vec(0..20u8, 0..60), mut right in prop::collection::vec(0..20u8, 0..60)) {
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
        fn sort_grouped_is_a_sort(mut rows in prop::collection::vec((0..6u32, 0..20i64, 0..4u8), 0..80), by_time: bool) {
            if by_time {
                rows.sort_by_key(|row| row.1);
            }
            let mut expected = rows.clone();
            expected.sort_unstable();
            sort_grouped(&mut rows, 6, |row| row.0, Ord::cmp);
            prop_assert_eq!(rows, expected);
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
