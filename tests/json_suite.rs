//! JSON as RFC 8259 has it: the cases of JSONTestSuite (N. Seriot, "Parsing JSON
//! is a minefield", MIT licence), and what is hostile beyond them.
//!
//! Records are objects, so a case stands as the value of an unknown field of a
//! record, between two good ones that must stay.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

#[path = "json_suite/accepted.rs"]
mod accepted;
#[path = "json_suite/rejected.rs"]
mod rejected;
#[path = "json_suite/undecided.rs"]
mod undecided;

use accepted::ACCEPTED;
use rejected::REJECTED;
use stedi_lakehouse::ingest::{
    Decoded, Decoder, FastRow, FieldFault, MAX_DEPTH, MAX_RECORD, Reason, Record, Reject, Sink,
};
use stedi_lakehouse::schema::{Landing, accelerometer};
use undecided::UNDECIDED;

const GOOD: &[u8] = b"{\"user\":\"good\",\"timestamp\":1,\"x\":1.0,\"y\":1.0,\"z\":1.0}\n";

/// Keeps the times of readings.
#[derive(Default)]
struct Times(Vec<i64>);

impl Sink for Times {
    const FAST: bool = true;

    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        record.text(accelerometer::USER)?;
        let time = record.bigint(accelerometer::TIMESTAMP)?;
        record.double(accelerometer::X)?;
        self.0.extend(time);
        Ok(())
    }

    fn fast(&mut self, row: &FastRow<'_>) {
        self.0.extend(row.integer(accelerometer::TIMESTAMP));
    }
}

fn decoder() -> Decoder {
    Decoder::new("input", Landing::Accelerometer.columns())
}

/// Decodes at several chunk sizes, which must agree.
fn decode(input: &[u8]) -> (Vec<i64>, Decoded) {
    let sizes: &[usize] = if input.len() < 10_000 { &[1, 7, usize::MAX] } else { &[65_536, usize::MAX] };
    let mut read = sizes.iter().map(|&size| {
        let (mut times, mut decoder) = (Times::default(), decoder());
        input.chunks(size.min(input.len())).for_each(|chunk| decoder.push(chunk, &mut times));
        let decoded = decoder.finish(&mut times);
        (times.0, decoded)
    });
    let (times, decoded) = read.next().unwrap();
    for (others, other) in read {
        assert_eq!((&others, format!("{other:?}")), (&times, format!("{decoded:?}")));
    }
    (times, decoded)
}

/// A record of time 2 between two of time 1.
fn between(record: &[u8]) -> (Vec<i64>, Decoded) {
    decode(&[GOOD, record, b"\n", GOOD].concat())
}

fn with_value(value: &[u8]) -> Vec<u8> {
    [b"{\"user\":\"u\",\"timestamp\":2,\"extra\":", value, b"}"].concat()
}

fn is_no_json(reason: Reason) -> bool {
    matches!(reason, Reason::BadJson | Reason::BadUtf8 | Reason::TooDeep | Reason::Unterminated)
}

fn assert_accepted(name: &str, value: &[u8]) {
    let (times, decoded) = between(&with_value(value));
    assert_eq!((times, decoded.rejects), (vec![1, 2, 1], vec![]), "{name}");
    assert_eq!(decoded.unknown_fields.get("extra"), Some(&1), "{name}");
}

/// That one reject covers the record from its first byte, to where its braces close
/// or else with the end of its line.
fn assert_rejected(name: &str, value: &[u8]) -> Reject {
    let record = with_value(value);
    let (times, decoded) = between(&record);
    assert_eq!(times, [1, 1], "{name}");
    let [reject] = decoded.rejects.as_slice() else { panic!("{name}: {:?}", decoded.rejects) };
    assert!(is_no_json(reject.reason), "{name}: {reject:?}");
    assert_eq!((reject.line, reject.offset), (2, GOOD.len() as u64), "{name}");
    assert!(
        [0, 1].map(|line_end| record.len() as u64 + line_end).contains(&reject.bytes),
        "{name}: {reject:?}"
    );
    reject.clone()
}

fn nested(levels: usize) -> Vec<u8> {
    [b"[".repeat(levels), b"]".repeat(levels)].concat()
}

#[test]
fn what_is_json_is_accepted() {
    for (name, value) in ACCEPTED {
        assert_accepted(name, value);
        // On its own an object is a record, though one without keys; but a page of an answer without a record.
        if value.starts_with(b"{") && !value.ends_with(b":[]}") {
            let (times, decoded) = between(value);
            let reasons: Vec<Reason> = decoded.rejects.iter().map(|reject| reject.reason).collect();
            assert_eq!((times, reasons), (vec![1, 1], vec![Reason::MissingKey]), "{name}");
        }
    }
    println!("{} accepted", ACCEPTED.len());
}

