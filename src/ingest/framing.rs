//! Finds the records in bytes.
//!
//! Between records stand blanks, commas, brackets and byte order marks, so one
//! rule serves newline-delimited JSON, arrays, and objects with or without
//! separators. After bad JSON reading goes on at the next line that starts with
//! `{`.

use std::borrow::Cow;

use super::decoder::{Decoder, MAX_RECORD, Sink, newlines};
use super::emails::Emails;
use super::fields::{MAX_COLUMNS, Record, position};
use super::json::{self, Fault, Value};
use super::reject::Reason;
use super::shape::Fitted;
use super::skip::Skipped;

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Decoder {
    /// Consumes what can be decided and returns how many bytes that was.
    pub(super) fn consume<S: Sink>(&mut self, input: &[u8], end: bool, sink: &mut S) -> usize {
        let start = self.offset;
        let mut at = 0;
        self.retry_at = 0;
        while at < input.len() {
            if self.done {
                return input.len();
            }
            if self.skipping.is_some() {
                at += self.skip(&input[at..]);
                continue;
            }
            let rest = &input[at..];
            match rest[0] {
                b'\n' => self.pass_line_end(),
                b' ' | b'\t' | b'\r' | b',' => self.offset += 1,
                b'[' | b']' => {
                    self.decoded.open_arrays += if rest[0] == b'[' { 1 } else { -1 };
                    self.offset += 1;
                    self.line_start = None;
                }
                b'{' if self.line_start.is_some_and(|start| start >= self.end) => {
                    self.decoded.span.stop(self.offset);
                    self.done = true;
                }
                b'{' if S::FAST && self.fast(rest, sink) => {
                    if input.get((self.offset - start) as usize) == Some(&b'\n') {
                        self.pass_line_end();
                    }
                }
                b'{' => match self.record(rest, end, sink) {
                    Some(length) => self.pass_record(length, newlines(&rest[..length])),
                    // Either the bytes run out or the record is now skipped.
                    None if self.skipping.is_none() => {
                        self.retry_at = (rest.len() * 2).min(MAX_RECORD + 1);
                        return at;
                    }
                    None => {}
                },
                _ if rest.starts_with(BYTE_ORDER_MARK) => self.pass(rest, BYTE_ORDER_MARK.len()),
                _ if !end && BYTE_ORDER_MARK.starts_with(rest) => return at,
                _ => self.start_skipping(Reason::BadJson, Some(detail("'{'", self.offset))),
            }
            at = (self.offset - start) as usize;
        }
        at
    }

    fn pass_line_end(&mut self) {
        self.line += 1;
        self.offset += 1;
        self.line_start = Some(self.offset);
    }

    /// Moves over bytes, counting their lines.
    fn pass(&mut self, input: &[u8], length: usize) {
        self.line += newlines(&input[..length]);
        self.offset += length as u64;
    }

    fn pass_record(&mut self, length: usize, newlines: u64) {
        self.offset += length as u64;
        self.line += newlines;
        self.line_start = None;
    }

    /// Takes the record at the start of `input` if it has a known shape, or
    /// plain values.
    fn fast<S: Sink>(&mut self, input: &[u8], sink: &mut S) -> bool {
        if let Some(Fitted { row, length, newlines }) = self.shapes.read(input)
            && length <= MAX_RECORD
        {
            sink.fast(&row);
            self.decoded.records += 1;
            self.pass_record(length, newlines);
            return true;
        }
        match self.shapes.read_loose(input, self.columns) {
            Some(Fitted { row, length, newlines }) if length <= MAX_RECORD => {
                sink.fast(&row);
                self.decoded.records += 1;
                self.shapes.learn(&input[..length], self.columns, &mut self.decoded);
                self.pass_record(length, newlines);
                true
            }
            _ => false,
        }
    }

    /// Reads the record at the start of `input` and returns its length; `None`
    /// when it is cut, or when it is bad and skipping has started.
    fn record<S: Sink>(&mut self, input: &[u8], end: bool, sink: &mut S) -> Option<usize> {
        let window = &input[..input.len().min(MAX_RECORD)];
        let mut values: [Value<'_>; MAX_COLUMNS] = Default::default();
        let mut duplicates = 0;
        let mut unknown: Vec<Cow<'_, str>> = Vec::new();
        let mut hint = 0;
        let columns = self.columns;
        let found = json::object(window, |key, value, _| match position(columns, &key, hint) {
            Some(at) => {
                duplicates += u64::from(values[at] != Value::Absent);
                values[at] = value;
                hint = at + 1;
            }
            None => unknown.push(key),
        });
        let length = match found {
            Ok(length) => length,
            Err(fault) => {
                if let Some((reason, detail)) = self.fatal(fault, window.len() < input.len(), end) {
                    self.start_skipping(reason, detail);
                }
                return None;
            }
        };
        self.decoded.duplicate_keys += duplicates;
        for key in unknown {
            self.decoded.unknown_field(&key, 1);
        }
        match sink.record(&Record { columns, values, offset: self.offset }) {
            Ok(()) => {
                self.decoded.records += 1;
                if S::FAST && duplicates == 0 {
                    self.shapes.learn(&input[..length], columns, &mut self.decoded);
                }
            }
            Err(fault) => self.reject_field(fault, &input[..length]),
        }
        Some(length)
    }

    /// The reason to give a record up, if this fault is one.
    fn fatal(&self, fault: Fault, too_long: bool, end: bool) -> Option<(Reason, Option<String>)> {
        let at = |at: usize| self.offset + at as u64;
        match fault {
            Fault::Incomplete if too_long => Some((Reason::TooLong, None)),
            Fault::Incomplete if end => Some((Reason::Unterminated, None)),
            Fault::Incomplete => None,
            Fault::Invalid { at: byte, expected } => {
                Some((Reason::BadJson, Some(detail(expected, at(byte)))))
            }
            Fault::Utf8 { at: byte } => Some((Reason::BadUtf8, Some(detail("UTF-8", at(byte))))),
            Fault::TooDeep { .. } => Some((Reason::TooDeep, None)),
        }
    }

    fn start_skipping(&mut self, reason: Reason, detail: Option<String>) {
        let emails = Emails::wanted(self.columns);
        self.skipping = Some(Skipped::new(self.line, self.offset, reason, detail, emails));
    }

    /// Skips what it can of `input`, and returns how far.
    fn skip(&mut self, input: &[u8]) -> usize {
        let Some(skipped) = &mut self.skipping else {
            return 0;
        };
        let (length, resumed) = skipped.take(input, self.offset);
        self.pass(input, length);
        if resumed.is_some() {
            if self.skipping.as_ref().is_some_and(Skipped::is_seeking) {
                self.decoded.span.begin(self.offset);
            }
            self.end_skipping();
            self.line_start = resumed;
        } else if self.skipping.as_ref().is_some_and(|skipped| skipped.seeks_in_vain(self.offset, self.end)) {
            self.end_skipping();
            self.done = true;
        }
        length
    }
}

fn detail(expected: &str, at: u64) -> String {
    format!("expected {expected} at byte {at}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::decoded::Decoded;
    use crate::ingest::fields::FieldFault;
    use crate::ingest::reject::TEXT_BYTES;
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
        let (users, decoded) =
            decode(br#"{"USER":"a","User":"b","timeStamp":"1.0","extra":1,"\u0075ser":"c"}"#);
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
            format!("{a}\n\u{feff}{b}\n\u{feff},\u{feff} {c}\n"),
            format!("rubbish\n\u{feff}{a}\nrubbish\n\u{fef0}{b}\n{c}"),
            "\n\n\n".to_owned(),
            String::new(),
        ] {
            let (users, mut whole) = decode(input.as_bytes());
            for size in 1..=input.len().max(1) {
                let (ranged_users, ranged) = ranges(input.as_bytes(), size, 1 + size % 5);
                assert_eq!(ranged_users, users, "{input} by {size}");
                let mut ranged = ranged.unwrap_or_else(|| panic!("{input} by {size} does not tile"));
                // What is read twice at the seams is not told.
                (whole.bytes, ranged.bytes) = (0, 0);
                assert_eq!(format!("{ranged:?}"), format!("{whole:?}"), "{input} by {size}");
            }
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
}
