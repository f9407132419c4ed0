//! A landing file that is too large to be read whole, in splits: whole lines that follow each other.

use serde::{Deserialize, Serialize};
use stedi_lakehouse::ingest::{Decoded, Detection, Digest, InputFile, Refusal, Span, detect, is_plain};
use stedi_lakehouse::schema::Landing;
use stedi_lakehouse::wire::Message;

use super::rows::read_split;
use super::scan::{ConsentFields, Found, Part, Records, RowCheck, Scanned};

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What lines of a file hold.
#[derive(Serialize, Deserialize)]
pub struct ScannedSplit {
    /// What orders the splits of a file.
    start: u64,
    /// How many there are, line ends among them.
    bytes: u64,
    /// Whether they begin with a byte order mark: readers of lines may leave it out.
    has_mark: bool,
    part: Part,
}

impl Message for ScannedSplit {
    const NAME: &'static str = "account of a part of a landing file";
}

/// The table of a file by its first bytes, if it can be read in splits: plain, UTF-8, of one table, and its first
/// record is a row that stands on a line of its own.
pub fn lines_table(head: &[u8]) -> Option<Landing> {
    let Detection::Table(table) = detect(head, false) else { return None };
    let text = head.strip_prefix(MARK).unwrap_or(head).trim_ascii_start();
    let line = text.split_inclusive(|&byte| byte == b'\n').next().filter(|line| line.ends_with(b"\n"))?;
    let (mut check, mut file) = (RowCheck::new(table), InputFile::new("", table));
    file.push(line, &mut check);
    let decoded = file.finish(&mut check);
    let is_row = line.starts_with(b"{") && (decoded.records, decoded.rejected.total()) == (1, 0);
    (is_plain(head) && is_row).then_some(table)
}

/// Scans lines of a file, of which the first starts at or soon after the byte `start`; `last` are those behind which
/// nothing follows.
pub fn scan_split(data: &[u8], path: &str, table: Landing, start: u64, last: bool) -> ScannedSplit {
    let mut check = RowCheck::new(table);
    let decoded = read_split(data, path, table, last, &mut check);
    let (bytes, has_mark) = (data.len() as u64, data.starts_with(MARK));
    ScannedSplit { start, bytes, has_mark, part: Part::new(table, decoded, check.consent) }
}

/// A file of which all splits were scanned; `has_mark` says that it begins with a byte order mark.
pub fn join_splits(
    path: &str,
    bytes: u64,
    sha256: &str,
    mut splits: Vec<ScannedSplit>,
    has_mark: bool,
) -> Scanned {
    splits.sort_by_key(|split| split.start);
    let found = joined(&mut splits, has_mark).map_or_else(
        || Found::refusal(Refusal::NotJson),
        |part| {
            // Of a plain file these are the bytes themselves.
            Found::Records(Records { digest: Digest::of_plain(bytes, sha256), parts: vec![part] })
        },
    );
    Scanned { path: path.to_owned(), bytes, sha256: Some(sha256.to_owned()), found }
}

fn joined(splits: &mut Vec<ScannedSplit>, has_mark: bool) -> Option<Part> {
    let first = splits.first()?;
    let (table, count) = (first.part.table, splits.len());
    let mut at = if has_mark && !first.has_mark { MARK.len() as u64 } else { 0 };
    let mut consent = ConsentFields::default();
    let mut ranges = Vec::with_capacity(count);
    for (index, ScannedSplit { bytes, part, .. }) in splits.drain(..).enumerate() {
        let mut decoded = part.decoded;
        for reject in &mut decoded.rejects {
            reject.offset += at;
            // It names a byte of the split.
            reject.detail = None;
        }
        let start = if index == 0 { 0 } else { at };
        at += bytes;
        decoded.span = Span::Bytes { start, end: (index + 1 < count).then_some(at) };
        consent.merge(part.consent);
        ranges.push(decoded);
    }
    Some(Part { table, decoded: Decoded::joined(ranges)?, consent })
}

#[cfg(test)]
mod tests {
    use super::super::ledger::LandingLedger;
    use super::super::scan::scan;
    use super::*;

    const LINES: &str = concat!(
        "{\"user\":\"a\",\"timestamp\":1,\"x\":0.5}\n{\"user\":\"a\",\"timestamp\":\"soon\"}\n\n",
        "no record\n{\"user\":\"b\",\"timestamp\":2,\"colour\":1}\r\n",
        "{\"user\":\"c\",\"timestamp\":3}\n{\"user\":\"d\",\n",
    );

    fn report(scanned: Scanned) -> serde_json::Value {
        let ledger = LandingLedger::new(vec![scanned], false, &[]);
        serde_json::from_str(&ledger.report().unwrap()).unwrap()
    }

    #[test]
    fn splits_say_what_the_whole_says_but_for_what_was_expected() {
        for mark in ["", "\u{feff}"] {
            let text = format!("{mark}{LINES}");
            let of_whole = scan(text.as_bytes(), "a.json");
            let sha256 = of_whole.sha256.clone().unwrap();
            let mut whole_report = report(of_whole);
            for reject in whole_report["rejects"].as_array_mut().unwrap() {
                reject.as_object_mut().unwrap().remove("detail");
            }
            let ends: Vec<usize> = LINES.match_indices('\n').map(|(at, _)| at + 1).collect();
            // Readers of lines leave the mark out, or not.
            for (cut, lines) in ends.iter().flat_map(|&cut| [(cut, LINES), (cut + mark.len(), text.as_str())])
            {
                let (first, second) = lines.split_at(cut);
                let mut splits = vec![scan_split(
                    first.as_bytes(),
                    "a.json",
                    Landing::Accelerometer,
                    0,
                    second.is_empty(),
                )];
                if !second.is_empty() {
                    // However they come.
                    splits
                        .insert(0, scan_split(second.as_bytes(), "a.json", Landing::Accelerometer, 9, true));
                }
                let joined = join_splits("a.json", text.len() as u64, &sha256, splits, !mark.is_empty());
                assert_eq!(report(joined), whole_report, "cut at {cut}");
            }
        }
    }

    #[test]
    fn only_plain_lines_of_one_table_are_split() {
        let line = "{\"user\":\"a\",\"timestamp\":1}\n";
        let customer = "{\"email\":\"a\",\"serialNumber\":\"s\"}\n";
        for text in [line.to_owned(), format!("\u{feff}\n {line}"), line.repeat(9)] {
            assert_eq!(lines_table(text.as_bytes()), Some(Landing::Accelerometer), "{text}");
        }
        assert_eq!(lines_table(customer.as_bytes()), Some(Landing::Customer));
        let utf_16: Vec<u8> = format!("\u{feff}{line}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for text in [
            line.trim_end().as_bytes(),
            format!("[{line}]").as_bytes(),
            format!("{line}{customer}").as_bytes(),
            "{\n\"user\":\"a\",\"timestamp\":1}\n".as_bytes(),
            "{\"email\":\"a@x.org\",\n\"serialNumber\":\"s\"}\n".as_bytes(),
            "{\"user\":\"a\"}\n{\"user\":\"a\",\"timestamp\":1}\n".as_bytes(),
            &b"PK\x03\x04"[..],
            &utf_16[..],
        ] {
            assert_eq!(lines_table(text), None, "{}", String::from_utf8_lossy(text));
        }
    }
}
