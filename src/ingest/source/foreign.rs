//! Files that are something else: known by their first bytes, and refused by name.

use crate::ingest::emails;
use crate::ingest::fields;
use crate::ingest::json::grammar::{self, Value};
use crate::ingest::json::tokens::Scan;
use crate::ingest::json::typed;
use crate::ingest::reject::Refusal;
use crate::schema::landing_columns;
use crate::spelling::names_column;

const MAGIC: [(&[u8], Refusal); 24] = [
    (b"PAR1", Refusal::Parquet),
    (b"BZh", Refusal::Bzip2),
    (b"\xfd7zXZ\0", Refusal::Xz),
    (b"7z\xbc\xaf\x27\x1c", Refusal::SevenZip),
    (b"\xff\x06\0\0sNaPpY", Refusal::Snappy),
    (b"\x82SNAPPY\0", Refusal::Snappy),
    (b"Rar!\x1a\x07", Refusal::Rar),
    (b"\x04\x22\x4d\x18", Refusal::Lz4),
    (b"Obj\x01", Refusal::Avro),
    (b"ARROW1\0\0", Refusal::Arrow),
    (b"SQLite format 3\0", Refusal::Sqlite),
    // The compound file of Excel before 2007.
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Refusal::Spreadsheet),
    (b"age-encryption.org/", Refusal::Packed),
    (b"-----BEGIN PGP MESSAGE-----", Refusal::Packed),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", Refusal::Packed),
    (b"Salted__", Refusal::Packed),
    // compress, lzip, LZMA alone, and lz4 as it was at first.
    (b"\x1f\x9d", Refusal::Packed),
    (b"LZIP", Refusal::Packed),
    (b"\x5d\0\0", Refusal::Packed),
    (b"\x02\x21\x4c\x18", Refusal::Lz4),
    (b"FEA1", Refusal::Arrow),
    (b"\x89HDF\r\n\x1a\n", Refusal::Binary),
    (b"SEQ\x06", Refusal::Binary),
    (b"version https://git-lfs.github.com/", Refusal::GitLfs),
];

/// What a file is by its first bytes, if it is no export and no text of records.
pub(super) fn by_bytes(head: &[u8]) -> Option<Refusal> {
    let magic = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, refusal)| *refusal);
    let magic = magic.or_else(|| is_hadoop_snappy(head).then_some(Refusal::Snappy));
    magic
        .or_else(|| is_orc(head).then_some(Refusal::Orc))
        .or_else(|| is_packed(head).then_some(Refusal::Packed))
}

/// By RFC 1950 the first two bytes of zlib are a multiple of 31; by RFC 4880 a message of
/// OpenPGP begins with a packet of an encrypted key, whose version is 3 (or 4 to 6 of the symmetric kind).
fn is_packed(head: &[u8]) -> bool {
    match *head {
        [0x78, flags @ (0x01 | 0x5e | 0x9c | 0xda), ..] => (0x7800 + u32::from(flags)) % 31 == 0,
        [0x84, _, 3, ..] | [0x85, _, _, 3, ..] | [0x8c, _, 4..=6, ..] => true,
        [0xc1, _, 3, ..] | [0xc1, _, _, 3, ..] | [0xc3, _, 4..=6, ..] => true,
        _ => false,
    }
}

/// What else no record could be read of holds, if people may be in it: text whose first line
/// is a record behind something else, a table without names, or bytes with addresses in them.
pub(super) fn with_people(head: &[u8]) -> Option<Refusal> {
    if let [_, 0, _, 0, ..] | [0, _, 0, _, ..] = head
        && head.iter().filter(|byte| **byte == 0).count() * 3 > head.len()
    {
        // UTF-16 without its mark, which is known by JSON alone.
        let narrow: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
        return by_text(&narrow).filter(|refusal| *refusal == Refusal::Csv).or_else(|| with_people(&narrow));
    }
    if head.iter().take(4096).any(|byte| matches!(byte, 0..=8 | 14..=26)) && !head.starts_with(b"\x1e") {
        return has_address(head).then_some(Refusal::Binary);
    }
    let line = unmarked(head).split(|byte| *byte == b'\n').next().unwrap_or_default();
    if emails::named_in(line) {
        return Some(Refusal::Broken);
    }
    let line = String::from_utf8_lossy(line);
    let is_row = |&&delimiter: &&char| {
        let mut fields = line.split(delimiter);
        fields.clone().count() >= 3 && fields.any(|field| is_address(field.trim().trim_matches('"')))
    };
    [',', ';', '\t', '|'].iter().find(is_row).map(|_| Refusal::Csv)
}

fn is_address(text: &str) -> bool {
    let is_part = |part: &str, least: usize| {
        part.len() >= least && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'))
    };
    text.split_once('@')
        .is_some_and(|(name, host)| is_part(name, 1) && is_part(host, 4) && host.contains('.'))
}

