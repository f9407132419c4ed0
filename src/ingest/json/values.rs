//! From a field's JSON value to a column's value: what may stand for a number,
//! a text or nothing.

use std::borrow::Cow;

use super::dates;
use super::grammar::{self, Value};
use crate::ingest::reject::Reason;
use crate::rows::NULL_DOUBLE;
use crate::schema::{Column, ColumnType};
use crate::spelling::{names_column, trimmed};

/// Why a record is not a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// Name of the column.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: Reason,
}

/// The values of one record, by position in its table's columns.
pub struct Record<'a> {
    pub(in crate::ingest) columns: &'static [Column],
    pub(in crate::ingest) values: [Value<'a>; MAX_COLUMNS],
    /// Byte of the (inflated) file where the record starts.
    pub offset: u64,
    /// Columns that decide on consent and that two of its fields name, with values that
    /// differ, as bits.
    pub(in crate::ingest) conflicts: u32,
}

/// The widest list of columns that a record is matched with: all of them at
/// once, which is how a file's table is detected.
pub(in crate::ingest) const MAX_COLUMNS: usize = 17;

impl<'a> Record<'a> {
    /// Whether the record has the field at all.
    pub fn has(&self, at: usize) -> bool {
        self.values[at] != Value::Absent
    }

    /// Text; a number counts as written. `None` for absent, null and "", and for a key
    /// that is blank.
    ///
    /// # Errors
    /// `missing_key` where a key has no value, `wrong_type` for anything else.
    pub fn text(&self, at: usize) -> Result<Option<Cow<'a, str>>, FieldFault> {
        match &self.values[at] {
            Value::Absent | Value::Null => self.nothing(at),
            Value::Text(text) if text.is_empty() || self.columns[at].key && trimmed(text).is_empty() => {
                self.nothing(at)
            }
            Value::Text(text) => Ok(Some(text.clone())),
            Value::Number(number) => Ok(Some(Cow::Borrowed(*number))),
            Value::Bool | Value::Nested => Err(self.fault(at, Reason::WrongType)),
        }
    }

    /// A whole number in the range of `i64`, however it is written: `12`,
    /// `12.0`, `1.2e1`, or any of them in quotes; a time also as a [date](dates::millis).
    ///
    /// # Errors
    /// As [`Record::text`], and `not_a_number`, `not_an_integer`, `out_of_range`; none
    /// where what is [unreadable](Record::is_unreadable) is null.
    pub fn bigint(&self, at: usize) -> Result<Option<i64>, FieldFault> {
        match self.read_bigint(at) {
            Err(_) if self.columns[at].unreadable_is_null => Ok(None),
            read => read,
        }
    }

    /// Whether a `bigint` is there that cannot be read and is null for that.
    pub fn is_unreadable(&self, at: usize) -> bool {
        self.columns[at].unreadable_is_null && self.read_bigint(at).is_err()
    }

    /// Whether two fields name the column with values that differ, and it is null for
    /// that: a consent date, which is no consent then, or a date of change, which is missing.
    pub fn is_conflicting(&self, at: usize) -> bool {
        self.conflicts >> at & 1 == 1
    }

    /// How many of its times are written as dates.
    pub(in crate::ingest) fn dates(&self) -> u64 {
        let is_date = |at: usize| self.date(at).is_some() && !self.is_conflicting(at);
        (0..self.columns.len()).filter(|&at| is_date(at)).count() as u64
    }

    fn date(&self, at: usize) -> Option<i64> {
        match &self.values[at] {
            Value::Text(text) if self.columns[at].ty == ColumnType::Bigint => dates::millis(text),
            _ => None,
        }
    }

    fn read_bigint(&self, at: usize) -> Result<Option<i64>, FieldFault> {
        if self.is_conflicting(at) {
            return Ok(None);
        }
        match self.number(at) {
            Ok(None) => Ok(None),
            Ok(Some(text)) => integer(text).map(Some).map_err(|reason| self.fault(at, reason)),
            Err(fault) => self.date(at).map(Some).ok_or(fault),
        }
    }

    /// As [`Record::bigint`], in the range of `i32`.
    ///
    /// # Errors
    /// As [`Record::bigint`].
    pub fn int(&self, at: usize) -> Result<Option<i32>, FieldFault> {
        match self.bigint(at)? {
            None => Ok(None),
            Some(value) => i32::try_from(value).map(Some).map_err(|_| self.fault(at, Reason::OutOfRange)),
        }
    }

    /// The nearest double, or [`NULL_DOUBLE`].
    ///
    /// # Errors
    /// As [`Record::text`], and `not_a_number`, `out_of_range`.
    pub fn double(&self, at: usize) -> Result<f64, FieldFault> {
        match self.number(at)? {
            None => Ok(NULL_DOUBLE),
            Some(text) => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(value),
                _ => Err(self.fault(at, Reason::OutOfRange)),
            },
        }
    }

    /// The text of a JSON number.
    fn number(&self, at: usize) -> Result<Option<&str>, FieldFault> {
        match &self.values[at] {
            Value::Absent | Value::Null => self.nothing(at),
            Value::Text(text) if text.is_empty() => self.nothing(at),
            Value::Number(number) => Ok(Some(number)),
            Value::Text(text) if grammar::is_number(text) => Ok(Some(text)),
            Value::Text(_) => Err(self.fault(at, Reason::NotANumber)),
            Value::Bool | Value::Nested => Err(self.fault(at, Reason::WrongType)),
        }
    }

    fn nothing<T>(&self, at: usize) -> Result<Option<T>, FieldFault> {
        if self.columns[at].key { Err(self.fault(at, Reason::MissingKey)) } else { Ok(None) }
    }

    fn fault(&self, at: usize, reason: Reason) -> FieldFault {
        FieldFault { field: self.columns[at].name, reason }
    }
}