#[test]
fn what_is_no_json_is_rejected_with_its_place() {
    // Closes the record that it stands in: what is left over is no record.
    const CLOSES: &str = "structure object followed by closing object";
    let deep = ("structure 100000 opening arrays", b"[".repeat(100_000));
    let deeper = ("structure open array object", b"[{\"\":".repeat(50_000));
    let long = [&deep, &deeper].map(|(name, value)| (*name, value.as_slice()));
    for (name, value) in REJECTED.iter().copied().chain(long) {
        if name != CLOSES {
            let reject = assert_rejected(name, value);
            // The place within it is told too.
            let at = reject.detail.as_deref().and_then(|detail| detail.rsplit(' ').next());
            let at = at.map(|at| at.parse::<u64>().unwrap());
            assert_eq!(at.is_none(), reject.reason == Reason::TooDeep, "{name}: {reject:?}");
            let within = reject.offset..=reject.offset + reject.bytes;
            assert!(at.is_none_or(|at| within.contains(&at)), "{name}: {reject:?}");
        }
        if value.starts_with(b"{") {
            let (times, decoded) = between(value);
            assert_eq!(times, [1, 1], "{name}");
            let bad = decoded.rejects.iter().any(|reject| reject.line == 2 && is_no_json(reject.reason));
            assert!(bad, "{name}: {:?}", decoded.rejects);
        }
    }
    let (_, value) = REJECTED.iter().find(|(name, _)| *name == CLOSES).unwrap();
    let record = with_value(value);
    let (times, decoded) = between(&record);
    assert_eq!(times, [1, 2, 1]);
    let places: Vec<_> = decoded.rejects.iter().map(|r| (r.reason, r.line, r.offset, r.bytes)).collect();
    assert_eq!(places, [(Reason::BadJson, 2, (GOOD.len() + record.len()) as u64 - 1, 1)]);
    println!("{} rejected", REJECTED.len() + long.len());
}

#[test]
fn what_is_left_to_us_is_as_listed() {
    for (name, value, is_json) in UNDECIDED {
        match is_json {
            true => assert_accepted(name, value),
            false => drop(assert_rejected(name, value)),
        }
    }
    assert_eq!(assert_rejected("structure 500 nested arrays", &nested(500)).reason, Reason::TooDeep);
    // A mark within a record is no JSON; between records it is passed over.
    let (times, decoded) = between(&[b"\xef\xbb\xbf".as_slice(), GOOD].concat());
    assert_eq!((times.len(), decoded.rejects.len()), (3, 0));
    println!("{} undecided", UNDECIDED.len() + 1);
}

#[test]
fn nesting_is_limited_exactly() {
    // The record is the first level.
    assert_accepted("128", &nested(MAX_DEPTH - 1));
    let reject = assert_rejected("129", &nested(MAX_DEPTH));
    assert_eq!(reject.reason, Reason::TooDeep);
}

#[test]
fn bytes_that_are_no_text_are_rejected_in_names_too() {
    for (bytes, reason) in [
        (&b"\xff"[..], Reason::BadUtf8),
        (b"\xc3", Reason::BadUtf8),
        (b"\xed\xa0\x80", Reason::BadUtf8),
        (b"\0", Reason::BadJson),
        (b"\\ud800", Reason::BadJson),
        (b"\\udc00\\ud800", Reason::BadJson),
    ] {
        for [before, after] in [
            [&b"{\"user\":\"u"[..], &b"\",\"timestamp\":2}"[..]],
            [b"{\"user\":\"u\",\"timestamp\":2,\"", b"\":1}"],
            [b"{\"user\":\"u\",\"timestamp\":2,\"e\":{\"", b"\":[]}}"],
        ] {
            let (times, decoded) = between(&[before, bytes, after].concat());
            let reasons: Vec<_> = decoded.rejects.iter().map(|reject| (reject.line, reject.reason)).collect();
            assert_eq!((times, reasons), (vec![1, 1], vec![(2, reason)]), "{bytes:?}");
        }
    }
    // What has no braces is known to end with its line only.
    for (line, line_end) in [
        (&b"\0\0\0\0"[..], 1),
        (b"\0{\"user\":\"u\",\"timestamp\":2}", 0),
        (b"{\"user\"\0:\"u\",\"timestamp\":2}", 0),
    ] {
        let (times, decoded) = between(line);
        let places: Vec<_> = decoded.rejects.iter().map(|r| (r.reason, r.line, r.bytes)).collect();
        assert_eq!((times, places), (vec![1, 1], vec![(Reason::BadJson, 2, line.len() as u64 + line_end)]));
    }
}

