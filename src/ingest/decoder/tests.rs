use std::borrow::Cow;

use super::*;
use crate::ingest::reject::{Reason, Reject, TEXT_BYTES};
use crate::ingest::{FieldFault, Record};
use crate::schema::Landing;

/// Keeps the users of readings, as a sink that is easy to look at.
#[derive(Default, PartialEq, Debug)]
struct Users(Vec<String>);

impl Sink for Users {
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        let user = record.text(crate::schema::accelerometer::USER)?;
        record.bigint(crate::schema::accelerometer::TIMESTAMP)?;
        self.0.extend(user.map(Cow::into_owned));
        Ok(())
    }
}

/// Decodes at several chunk sizes, and sees that they agree.
fn decode(input: &[u8]) -> (Vec<String>, Decoded) {
    let mut results = [1, 2, 3, 7, 100, usize::MAX].map(|size| {
        let mut users = Users::default();
        let mut decoder = Decoder::new("a.json", Landing::Accelerometer.columns());
        for chunk in input.chunks(size.min(input.len().max(1))) {
            decoder.push(chunk, &mut users);
        }
        let decoded = decoder.finish(&mut users);
        (users.0, decoded)
    });
    for (users, decoded) in &results[1..] {
        assert_eq!(users, &results[0].0);
        assert_eq!(decoded.rejects, results[0].1.rejects);
        assert_eq!(format!("{decoded:?}"), format!("{:?}", results[0].1));
    }
    std::mem::take(&mut results[0])
}

fn reading(user: &str) -> String {
    format!("{{\"user\":\"{user}\",\"timestamp\":1}}")
}

#[test]
fn every_framing_gives_the_same_records() {
    let (a, b) = (reading("a"), reading("b"));
    for input in [
        format!("{a}\n{b}\n"),
        format!("\u{feff}{a}\r\n\r\n{b}"),
        format!("{a}{b}"),
        format!("{a},\n{b},\n"),
        format!("[{a},{b}]"),
        format!("[\n  {a},\n  {b}\n]\n"),
        format!("[{a}]\n[{b}]"),
        format!("{}\n{}", a.replace(',', ",\n  "), b.replace(':', " :\n")),
        format!("{a}\n\u{feff}{b}"),
    ] {
        let (users, decoded) = decode(input.as_bytes());
        assert_eq!(users, ["a", "b"], "{input}");
        assert_eq!(decoded.rejected.total(), 0, "{input}");
        assert_eq!(decoded.open_arrays, 0, "{input}");
    }
}

#[test]
fn bad_json_costs_its_lines_only() {
    let input = format!(
        "{}\n{{\"user\":\"cut\",\n  oops\n , {}\nrubbish\n{}",
        reading("a"),
        reading("b"),
        reading("c")
    );
    let (users, decoded) = decode(input.as_bytes());
    assert_eq!(users, ["a", "b", "c"]);
    let places: Vec<_> = decoded.rejects.iter().map(|r| (r.line, r.reason, r.bytes)).collect();
    assert_eq!(places, [(2, Reason::BadJson, 25), (5, Reason::BadJson, 8)]);
    assert_eq!(decoded.rejects[0].detail.as_deref(), Some("expected a field name in quotes at byte 44"));
    assert_eq!(decoded.rejects[1].text, b"rubbish\n");
}

#[test]
fn a_cut_record_does_not_swallow_the_next_line() {
    let input = format!("{{\"user\":\"x\",\"timestamp\":\n{}\n{{\"user\":\"y", reading("a"));
    let (users, decoded) = decode(input.as_bytes());
    assert_eq!(users, ["a"]);
    let reasons: Vec<_> = decoded.rejects.iter().map(|r| (r.line, r.reason)).collect();
    assert_eq!(reasons, [(1, Reason::BadJson), (3, Reason::Unterminated)]);
}

/// The users, and the reject of the one bad record.
fn around(bad: &str, [before, between, after]: [&str; 3]) -> (Vec<String>, Vec<Reject>) {
    let (a, b) = (reading("a"), reading("b"));
    let (users, decoded) = decode(format!("{before}{a}{between}{bad}{between}{b}{after}").as_bytes());
    (users, decoded.rejects)
}