/// Whether an address stands somewhere in bytes.
fn has_address(head: &[u8]) -> bool {
    let is_of_one =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'@');
    let words = head.split(|byte| !is_of_one(*byte)).filter(|word| word.len() > 8);
    words.filter_map(|word| str::from_utf8(word).ok()).any(is_address)
}

/// ORC begins with three letters, as a text may; what follows is none.
fn is_orc(head: &[u8]) -> bool {
    head.starts_with(b"ORC") && head.iter().take(4096).any(|byte| *byte < b'\t')
}

/// Hadoop writes the size of a block, that of its first chunk, and the chunk, which begins
/// with its own size, unpacked.
fn is_hadoop_snappy(head: &[u8]) -> bool {
    // Blocks are smaller than 16 MiB, and no text has these zeros.
    let [0, b, c, d, 0, f, g, h, chunk @ ..] = head else { return false };
    let (block, packed) = (u32::from_be_bytes([0, *b, *c, *d]), u32::from_be_bytes([0, *f, *g, *h]));
    let (mut size, mut shift) = (0u64, 0);
    for &byte in chunk.iter().take(5) {
        size |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            // Snappy adds at most so much to what it cannot make smaller.
            return size > 0 && size <= u64::from(block) && u64::from(packed) <= 32 + size + size / 6;
        }
    }
    false
}

/// What a text is by its first record, if it is none that can be read.
pub(super) fn by_text(head: &[u8]) -> Option<Refusal> {
    let text = unmarked(head);
    if text.starts_with(b"<") {
        let is_page =
            text[..text.len().min(512)].to_ascii_lowercase().windows(5).any(|five| five == b"<html");
        return Some(if !is_page && has_address(text) { Refusal::XmlData } else { Refusal::Xml });
    }
    let first = first_of(text);
    if is_json_in_string(first) {
        return Some(Refusal::JsonInStrings);
    }
    if text.starts_with(b"[") && first.starts_with(b"[") {
        return is_pandas_values(first).then_some(Refusal::PandasValues);
    }
    if !first.starts_with(b"{") {
        return is_csv(text).then_some(Refusal::Csv);
    }
    if first[1..].trim_ascii_start().starts_with(b"'") {
        return Some(Refusal::PythonRepr);
    }
    pandas(first).or_else(|| is_change(first).then_some(Refusal::ChangeEvents))
}

/// A text without a byte order mark and blanks before it.
fn unmarked(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start()
}

/// What begins a text, or the array that it is.
fn first_of(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"[").unwrap_or(text).trim_ascii_start()
}

/// A record, or an array of them, that was encoded twice.
fn is_json_in_string(text: &[u8]) -> bool {
    let Some(text) = text.strip_prefix(b"\"") else { return false };
    let record = first_of(text.trim_ascii_start()).strip_prefix(b"{");
    record.is_some_and(|record| record.trim_ascii_start().starts_with(b"\\\""))
}

/// Whether records stand in strings of other records, as messages carry them.
pub(super) fn carries_records(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).replace("\\\"", "\"");
    text.len() < head.len() && emails::named_in(text.as_bytes())
}

/// Rows without names that name people; other arrays of arrays are nobody's.
fn is_pandas_values(row: &[u8]) -> bool {
    let value = row[1..].trim_ascii_start();
    let is_value = matches!(value.first(), Some(b'"' | b'-' | b'0'..=b'9'))
        || [&b"null"[..], b"true", b"false"].iter().any(|word| value.starts_with(word));
    is_value && value.contains(&b'@')
}

/// Whether a text of which no record can be read starts as records do, so that it may hold
/// some: with a brace and a name, or cut before it; or with a brace, and an address is in it.
pub(super) fn is_broken(head: &[u8]) -> bool {
    let text = unmarked(head);
    let first = first_of(text);
    let Some(record) = first.strip_prefix(b"{") else { return text.starts_with(b"[") && first.is_empty() };
    matches!(record.trim_ascii_start().first(), None | Some(b'"')) || record.contains(&b'@')
}

/// Whether an entry of a zip stands somewhere in these bytes.
pub(super) fn has_zip(head: &[u8]) -> bool {
    memchr::memmem::find_iter(head, b"PK\x03\x04").any(|at| {
        // The version that it wants, the method, and the length of its name.
        let field =
            |from: usize| head.get(at + from..at + from + 2).map(|two| u16::from_le_bytes([two[0], two[1]]));
        let fits = |from, most| field(from).is_some_and(|value| value <= most);
        fits(4, 63) && fits(8, 99) && fits(26, 1024) && field(26) != Some(0)
    })
}

