//! The fast path: a record whose bytes between the values are those of an
//! earlier record needs no parser, only its values read.
//!
//! It reads a record exactly as the general decoder would, or leaves it to it.

use std::borrow::Cow;

use super::fields::{self, NULL_DOUBLE};
use super::json::{self, Value};
use super::scan::Scan;
use crate::schema::{Column, ColumnType};

/// The widest table.
const WIDTH: usize = 10;

/// What stands in a place of a shape.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Slot {
    /// A string: ASCII without escapes.
    Text(usize),
    /// A number that is kept as text.
    NumberText(usize),
    Bigint(usize),
    Int(usize),
    Double(usize),
    /// A value of an unknown field.
    IgnoredText,
    IgnoredNumber,
}

#[derive(Debug)]
struct Step {
    /// What stands before the value, quotes included.
    literal: Literal,
    slot: Slot,
}

/// Bytes that must be there, with the first 16 as two words: a call of memcmp
/// for each would cost more than the values.
#[derive(Debug)]
struct Literal {
    bytes: Box<[u8]>,
    words: [u64; 2],
    masks: [u64; 2],
}

impl Literal {
    fn new(bytes: &[u8]) -> Literal {
        let (mut words, mut masks) = ([[0; 8]; 2], [[0; 8]; 2]);
        for (at, &byte) in bytes.iter().take(16).enumerate() {
            (words[at / 8][at % 8], masks[at / 8][at % 8]) = (byte, u8::MAX);
        }
        Literal {
            bytes: bytes.into(),
            words: words.map(u64::from_le_bytes),
            masks: masks.map(u64::from_le_bytes),
        }
    }

    fn newlines(&self) -> u64 {
        memchr::memchr_iter(b'\n', &self.bytes).count() as u64
    }

    /// Where it ends, if it stands at `at`.
    #[inline]
    fn skip(&self, input: &[u8], at: usize) -> Option<usize> {
        let Some(window) = input.get(at..at + 16) else {
            return input[at..].starts_with(&self.bytes).then_some(at + self.bytes.len());
        };
        let same = (word(window, 0) ^ self.words[0]) & self.masks[0] == 0
            && (word(window, 8) ^ self.words[1]) & self.masks[1] == 0;
        if !same || self.bytes.len() > 16 && !input[at + 16..].starts_with(&self.bytes[16..]) {
            return None;
        }
        Some(at + self.bytes.len())
    }
}

#[inline]
fn word(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// The shape of a record, learned from one.
#[derive(Debug)]
pub(super) struct Shape {
    steps: Vec<Step>,
    /// What stands behind the last value.
    end: Literal,
    /// Line ends in the literals.
    pub(super) newlines: u64,
    /// Columns that have a value, as bits.
    pub(super) present: u32,
    /// Fields that the table does not have.
    pub(super) unknown: Vec<String>,
    /// How many records it has read.
    pub(super) hits: u64,
}

/// The values of a record that a shape has read, by column.
pub struct FastRow<'a> {
    input: &'a [u8],
    present: u32,
    values: &'a Values,
}

/// Kept between records, so that nothing is cleared for each.
#[derive(Default)]
pub(super) struct Values {
    texts: [(usize, usize); WIDTH],
    integers: [i64; WIDTH],
    doubles: [f64; WIDTH],
}

impl Slot {
    fn column(self) -> Option<usize> {
        match self {
            Slot::Text(at) | Slot::NumberText(at) | Slot::Bigint(at) | Slot::Int(at) | Slot::Double(at) => {
                Some(at)
            }
            Slot::IgnoredText | Slot::IgnoredNumber => None,
        }
    }
}

fn text_slot(text: &str, known: Option<(usize, ColumnType)>) -> Option<Slot> {
    match known {
        None => Some(Slot::IgnoredText),
        Some((at, ColumnType::String)) => Some(Slot::Text(at)),
        // A number in quotes: the quotes belong to the literals.
        Some(_) if json::is_number(text) => Some(number_slot(known)),
        Some(_) => None,
    }
}

fn number_slot(known: Option<(usize, ColumnType)>) -> Slot {
    match known {
        None => Slot::IgnoredNumber,
        Some((at, ColumnType::String)) => Slot::NumberText(at),
        Some((at, ColumnType::Bigint)) => Slot::Bigint(at),
        Some((at, ColumnType::Int)) => Slot::Int(at),
        Some((at, ColumnType::Double)) => Slot::Double(at),
    }
}

