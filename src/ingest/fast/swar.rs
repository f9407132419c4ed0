//! Reads plain numbers without a parser, eight bytes at a time (SIMD within a
//! register); whatever is not plain is `None`, and so is whatever the input ends
//! in.

use crate::ingest::json::strings::{HIGHS, ONES, word};
use crate::ingest::json::tokens::Scan;
use crate::ingest::json::values;

/// Where the string that starts at `start` ends, an empty one too, however it is
/// spelt.
pub(in crate::ingest) fn string_end(input: &[u8], start: usize) -> Option<usize> {
    let mut scan = Scan { input, at: start };
    scan.string().ok()?;
    Some(scan.at - 1)
}

/// A whole number, by the plain spelling or any other that is one.
#[inline(always)]
pub(in crate::ingest) fn integer(input: &[u8], start: usize) -> Option<(i64, usize)> {
    let (value, digits, end) = digits(input, start + usize::from(*input.get(start)? == b'-'));
    // What follows a plain whole number is no part of a number.
    if (1..=18).contains(&digits) && !matches!(input.get(end)?, b'.' | b'e' | b'E') {
        let leading_zero = digits > 1 && input[end - digits] == b'0';
        let value = value as i64;
        return (!leading_zero).then_some((if input[start] == b'-' { -value } else { value }, end));
    }
    let text = number(input, start)?;
    Some((values::integer(text).ok()?, start + text.len()))
}

/// The nearest double.
#[inline(always)]
pub(in crate::ingest) fn double(input: &[u8], start: usize) -> Option<(f64, usize)> {
    if let Some(bytes) = input.get(start..start + 8) {
        let word = word(bytes, 0);
        let negative = word as u8 == b'-';
        let shift = u32::from(negative);
        if let Some(value) = tenths((word >> (8 * shift)) as u32) {
            return Some((if negative { -value } else { value }, start + 3 + shift as usize));
        }
    }
    any_double(input, start)
}

/// A digit, a point and a digit, before a comma, a brace or a blank.
#[inline(always)]
fn tenths(bytes: u32) -> Option<f64> {
    let differs = bytes ^ u32::from_le_bytes(*b"0.0,");
    let (whole, tenth) = (differs & 0xff, differs >> 16 & 0xff);
    let plain = whole < 10 && tenth < 10 && differs & 0xff00 == 0;
    let ends = matches!(differs >> 24, 0 | BRACE | BLANK);
    (plain && ends).then(|| TENTHS[(10 * whole + tenth) as usize])
}

const BRACE: u32 = (b',' ^ b'}') as u32;
const BLANK: u32 = (b',' ^ b' ') as u32;

/// 0.0 to 9.9: a division each would cost more than all the rest.
const TENTHS: [f64; 100] = {
    let mut tenths = [0.0; 100];
    let mut at = 0;
    while at < 100 {
        tenths[at] = at as f64 / 10.0;
        at += 1;
    }
    tenths
};

fn any_double(input: &[u8], start: usize) -> Option<(f64, usize)> {
    let negative = *input.get(start)? == b'-';
    let first = start + usize::from(negative);
    if let Some((value, length)) = input.get(first..first + 8).and_then(|bytes| short_double(word(bytes, 0)))
    {
        return Some((if negative { -value } else { value }, first + length));
    }
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

/// The values of eight digits' bytes, and the high bit of every byte that is no
/// digit; only the first of those is sure.
#[inline]
fn split(word: u64) -> (u64, u64) {
    let values = word ^ (ONES * b'0' as u64);
    (values, (values.wrapping_add(ONES * 0x76) | values) & HIGHS)
}

/// A number of digits, a point and digits that ends within eight bytes.
#[inline]
fn short_double(word: u64) -> Option<(f64, usize)> {
    let (values, others) = split(word);
    let rest = others & others.wrapping_sub(1);
    let (point, end) = (others.trailing_zeros() / 8, rest.trailing_zeros() / 8);
    // Without a point, or an end, both shifts below would be too far.
    if rest == 0 || point == 0 || end == point + 1 || (word >> (8 * point)) as u8 != b'.' {
        return None;
    }
    let leading_zero = point > 1 && word as u8 == b'0';
    if leading_zero || !matches!((word >> (8 * end)) as u8, b',' | b'}' | b']' | b' ' | b'\r' | b'\n') {
        return None;
    }
    let whole = (1u64 << (8 * point)) - 1;
    // The point closes up; nothing stands before the first digit.
    let digits = (values & whole | values >> 8 & !whole) << (8 * (9 - end));
    let fraction = (end - point - 1) as usize;
    Some((eight(digits) as f64 / POWERS[fraction] as f64, end as usize))
}

/// The value of a run of digits (wrapped, if there are too many), how many there
/// are, and where they end.
#[inline(always)]
fn digits(input: &[u8], start: usize) -> (u64, usize, usize) {
    let (mut value, mut at) = (0u64, start);
    while let Some(bytes) = input.get(at..at + 8) {
        let (values, others) = split(word(bytes, 0));
        if others != 0 {
            let more = others.trailing_zeros() / 8;
            at += more as usize;
            let last = if more == 0 { 0 } else { eight(values << (8 * (8 - more))) };
            return (value.wrapping_mul(POWERS[more as usize]).wrapping_add(last), at - start, at);
        }
        value = value.wrapping_mul(100_000_000).wrapping_add(eight(values));
        at += 8;
    }
    while let Some(digit) = input.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    (value, at - start, at)
}

/// The number that eight digits make: pairs, then fours, then all at once
/// (D. Lemire, "Quickly parsing eight digits", 2018).
#[inline]
fn eight(values: u64) -> u64 {
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff
}

/// The JSON number at `start`, however it is spelt.
pub(in crate::ingest) fn number(input: &[u8], start: usize) -> Option<&str> {
    Scan { input, at: start }.number().ok()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::ingest::json::grammar::is_number;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn integers_and_doubles_are_those_of_the_general_decoder(
            text in "-?[0-9]{1,20}(\\.[0-9]{1,20})?(e-?[0-9]{1,3})?",
        ) {
            let input = format!("{text},");
            let valid = is_number(&text);
            let whole = values::integer(&text).ok().filter(|_| valid);
            // A shorter number is followed by what no literal allows.
            let all = |end: usize| end == text.len();
            let read = integer(input.as_bytes(), 0).filter(|&(_, end)| all(end));
            prop_assert_eq!(read, whole.map(|value| (value, text.len())));
            let real = text.parse::<f64>().ok().filter(|value| valid && value.is_finite());
            let read = double(input.as_bytes(), 0).filter(|&(_, end)| all(end));
            let read = read.map(|(value, end)| (value.to_bits(), end));
            prop_assert_eq!(read, real.map(|value| (value.to_bits(), text.len())));
        }

        #[test]
        fn short_doubles_are_doubles(text in "-?(0|[1-9][0-9]{0,3})\\.[0-9]{1,4}", rest in "[,} e.5x]{0,3}") {
            let input = format!("{text}{rest}, \"next\": 1}}");
            let length = number(input.as_bytes(), 0).map_or(0, str::len);
            let expected = number(input.as_bytes(), 0).and_then(|text| text.parse::<f64>().ok());
            let read = double(input.as_bytes(), 0);
            prop_assert_eq!(read.map(|(value, _)| value.to_bits()), expected.map(f64::to_bits));
            prop_assert!(read.is_none_or(|(_, end)| end == length));
        }
    }
}
