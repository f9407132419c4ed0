//! The push decoder: any chunks of bytes in, records and rejects out, the same
//! whatever the chunking.
//!
//! Between records stand blanks, commas, brackets and byte order marks, so one
//! rule serves newline-delimited JSON, arrays, and objects with or without
//! separators. After bad JSON reading goes on at the next line that starts with
//! `{`.

use std::borrow::Cow;

use super::decoded::Decoded;
use super::fields::{FieldFault, MAX_COLUMNS, Record};
use super::json::{self, Fault, Value};
use super::reject::{Reason, Reject, TEXT_BYTES};
use super::shape::{FastRow, Shape, Values};
use super::skip::Skipped;
use crate::schema::Column;

/// The longest record, in bytes.
pub const MAX_RECORD: usize = 64 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Takes the records of one kind.
pub trait Sink {
    /// Takes one record.
    ///
    /// # Errors
    /// The field that makes it no row; the decoder counts it as rejected.
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault>;

    /// Whether it takes fast rows too.
    const FAST: bool = false;

    /// Takes a record that the fast path has read: the same values that
    /// [`Sink::record`] would see, and none of them at fault.
    fn fast(&mut self, _row: &FastRow<'_>) {}
}

/// Shapes that are tried on a record before the general decoder.
const SHAPES: usize = 4;

/// Decodes one file. Feed it with [`Decoder::push`], then [`Decoder::finish`].
pub struct Decoder {
    name: String,
    columns: &'static [Column],
    /// The start of a record that has not ended yet.
    tail: Vec<u8>,
    /// Do not try again with fewer bytes: a long record in short chunks would
    /// be read once for each chunk.
    retry_at: usize,
    /// Place of the next byte to be consumed.
    offset: u64,
    line: u64,
    skipping: Option<Skipped>,
    /// The one that fitted last comes first.
    shapes: Vec<Shape>,
    /// Records that fitted none, since one did.
    misses: u32,
    values: Values,
    decoded: Decoded,
}

impl Decoder {
    /// A decoder for a file of records with these columns; `name` is given back
    /// in rejects.
    pub fn new(name: impl Into<String>, columns: &'static [Column]) -> Decoder {
        Decoder {
            name: name.into(),
            columns,
            tail: Vec::new(),
            retry_at: 0,
            offset: 0,
            line: 1,
            skipping: None,
            shapes: Vec::new(),
            misses: 0,
            values: Values::default(),
            decoded: Decoded::default(),
        }
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, chunk: &[u8], sink: &mut impl Sink) {
        self.decoded.bytes += chunk.len() as u64;
        if self.tail.is_empty() {
            let used = self.consume(chunk, false, sink);
            self.tail.extend_from_slice(&chunk[used..]);
            return;
        }
        // Mostly the tail is a line without its end: then only that is copied.
        let line = memchr::memchr(b'\n', chunk).map_or(chunk.len(), |newline| newline + 1);
        self.extend_tail(&chunk[..line], sink);
        if self.tail.is_empty() {
            let used = self.consume(&chunk[line..], false, sink);
            self.tail.extend_from_slice(&chunk[line..][used..]);
        } else {
            self.extend_tail(&chunk[line..], sink);
        }
    }

    fn extend_tail(&mut self, bytes: &[u8], sink: &mut impl Sink) {
        self.tail.extend_from_slice(bytes);
        if self.tail.len() >= self.retry_at {
            let mut tail = std::mem::take(&mut self.tail);
            let used = self.consume(&tail, false, sink);
            tail.drain(..used);
            self.tail = tail;
        }
    }

    /// Ends the file.
    pub fn finish(mut self, sink: &mut impl Sink) -> Decoded {
        let tail = std::mem::take(&mut self.tail);
        self.consume(&tail, true, sink);
        self.end_skipping();
        while let Some(shape) = self.shapes.pop() {
            self.forget(&shape);
        }
        self.decoded
    }

    /// What has been decoded so far.
    pub fn so_far(&self) -> &Decoded {
        &self.decoded
    }

    /// Whether the bytes so far end in bad JSON rather than in or after a record.
    pub(super) fn is_skipping(&self) -> bool {
        self.skipping.is_some()
    }

    /// Notes that the file breaks off here because of its compression.
    pub(super) fn damaged(&mut self, detail: String) {
        self.end_skipping();
        let offset = self.offset + self.tail.len() as u64;
        let line = self.line + newlines(&self.tail);
        self.reject(Reject {
            file: String::new(),
            offset,
            line,
            bytes: 0,
            field: None,
            reason: Reason::BadCompression,
            detail: Some(detail),
            text: Vec::new(),
        });
    }