#[test]
fn a_bad_record_costs_itself_only_in_every_framing() {
    let framings =
        [["", "", ""], ["[", ",", "]"], ["[", " , ", " ]\n"], ["", "\r\n", "\r\n"], ["", "\t", " "]];
    for bad in [
        r#"{"user":"x","timestamp":NaN}"#,
        r#"{"user":"}{\"}","timestamp":1,"x":'}"#,
        r#"{"user":"x" "timestamp":1}"#,
        r#"{"user":"x","timestamp":1,"more":[{"a":[1,2}]}"#,
        r#"{"user":"x","timestamp":[1,2}"#,
        r#"{"user":"x","timestamp":1]}"#,
        "{\"user\":\"x\",\n \"timestamp\":None,\n \"more\":{\n}\n}",
        "{'user':'x','timestamp':1}",
        "{\"user\":\"\u{1}x\\\\\",\"timestamp\":1}",
    ] {
        for framing in framings {
            let (users, rejects) = around(bad, framing);
            assert_eq!(users, ["a", "b"], "{bad} {framing:?}");
            assert_eq!((rejects.len(), rejects[0].bytes), (1, bad.len() as u64), "{bad} {framing:?}");
            assert_eq!(rejects[0].text, bad.as_bytes());
        }
    }
}

#[test]
fn what_is_no_object_of_an_array_costs_itself_only() {
    for bad in ["null", "\"a {text}, {\"", "1,2", "}", "NaN"] {
        let (users, rejects) = around(bad, ["[", ", ", "]"]);
        assert_eq!(users, ["a", "b"], "{bad}");
        assert_eq!(rejects.len(), 1, "{bad}");
    }
}

