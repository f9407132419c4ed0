//! What a file is, and of which table: from its first bytes and the fields of its
//! first records, never from its name.

use std::io::{self, Read, Write};

use crate::ingest::decoder::{Decoder, MAX_RECORD, Sink};
use crate::ingest::json::{FieldFault, Record};

use super::unpack::{Container, container};
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

/// Whether a file can be read in ranges: it is not compressed.
pub fn is_plain(head: &[u8]) -> bool {
    container(head) == Container::Plain
}

/// What a file is, by its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detection {
    /// Records of this kind, plain or in gzip.
    Table(Landing),
    /// A zip; its entries are files of their own.
    Archive,
    /// Ask again with at least so many bytes of the file.
    More(usize),
    /// Not to be used.
    Refused(Refusal),
}

/// Detects a file by its first bytes; `complete` says that there are no more.
pub fn detect(head: &[u8], complete: bool) -> Detection {
    match container(head) {
        Container::Zip => Detection::Archive,
        Container::Plain => plain(head, complete, head.len()),
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
            let found = match container(&inflated) {
                Container::Plain => plain(&inflated, complete || damaged, head.len()),
                Container::Gzip | Container::Zip => return Detection::Refused(Refusal::NestedCompression),
            };
            match found {
                // What little there is does not say what the rest was.
                Detection::Refused(_) if damaged => Detection::Refused(Refusal::BadGzip),
                found => found,
            }
        }
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
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 0, 0xfe, 0xff, ..] = head {
        return Detection::Refused(Refusal::NotUtf8);
    }
    let mut votes = SchemaVotes::default();
    let mut decoder = Decoder::new("", schema::landing_columns());
    for step in head.chunks(STEP) {
        decoder.push(step, &mut votes);
        if votes.read >= VOTERS {
            break;
        }
    }
    if let Some(kind) = votes.winner() {
        return Detection::Table(kind);
    }
    let in_noise = decoder.is_skipping();
    if !complete && head.len() < (if in_noise { NOISE_BYTES } else { MAX_RECORD * 2 }) {
        return Detection::More(raw_bytes.max(HEAD_BYTES / 2) * 2);
    }
    // A record that is longer than a step of the head may be read only now.
    let rejected = decoder.finish(&mut votes).rejected.total();
    match votes.winner() {
        Some(kind) => Detection::Table(kind),
        None if votes.read == 0 && rejected == 0 => Detection::Refused(Refusal::Empty),
        // They may take consent back: each is rejected as a customer, and kept as its email says.
        None if is_json(head) && emails::named_in(head) => Detection::Table(Landing::Customer),
        None if votes.read > 0 => Detection::Refused(Refusal::UnknownFields),
        None => Detection::Refused(Refusal::NotJson),
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
}

impl SchemaVotes {
    fn winner(&self) -> Option<Landing> {
        // Of equals the first: max_by_key would give the last.
        let most = self.counts.iter().max().filter(|&&count| count > 0)?;
        let at = self.counts.iter().position(|count| count == most)?;
        Some(Landing::ALL[at])
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
        let mut best = (0, None);
        for (at, kind) in Landing::ALL.into_iter().enumerate() {
            let columns = kind.columns();
            let fits = columns.iter().all(|column| !column.key || has(column.name));
            let fields = columns.iter().filter(|column| has(column.name)).count();
            if fits && fields > best.0 {
                best = (fields, Some(at));
            }
        }
        if let Some(at) = best.1 {
            self.counts[at] += 1;
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
    fn what_fits_nothing_is_refused_with_the_reason() {
        let mut nested = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        nested.write_all(b"PK\x03\x04 zip").unwrap();
        let empty = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        for (input, refusal) in [
            (&b""[..], Refusal::Empty),
            (b" \n\n [ ]", Refusal::Empty),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Refusal::NotJson),
            (b"\xff\xfe{\0", Refusal::NotUtf8),
            (b"{\"a\":1}\n{\"email\":\"e\"}", Refusal::UnknownFields),
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
