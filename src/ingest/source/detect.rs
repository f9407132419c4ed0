//! What a file is, and of which table: from its first bytes and the fields of its
//! first records, never from its name.

use std::io::{self, Read, Write};

use crate::ingest::decoder::{Decoder, MAX_RECORD};
use crate::ingest::fields;
use crate::ingest::json::{FieldFault, Record};
use crate::ingest::sink::Sink;

use super::encoding::{is_utf16, utf8};
use super::foreign;
use super::unpack::{Container, Unpacker, container};
use super::zstd::wants_dictionary;
use crate::ingest::emails;
use crate::ingest::reject::Refusal;
use crate::ingest::skipped::BYTE_ORDER_MARK;
use crate::schema::{self, Landing};

/// How many bytes of a file to show first.
pub const HEAD_BYTES: usize = 64 << 10;
/// Bad JSON up to here, and the file is none of ours.
const NOISE_BYTES: usize = 1 << 20;
/// Records that vote.
const VOTERS: usize = 100;
/// Bytes of a head between two looks at whether all have voted.
const STEP: usize = 4 << 10;

/// How long a range of a file is. It may differ from run to run: ranges of any
/// length give the same rows and rejects.
pub const RANGE_BYTES: u64 = 4 << 20;

/// The ranges of a plain file of so many bytes: starts and ends.
pub fn ranges(bytes: u64) -> impl Iterator<Item = (u64, u64)> {
    let count = (bytes / RANGE_BYTES).max(1);
    (0..count)
        .map(move |at| (at * RANGE_BYTES, if at + 1 == count { u64::MAX } else { (at + 1) * RANGE_BYTES }))
}

/// Whether a file can be read in ranges: it is not compressed, and UTF-8.
pub fn is_plain(head: &[u8]) -> bool {
    container(head) == Container::Plain && !is_utf16(head)
}

/// Whether a whole file holds text that a search of its bytes would not find: it is packed, encrypted or binary, as
/// far as that is known, or in UTF-16 or UTF-32.
pub fn hides_text(bytes: &[u8]) -> bool {
    // Without a mark too, and not JSON alone.
    let is_wide =
        matches!(bytes, [0, 0, 0xfe, 0xff, ..] | [1..=255, 0, 1..=255, 0, ..] | [0, 1..=255, 0, 1..=255, ..]);
    is_wide || !is_plain(bytes) || foreign::by_bytes(bytes).is_some() || foreign::has_zip(bytes)
}

/// What a file is, by its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detection {
    /// Records of this kind, plain or compressed.
    Table(Landing),
    /// Records of several kinds: the first show at least two, and others may follow.
    Several,
    /// A zip or a tar; its entries are files of their own.
    Archive,
    /// Ask again with at least so many bytes of the file.
    More(usize),
    /// Not to be used.
    Refused(Refusal),
}

/// Detects a file by its first bytes; `complete` says that there are no more.
pub fn detect(head: &[u8], complete: bool) -> Detection {
    match container(head) {
        Container::Zip | Container::Tar => Detection::Archive,
        Container::Plain => plain(head, complete, head.len()),
        Container::Zstd => {
            let (mut unpacked, mut unpacker) = (Vec::new(), Unpacker::default());
            let pushed = unpacker.push(head, |bytes| {
                if unpacked.len() < MAX_RECORD * 2 {
                    unpacked.extend_from_slice(bytes);
                }
            });
            let damaged = pushed.is_err() || complete && unpacker.finish(|_| ()).is_err();
            let damage = match unpacked.is_empty() && wants_dictionary(head) {
                true => Refusal::ZstdDictionary,
                false => Refusal::BadZstd,
            };
            packed(&unpacked, complete, damaged.then_some(damage), head.len())
        }
        Container::Gzip => {
            let mut gzip = flate2::write::MultiGzDecoder::new(Vec::new());
            // A head that breaks off, or a damaged tail, still shows its start.
            let mut damaged = gzip.write_all(head).is_err();
            if complete || damaged {
                damaged |= gzip.try_finish().is_err();
            } else {
                let _ = gzip.flush();
            }
            let mut inflated = std::mem::take(gzip.get_mut());
            inflated.truncate(MAX_RECORD * 2);
            packed(&inflated, complete, damaged.then_some(Refusal::BadGzip), head.len())
        }
    }
}