#[test]
fn the_last_of_a_doubled_key_wins_and_is_counted() {
    let (times, decoded) =
        between(br#"{"user":"u","timestamp":"soon","TIMESTAMP":5,"timeStamp":2,"extra":1,"extra":2}"#);
    assert_eq!((times, decoded.rejects.len(), decoded.duplicate_keys), (vec![1, 2, 1], 0, 2));
    let (times, decoded) = between(br#"{"user":"u","timestamp":2,"timestamp":null}"#);
    assert_eq!((times, decoded.rejects[0].reason), (vec![1, 1], Reason::MissingKey));
    assert_eq!(decoded.duplicate_keys, 1);
}

#[test]
fn numbers_beyond_their_columns_are_rejected_and_never_rounded() {
    for (time, x, expected) in [
        ("9223372036854775807", "1", Ok(i64::MAX)),
        ("-9223372036854775808.0", "1", Ok(i64::MIN)),
        ("9007199254740993", "1", Ok(9_007_199_254_740_993)),
        ("9223372036854775808", "1", Err(Reason::OutOfRange)),
        ("1e400", "1", Err(Reason::OutOfRange)),
        ("1e99999999999999999999", "1", Err(Reason::OutOfRange)),
        ("1e-400", "1", Err(Reason::NotAnInteger)),
        ("2", "1.7976931348623157e308", Ok(2)),
        ("2", "1e-99999999999999999999", Ok(2)),
        ("2", "1.8e308", Err(Reason::OutOfRange)),
        ("2", "\"-1e400\"", Err(Reason::OutOfRange)),
    ] {
        let record = format!("{{\"user\":\"u\",\"timestamp\":{time},\"x\":{x},\"y\":1.0,\"z\":1.0}}");
        let (times, decoded) = between(record.as_bytes());
        let found = match decoded.rejects.as_slice() {
            [] => Ok(times[1]),
            [reject] => Err(reject.reason),
            more => panic!("{more:?}"),
        };
        assert_eq!(found, expected, "{record}");
    }
}

#[test]
fn a_record_over_the_limit_is_rejected_and_the_next_one_kept() {
    let record = |length: usize| {
        let empty = with_value(b"\"\"").len();
        let value = [b"\"".to_vec(), vec![b'x'; length - empty], b"\"".to_vec()].concat();
        with_value(&value)
    };
    let (times, decoded) = between(&record(MAX_RECORD));
    assert_eq!((times, decoded.rejects.len()), (vec![1, 2, 1], 0));
    let (times, decoded) = between(&record(MAX_RECORD + 1));
    let places: Vec<_> = decoded.rejects.iter().map(|r| (r.reason, r.line, r.bytes)).collect();
    assert_eq!((times, places), (vec![1, 1], vec![(Reason::TooLong, 2, MAX_RECORD as u64 + 1)]));
}

/// Pushes the same chunk so many times.
fn push(decoder: &mut Decoder, times: &mut Times, chunk: &[u8], count: usize) {
    (0..count).for_each(|_| decoder.push(chunk, times));
}

#[test]
#[ignore = "long: make test-long"]
fn a_line_of_a_gigabyte_gives_all_its_records() {
    let record = GOOD.strip_suffix(b"\n").unwrap();
    // Chunks end within records, and each holds 997 of them.
    let chunk = record.repeat(997);
    let (mut times, mut decoder) = (Times::default(), decoder());
    let count = (1usize << 30).div_ceil(chunk.len());
    decoder.push(&record[..20], &mut times);
    push(&mut decoder, &mut times, &[&chunk[20..], &chunk[..20]].concat(), count);
    decoder.push(&record[20..], &mut times);
    let decoded = decoder.finish(&mut times);
    assert_eq!(decoded.records as usize, 997 * count + 1);
    assert_eq!((times.0.len() as u64, decoded.rejected.total(), decoded.lines), (decoded.records, 0, 0));
    assert!(decoded.bytes > 1 << 30, "{}", decoded.bytes);
}

#[test]
#[ignore = "long: make test-long"]
fn a_hundred_million_blank_lines_are_passed_and_counted() {
    let (mut times, mut decoder) = (Times::default(), decoder());
    decoder.push(GOOD, &mut times);
    push(&mut decoder, &mut times, &b"\n".repeat(50_000), 1000);
    push(&mut decoder, &mut times, &b" \r\n".repeat(50_000), 1000);
    decoder.push(b"rubbish\n", &mut times);
    push(&mut decoder, &mut times, &b"\n".repeat(50_000), 1000);
    decoder.push(GOOD, &mut times);
    let decoded = decoder.finish(&mut times);
    assert_eq!((times.0.len(), decoded.lines), (2, 150_000_003));
    let [reject] = decoded.rejects.as_slice() else { panic!("{:?}", decoded.rejects) };
    assert_eq!((reject.line, reject.bytes), (100_000_002, 8 + 50_000_000));
}
