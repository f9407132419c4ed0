//! Framing and decoding as the design states them, by `serde_json`.

use std::collections::BTreeSet;

use stedi_lakehouse::schema::{Column, ColumnType, Landing};

use crate::json::Json;
use crate::rows::Cell;

/// `serde_json` cannot tell: it keeps no spelling, stops at a number beyond
/// doubles, and at fewer levels.
#[derive(Debug)]
pub struct Unsure;

/// What should come of a value.
#[derive(Clone, Debug)]
pub enum Expected {
    Cell(Cell),
    /// The text of a number of this value.
    Spelt(f64),
}

impl Expected {
    pub fn is(&self, found: &Cell) -> bool {
        match (self, found) {
            (Expected::Cell(cell), found) => cell == found,
            (Expected::Spelt(value), Cell::Text(text)) => text.parse::<f64>().ok() == Some(*value),
            (Expected::Spelt(_), _) => false,
        }
    }
}

/// What should come of a file.
#[derive(Default)]
pub struct Read {
    pub rows: Vec<Vec<Expected>>,
    pub rejected: u64,
    pub duplicate_keys: u64,
    /// Emails in what was rejected, folded, as many as `serde_json` can read there.
    pub emails: BTreeSet<String>,
    /// Serial numbers in it, trimmed, and the emails beside them.
    pub serials: BTreeSet<(String, String)>,
    /// Rejects in which nothing is named so.
    pub nameless: u64,
}

enum Fault {
    Field,
    Unsure,
}

/// Reads a file.
pub fn read(kind: Landing, input: &[u8]) -> Result<Read, Unsure> {
    // It may be read as UTF-16, which this does not know.
    if input.iter().take(4).any(|byte| [0, 0xfe, 0xff].contains(byte)) {
        return Err(Unsure);
    }
    let mut read = Read::default();
    let mut at = 0;
    while let Some(byte) = input.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']' => at += 1,
            b'{' => {
                let mut values = serde_json::Deserializer::from_slice(&input[at..]).into_iter::<Json>();
                match values.next() {
                    Some(Ok(Json::Object(fields))) => {
                        let end = at + values.byte_offset();
                        read.record(kind.columns(), &fields, &input[at..end])?;
                        at = end;
                    }
                    Some(Err(error)) if is_limit(&error) => return Err(Unsure),
                    _ => {
                        let end = reject_end(input, at);
                        // Objects in it may be records in a wrapper, which ends nowhere.
                        if wraps(&input[at..input.len().min(end + 1)]) {
                            return Err(Unsure);
                        }
                        read.reject(&input[at..end]);
                        at = end;
                    }
                }
            }
            _ if input[at..].starts_with(b"\xef\xbb\xbf") => at += 3,
            _ => {
                let end = reject_end(input, at);
                read.reject(&input[at..end]);
                at = end;
            }
        }
    }
    Ok(read)
}

fn is_limit(error: &serde_json::Error) -> bool {
    let text = error.to_string();
    text.contains("out of range") || text.contains("recursion limit")
}

/// Where what is no record ends: where its braces close, if the text may go on there;
/// what has none, before the next object of its array; else at the next line that
/// starts with `{`.
fn reject_end(input: &[u8], from: usize) -> usize {
    let last = next_record(input, from);
    let (mut open, mut at) = (0, from);
    while at < last {
        match input[at] {
            b'"' => match string_end(&input[..last], at) {
                Some(end) => at = end,
                None => return last,
            },
            b'{' if open == 0 && follows_comma(&input[from..at]) => return at,
            b'{' => open += 1,
            b'}' if open > 1 => open -= 1,
            b'}' => {
                let next = input[at + 1..].iter().find(|byte| !b" \t\r".contains(byte));
                let goes_on = next.is_none_or(|byte| b"\n,]{".contains(byte));
                return if goes_on { at + 1 } else { last };
            }
            _ => {}
        }
        at += 1;
    }
    last
}

/// Whether it is an answer with no record: an empty array, and nothing that could be of one.
fn is_empty_page(columns: &[Column], fields: &[(String, Json)]) -> bool {
    let none_is_named = |fields: &[(String, Json)]| {
        fields.iter().all(|(key, _)| columns.iter().all(|column| !letters(key).eq(column.name.chars())))
    };
    let has_none = |value: &Json| match value {
        Json::List(count) => *count == 0,
        Json::Object(inner) => none_is_named(inner),
        _ => true,
    };
    fields.iter().any(|(_, value)| matches!(value, Json::List(0)))
        && none_is_named(fields)
        && fields.iter().all(|(_, value)| has_none(value))
}