/// Detects what was in so many bytes of a compressed file, by its first bytes.
fn packed(unpacked: &[u8], complete: bool, damage: Option<Refusal>, raw_bytes: usize) -> Detection {
    let found = match container(unpacked) {
        Container::Plain => plain(unpacked, complete || damage.is_some(), raw_bytes),
        Container::Tar => return Detection::Archive,
        Container::Gzip | Container::Zstd | Container::Zip => {
            return Detection::Refused(Refusal::NestedCompression);
        }
    };
    match (found, damage) {
        // What little there is does not say what the rest was.
        (Detection::Refused(_), Some(damage)) => Detection::Refused(damage),
        (found, _) => found,
    }
}

/// Detects a file from as many of its first bytes as that takes, never asking for
/// [`Detection::More`]; gives those bytes too.
///
/// # Errors
/// What the reader says.
pub fn detect_file(mut file: impl Read) -> io::Result<(Detection, Vec<u8>)> {
    let (mut head, mut wanted) = (Vec::new(), HEAD_BYTES);
    loop {
        let more = (wanted - head.len()) as u64;
        let read = file.by_ref().take(more).read_to_end(&mut head)? as u64;
        match detect(&head, read < more) {
            Detection::More(bytes) => wanted = bytes,
            found => return Ok((found, head)),
        }
    }
}

fn plain(head: &[u8], complete: bool, raw_bytes: usize) -> Detection {
    if let [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] = head {
        return Detection::Refused(Refusal::NotUtf8);
    }
    let raw = head;
    let head = &*utf8(head);
    if let Some(refusal) = foreign::by_bytes(head).or_else(|| foreign::by_text(head)) {
        return Detection::Refused(refusal);
    }
    let mut votes = SchemaVotes::default();
    let mut decoder = Decoder::new("", schema::landing_columns());
    for step in head.chunks(STEP) {
        decoder.push(step, &mut votes);
        if votes.read >= VOTERS {
            break;
        }
    }
    if let Some(found) = votes.winner() {
        return found;
    }
    let in_noise = decoder.is_skipping();
    if !complete && head.len() < (if in_noise { NOISE_BYTES } else { MAX_RECORD * 2 }) {
        return Detection::More(raw_bytes.max(HEAD_BYTES / 2) * 2);
    }
    // A record that is longer than a step of the head may be read only now.
    let decoded = decoder.finish(&mut votes);
    let nothing_is_wrong = decoded.rejected.total() == 0 && decoded.open_arrays <= 0;
    let is_empty = nothing_is_wrong && memchr::memchr(b'{', head).is_none();
    match votes.winner() {
        Some(found) => found,
        None if is_empty => Detection::Refused(Refusal::Empty),
        // They may take consent back: each is rejected as a customer, and kept as its email says.
        None if is_json(head) && (votes.nameless > 0 || emails::named_in(head)) => {
            Detection::Table(Landing::Customer)
        }
        None if is_json(head) && foreign::carries_records(head) => Detection::Refused(Refusal::JsonInStrings),
        None if votes.read > 0 || nothing_is_wrong => Detection::Refused(Refusal::UnknownFields),
        None if foreign::is_broken(head) => Detection::Refused(Refusal::Broken),
        None if foreign::has_zip(raw) => Detection::Refused(Refusal::ZipBehindBytes),
        None => Detection::Refused(foreign::with_people(raw).unwrap_or(Refusal::NotJson)),
    }
}

