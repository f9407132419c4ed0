//! An object that is no record itself and has a member that is an array of records:
//! `{"records": [{…}, …], "count": 7}`, or what pandas writes with `orient="table"`. It is
//! passed over as brackets are, so its records are read as they come, however many.

use std::ops::Range;

use super::emails;
use super::json::grammar::{self, Value};
use super::json::tokens::{Fault, Scan};
use super::json::values::position;
use super::nested::may_hold_record;
use crate::schema::{self, Column, Landing};

/// A wrapper whose records are being read.
pub(super) struct Wrapper {
    /// Arrays that were open before its own.
    pub(super) arrays: i64,
    /// Whether its array has ended.
    pub(super) closed: bool,
}

/// What stands around the records of a wrapper, up to the next of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Around {
    /// How long it is.
    pub(super) length: usize,
    /// Whether an array of records follows.
    pub(super) opens: bool,
    /// Values in it that may hold records, which nobody reads there.
    pub(super) lost: Vec<Range<usize>>,
}

/// What stands before the first record of a wrapper, if one starts here and its first
/// record has all keys of a table. What is still to come does not matter, but of a page of
/// an answer that has none, `{"records": [], "count": 0}`: nothing else may be in it that
/// could be a record.
pub(super) fn prefix(input: &[u8], columns: &[Column]) -> Option<Around> {
    // What is cut or no JSON is left to the decoder.
    find(input, columns).ok().flatten()
}

fn find(input: &[u8], columns: &[Column]) -> Result<Option<Around>, Fault> {
    let mut scan = Scan { input, at: 0 };
    scan.expect(b'{', "'{'")?;
    let (mut empty, mut passed) = (None, Vec::new());
    loop {
        scan.blanks();
        scan.name_quote()?;
        let key = scan.string()?.text();
        if position(columns, &key, 0).is_some() {
            return Ok(None);
        }
        scan.blanks();
        scan.expect(b':', "':'")?;
        scan.blanks();
        let start = scan.at;
        if is_array_of_records(&input[start..])? {
            return Ok(Some(Around { length: start + 1, opens: true, lost: lost(input, passed) }));
        }
        if scan.value()? == Value::Nested {
            if is_empty_array(&input[start..scan.at]) {
                empty.get_or_insert(start + 1);
            }
            passed.push(start..scan.at);
        }
        if !scan.next_is(b',')? {
            scan.expect(b'}', "',' or '}'")?;
            let is_page = passed.iter().all(|span| is_harmless(&input[span.clone()], columns))
                && !emails::named_in(&input[..scan.at]);
            return Ok(empty.filter(|_| is_page).map(|length| Around {
                length,
                opens: true,
                lost: Vec::new(),
            }));
        }
    }
}

/// Those of some values that may hold records.
fn lost(input: &[u8], mut passed: Vec<Range<usize>>) -> Vec<Range<usize>> {
    passed.retain(|span| may_hold_record(&input[span.clone()]));
    passed
}

/// Whether a value beside an empty array is none of a record: an empty array too, or an
/// object without a member that is named as a column is.
fn is_harmless(value: &[u8], columns: &[Column]) -> bool {
    let mut names = false;
    let read = grammar::object(value, |key, _, _| names |= position(columns, &key, 0).is_some());
    if value.starts_with(b"[") { is_empty_array(value) } else { !names && read.is_ok() }
}

fn is_empty_array(value: &[u8]) -> bool {
    value.strip_prefix(b"[").is_some_and(|rest| rest.trim_ascii_start() == b"]")
}

/// Whether the first item of an array is a record, of whatever table: one of another table
/// than its file is rejected as a record.
fn is_array_of_records(input: &[u8]) -> Result<bool, Fault> {
    let mut scan = Scan { input, at: 0 };
    if !scan.next_is(b'[')? {
        return Ok(false);
    }
    scan.blanks();
    Ok(scan.peek()? == b'{' && is_record(&input[scan.at..], schema::landing_columns())?)
}

/// Whether an object has all keys of a table, itself or in one of its members; however it
/// goes on behind them.
fn is_record(input: &[u8], columns: &[Column]) -> Result<bool, Fault> {
    let mut scan = Scan { input, at: 0 };
    scan.expect(b'{', "'{'")?;
    let mut found = Vec::new();
    while !scan.next_is(b'}')? {
        scan.name_quote()?;
        found.extend(position(columns, &scan.string()?.text(), 0));
        if has_keys(columns, &found) {
            return Ok(true);
        }
        scan.blanks();
        scan.expect(b':', "':'")?;
        scan.blanks();
        let start = scan.at;
        if scan.value()? == Value::Nested {
            let mut inner = Vec::new();
            // An array has no members.
            let _ = grammar::object(&input[start..], |key, _, _| inner.extend(position(columns, &key, 0)));
            if has_keys(columns, &inner) {
                return Ok(true);
            }
        }
        if scan.next_is(b',')? {
            scan.blanks();
        }
    }
    Ok(false)
}

fn has_keys(columns: &[Column], found: &[usize]) -> bool {
    let has = |key: &Column| found.iter().any(|&at| columns[at].name == key.name);
    Landing::ALL.iter().any(|kind| kind.columns().iter().filter(|column| column.key).all(has))
}

/// What stands behind the array of a wrapper, up to another array of records or its end.
///
/// # Errors
/// `Incomplete`, or where it is no JSON or a field of a record.
pub(super) fn suffix(input: &[u8], columns: &[Column]) -> Result<Around, Fault> {
    let mut scan = Scan { input, at: 0 };
    let mut passed = Vec::new();
    while !scan.next_is(b'}')? {
        scan.expect(b',', "',' or '}'")?;
        scan.blanks();
        let start = scan.at;
        scan.name_quote()?;
        let key = scan.string()?.text();
        scan.blanks();
        scan.expect(b':', "':'")?;
        scan.blanks();
        if position(columns, &key, 0).is_some() {
            return Err(Fault::Invalid { at: start, expected: "no field of a record beside its array" });
        }
        let start = scan.at;
        if is_array_of_records(&input[start..])? {
            return Ok(Around { length: start + 1, opens: true, lost: lost(input, passed) });
        }
        if scan.value()? == Value::Nested {
            passed.push(start..scan.at);
        }
    }
    Ok(Around { length: scan.at, opens: false, lost: lost(input, passed) })
}

#[cfg(test)]
mod tests;
