//! Values that repeat: each once and sorted, and of every row its position
//! among them.

use crate::names::Names;
use crate::rows::NULL_DOUBLE;
use crate::zones::Column;

/// More distinct values than this repeat too little for a dictionary.
const MOST: usize = 1 << 15;

/// The longest text of a dictionary, in bytes: longer ones would have to be cut
/// in statistics.
const LONGEST: usize = 64;

/// The values of a column.
pub(super) enum Values<'a> {
    Texts(Vec<&'a str>),
    Ints(Vec<i32>),
    Doubles(Vec<f64>),
}

/// A column of few values.
pub(super) struct Dictionary<'a> {
    /// Sorted, each once.
    pub(super) values: Values<'a>,
    /// By row without the nulls: position of its value.
    pub(super) positions: Vec<u32>,
    /// By row: 1, or 0 for a null. None where no row is null.
    pub(super) levels: Option<Vec<u32>>,
}

impl<'a> Dictionary<'a> {
    /// `None` for a column of many values, or of nulls only.
    pub(super) fn of(column: &Column<'a>) -> Option<Dictionary<'a>> {
        let dictionary = match column {
            Column::Named(rows, names) => named(rows, names),
            Column::Ints(rows) => {
                let value = |bits: u64| bits as u32 as i32;
                let bits = rows.iter().map(|row| row.map(|value| (value as u32).into()));
                let (bits, positions, levels) = sorted(bits, value)?;
                let values = bits.into_iter().map(value).collect();
                Some(Dictionary { values: Values::Ints(values), positions, levels })
            }
            Column::Doubles(rows) => {
                let null = NULL_DOUBLE.to_bits();
                let bits = rows.iter().map(|row| Some(row.to_bits()).filter(|&bits| bits != null));
                let (bits, positions, levels) = sorted(bits, ordered)?;
                let values = bits.into_iter().map(f64::from_bits).collect();
                Some(Dictionary { values: Values::Doubles(values), positions, levels })
            }
            Column::Texts(_) | Column::Array(_) => None,
        };
        dictionary.filter(|dictionary| dictionary.values.len() > 0)
    }
}

impl Values<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Values::Texts(values) => values.len(),
            Values::Ints(values) => values.len(),
            Values::Doubles(values) => values.len(),
        }
    }
}

/// Of a double's bits a number in the order of `f64::total_cmp`.
fn ordered(bits: u64) -> u64 {
    const SIGN: u64 = 1 << 63;
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// Of rows that name their texts already: nothing is compared. Names may be millions, rows of a group
/// are few, and mostly sorted.
fn named<'a>(rows: &[u32], names: &'a Names) -> Option<Dictionary<'a>> {
    let mut distinct = rows.to_vec();
    distinct.dedup();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() > MOST {
        return None;
    }
    let texts: Vec<&str> = distinct.iter().map(|&row| &names[row as usize]).collect();
    if !texts.is_sorted() || texts.iter().any(|text| text.len() > LONGEST) {
        return None;
    }
    let mut positions = Vec::with_capacity(rows.len());
    for rows in rows.chunk_by(|a, b| a == b) {
        let position = distinct.partition_point(|&row| row < rows[0]);
        positions.extend(std::iter::repeat_n(position as u32, rows.len()));
    }
    Some(Dictionary { values: Values::Texts(texts), positions, levels: None })
}

type Sorted = (Vec<u64>, Vec<u32>, Option<Vec<u32>>);

/// The distinct keys in an order of theirs.
fn sorted<K: Ord>(
    rows: impl ExactSizeIterator<Item = Option<u64>>,
    order: impl Fn(u64) -> K,
) -> Option<Sorted> {
    let mut table = Table::new();
    let (total, mut positions) = (rows.len(), Vec::with_capacity(rows.len()));
    let mut nulls = Vec::new();
    for (at, key) in rows.enumerate() {
        match key {
            Some(key) => positions.push(table.position(key)?),
            None => nulls.push(at),
        }
    }
    let keys = table.keys;
    let mut ordered: Vec<(u64, u32)> = keys.into_iter().zip(0..).collect();
    ordered.sort_unstable_by_key(|&(key, _)| order(key));
    let mut ranks = vec![0; ordered.len()];
    ordered.iter().zip(0..).for_each(|(&(_, at), rank)| ranks[at as usize] = rank);
    positions.iter_mut().for_each(|position| *position = ranks[*position as usize]);
    let keys = ordered.into_iter().map(|(key, _)| key).collect();
    let levels = (!nulls.is_empty()).then(|| {
        let mut levels = vec![1; total];
        nulls.iter().for_each(|&at| levels[at] = 0);
        levels
    });
    Some((keys, positions, levels))
}