/// Whether a text begins as JSON records do, and is not one about them.
fn is_json(head: &[u8]) -> bool {
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Each record votes for the kind whose keys it has, and of several for the one
/// whose fields it has most of.
#[derive(Default)]
struct SchemaVotes {
    read: usize,
    counts: [usize; Landing::ALL.len()],
    /// For no one kind: they have readings of both sensors.
    joined: usize,
    /// For customers, but that they lack the email.
    nameless: usize,
}

impl SchemaVotes {
    fn winner(&self) -> Option<Detection> {
        // Of equals the first: max_by_key would give the last.
        let most = self.counts.iter().max().copied().unwrap_or_default();
        if self.joined > 0 && self.joined >= most {
            return Some(Detection::Refused(Refusal::JoinedResult));
        }
        let at = self.counts.iter().position(|&count| count == most && count > 0)?;
        Some(match self.counts.iter().filter(|&&count| count > 0).count() {
            1 => Detection::Table(Landing::ALL[at]),
            _ => Detection::Several,
        })
    }
}

impl Sink for SchemaVotes {
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        self.read += 1;
        if self.read > VOTERS {
            return Ok(());
        }
        let has = |name: &str| {
            schema::landing_columns()
                .iter()
                .position(|column| column.name == name)
                .is_some_and(|at| record.has(at))
        };
        match fields::kind(has) {
            Some(kind) => self.counts[kind as usize] += 1,
            None => {
                self.joined += usize::from(fields::is_joined(&has));
                let fields = Landing::Customer.columns().iter().filter(|column| has(column.name));
                self.nameless += usize::from(fields.count() >= 3);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: &str = r#"{"sensorReadingTime":1,"serialNumber":"s","distanceFromObject":2}"#;

    #[test]
    fn tables_are_told_by_their_fields() {
        for (input, kind) in [
            (r#"{"customerName":"n","email":"e","serialNumber":"s"}"#, Landing::Customer),
            (r#"[{"USER":"e","timeStamp":1,"x":1}]"#, Landing::Accelerometer),
            (STEP, Landing::StepTrainer),
            ("rubbish\n{\"user\":\"u\",\"timestamp\":1}", Landing::Accelerometer),
        ] {
            assert_eq!(detect(input.as_bytes(), true), Detection::Table(kind), "{input}");
        }
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(STEP.as_bytes()).unwrap();
        let gzip = gzip.finish().unwrap();
        assert_eq!(detect(&gzip, true), Detection::Table(Landing::StepTrainer));
    }

    #[test]
    fn text_that_is_packed_or_wide_is_hidden() {
        let zip_behind =
            [b"#!/bin/sh\nPK\x03\x04".as_slice(), &[20, 0, 0, 0, 8, 0], &[0; 16], &[5, 0]].concat();
        for hidden in [
            &b"\x1f\x8b\x08"[..],
            b"PK\x03\x04",
            b"\x28\xb5\x2f\xfd",
            b"BZh9",
            b"\xfd7zXZ\0",
            b"7z\xbc\xaf\x27\x1c",
            b"\xff\xfea\0",
            b"\xfe\xff\0a",
            b"\0\0\xfe\xff\0\0\0a",
            b"a\0@\0",
            b"\0a\0@",
            zip_behind.as_slice(),
        ] {
            assert!(hides_text(hidden), "{hidden:?}");
        }
        // The second is a checksum of Hadoop's.
        for shown in [&b""[..], b"crc\0\0\0\x02\0", b"{\"email\":\"e\"}", b"\xef\xbb\xbfa,b\n"] {
            assert!(!hides_text(shown), "{shown:?}");
        }
    }

    #[test]
    fn records_of_several_kinds_are_of_several_tables_and_joined_ones_of_none() {
        let customer = r#"{"email":"e","serialNumber":"s"}"#;
        let several = format!("{STEP}\n{customer}\n{STEP}");
        assert_eq!(detect(several.as_bytes(), true), Detection::Several);
        let joined = STEP.replace('}', r#","user":"a","timestamp":1,"x":1}"#);
        assert_eq!(detect(joined.as_bytes(), true), Detection::Refused(Refusal::JoinedResult));
    }

    #[test]
    fn what_fits_nothing_is_refused_with_the_reason() {
        let mut nested = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        nested.write_all(b"PK\x03\x04 zip").unwrap();
        let empty = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        for (input, refusal) in [
            (&b""[..], Refusal::Empty),
            (b" \n\n [ ]", Refusal::Empty),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Refusal::NotJson),
            (b"\xff\xfe\0\0{\0\0\0", Refusal::NotUtf8),
            (b"\xff\xfe{\0", Refusal::Broken),
            (b"{\"serialNumber\":\"s\",\"email\":\"ann@exam", Refusal::Broken),
            (b"\xef\xbb\xbf[ {", Refusal::Broken),
            (b"[", Refusal::Broken),
            (b"{\"customerName\":\"N\n", Refusal::Broken),
            (b"{email: 'ann@x.org'}", Refusal::Broken),
            (b"[project]\nauthors = [\"ann@x.org\"]", Refusal::NotJson),
            (b"[[bin]]\nname = \"a@b\"", Refusal::NotJson),
            (b"{{ config() }}", Refusal::NotJson),
            (b"[[1,2],[3,4]]", Refusal::NotJson),
            (b"[ [\"N\",\"ann@x.org\",\"s\"]]", Refusal::PandasValues),
            (b"\"{\\\"email\\\":\\\"ann@x.org\\\"}\"\n", Refusal::JsonInStrings),
            (b"[\"[{ \\\"email\\\":1}]\"]", Refusal::JsonInStrings),
            (b"[\"a\",\"b\"]", Refusal::NotJson),
            (
                b"MZ\x90 unpack PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0....____====\x06\0\0\0a.json",
                Refusal::ZipBehindBytes,
            ),
            (b"\x28\xb5\x2f\xfd\x01\x58\x09\x01\0\0", Refusal::ZstdDictionary),
            (b"\x50\x2a\x4d\x18\0\0\0\0", Refusal::Empty),
            (b"\0\n{{]", Refusal::NotJson),
            (b"\x1e{\"email\":\"ann@x.org\",\"serialNumber\":\"s\"}\n", Refusal::Broken),
            (b"cb({\"email\":\"ann@x.org\",\"serialNumber\":\"s\"})", Refusal::Broken),
            (b"Ann,ann@x.org,s2,0\n", Refusal::Csv),
            (b"# Ask ann@x.org\n", Refusal::NotJson),
            (b"<c><email>ann@x.org</email></c>", Refusal::XmlData),
            (b"\x81\xa5email\xacann@test.org\0", Refusal::Binary),
            (b"age-encryption.org/v1\n-> X25519 abc\n", Refusal::Packed),
            (b"x\x9c\x4b\x4c", Refusal::Packed),
            (b"{\"key\":\"1\",\"value\":\"{\\\"email\\\":\\\"ann@x.org\\\"}\"}", Refusal::JsonInStrings),
            (b"\x28\xb5\x2f\xfd\x04", Refusal::BadZstd),
            (b"PAR1", Refusal::Parquet),
            (b"{\"a\":1}\n{\"email\":\"e\"}", Refusal::UnknownFields),
            (b"{\"records\":[],\"count\":0}", Refusal::UnknownFields),
            (b"\x1f\x8b\x08\0", Refusal::BadGzip),
            (format!("{{\"a\":\"{}\"}}", "x".repeat(5000)).as_bytes(), Refusal::UnknownFields),
            (
                format!("{{\"a\":{{\"b\":\"{}\"}},\n\"c\":1}}\n", "x".repeat(70_000)).as_bytes(),
                Refusal::UnknownFields,
            ),
            (&nested.finish().unwrap(), Refusal::NestedCompression),
            (&empty.finish().unwrap(), Refusal::Empty),
        ] {
            assert_eq!(detect(input, true), Detection::Refused(refusal), "{input:?}");
        }
    }

    #[test]
    fn records_that_name_emails_and_fit_no_table_may_be_of_customers() {
        for input in [
            r#"{"email":"ann@x.org","shareWithResearchAsOfDate":0}"#,
            "\u{feff} [{\"id\":1,\"person\":{\"E-Mail\":\"ann@x.org\"}}]",
            r#"{"email":"ann@x.org","serialNum"#,
            r#"{"customerEmail":"ann@x.org","serialNumber":"s","lastUpdateDate":1,"shareWithResearchAsOfDate":0}"#,
        ] {
            assert_eq!(detect(input.as_bytes(), true), Detection::Table(Landing::Customer), "{input}");
        }
        for (input, refusal) in [
            ("# About\n`{\"email\":\"ann@x.org\"}`\n", Refusal::NotJson),
            (r#"{"fields":{"email":{"name":"customer_landing","field":"email"}}}"#, Refusal::UnknownFields),
        ] {
            assert_eq!(detect(input.as_bytes(), true), Detection::Refused(refusal), "{input}");
        }
    }

    /// Wherever it is cut: at first nothing can be inflated, then no whole record.
    #[test]
    fn a_gzip_that_breaks_off_is_damaged_and_nothing_else() {
        let record = |n: u32| format!("{{\"sensorReadingTime\":{n},\"serialNumber\":\"{}\"}}\n", n * 7919);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all((0..300).map(record).collect::<String>().as_bytes()).unwrap();
        let gzip = gzip.finish().unwrap();
        let found: Vec<Detection> = (2..gzip.len()).map(|length| detect(&gzip[..length], true)).collect();
        let bad = found.iter().take_while(|&&found| found == Detection::Refused(Refusal::BadGzip)).count();
        assert!(bad > 50, "{bad}");
        assert!(found[bad..].iter().all(|&found| found == Detection::Table(Landing::StepTrainer)));
    }

    #[test]
    fn a_head_that_decides_nothing_asks_for_more() {
        assert_eq!(detect(b"{\"user\":\"", false), Detection::More(HEAD_BYTES));
        let noise = vec![b'x'; NOISE_BYTES];
        assert_eq!(detect(&noise[..HEAD_BYTES], false), Detection::More(2 * HEAD_BYTES));
        assert_eq!(detect(&noise, false), Detection::Refused(Refusal::NotJson));
    }
}
