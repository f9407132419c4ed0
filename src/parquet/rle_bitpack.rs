//! Parquet's "RLE / bit-packing hybrid": small numbers, as runs of one of them
//! and as groups of eight of a fixed number of bits each. Written by hand, since the Parquet
//! library keeps its own to itself.
//!
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE>

use std::ops::Range;

/// From this number of equal numbers on a run is made.
const RUN: usize = 16;
/// The header of a stretch of up to this number of groups is one byte.
const GROUPS: usize = 63;

/// How many bits the numbers below `count` take.
pub(super) fn width(count: usize) -> u8 {
    (usize::BITS - count.saturating_sub(1).leading_zeros()) as u8
}

/// Appends numbers of up to `width` bits.
pub(super) fn encode(numbers: &[u32], width: u8, out: &mut Vec<u8>) {
    let mut packed = 0;
    while let Some(run) = next_run(numbers, packed) {
        // Groups are whole: the run fills up the last one.
        let start = packed + (run.start - packed).next_multiple_of(8);
        pack(&numbers[packed..start], width, out);
        repeat(numbers[start], run.end - start, width, out);
        packed = run.end;
    }
    pack(&numbers[packed..], width, out);
}

/// Appends one number `times` times.
pub(super) fn repeat(number: u32, times: usize, width: u8, out: &mut Vec<u8>) {
    // A vector takes all bytes.
    let _ = leb128::write::unsigned(out, (times << 1) as u64);
    out.extend_from_slice(&number.to_le_bytes()[..usize::from(width).div_ceil(8)]);
}

/// The first run from here on. Wherever it starts, it has a whole group of eight.
fn next_run(numbers: &[u32], from: usize) -> Option<Range<usize>> {
    let (groups, _) = numbers[from..].as_chunks::<8>();
    for (at, group) in groups.iter().enumerate() {
        let number = group[0];
        // Without a branch for each: most groups differ, nobody knows where.
        if group.iter().fold(0, |different, other| different | (number ^ other)) != 0 {
            continue;
        }
        let at = from + 8 * at;
        let same = |other: &&u32| **other == number;
        let start = at - numbers[from..at].iter().rev().take_while(same).count();
        let end = at + numbers[at..].iter().take_while(same).count();
        if end - start >= RUN {
            return Some(start..end);
        }
    }
    None
}

/// The last group may be cut short by the numbers' end.
fn pack(numbers: &[u32], width: u8, out: &mut Vec<u8>) {
    for stretch in numbers.chunks(8 * GROUPS) {
        out.push((stretch.len().div_ceil(8) << 1 | 1) as u8);
        let end = out.len() + stretch.len().div_ceil(8) * usize::from(width);
        let (mut bits, mut held) = (0u64, 0);
        for &number in stretch {
            bits |= u64::from(number) << held;
            held += u32::from(width);
            if held >= 32 {
                out.extend_from_slice(&(bits as u32).to_le_bytes());
                bits >>= 32;
                held -= 32;
            }
        }
        out.extend_from_slice(&bits.to_le_bytes()[..(held as usize).div_ceil(8)]);
        out.resize(end, 0);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By the words of the specification.
    fn decode(mut bytes: &[u8], width: u8, count: usize) -> Vec<u32> {
        let width = usize::from(width);
        let mut numbers = Vec::new();
        while numbers.len() < count {
            let (mut header, mut shift) = (0, 0);
            loop {
                header |= usize::from(bytes[0] & 0x7f) << shift;
                shift += 7;
                let last = bytes[0] < 0x80;
                bytes = &bytes[1..];
                if last {
                    break;
                }
            }
            if header & 1 == 0 {
                let (value, rest) = bytes.split_at(width.div_ceil(8));
                let mut word = [0; 4];
                word[..value.len()].copy_from_slice(value);
                numbers.extend(std::iter::repeat_n(u32::from_le_bytes(word), header >> 1));
                bytes = rest;
            } else {
                let (packed, rest) = bytes.split_at((header >> 1) * width);
                let bit = |at: usize| u32::from(packed[at / 8] >> (at % 8) & 1);
                numbers.extend(
                    (0..(header >> 1) * 8)
                        .map(|at| (0..width).map(|i| bit(at * width + i) << i).sum::<u32>()),
                );
                bytes = rest;
            }
        }
        assert!(bytes.is_empty());
        numbers
    }

    proptest! {
        #[test]
        fn decodes_to_the_same_numbers(
            width in 0..=17u8,
            runs in prop::collection::vec((any::<u32>(), 1..60usize), 0..60),
            singles in prop::collection::vec(any::<u32>(), 0..1200),
        ) {
            let mask = (1u32 << width) - 1;
            let repeated = runs.iter().flat_map(|&(number, times)| std::iter::repeat_n(number & mask, times));
            let mut numbers: Vec<u32> = repeated.collect();
            numbers.extend(singles.iter().map(|number| number & mask));
            let mut bytes = Vec::new();
            encode(&numbers, width, &mut bytes);
            let decoded = decode(&bytes, width, numbers.len());
            prop_assert_eq!(&decoded[..numbers.len()], &numbers[..]);
            prop_assert!(decoded[numbers.len()..].iter().all(|&number| number == 0));
            prop_assert!(decoded.len() < numbers.len() + 8);
        }
    }

    #[test]
    fn a_width_holds_the_last_number() {
        assert_eq!([0, 1, 2, 3, 4, 5, 256, 257].map(width), [0, 0, 1, 2, 2, 3, 8, 9]);
    }
}