/// Whether a member's value is an object, or an array that starts with one.
fn wraps(bytes: &[u8]) -> bool {
    let blank = |byte: &&u8| b" \t\r\n".contains(byte);
    let values = bytes.iter().enumerate().filter(|(_, byte)| **byte == b':');
    values.into_iter().any(|(at, _)| {
        let mut value = bytes[at + 1..].iter().skip_while(blank).peekable();
        value.next_if_eq(&&b'[');
        value.find(|byte| !blank(byte)) == Some(&b'{')
    })
}

/// The quote that ends the string, unless its line ends first.
fn string_end(input: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match input.get(at..)? {
            [b'"', ..] => return Some(at),
            [b'\n', ..] | [b'\\', b'\n', ..] => return None,
            [b'\\', ..] => at += 2,
            _ => at += 1,
        }
    }
}

/// Whether a comma is the last that stands there, blanks aside, outside of braces.
fn follows_comma(region: &[u8]) -> bool {
    region.iter().rfind(|byte| !b" \t\r\n".contains(byte)) == Some(&b',')
}

/// Where the next line that starts with `{` does so.
fn next_record(input: &[u8], from: usize) -> usize {
    let line_ends = (from..input.len()).filter(|&at| input[at] == b'\n');
    for line in line_ends.map(|at| at + 1) {
        let mut first = line;
        loop {
            match &input[first..] {
                [b' ' | b'\t' | b'\r' | b',', ..] => first += 1,
                [0xef, 0xbb, 0xbf, ..] => first += 3,
                [b'{', ..] => return first,
                _ => break,
            }
        }
    }
    input.len()
}

impl Read {
    fn record(&mut self, columns: &[Column], fields: &[(String, Json)], source: &[u8]) -> Result<(), Unsure> {
        if is_long(source) {
            return Err(Unsure);
        }
        let mut row = Some(Vec::new());
        for column in columns {
            let named: Vec<&Json> = fields
                .iter()
                .filter(|(key, _)| letters(key).eq(column.name.chars()))
                .map(|(_, value)| value)
                .collect();
            self.duplicate_keys += named.len().saturating_sub(1) as u64;
            if column.conflict_is_null && named.len() > 1 && differ(column, &named) {
                row.iter_mut().for_each(|row| row.push(Expected::Cell(Cell::Null)));
                continue;
            }
            match expected(column, named.last().copied()) {
                Ok(value) => row.iter_mut().for_each(|row| row.push(value.clone())),
                Err(Fault::Field) if column.unreadable_is_null => {
                    row.iter_mut().for_each(|row| row.push(Expected::Cell(Cell::Null)));
                }
                Err(Fault::Field) => row = None,
                Err(Fault::Unsure) => return Err(Unsure),
            }
        }
        match row {
            Some(row) => self.rows.push(row),
            // It is a reject if it names an email, however deep.
            None if is_empty_page(columns, fields) => {
                let text = String::from_utf8_lossy(source).to_lowercase();
                return if text.contains(['@', '\\']) || text.contains("mail") {
                    Err(Unsure)
                } else {
                    Ok(())
                };
            }
            // It may be a wrapper of records.
            None if fields.iter().any(|(_, value)| {
                matches!(value, Json::List(_)) || matches!(value, Json::Object(inner) if inner.len() > 1)
            }) && wraps(source) =>
            {
                return Err(Unsure);
            }
            None => self.reject(source),
        }
        Ok(())
    }

    /// Tries every quote of the bytes as that of a key.
    fn reject(&mut self, bytes: &[u8]) {
        self.rejected += 1;
        let (is_named, emails) = named(bytes, "email");
        let emails: Vec<String> =
            emails.iter().map(|email| fold(email)).filter(|email| !email.is_empty()).collect();
        let (_, serials) = named(bytes, "serialnumber");
        for serial in serials.iter().map(|serial| trim(serial)) {
            self.serials.extend(emails.iter().map(|email| (serial.to_owned(), email.clone())));
        }
        self.emails.extend(emails);
        self.nameless += u64::from(!is_named);
    }
}

/// Whether a key of the bytes matches a name, and the texts behind such keys.
fn named(bytes: &[u8], name: &str) -> (bool, Vec<String>) {
    let (mut is_named, mut found) = (false, Vec::new());
    for (at, _) in bytes.iter().enumerate().filter(|&(_, &byte)| byte == b'"') {
        let mut keys = serde_json::Deserializer::from_slice(&bytes[at..]).into_iter::<String>();
        let Some(Ok(key)) = keys.next() else { continue };
        if !letters(&key).eq(name.chars()) {
            continue;
        }
        is_named = true;
        let rest = bytes[at + keys.byte_offset()..].trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b":") else { continue };
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<serde_json::Value>();
        if let Some(Ok(value)) = values.next() {
            add_texts(&value, &mut found);
        }
    }
    (is_named, found)
}

