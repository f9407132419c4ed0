//! The decoder against `serde_json`, record by record, in every framing and
//! chunking; and against damage.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use serde_json::Value;
use stedi_lakehouse::ingest::{Decoded, Decoder, FastRow, FieldFault, InputFile, Record, Sink};
use stedi_lakehouse::rows::NULL_DOUBLE;
use stedi_lakehouse::schema::{Landing, accelerometer};

type Row = (String, i64, [u64; 3]);

/// Keeps rows, by the fast path or without it.
#[derive(Default)]
struct Rows<const FAST: bool>(Vec<Row>);

impl<const FAST: bool> Sink for Rows<FAST> {
    const FAST: bool = FAST;

    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        let user = record.text(accelerometer::USER)?.unwrap().into_owned();
        let time = record.bigint(accelerometer::TIMESTAMP)?.unwrap();
        let mut xyz = [0; 3];
        for (axis, bits) in xyz.iter_mut().enumerate() {
            *bits = record.double(accelerometer::X + axis)?.to_bits();
        }
        self.0.push((user, time, xyz));
        Ok(())
    }

    fn fast(&mut self, row: &FastRow<'_>) {
        let user = str::from_utf8(row.text(accelerometer::USER)).unwrap().to_owned();
        let xyz = [0, 1, 2].map(|axis| row.double(accelerometer::X + axis).to_bits());
        self.0.push((user, row.integer(accelerometer::TIMESTAMP).unwrap(), xyz));
    }
}

fn decode<const FAST: bool>(input: &[u8], chunk: usize) -> (Vec<Row>, Decoded) {
    let mut rows = Rows::<FAST>::default();
    let mut decoder = Decoder::new("input", Landing::Accelerometer.columns());
    input.chunks(chunk.clamp(1, input.len().max(1))).for_each(|chunk| decoder.push(chunk, &mut rows));
    let decoded = decoder.finish(&mut rows);
    (rows.0, decoded)
}

/// Below this a double is an exact whole number, so serde_json can be an oracle;
/// the decoder is exact above it too.
const EXACT: f64 = 9.0e15;

fn is_exact(record: &str) -> bool {
    let time =
        serde_json::from_str::<Value>(record).ok().and_then(|record| match record.get("timeStamp")? {
            Value::String(text) => text.parse().ok(),
            value => value.as_f64(),
        });
    time.is_none_or(|time: f64| time.abs() < EXACT)
}

/// What serde_json makes of a record, or None where it is no row.
fn oracle(record: &str) -> Option<Row> {
    let Value::Object(fields) = serde_json::from_str(record).ok()? else { return None };
    // Keys in any case; the last one wins, and serde_json's map keeps the order
    // of names, not of the record: the generator never mixes cases of one key.
    let get =
        |name: &str| fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    let number = |value: Option<&Value>| match value {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(text)) if text.is_empty() => Some(None),
        Some(Value::String(text)) => serde_json::from_str::<f64>(text.as_str()).ok().map(Some),
        Some(Value::Number(number)) => number.as_f64().map(Some),
        Some(_) => None,
    };
    let user = match get("user")? {
        Value::String(text) if !text.is_empty() => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let time = number(get("timestamp"))??;
    let whole = time.fract() == 0.0 && time.abs() < EXACT;
    let mut xyz = [0; 3];
    for (axis, name) in ["x", "y", "z"].into_iter().enumerate() {
        xyz[axis] = number(get(name))?.map_or(NULL_DOUBLE.to_bits(), f64::to_bits);
    }
    whole.then_some((user, time as i64, xyz))
}

fn blank() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(""), 1 => Just(" "), 1 => Just("\t "), 1 => Just("\n  ")]
}

fn number() -> impl Strategy<Value = String> {
    let plain = prop_oneof![
        4 => any::<i32>().prop_map(|n| n.to_string()),
        2 => (any::<i32>(), 0..1_000_000u32).prop_map(|(n, fraction)| format!("{n}.{fraction}")),
        1 => any::<f64>().prop_filter("JSON has no others", |n| n.is_finite()).prop_map(|n| format!("{n:e}")),
        1 => (0..1000i32, 0..5u8).prop_map(|(n, e)| format!("{n}E+{e}")),
        1 => Just("-0".to_owned()),
        1 => Just("-0.0".to_owned()),
        1 => Just("01".to_owned()),
        1 => Just("1.".to_owned()),
        1 => Just("0.12345678901234567890".to_owned()),
    ];
    (plain, prop::bool::weighted(0.2))
        .prop_map(|(text, quoted)| if quoted { format!("\"{text}\"") } else { text })
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => number(),
        1 => Just("null".to_owned()),
        1 => Just("true".to_owned()),
        1 => Just("\"\"".to_owned()),
        1 => Just("\"soon\"".to_owned()),
        1 => Just("[1,{\"a\":[]}]".to_owned()),
    ]
}