/// A hash table of whole numbers, by linear probing: hashing of any general kind
/// takes several times as long here, where a browser multiplies 64 bits at most.
struct Table {
    /// In the order in which they came.
    keys: Vec<u64>,
    /// A key and its position, or [`FREE`]; a power of two of them.
    slots: Vec<(u64, u32)>,
}

const FREE: u32 = u32::MAX;

impl Table {
    fn new() -> Table {
        Table { keys: Vec::new(), slots: vec![(0, FREE); 1 << 10] }
    }

    /// Where the key came first; `None` if there are too many.
    #[inline]
    fn position(&mut self, key: u64) -> Option<u32> {
        let slot = self.slot(key);
        match self.slots[slot].1 {
            FREE => self.add(slot, key),
            position => Some(position),
        }
    }

    /// The key's slot, or the free one that it would take. Fibonacci hashing
    /// (D. E. Knuth): the high bits of a product with 2^64 over the golden ratio.
    #[inline]
    fn slot(&self, key: u64) -> usize {
        let bits = self.slots.len().trailing_zeros();
        let mut at = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - bits)) as usize;
        while self.slots[at].1 != FREE && self.slots[at].0 != key {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    #[cold]
    fn add(&mut self, slot: usize, key: u64) -> Option<u32> {
        let position = self.keys.len();
        if position == MOST {
            return None;
        }
        self.keys.push(key);
        self.slots[slot] = (key, position as u32);
        // No more than a quarter full.
        if self.keys.len() * 4 > self.slots.len() {
            self.slots = vec![(0, FREE); self.slots.len() * 4];
            for at in 0..self.keys.len() {
                let slot = self.slot(self.keys[at]);
                self.slots[slot] = (self.keys[at], at as u32);
            }
        }
        Some(position as u32)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn positions_lead_back_to_the_rows(
            rows in prop::collection::vec(
                prop::option::of(any::<f64>().prop_map(|x| (x * 8.0).round() / 8.0)),
                0..3000,
            ),
        ) {
            let rows = rows.into_iter().map(|row| row.filter(|row| !row.is_nan()).unwrap_or(NULL_DOUBLE));
            let rows: Vec<f64> = rows.collect();
            let Some(dictionary) = Dictionary::of(&Column::Doubles(rows.clone())) else {
                prop_assert!(rows.iter().all(|row| row.is_nan()));
                return Ok(());
            };
            let Values::Doubles(values) = &dictionary.values else { panic!() };
            prop_assert!(values.is_sorted_by(|a, b| a.total_cmp(b).is_lt()));
            let mut positions = dictionary.positions.iter();
            for (at, row) in rows.iter().enumerate() {
                let some = dictionary.levels.as_ref().is_none_or(|levels| levels[at] == 1);
                let value = if some { values[*positions.next().unwrap() as usize] } else { NULL_DOUBLE };
                prop_assert_eq!(value.to_bits(), row.to_bits());
            }
            prop_assert!(positions.next().is_none());
        }

        #[test]
        fn ints_are_each_there_once_and_sorted(
            rows in prop::collection::vec(prop::option::of(any::<i16>().prop_map(i32::from)), 0..3000),
        ) {
            let expected: BTreeSet<i32> = rows.iter().flatten().copied().collect();
            match Dictionary::of(&Column::Ints(rows)).map(|dictionary| dictionary.values) {
                Some(Values::Ints(values)) => prop_assert!(values.iter().eq(&expected)),
                _ => prop_assert!(expected.is_empty()),
            }
        }
    }

    #[test]
    fn too_many_values_are_no_dictionary() {
        let rows = |count: usize| Column::Doubles((0..count).map(|at| at as f64).collect());
        assert!(Dictionary::of(&rows(MOST)).is_some());
        assert!(Dictionary::of(&rows(MOST + 1)).is_none());
        let long = ["x".repeat(LONGEST + 1)].iter().map(String::as_str).collect();
        assert!(Dictionary::of(&Column::Named(vec![0, 0], &long)).is_none());
    }
}