    /// Consumes what can be decided and returns how many bytes that was.
    fn consume<S: Sink>(&mut self, input: &[u8], end: bool, sink: &mut S) -> usize {
        let start = self.offset;
        let mut at = 0;
        self.retry_at = 0;
        while at < input.len() {
            if self.skipping.is_some() {
                at += self.skip(&input[at..]);
                continue;
            }
            let rest = &input[at..];
            match rest[0] {
                b'\n' => {
                    self.line += 1;
                    self.offset += 1;
                }
                b' ' | b'\t' | b'\r' | b',' => self.offset += 1,
                b'[' => {
                    self.decoded.open_arrays += 1;
                    self.offset += 1;
                }
                b']' => {
                    self.decoded.open_arrays -= 1;
                    self.offset += 1;
                }
                b'{' if S::FAST && self.fast(rest, sink) => {}
                b'{' => match self.record(rest, end, sink) {
                    Some(length) => self.pass(rest, length),
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

    /// Moves over bytes, counting their lines.
    fn pass(&mut self, input: &[u8], length: usize) {
        self.line += newlines(&input[..length]);
        self.offset += length as u64;
    }

    /// Takes the record at the start of `input` if it has a known shape.
    fn fast<S: Sink>(&mut self, input: &[u8], sink: &mut S) -> bool {
        for at in 0..self.shapes.len() {
            let shape = &mut self.shapes[at];
            let Some(length) = shape.read(input, &mut self.values).filter(|&length| length <= MAX_RECORD)
            else {
                continue;
            };
            shape.hits += 1;
            sink.fast(&FastRow::new(input, shape, &self.values));
            self.decoded.records += 1;
            self.offset += length as u64;
            self.line += shape.newlines;
            self.misses = 0;
            self.shapes.swap(0, at);
            return true;
        }
        false
    }

    /// Learns the shape of an accepted record, unless records have no shape in
    /// common: then learning would cost more than it saves.
    fn learn(&mut self, record: &[u8]) {
        self.misses += 1;
        if self.misses > 64 && !self.misses.is_power_of_two() {
            return;
        }
        if let Some(shape) = Shape::learn(record, self.columns) {
            if self.shapes.len() == SHAPES
                && let Some(last) = self.shapes.pop()
            {
                self.forget(&last);
            }
            self.shapes.insert(0, shape);
        }
    }

    /// Counts what a shape has read beside its rows.
    fn forget(&mut self, shape: &Shape) {
        for name in &shape.unknown {
            self.decoded.unknown_field(name, shape.hits);
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
        let found = json::object(window, |key, value| match position(columns, &key, hint) {
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
        match sink.record(&Record { columns, values }) {
            Ok(()) => {
                self.decoded.records += 1;
                if S::FAST && duplicates == 0 {
                    self.learn(&input[..length]);
                }
            }
            Err(FieldFault { field, reason }) => self.reject(Reject {
                file: String::new(),
                offset: self.offset,
                line: self.line,
                bytes: length as u64,
                field: Some(field),
                reason,
                detail: None,
                text: input[..length.min(TEXT_BYTES)].to_vec(),
            }),
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
        self.skipping = Some(Skipped::new(self.line, self.offset, reason, detail));
    }

    /// Skips what it can of `input`, and returns how far.
    fn skip(&mut self, input: &[u8]) -> usize {
        let Some(skipped) = &mut self.skipping else {
            return 0;
        };
        let (length, resumed) = skipped.take(input);
        self.pass(input, length);
        if resumed {
            self.end_skipping();
        }
        length
    }

    fn end_skipping(&mut self) {
        if let Some(skipped) = self.skipping.take() {
            self.reject(skipped.reject(self.offset));
        }
    }

    fn reject(&mut self, mut reject: Reject) {
        reject.file.clone_from(&self.name);
        self.decoded.reject(reject);
    }
}

fn detail(expected: &str, at: u64) -> String {
    format!("expected {expected} at byte {at}")
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The column of that name in any case; tried first where the last record's
/// order suggests.
fn position(columns: &[Column], key: &str, hint: usize) -> Option<usize> {
    let is = |column: &Column| column.name.eq_ignore_ascii_case(key);
    match columns.get(hint) {
        Some(column) if is(column) => Some(hint),
        _ => columns.iter().position(is),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        assert_eq!(decoded.rejects[0].field, Some("user"));
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
}