impl<'a> FastRow<'a> {
    pub(super) fn new(input: &'a [u8], shape: &Shape, values: &'a Values) -> FastRow<'a> {
        FastRow { input, present: shape.present, values }
    }

    fn has(&self, at: usize) -> bool {
        self.present >> at & 1 == 1
    }

    /// The bytes of a text, ASCII; empty where there is none.
    pub fn text(&self, at: usize) -> &'a [u8] {
        if !self.has(at) {
            return b"";
        }
        let (start, end) = self.values.texts[at];
        &self.input[start..end]
    }

    /// A `bigint` or an `int`.
    pub fn integer(&self, at: usize) -> Option<i64> {
        self.has(at).then(|| self.values.integers[at])
    }

    /// A `double`, or [`NULL_DOUBLE`].
    pub fn double(&self, at: usize) -> f64 {
        if self.has(at) { self.values.doubles[at] } else { NULL_DOUBLE }
    }
}

impl Shape {
    /// Learns from the record at the start of `input`, which the general decoder
    /// has accepted. `None` when its values are not of the plain kinds.
    pub(super) fn learn(input: &[u8], columns: &[Column]) -> Option<Shape> {
        let mut fields: Vec<(String, Value<'_>)> = Vec::new();
        let length = json::object(input, |key, value| fields.push((key.into_owned(), value))).ok()?;
        let mut shape = Shape {
            steps: Vec::new(),
            end: Literal::new(b""),
            newlines: 0,
            present: 0,
            unknown: Vec::new(),
            hits: 0,
        };
        let mut literal_from = 0;
        for (key, value) in fields {
            let column = columns.iter().position(|column| column.name.eq_ignore_ascii_case(&key));
            match column {
                Some(at) if shape.seen(at) => return None,
                Some(at) => shape.present |= 1 << at,
                None => shape.unknown.push(key),
            }
            let known = column.map(|at| (at, columns[at].ty));
            let (span, slot) = match (&value, known) {
                // The literals hold these: another record must have the same.
                (Value::Null, _) | (Value::Bool, None) => continue,
                (Value::Text(text), _) if text.is_empty() => continue,
                (Value::Text(Cow::Borrowed(text)), _) => (*text, text_slot(text, known)?),
                (Value::Number(number), _) => (*number, number_slot(known)),
                _ => return None,
            };
            let start = span.as_ptr() as usize - input.as_ptr() as usize;
            shape.steps.push(Step { literal: Literal::new(&input[literal_from..start]), slot });
            literal_from = start + span.len();
        }
        shape.end = Literal::new(&input[literal_from..length]);
        let literals = shape.steps.iter().map(|step| &step.literal).chain([&shape.end]);
        shape.newlines = literals.map(Literal::newlines).sum();
        shape.present = shape.steps.iter().filter_map(|step| step.slot.column()).map(|at| 1 << at).sum();
        Some(shape)
    }

    fn seen(&self, at: usize) -> bool {
        self.present >> at & 1 == 1
    }

    /// Reads a record at the start of `input` and returns its length, if it has
    /// this shape to the byte.
    #[inline]
    pub(super) fn read(&self, input: &[u8], values: &mut Values) -> Option<usize> {
        let mut at = 0;
        for step in &self.steps {
            at = step.literal.skip(input, at)?;
            at = match step.slot {
                Slot::Bigint(column) => {
                    let (value, end) = integer(input, at)?;
                    values.integers[column] = value;
                    end
                }
                Slot::Double(column) => {
                    let (value, end) = double(input, at)?;
                    values.doubles[column] = value;
                    end
                }
                Slot::Text(column) => {
                    let end = text_end(input, at)?;
                    values.texts[column] = (at, end);
                    end
                }
                Slot::Int(column) => {
                    let (value, end) = integer(input, at)?;
                    i32::try_from(value).ok()?;
                    values.integers[column] = value;
                    end
                }
                Slot::NumberText(column) => {
                    let end = at + number(input, at)?.len();
                    values.texts[column] = (at, end);
                    end
                }
                Slot::IgnoredText => text_end(input, at)?,
                Slot::IgnoredNumber => at + number(input, at)?.len(),
            };
        }
        self.end.skip(input, at)
    }
}

/// Where the string that starts at `at` ends; `None` for an empty one and for
/// one that is not plain ASCII.
#[inline]
fn text_end(input: &[u8], start: usize) -> Option<usize> {
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
            (zero(word ^ ONES * b'"' as u64) | zero(word ^ ONES * b'\\' as u64) | below | word) & HIGHS;
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
fn integer(input: &[u8], start: usize) -> Option<(i64, usize)> {
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
fn double(input: &[u8], start: usize) -> Option<(f64, usize)> {
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
fn number(input: &[u8], start: usize) -> Option<&str> {
    Scan { input, at: start }.number().ok()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
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
