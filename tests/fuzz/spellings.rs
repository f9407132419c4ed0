//! The same records with values, or names of fields, that are written in another way.

use chrono::DateTime;
use stedi_lakehouse::schema::{Column, ColumnType, Landing};

use crate::make::Chance;

/// Another way to write a value of a column; `None` where it has none.
type Writing = fn(&mut Chance, &Column, &str) -> Option<String>;

/// Values with their types, by the rules of one program.
pub fn typed(chance: &mut Chance, kind: Landing, record: &[u8]) -> Vec<u8> {
    let writing = chance.pick(&[of_dynamo as Writing, of_mongo, of_glue]);
    values(chance, kind, record, writing)
}

/// Times as dates.
pub fn dated(chance: &mut Chance, kind: Landing, record: &[u8]) -> Vec<u8> {
    values(chance, kind, record, date)
}

/// Names of fields with `_`, `-` and blanks in them.
pub fn named(chance: &mut Chance, kind: Landing, record: &[u8]) -> Vec<u8> {
    rewritten(kind, record, |_, name, value| {
        let mut other = String::new();
        for letter in name.chars() {
            if chance.one_in(4) {
                other.push(chance.pick(&['_', '-', ' ']));
            }
            other.push(letter);
        }
        Some((other, value.to_owned()))
    })
}

fn of_dynamo(_: &mut Chance, _: &Column, value: &str) -> Option<String> {
    match value {
        "null" => Some("{\"NULL\":true}".to_owned()),
        text if text.starts_with('"') => Some(format!("{{\"S\":{text}}}")),
        number => is_number(number).then(|| format!("{{\"N\":\"{number}\"}}")),
    }
}

fn of_mongo(chance: &mut Chance, column: &Column, value: &str) -> Option<String> {
    if !is_number(value) {
        return None;
    }
    let name = chance.pick(&["$numberLong", "$numberInt", "$numberDouble", "$numberDecimal"]);
    let is_time = column.ty == ColumnType::Bigint;
    Some(match chance.below(3) {
        0 if is_time => format!("{{\"$date\":{value}}}"),
        1 if is_time => format!("{{\"$date\":{{\"{name}\":\"{value}\"}}}}"),
        _ => format!("{{\"{name}\":\"{value}\"}}"),
    })
}

fn of_glue(chance: &mut Chance, _: &Column, value: &str) -> Option<String> {
    if value != "null" && !value.starts_with('"') && !is_number(value) {
        return None;
    }
    let (own, other) = chance.pick(&[("double", "int"), ("string", "long"), ("int", "null")]);
    Some(match chance.one_in(2) {
        true => format!("{{\"{own}\":{value},\"{other}\":null}}"),
        false => format!("{{\"{other}\":null,\"{own}\":{value}}}"),
    })
}

fn date(chance: &mut Chance, column: &Column, value: &str) -> Option<String> {
    let time: i64 = serde_json::from_str(value).ok().filter(|_| column.ty == ColumnType::Bigint)?;
    let (ahead, form) = chance.pick(&[
        (0, "%Y-%m-%dT%H:%M:%S%.3fZ"),
        (0, "%Y-%m-%d %H:%M:%S%.3f"),
        (2 * 3_600_000, "%Y-%m-%dT%H:%M:%S%.3f+02:00"),
    ]);
    Some(format!("\"{}\"", DateTime::from_timestamp_millis(time + ahead)?.format(form)))
}

fn is_number(value: &str) -> bool {
    serde_json::from_str::<f64>(value).is_ok()
}

fn values(chance: &mut Chance, kind: Landing, record: &[u8], writing: Writing) -> Vec<u8> {
    rewritten(kind, record, |column, name, value| Some((name.to_owned(), writing(chance, column, value)?)))
}

/// A record with other names and values of the fields that its table has; blanks stay.
fn rewritten(
    kind: Landing,
    record: &[u8],
    mut anew: impl FnMut(&Column, &str, &str) -> Option<(String, String)>,
) -> Vec<u8> {
    let mut member = |member: &str| {
        let (before, after) = member.split_once(':')?;
        let (name, value) = (before.trim().trim_matches('"'), after.trim());
        let column = kind.columns().iter().find(|column| name.eq_ignore_ascii_case(column.name))?;
        let (other_name, other_value) = anew(column, name, value)?;
        let (before, after) = (before.replacen(name, &other_name, 1), after.replacen(value, &other_value, 1));
        Some(format!("{before}:{after}"))
    };
    let text = str::from_utf8(record).unwrap();
    let parts = members(&text[1..text.len() - 1]);
    let written: Vec<String> =
        parts.into_iter().map(|part| member(part).unwrap_or_else(|| part.to_owned())).collect();
    format!("{{{}}}", written.join(",")).into_bytes()
}

/// What stands between the commas of an object, those in its values aside.
fn members(inner: &str) -> Vec<&str> {
    let (mut found, mut start) = (Vec::new(), 0);
    let (mut depth, mut in_string, mut escaped) = (0, false, false);
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                found.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&inner[start..]);
    found
}