/// The column that a field names; tried first where the last record's order suggests.
pub(in crate::ingest) fn position(columns: &[Column], key: &str, hint: usize) -> Option<usize> {
    let is = |column: &Column| column.name.eq_ignore_ascii_case(key);
    match columns.get(hint) {
        Some(column) if is(column) => Some(hint),
        _ => columns.iter().position(is).or_else(|| {
            // Mostly a name is not spelt in another way but unknown, and is that at once.
            let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if plain { None } else { columns.iter().position(|column| names_column(key, column.name)) }
        }),
    }
}

/// Whether two values of a `bigint` can be read and are the same.
pub(in crate::ingest) fn same_bigint(one: &Value<'_>, other: &Value<'_>) -> bool {
    let read = |value: &Value<'_>| match value {
        Value::Null => Some(None),
        Value::Text(text) if text.is_empty() => Some(None),
        Value::Number(number) => integer(number).ok().map(Some),
        Value::Text(text) if grammar::is_number(text) => integer(text).ok().map(Some),
        Value::Text(text) => dates::millis(text).map(Some),
        Value::Absent | Value::Bool | Value::Nested => None,
    };
    read(one).is_some_and(|value| read(other) == Some(value))
}

/// The exact whole number that a JSON number means; never by way of a double,
/// which would round large ones.
pub(in crate::ingest) fn integer(text: &str) -> Result<i64, Reason> {
    if let Ok(value) = text.parse::<i64>() {
        return Ok(value);
    }
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_end_matches('0');
    if significant.trim_start_matches('0').is_empty() {
        return Ok(0);
    }
    // An exponent beyond i64 is beyond every mantissa that fits a record.
    let exponent = match exponent {
        None => 0,
        Some(text) => {
            text.parse::<i64>().unwrap_or(if text.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 })
        }
    };
    // The number is `significant` followed by so many zeros.
    let zeros = exponent - fraction.len() as i64 + (digits.len() - significant.len()) as i64;
    if zeros < 0 {
        return Err(Reason::NotAnInteger);
    }
    if zeros > 19 {
        return Err(Reason::OutOfRange);
    }
    let signed = format!("{}{significant}{}", if negative { "-" } else { "" }, "0".repeat(zeros as usize));
    signed.parse().map_err(|_| Reason::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_exact_however_written() {
        for (text, value) in [
            ("1655564444103", Ok(1_655_564_444_103)),
            ("1655564444103.0", Ok(1_655_564_444_103)),
            ("1.655564444103e12", Ok(1_655_564_444_103)),
            ("1.655564444103E+12", Ok(1_655_564_444_103)),
            ("16555644441030e-1", Ok(1_655_564_444_103)),
            ("-9223372036854775808", Ok(i64::MIN)),
            ("9223372036854775807.0", Ok(i64::MAX)),
            ("9.223372036854775807e18", Ok(i64::MAX)),
            ("9007199254740993.0", Ok(9_007_199_254_740_993)),
            ("9223372036854775808", Err(Reason::OutOfRange)),
            ("1e19", Err(Reason::OutOfRange)),
            ("1e99999999999999999999", Err(Reason::OutOfRange)),
            ("1e-99999999999999999999", Err(Reason::NotAnInteger)),
            ("1.5", Err(Reason::NotAnInteger)),
            ("15e-1", Err(Reason::NotAnInteger)),
            ("-0", Ok(0)),
            ("0.000", Ok(0)),
            ("0e99999999999999999999", Ok(0)),
        ] {
            assert_eq!(integer(text), value, "{text}");
        }
    }

    #[test]
    fn the_null_double_sorts_first() {
        for value in [f64::NEG_INFINITY, f64::MIN, -0.0, 0.0, f64::MAX] {
            assert!(NULL_DOUBLE.total_cmp(&value).is_lt());
        }
    }
}