fn user() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-c]@x\\.org".prop_map(|text| format!("\"{text}\"")),
        1 => Just("\"é@x.org\"".to_owned()),
        1 => Just(r#""a\u0062\n\ud83d\ude00\/""#.to_owned()),
        1 => Just(r#""\ud83d""#.to_owned()),
        1 => Just("\"{[\\\"}\"".to_owned()),
        1 => Just("12".to_owned()),
        1 => prop::sample::select(vec!["null", "true", "\"\"", "[[]]"]).prop_map(str::to_owned),
    ]
}

/// A record, mostly a good one. One case of a key in a whole input.
fn record() -> impl Strategy<Value = String> {
    let fields = (user(), value(), value(), value(), value(), value());
    (
        fields,
        Just(["user", "timeStamp", "x", "Y", "z", "extra"]).prop_shuffle(),
        3..7usize,
        [blank(), blank(), blank()],
    )
        .prop_map(|((user, time, x, y, z, extra), keys, count, [a, b, c])| {
            let value = |key: &str| match key {
                "user" => user.clone(),
                "timeStamp" => time.clone(),
                "x" => x.clone(),
                "Y" => y.clone(),
                "z" => z.clone(),
                _ => extra.clone(),
            };
            let fields: Vec<String> =
                keys[..count].iter().map(|key| format!("{a}\"{key}\"{b}:{c}{}", value(key))).collect();
            format!("{{{}{b}}}", fields.join(&format!("{c},")))
        })
}