fn add_texts(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Array(values) => values.iter().for_each(|value| add_texts(value, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|value| add_texts(value, found)),
        _ => {}
    }
}

/// A name of a field as it is compared.
fn letters(key: &str) -> impl Iterator<Item = char> {
    key.chars().filter(|&c| !matches!(c, '_' | '-') && !is_unseen(c)).flat_map(char::to_lowercase)
}

/// An email as it is compared.
pub fn fold(email: &str) -> String {
    trim(email).to_lowercase()
}

/// A serial number as it is compared.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_unseen)
}

/// Blanks, and what has no width: soft hyphen, marks of order and direction, joiners.
fn is_unseen(c: char) -> bool {
    let unseen = [0xad, 0x180e, 0xfeff].contains(&(c as u32));
    let ranges = [0x200b..=0x200f, 0x202a..=0x202e, 0x2060..=0x2064, 0x2066..=0x2069u32];
    c.is_whitespace() || unseen || ranges.iter().any(|range| range.contains(&(c as u32)))
}

/// Whether a number may have more digits, or a larger exponent, than a double
/// tells apart.
fn is_long(source: &[u8]) -> bool {
    let mut runs = source.split(|byte| !matches!(byte, b'0'..=b'9' | b'.'));
    let exponent = |four: &[u8]| matches!(four[0], b'e' | b'E') && four[2..].iter().all(u8::is_ascii_digit);
    runs.any(|run| run.len() > 15) || source.windows(4).any(exponent)
}

fn expected(column: &Column, value: Option<&Json>) -> Result<Expected, Fault> {
    let value = match value {
        None | Some(Json::Null) => None,
        Some(Json::Text(text)) if text.is_empty() || column.key && fold(text).is_empty() => None,
        Some(value) => Some(value),
    };
    let Some(value) = value else {
        return if column.key { Err(Fault::Field) } else { Ok(Expected::Cell(Cell::Null)) };
    };
    let quoted;
    let number = match (value, column.ty) {
        (Json::Text(text), ColumnType::String) => return Ok(Expected::Cell(Cell::Text(text.clone()))),
        (Json::Whole(value), ColumnType::String) => {
            return Ok(Expected::Cell(Cell::Text(value.to_string())));
        }
        (Json::Real(value), ColumnType::String) => return Ok(Expected::Spelt(*value)),
        (Json::Text(text), _) if is_long(text.as_bytes()) => return Err(Fault::Unsure),
        (Json::Text(text), _) if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
            quoted = serde_json::from_str(text).map_err(|_| Fault::Field)?;
            // serde_json allows blanks behind it.
            if text.ends_with(|c: char| !c.is_ascii_digit()) {
                return Err(Fault::Field);
            }
            &quoted
        }
        (value, _) => value,
    };
    match (number, column.ty) {
        (Json::Whole(value), ColumnType::Double) => {
            Ok(Expected::Cell(Cell::Double((*value as f64).to_bits())))
        }
        (Json::Real(value), ColumnType::Double) => Ok(Expected::Cell(Cell::Double(value.to_bits()))),
        (Json::Whole(value), ty) => whole(*value, ty),
        (Json::Real(value), _) if value.fract() != 0.0 || value.abs() > 1e19 => Err(Fault::Field),
        (Json::Real(value), ty) if value.abs() < 9e15 => whole(*value as i128, ty),
        (Json::Real(_), _) => Err(Fault::Unsure),
        _ => Err(Fault::Field),
    }
}

/// Whether values of one field are not all the same, or cannot all be read.
fn differ(column: &Column, values: &[&Json]) -> bool {
    let read = |value: &Json| match expected(column, Some(value)) {
        Ok(Expected::Cell(cell)) => Some(cell),
        _ => None,
    };
    let first = read(values[0]);
    first.is_none() || values.iter().any(|value| read(value) != first)
}

fn whole(value: i128, ty: ColumnType) -> Result<Expected, Fault> {
    let narrow = ty == ColumnType::Bigint || i32::try_from(value).is_ok();
    match i64::try_from(value) {
        Ok(value) if narrow => Ok(Expected::Cell(Cell::Int(value))),
        _ => Err(Fault::Field),
    }
}