#[test]
fn a_quote_too_many_costs_its_line_and_no_more() {
    for bad in
        [r#"{"user":"O"Brien","timestamp":1}"#, r#"{"user":"x,"timestamp":1}"#, r#"{"user":"x\","t":1}"#]
    {
        let (users, rejects) = around(bad, ["", "\n", ""]);
        assert_eq!(users, ["a", "b"], "{bad}");
        assert_eq!((rejects.len(), rejects[0].bytes), (1, bad.len() as u64 + 1), "{bad}");
        // On one line nobody knows which quotes open a string.
        assert_eq!(around(bad, ["[", ",", "]"]).0, ["a"], "{bad}");
    }
    // Behind the brackets stands what stands between no records.
    let (users, rejects) = around(r#"{"user":NaN} x"#, ["", " ", "\n"]);
    assert_eq!((users.len(), rejects.len()), (1, 1));
}

#[test]
fn what_other_languages_write_is_named() {
    for (bad, named) in [
        (r#"{"user":"x","timestamp":NaN}"#, "expected a value and not NaN at byte 51"),
        (r#"{"user":"x","timestamp":-Infinity}"#, "expected a number and not -Infinity at byte 52"),
        ("{'user':'x'}", "expected a field name in double quotes and not in single ones at byte 28"),
    ] {
        assert_eq!(around(bad, ["", "\n", ""]).1[0].detail.as_deref(), Some(named));
    }
}

#[test]
fn a_bad_field_costs_its_record_only() {
    let input = format!("{{\"user\":null,\"timestamp\":1}}{}", reading("a"));
    let (users, decoded) = decode(input.as_bytes());
    assert_eq!(users, ["a"]);
    assert_eq!(decoded.rejects[0].field.as_deref(), Some("user"));
    assert_eq!(decoded.rejects[0].bytes, 27);
}

#[test]
fn keys_match_in_any_case_and_the_last_one_wins() {
    let (users, decoded) = decode(br#"{"USER":"a","User":"b","timeStamp":"1.0","extra":1,"\u0075ser":"c"}"#);
    assert_eq!(users, ["c"]);
    assert_eq!(decoded.duplicate_keys, 2);
    assert_eq!(decoded.unknown_fields.get("extra"), Some(&1));
}

#[test]
fn an_array_that_does_not_end_is_noticed() {
    let (users, decoded) = decode(format!("[{},", reading("a")).as_bytes());
    assert_eq!((users.len(), decoded.open_arrays), (1, 1));
}

#[test]
fn a_record_over_the_limit_is_too_long_and_the_next_is_read() {
    let mut input = Vec::from(&b"{\"user\":\""[..]);
    input.resize(MAX_RECORD + 10, b'x');
    input.extend_from_slice(format!("\",\"timestamp\":1}}\n{}", reading("a")).as_bytes());
    for size in [1 << 16, input.len()] {
        let mut users = Users::default();
        let mut decoder = Decoder::new("a", Landing::Accelerometer.columns());
        input.chunks(size).for_each(|chunk| decoder.push(chunk, &mut users));
        let decoded = decoder.finish(&mut users);
        assert_eq!(users.0, ["a"]);
        assert_eq!(decoded.rejects[0].reason, Reason::TooLong);
        assert_eq!(decoded.rejects[0].text.len(), TEXT_BYTES);
    }
}

/// Reads a file in ranges of a size, as several instances would.
fn ranges(input: &[u8], size: usize, chunk: usize) -> (Vec<String>, Option<Decoded>) {
    let mut users = Users::default();
    let mut parts = Vec::new();
    for start in (0..input.len().max(1)).step_by(size) {
        let end = if start + size >= input.len() { u64::MAX } else { (start + size) as u64 };
        let mut decoder = Decoder::range("a.json", Landing::Accelerometer.columns(), start as u64, end);
        for chunk in input[start.saturating_sub(1)..].chunks(chunk) {
            decoder.push(chunk, &mut users);
            if decoder.is_done() {
                break;
            }
        }
        parts.push(decoder.finish(&mut users));
    }
    (users.0, Decoded::joined(parts))
}

#[test]
fn ranges_give_what_one_reading_gives() {
    let (a, b, c) = (reading("a"), reading("b"), reading("c"));
    for input in [
        format!("{a}\n{b}\n{c}\n"),
        format!("[\n{a},\n , {b},\n{c}\n]\n"),
        format!("{a}{b}\n\n\n{c}"),
        format!("{a}\nrubbish\nmore\n{{\"user\":\n{b}\n{{\"user\":null}}\n{c}\n{{\"user"),
        format!("rubbish\n{a}\r\n{}\n{c}", b.replace(',', "\n,")),
        format!(
            "{a}\n{{\"user\":NaN,\n\"more\":{{\n\"x\":[\n{{}}]}}\n}} , {b}\n{{\"user\":\"O\"Brien\"}}\n{c}"
        ),
        format!("[{a},\n{{\"user\":'}},{b},null,\n{{\"user\":\n}},\nnull, {c}]"),
        format!("{a}\n\u{feff}{b}\n\u{feff},\u{feff} {c}\n"),
        format!("rubbish\n\u{feff}{a}\nrubbish\n\u{fef0}{b}\n{c}"),
        "\n\n\n".to_owned(),
        String::new(),
    ] {
        let (users, whole) = decode(input.as_bytes());
        assert_eq!(whole.bytes, input.len() as u64);
        for size in 1..=input.len().max(1) {
            let (ranged_users, ranged) = ranges(input.as_bytes(), size, 1 + size % 5);
            assert_eq!(ranged_users, users, "{input} by {size}");
            let ranged = ranged.unwrap_or_else(|| panic!("{input} by {size} does not tile"));
            assert_eq!(format!("{ranged:?}"), format!("{whole:?}"), "{input} by {size}");
        }
    }
}

#[test]
fn a_reason_that_comes_late_has_samples_however_the_file_is_read() {
    let (early, late) = ("{\"user\":null,\"timestamp\":1}\n", "{\"user\":\"a\",\"timestamp\":\"soon\"}\n");
    let input = early.repeat(150) + &late.repeat(7);
    let (_, whole) = decode(input.as_bytes());
    let lines: Vec<u64> = whole.rejects.iter().map(|reject| reject.line).collect();
    assert_eq!(lines, (1..=95).chain(151..=155).collect::<Vec<_>>());
    assert_eq!((whole.rejected.total(), whole.rejected_bytes), (157, input.len() as u64 - 157));
    for size in (100..input.len()).step_by(301) {
        let ranged = ranges(input.as_bytes(), size, 100).1.unwrap();
        assert_eq!(format!("{ranged:?}"), format!("{whole:?}"), "by {size}");
    }
}

#[test]
fn ranges_that_disagree_on_a_border_are_not_joined() {
    let input =
        format!("{}\n{{\"user\":\"b\",\"timestamp\":1,\"extra\":\n{{\"user\":\"x\"}}}}\n", reading("a"));
    let apart: Vec<usize> =
        (1..input.len()).filter(|&size| ranges(input.as_bytes(), size, 7).1.is_none()).collect();
    assert!(!apart.is_empty());
    for size in (1..input.len()).filter(|size| !apart.contains(size)) {
        assert_eq!(ranges(input.as_bytes(), size, 7).0, ["a", "b"]);
    }
}
