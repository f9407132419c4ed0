//! What was read of a file, with checksums, so that a later reading of the same
//! file shows whether it is still what the rows came from.

use std::collections::BTreeMap;
use std::hash::Hasher;

use serde::{Deserialize, Serialize};
use twox_hash::XxHash64;

use crate::wire::Message;

/// Bytes of a file as they were read, never none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReadRange {
    start: u64,
    end: u64,
    checksum: u64,
}

impl ReadRange {
    /// Of bytes that were read at once.
    pub(in crate::ingest) fn of(start: u64, bytes: &[u8]) -> Option<ReadRange> {
        let mut sum = Sum::new(start, u64::MAX);
        sum.push(start, bytes);
        sum.finish()
    }
}

/// The checksum of a range of a file whose bytes come in chunks.
pub(in crate::ingest) struct Sum {
    start: u64,
    limit: u64,
    end: u64,
    checksum: XxHash64,
}

impl Sum {
    /// Of the bytes from `start` up to `limit`, or to the end of the file.
    pub(in crate::ingest) fn new(start: u64, limit: u64) -> Sum {
        Sum { start, limit, end: start, checksum: XxHash64::default() }
    }

    /// Takes those bytes of a chunk that are in the range. Chunks follow each other.
    pub(in crate::ingest) fn push(&mut self, at: u64, chunk: &[u8]) {
        let end = (at + chunk.len() as u64).min(self.limit);
        if self.end >= at && self.end < end {
            self.checksum.write(&chunk[(self.end - at) as usize..(end - at) as usize]);
            self.end = end;
        }
    }

    /// What came of the range; none if that is nothing.
    pub(in crate::ingest) fn finish(&self) -> Option<ReadRange> {
        let Sum { start, end, .. } = *self;
        (end > start).then(|| ReadRange { start, end, checksum: self.checksum.finish() })
    }
}

/// What a run has read of its inputs, by their names. Files that are not named
/// were not read beyond their heads.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reads(BTreeMap<String, Vec<ReadRange>>);

impl Message for Reads {
    const NAME: &'static str = "account of what was read";
}

impl Reads {
    /// Notes what was read of an input; of an entry of a zip, in the zip.
    pub fn note(&mut self, name: &str, ranges: Vec<ReadRange>) {
        if !ranges.is_empty() {
            self.0.entry(name.to_owned()).or_default().extend(ranges);
        }
    }

    /// A check of the file of this name, plain or a zip, when it is read again.
    pub fn check(&self, name: &str) -> ReadAgain {
        let below = format!("{name}/");
        let entries = self.0.range(below.clone()..).take_while(|(name, _)| name.starts_with(&below));
        let own = self.0.get(name).into_iter();
        ReadAgain::new(own.chain(entries.map(|(_, ranges)| ranges)).flatten().copied().collect())
    }
}

/// Compares a file that is read again, from its first byte to its last, with
/// what was read of it.
#[derive(Default)]
pub struct ReadAgain {
    /// Those that start further on, the next one last.
    waiting: Vec<ReadRange>,
    open: Vec<(ReadRange, Sum)>,
    at: u64,
    /// Where the file ended: whatever is read, is read to its end.
    end: u64,
    changed: bool,
}

impl ReadAgain {
    fn new(mut ranges: Vec<ReadRange>) -> ReadAgain {
        ranges.sort_unstable_by(|a, b| b.cmp(a));
        // Each worker has read the directory of a zip.
        ranges.dedup();
        let end = ranges.iter().map(|range| range.end).max().unwrap_or(0);
        ReadAgain { waiting: ranges, end, ..ReadAgain::default() }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        let end = self.at + chunk.len() as u64;
        while let Some(range) = self.waiting.pop_if(|range| range.start < end) {
            self.open.push((range, Sum::new(range.start, range.end)));
        }
        for (_, sum) in &mut self.open {
            sum.push(self.at, chunk);
        }
        let changed = &mut self.changed;
        self.open.retain(|(range, sum)| {
            let done = range.end <= end;
            *changed |= done && sum.finish() != Some(*range);
            !done
        });
        self.at = end;
    }

    /// At the end of the file: whether it differs from what was read; false of a
    /// file of which nothing was.
    pub fn changed(&self) -> bool {
        self.changed || (self.end > 0 && self.end != self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(ranges: &[ReadRange], file: &[u8], size: usize) -> bool {
        let mut again = ReadAgain::new(ranges.to_vec());
        file.chunks(size).for_each(|chunk| again.push(chunk));
        again.changed()
    }

    /// Ranges that overlap, nest, repeat and leave gaps: every byte that is in one
    /// counts, no other does, whatever the chunks.
    #[test]
    fn every_byte_that_was_read_is_compared_and_no_other() {
        let file: Vec<u8> = (0..100).collect();
        let bounds = [(0, 10), (5, 30), (6, 8), (30, 31), (40, 90), (40, 90), (50, 60), (98, 100)];
        let ranges: Vec<ReadRange> =
            bounds.iter().map(|&(from, to)| ReadRange::of(from as u64, &file[from..to]).unwrap()).collect();
        for size in [1, 7, 64, 100] {
            assert!(!changed(&ranges, &file, size));
            assert!(changed(&ranges, &file[..99], size), "the file is shorter");
            assert!(changed(&ranges, &[&file[..], b"x"].concat(), size), "the file is longer");
            assert!(!changed(&[], &file, size), "nothing was read of it");
            for at in 0..100 {
                let mut other = file.clone();
                other[at] ^= 1;
                let read = bounds.iter().any(|&(from, to)| (from..to).contains(&at));
                assert_eq!(changed(&ranges, &other, size), read, "byte {at} in chunks of {size}");
            }
        }
    }

    #[test]
    fn a_sum_takes_what_is_in_its_range_whatever_the_chunks() {
        let file: Vec<u8> = (0..100).collect();
        for size in [1, 3, 50, 100] {
            let mut sum = Sum::new(10, 60);
            // A range is read from the byte before its start on, and beyond its end.
            file[9..]
                .chunks(size)
                .enumerate()
                .for_each(|(at, chunk)| sum.push((9 + at * size) as u64, chunk));
            assert_eq!(sum.finish(), ReadRange::of(10, &file[10..60]));
        }
        assert_eq!(Sum::new(10, 60).finish(), None);
    }

    #[test]
    fn entries_are_of_their_zip_and_of_no_other_file() {
        let mut reads = Reads::default();
        reads.note("z.zip/b", ReadRange::of(2, b"cd").into_iter().collect());
        reads.note("z.zip", ReadRange::of(0, b"a").into_iter().collect());
        reads.note("z.zip2", ReadRange::of(0, b"x").into_iter().collect());
        let reads = Reads::from_bytes(&reads.to_bytes().unwrap()).unwrap();
        for (name, file, expected) in
            [("z.zip", "a?cd", false), ("z.zip", "a?ce", true), ("z.zip", "b?cd", true), ("z", "", false)]
        {
            let mut again = reads.check(name);
            again.push(file.as_bytes());
            assert_eq!(again.changed(), expected, "{name} {file}");
        }
    }
}
