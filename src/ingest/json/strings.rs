//! Where a string ends, eight bytes at a time (SIMD within a register).

/// Eight bytes as a number; 0 where there are fewer.
#[inline]
pub(in crate::ingest) fn word(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

pub(in crate::ingest) const ONES: u64 = u64::MAX / 255;
pub(in crate::ingest) const HIGHS: u64 = ONES * 128;

/// The high bit of every byte that no string may hold as it is: below 0x20, a
/// quote or a backslash ("Bit Twiddling Hacks", S. E. Anderson). Only the first
/// is sure, and bytes above 0x7f may set theirs.
#[inline]
fn specials(word: u64) -> u64 {
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let below = word.wrapping_sub(ONES * 0x20) & !word;
    (zero(word ^ (ONES * b'"' as u64)) | zero(word ^ (ONES * b'\\' as u64)) | below) & HIGHS
}

/// Moves over bytes that stand in a string as they are, eight at a time.
#[inline]
pub(in crate::ingest) fn skip_plain(input: &[u8], mut at: usize) -> usize {
    while let Some(bytes) = input.get(at..at + 8) {
        let found = specials(word(bytes, 0));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at
}

/// Where the string that starts at `start` ends; `None` for an empty one and for
/// one that is not plain ASCII.
#[inline]
pub(in crate::ingest) fn text_end(input: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while let Some(bytes) = input.get(at..at + 8) {
        let word = word(bytes, 0);
        let found = specials(word) | word & HIGHS;
        if found != 0 {
            at += found.trailing_zeros() as usize / 8;
            break;
        }
        at += 8;
    }
    loop {
        match input.get(at)? {
            b'"' => return (at > start).then_some(at),
            b'\\' | 0..=0x1f | 0x80.. => return None,
            _ => at += 1,
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_ends_at_its_quote(text in "[ -~]{0,20}", rest in "[ -~]{0,20}") {
            let input = format!("{text}\"{rest}");
            let plain = !text.is_empty() && !text.contains(['"', '\\']);
            match text_end(input.as_bytes(), 0) {
                Some(end) => {
                    prop_assert!(input[..end].chars().all(|c| c != '"' && c != '\\'));
                    prop_assert!(input.as_bytes()[end] == b'"');
                }
                None => prop_assert!(!plain),
            }
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_general_decoder() {
        for bytes in [
            &b"\"x"[..],
            b"a\\n\"",
            "abcdefghä\"".as_bytes(),
            b"ab\x01\"",
            b"abcdefghijk",
            b"abcdefgh\x1fi\"",
        ] {
            assert_eq!(text_end(bytes, 0), None, "{bytes:?}");
        }
    }
}
