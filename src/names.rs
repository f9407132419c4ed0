//! Names of many people or devices in little memory.

use std::hash::BuildHasher;
use std::ops::Index;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

/// Texts, by position.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// One after the other.
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Names {
    /// Adds one.
    pub fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|at| &self[at])
    }
}

impl Index<usize> for Names {
    type Output = str;

    fn index(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }
}

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Names {
        let mut all = Names::default();
        names.into_iter().for_each(|name| all.push(name));
        all
    }
}

/// Finds names.
#[derive(Clone, Debug, Default)]
pub struct NameIndex {
    positions: HashTable<u32>,
}

impl NameIndex {
    /// Of names that differ from each other.
    pub fn new(names: &Names) -> NameIndex {
        let mut positions = HashTable::with_capacity(names.len());
        for (name, at) in names.iter().zip(0..) {
            positions.insert_unique(hash(name), at, |&other: &u32| hash(&names[other as usize]));
        }
        NameIndex { positions }
    }

    /// The position of a name among those that it was made of.
    pub fn find(&self, names: &Names, name: &str) -> Option<u32> {
        self.positions.find(hash(name), |&at| &names[at as usize] == name).copied()
    }
}

fn hash(name: &str) -> u64 {
    FixedState::default().hash_one(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_position_and_by_name() {
        let list = ["", "a", "ab", "b", "\u{e4}"];
        let names: Names = list.into_iter().collect();
        assert!(names.iter().eq(list));
        let index = NameIndex::new(&names);
        for (name, at) in list.into_iter().zip(0..) {
            assert_eq!((index.find(&names, name), &names[at as usize]), (Some(at), name));
        }
        assert_eq!((index.find(&names, "abc"), index.find(&names, "A")), (None, None));
        assert_eq!(names.len(), 5);
    }
}
