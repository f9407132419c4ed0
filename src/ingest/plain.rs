//! Reads plain values without a parser; whatever is not plain is `None`, and so
//! is whatever the input ends in.

use super::fields;
use super::scan::Scan;

#[inline]
pub(super) fn word(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// Where the string that starts at `at` ends; `None` for an empty one and for
/// one that is not plain ASCII.
#[inline]
pub(super) fn text_end(input: &[u8], start: usize) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES * 128;
    let mut at = start;
    // Eight bytes at a time: a byte that is below 0x20, a quote, a backslash or
    // no ASCII sets its high bit ("Bit Twiddling Hacks", S. E. Anderson).
    while let Some(bytes) = input.get(at..at + 8) {
        let word = word(bytes, 0);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let below = word.wrapping_sub(ONES * 0x20) & !word;
        let special =
            (zero(word ^ (ONES * b'"' as u64)) | zero(word ^ (ONES * b'\\' as u64)) | below | word) & HIGHS;
        if special != 0 {
            at += special.trailing_zeros() as usize / 8;
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

/// A whole number, by the plain spelling or any other that is one.
#[inline]
pub(super) fn integer(input: &[u8], start: usize) -> Option<(i64, usize)> {
    let (value, digits, end) = digits(input, start + usize::from(*input.get(start)? == b'-'));
    // What follows a plain whole number is no part of a number.
    if (1..=18).contains(&digits) && !matches!(input.get(end)?, b'.' | b'e' | b'E') {
        let leading_zero = digits > 1 && input[end - digits] == b'0';
        let value = value as i64;
        return (!leading_zero).then_some((if input[start] == b'-' { -value } else { value }, end));
    }
    let text = number(input, start)?;
    Some((fields::integer(text).ok()?, start + text.len()))
}

/// The nearest double.
#[inline]
pub(super) fn double(input: &[u8], start: usize) -> Option<(f64, usize)> {
    let negative = *input.get(start)? == b'-';
    let first = start + usize::from(negative);
    let (whole, whole_digits, mut end) = digits(input, first);
    let (mut mantissa, mut fraction_digits) = (whole, 0);
    if *input.get(end)? == b'.' {
        let (fraction, digits, fraction_end) = digits(input, end + 1);
        if digits == 0 {
            return None;
        }
        (fraction_digits, end) = (digits, fraction_end);
        // Of too many digits nothing is used.
        let power = POWERS.get(digits).copied().unwrap_or(0);
        mantissa = whole.wrapping_mul(power).wrapping_add(fraction);
    }
    // A whole number below 2^53 over a power of ten up to 10^22, both exact, is
    // the nearest double (W. D. Clinger, 1990).
    let exact = whole_digits > 0 && whole_digits + fraction_digits <= 15;
    if exact && !matches!(input.get(end)?, b'e' | b'E') {
        let leading_zero = whole_digits > 1 && input[first] == b'0';
        let value = mantissa as f64 / POWERS[fraction_digits] as f64;
        return (!leading_zero).then_some((if negative { -value } else { value }, end));
    }
    let text = number(input, start)?;
    let value: f64 = text.parse().ok()?;
    value.is_finite().then_some((value, start + text.len()))
}

/// 10^0 to 10^15.
const POWERS: [u64; 16] = {
    let mut powers = [1; 16];
    let mut at = 1;
    while at < 16 {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// The value of a run of digits (wrapped, if there are too many), how many there
/// are, and where they end.
#[inline]
fn digits(input: &[u8], start: usize) -> (u64, usize, usize) {
    let (mut value, mut at) = (0u64, start);
    while let Some(eight) = input.get(at..at + 8).and_then(eight_digits) {
        value = value.wrapping_mul(100_000_000).wrapping_add(eight);
        at += 8;
    }
    while let Some(digit) = input.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    (value, at - start, at)
}

/// The value of eight bytes that are all digits: pairs, then fours, then all at
/// once (D. Lemire, "Quickly parsing eight digits", 2018).
#[inline]
fn eight_digits(bytes: &[u8]) -> Option<u64> {
    let word = word(bytes, 0);
    let high = word & 0xf0f0_f0f0_f0f0_f0f0;
    let above = word.wrapping_add(0x0606_0606_0606_0606) & 0xf0f0_f0f0_f0f0_f0f0;
    if high != 0x3030_3030_3030_3030 || above != 0x3030_3030_3030_3030 {
        return None;
    }
    let ones = word & 0x0f0f_0f0f_0f0f_0f0f;
    let pairs = ones.wrapping_mul(10).wrapping_add(ones >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff)
}

/// The JSON number at `start`, however it is spelt.
pub(super) fn number(input: &[u8], start: usize) -> Option<&str> {
    Scan { input, at: start }.number().ok()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::ingest::json;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn integers_and_doubles_are_those_of_the_general_decoder(text in "-?[0-9]{1,20}(\\.[0-9]{1,20})?(e-?[0-9]{1,3})?") {
            let input = format!("{text},");
            let valid = json::is_number(&text);
            let whole = fields::integer(&text).ok().filter(|_| valid);
            // A shorter number is followed by what no literal allows.
            let all = |end: usize| end == text.len();
            prop_assert_eq!(integer(input.as_bytes(), 0).filter(|&(_, end)| all(end)), whole.map(|value| (value, text.len())));
            let real = text.parse::<f64>().ok().filter(|value| valid && value.is_finite());
            let read = double(input.as_bytes(), 0).filter(|&(_, end)| all(end));
            prop_assert_eq!(read.map(|(value, end)| (value.to_bits(), end)), real.map(|value| (value.to_bits(), text.len())));
        }

        #[test]
        fn a_text_ends_at_its_quote(text in "[ -~]{0,20}", rest in "[ -~]{0,20}") {
            let input = format!("{text}\"{rest}");
            let plain = !text.is_empty() && !text.contains(['"', '\\']);
            match text_end(input.as_bytes(), 0) {
                Some(end) => prop_assert!(input[..end].chars().all(|c| c != '"' && c != '\\') && input.as_bytes()[end] == b'"'),
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