/// A line of at least two names of columns is the first of a CSV.
fn is_csv(text: &[u8]) -> bool {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let names = line.split([',', ';', '\t', '|']).map(|name| name.trim().trim_matches('"'));
    names.filter(|name| is_column(name)).count() >= 2
}

fn is_column(name: &str) -> bool {
    landing_columns().iter().any(|column| names_column(name, column.name))
}

/// A table that pandas has written by columns, or with its columns apart from its rows.
fn pandas(object: &[u8]) -> Option<Refusal> {
    let mut scan = Scan { input: object, at: 1 };
    let name = |scan: &mut Scan<'_>| -> Option<String> {
        scan.blanks();
        scan.name_quote().ok()?;
        let name = scan.string().ok()?.text().into_owned();
        scan.blanks();
        (!scan.at_end()).then_some(name)
    };
    let first = name(&mut scan)?;
    scan.expect(b':', "':'").ok()?;
    scan.blanks();
    match scan.peek().ok()? {
        b'{' if is_column(&first) => {
            scan.at += 1;
            let row = name(&mut scan)?;
            (!row.is_empty() && row.bytes().all(|byte| byte.is_ascii_digit()))
                .then_some(Refusal::PandasColumns)
        }
        b'[' if first == "columns" => {
            let names = scan.input.get(scan.at..)?;
            let names = names.split(|byte| *byte == b']').next()?;
            let names = String::from_utf8_lossy(names);
            names.split('"').any(is_column).then_some(Refusal::PandasSplit)
        }
        _ => None,
    }
}

/// The envelope of a change: which of its states holds is not decided here.
fn is_change(object: &[u8]) -> bool {
    let (mut names, mut nested) = (Vec::new(), Vec::new());
    let _ = grammar::object(object, |key, value, span| {
        if value == Value::Nested && typed::open(&object[span.clone()]).is_none() {
            nested.push(span);
        }
        names.push(key);
    });
    if fields::is_change(names.iter().map(AsRef::as_ref)) {
        return true;
    }
    // With its schema beside it.
    nested.into_iter().any(|span| {
        let mut inner = Vec::new();
        let _ = grammar::object(&object[span], |key, _, _| inner.push(key));
        fields::is_change(inner.iter().map(AsRef::as_ref))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_something_else_is_named() {
        for (head, refusal) in [
            (&b"PAR1\x15\x04"[..], Refusal::Parquet),
            (b"BZh91AY", Refusal::Bzip2),
            (b"ORC\x0a\x0b\x0a\x03", Refusal::Orc),
            (b"Obj\x01\x04\x16avro.schema", Refusal::Avro),
            (b"Rar!\x1a\x07\x01\0", Refusal::Rar),
            (b"\0\0\x02\x77\0\0\0\x10\xf7\x04\xf0", Refusal::Snappy),
        ] {
            assert_eq!(by_bytes(head), Some(refusal), "{head:?}");
        }
        for head in
            [&b"{\"user\":\"a\"}"[..], b"\0{\0\"\0u\0s\0e\0r\0", b"", b"ORCHARDS\n", b"\0\0\0\0\0\0\0\0\0\0"]
        {
            assert_eq!(by_bytes(head), None, "{head:?}");
        }
        for (head, refusal) in [
            ("\u{feff}<?xml version=\"1.0\"?><Error>", Some(Refusal::Xml)),
            ("{'user': 'a'}", Some(Refusal::PythonRepr)),
            ("[{'user': 'a'}]", Some(Refusal::PythonRepr)),
            ("email,serialNumber,phone\na,b,c\n", Some(Refusal::Csv)),
            ("\"sensorReadingTime\";\"serial number\"\r\n", Some(Refusal::Csv)),
            ("a note, with a user\n{\"user\":\"a\"}", None),
            (r#"{"user":{"0":"a","1":"b"},"timestamp":{"0":1"#, Some(Refusal::PandasColumns)),
            (r#"{"user":{"S":"a"},"timestamp":{"N":"1"}}"#, None),
            (r#"{ "columns" : ["user","x"], "data":[["#, Some(Refusal::PandasSplit)),
            (r#"{"columns":["other"],"user":"a"}"#, None),
            (r#"{"before":null,"after":{"user":"a"},"op":"c"}"#, Some(Refusal::ChangeEvents)),
            (r#"{"schema":{},"payload":{"before":{},"after":null}}"#, Some(Refusal::ChangeEvents)),
            (r#"{"data":{"user":"a"},"metadata":{"operation":"load"}}"#, Some(Refusal::ChangeEvents)),
            (r#"{"user":"a","timestamp":1}"#, None),
            ("", None),
        ] {
            assert_eq!(by_text(head.as_bytes()), refusal, "{head}");
        }
    }
}