fn framed(records: &[String], framing: u8) -> String {
    match framing {
        0 => records.join("\n"),
        1 => format!("\u{feff}{}\r\n", records.join("\r\n\r\n")),
        2 => format!("[{}]", records.join(",")),
        3 => format!("[\n  {}\n]\n", records.join(",\n  ")),
        4 => records.concat(),
        _ => format!("{},\n", records.join(",\n")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn rows_are_those_of_serde_json(
        records in prop::collection::vec(record(), 0..12),
        framing in 0..6u8,
        chunk in prop::sample::select(vec![1, 3, 100, usize::MAX]),
    ) {
        // Bad JSON takes the rest of its line with it; that is tested elsewhere.
        let records: Vec<String> = records.into_iter().filter(|r| serde_json::from_str::<Value>(r).is_ok() && is_exact(r)).collect();
        let input = framed(&records, framing);
        let (rows, decoded) = decode::<true>(input.as_bytes(), chunk);
        let expected: Vec<Row> = records.iter().filter_map(|record| oracle(record)).collect();
        prop_assert_eq!(&rows, &expected, "{}", input);
        prop_assert_eq!(decoded.records + decoded.rejected.total(), records.len() as u64);
        prop_assert_eq!(decoded.open_arrays, 0);
    }

    #[test]
    fn chunks_and_the_fast_path_change_nothing(
        records in prop::collection::vec(record(), 0..12),
        framing in 0..6u8,
        wounds in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 0..4),
    ) {
        let mut input = framed(&records, framing).into_bytes();
        for (at, byte, kind) in wounds.into_iter().filter(|_| !records.is_empty()) {
            let at = at.index(input.len());
            match kind {
                0 => input[at] = byte,
                1 => input.insert(at, byte),
                _ => { input.remove(at); }
            }
        }
        let (rows, decoded) = decode::<false>(&input, usize::MAX);
        for chunk in [1, 3, 100, usize::MAX] {
            let (others, other) = decode::<true>(&input, chunk);
            prop_assert_eq!(&others, &rows);
            prop_assert_eq!(format!("{other:?}"), format!("{decoded:?}"));
        }
        // Rejects have their places, one after the other, within the file.
        let mut end = 0;
        for reject in &decoded.rejects {
            prop_assert!(reject.offset >= end && reject.bytes > 0);
            end = reject.offset + reject.bytes;
            let lines = input[..reject.offset as usize].iter().filter(|&&byte| byte == b'\n').count() as u64;
            prop_assert_eq!(reject.line, lines + 1);
        }
        prop_assert!(end <= input.len() as u64);
    }

    #[test]
    fn ranges_change_nothing(
        records in prop::collection::vec(record(), 1..12),
        framing in 0..6u8,
        size in 1..400usize,
    ) {
        let input = framed(&records, framing).into_bytes();
        let (rows, whole) = decode::<false>(&input, usize::MAX);
        let mut sink = Rows::<true>::default();
        let mut parts = Vec::new();
        for start in (0..input.len()).step_by(size) {
            let end = if start + size >= input.len() { u64::MAX } else { (start + size) as u64 };
            let mut decoder = Decoder::range("input", Landing::Accelerometer.columns(), start as u64, end);
            for chunk in input[start.saturating_sub(1)..].chunks(37) {
                decoder.push(chunk, &mut sink);
            }
            parts.push(decoder.finish(&mut sink));
        }
        if let Some(joined) = Decoded::joined(parts) {
            prop_assert_eq!(&sink.0, &rows);
            prop_assert_eq!(joined.rejects, whole.rejects);
            prop_assert_eq!((joined.records, joined.lines), (whole.records, whole.lines));
        }
    }
}

/// Records in, what becomes of each: a count of rows, or reasons by line.
#[test]
fn each_case_has_its_rows_and_rejects() {
    let good = r#"{"user":"a","timestamp":1,"x":1.5}"#;
    let deep = format!("{{\"user\":\"a\",\"timestamp\":1,\"e\":{}{}}}", "[".repeat(128), "]".repeat(128));
    type Case = (Vec<u8>, usize, Vec<(u64, &'static str)>);
    let cases: Vec<Case> = vec![
        (format!("{good},\n{good},\n").into(), 2, vec![]),
        (format!("{good}{good}{good}").into(), 3, vec![]),
        (format!("[\n{}\n]", good.replace(',', ",\n")).into(), 1, vec![]),
        (format!("{good}\n{}", &good[..20]).into(), 1, vec![(2, "unterminated")]),
        (b"".to_vec(), 0, vec![]),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), 0, vec![(1, "bad_json")]),
        (format!("\u{feff}{good}\r\n\r\n{good}").into(), 2, vec![]),
        (br#"{"user":5550100,"timestamp":"1655564444103"}"#.to_vec(), 1, vec![]),
        (br#"{"user":null,"timestamp":1}"#.to_vec(), 0, vec![(1, "missing_key")]),
        (br#"{"user":"","timestamp":1}"#.to_vec(), 0, vec![(1, "missing_key")]),
        (br#"{"timestamp":1}"#.to_vec(), 0, vec![(1, "missing_key")]),
        (br#"{"user":true,"timestamp":1}"#.to_vec(), 0, vec![(1, "wrong_type")]),
        (br#"{"user":"a","timestamp":[1]}"#.to_vec(), 0, vec![(1, "wrong_type")]),
        (br#"{"user":"a","timestamp":"now"}"#.to_vec(), 0, vec![(1, "not_a_number")]),
        (br#"{"user":"a","timestamp":1.5}"#.to_vec(), 0, vec![(1, "not_an_integer")]),
        (br#"{"user":"a","timestamp":1e30}"#.to_vec(), 0, vec![(1, "out_of_range")]),
        (br#"{"user":"a","timestamp":1,"x":1e999}"#.to_vec(), 0, vec![(1, "out_of_range")]),
        (format!("{deep}\n{good}").into(), 1, vec![(1, "too_deep")]),
        (b"{\"user\":\"a\0\",\"timestamp\":1}".to_vec(), 0, vec![(1, "bad_json")]),
        (b"{\"user\":\"a\xff\",\"timestamp\":1}".to_vec(), 0, vec![(1, "bad_utf8")]),
        (br#"{"user":"\ud800","timestamp":1}"#.to_vec(), 0, vec![(1, "bad_json")]),
        (format!("rubbish\nmore\n{good}\n[1,2]\n{good}").into(), 2, vec![(1, "bad_json"), (4, "bad_json")]),
        (format!("{good}\n\"text\"\n{good}").into(), 2, vec![(2, "bad_json")]),
    ];
    for (input, rows, rejects) in cases {
        for chunk in [1, 3, 100, usize::MAX] {
            let (found, decoded) = decode::<true>(&input, chunk);
            let places: Vec<(u64, String)> = decoded
                .rejects
                .iter()
                .map(|r| (r.line, serde_json::to_value(r.reason).unwrap().as_str().unwrap().to_owned()))
                .collect();
            let places: Vec<(u64, &str)> =
                places.iter().map(|(line, reason)| (*line, reason.as_str())).collect();
            assert_eq!((found.len(), places), (rows, rejects.clone()), "{}", String::from_utf8_lossy(&input));
        }
    }
}

#[test]
fn gzip_gives_the_same_rows_at_every_chunk_size() {
    use std::io::Write;
    let lines: String =
        (0..500).map(|n| format!("{{\"user\":\"u{}\",\"timestamp\":{n}}}\n", n % 7)).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(lines.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let (expected, _) = decode::<false>(lines.as_bytes(), usize::MAX);
    for chunk in [1, 3, 100, gzip.len()] {
        let mut rows = Rows::<true>::default();
        let mut file = InputFile::new("input", Landing::Accelerometer);
        gzip.chunks(chunk).for_each(|chunk| file.push(chunk, &mut rows));
        file.finish(&mut rows);
        assert!(rows.0 == expected);
    }
}
