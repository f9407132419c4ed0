//! The push decoder: any chunks of bytes in, records and rejects out, the same
//! whatever the chunking, and the same whether a file is read in one or in
//! ranges.
//!
//! Between records stand blanks, commas, brackets and byte order marks, so one
//! rule serves newline-delimited JSON, arrays, and objects with or without
//! separators. Where reading goes on after bad JSON is said in `skipped`.
//!
//! What holds between two calls:
//! - Every byte before `place` is decided about: it is of a record that the sink has
//!   taken, of a reject, or between records. `tail` holds those from `place` on that
//!   have come in, and they are too few to decide.
//! - While `skipping`, bytes are of a reject that still grows, or before the first
//!   record of a range: then `tail` is empty.
//! - While a `wrapper` is open no range ends: its end belongs to its start.
//! - Once `done`, the next record is another range's, and no byte is taken.
//! - A sink is asked in the order of the file. It may be another one for each call.

use super::decoded::{Decoded, Span};
use super::fast::path::{FastPath, Fitted, RowBefore};
use super::fields::Fields;
use super::json::grammar;
use super::place::{Place, newlines};
use super::sink::Sink;
use super::skipped::{BYTE_ORDER_MARK, Skipped};
use super::wrapper::{self, Around, Wrapper};
use crate::schema::{self, Column, Landing};

/// The longest record, in bytes.
pub const MAX_RECORD: usize = 64 << 20;

/// Decodes a file, or a range of one. Feed it with [`Decoder::push`], then
/// [`Decoder::finish`].
pub struct Decoder {
    name: String,
    columns: &'static [Column],
    /// Of a file whose records are of several kinds, which is taken here.
    share: Option<Share>,
    /// The start of a record that has not ended yet.
    tail: Vec<u8>,
    /// Do not try again with fewer bytes: a long record in short chunks would
    /// be read once for each chunk.
    retry_at: usize,
    place: Place,
    /// The first line at or after this that starts with `{` is not ours.
    end: u64,
    done: bool,
    skipping: Option<Skipped>,
    wrapper: Option<Wrapper>,
    fast: FastPath,
    decoded: Decoded,
}

/// The part of a file of several kinds that a decoder takes.
#[derive(Clone, Copy)]
struct Share {
    kind: Landing,
    rejects: bool,
}

impl Decoder {
    /// A decoder for a file of records with these columns; `name` is given back
    /// in rejects.
    pub fn new(name: impl Into<String>, columns: &'static [Column]) -> Decoder {
        let mut decoded = Decoded::default();
        decoded.span.begin(0);
        Decoder {
            name: name.into(),
            columns,
            share: None,
            tail: Vec::new(),
            retry_at: 0,
            place: Place::start(),
            end: u64::MAX,
            done: false,
            skipping: None,
            wrapper: None,
            fast: FastPath::default(),
            decoded,
        }
    }

    /// Takes only the records of one kind in a file of several: each record goes by its
    /// fields. What is of no kind is rejected by the decoder that is told so, one for a
    /// file. To be called before the first push.
    pub fn sharing(mut self, kind: Landing, rejects: bool) -> Decoder {
        self.decoded.share = true;
        Decoder { share: Some(Share { kind, rejects }), columns: schema::landing_columns(), ..self }
    }

    /// A decoder for the records from the first line at or after `start` that
    /// starts with `{` up to the first such line at or after `end`. For a start
    /// above 0 the first byte to push is the one before it, for it may be a line
    /// end; push on past `end` until [`Decoder::is_done`].
    pub fn range(name: impl Into<String>, columns: &'static [Column], start: u64, end: u64) -> Decoder {
        let mut decoder = Decoder { end, ..Decoder::new(name, columns) };
        if start > 0 {
            decoder.decoded.span = Span::Empty;
            decoder.place = Place { offset: start - 1, line: 1, line_start: None };
            decoder.skipping = Some(Skipped::seeking());
        }
        decoder
    }

    /// Whether the range has ended and no more bytes are of use.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, chunk: &[u8], sink: &mut impl Sink) {
        if self.done {
            return;
        }
        if self.tail.is_empty() {
            let used = self.consume(chunk, false, sink);
            self.tail.extend_from_slice(&chunk[used..]);
            return;
        }
        // Mostly the tail is a line without its end: then only that is copied.
        let line = memchr::memchr(b'\n', chunk).map_or(chunk.len(), |newline| newline + 1);
        self.extend_tail(&chunk[..line], sink);
        if self.tail.is_empty() && !self.done {
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

    /// Ends the file, or the range.
    pub fn finish(mut self, sink: &mut impl Sink) -> Decoded {
        if !self.done {
            let tail = std::mem::take(&mut self.tail);
            self.consume(&tail, true, sink);
            self.end_skipping();
        }
        self.fast.count_unknown(&mut self.decoded);
        if let Span::Bytes { start, end } = self.decoded.span {
            self.decoded.bytes = end.unwrap_or(self.place.offset) - start;
        }
        self.decoded.lines = self.place.line - 1;
        self.decoded
    }

    /// What has been decoded so far.
    pub fn so_far(&self) -> &Decoded {
        &self.decoded
    }

    /// Whether the bytes so far end in bad JSON rather than in or after a record.
    pub(in crate::ingest) fn is_skipping(&self) -> bool {
        self.skipping.is_some()
    }

    /// Consumes what can be decided and returns how many bytes that was.
    fn consume<S: Sink>(&mut self, input: &[u8], end: bool, sink: &mut S) -> usize {
        let start = self.place.offset;
        let mut at = 0;
        let mut before = RowBefore::default();
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
            if self.wrapper.as_ref().is_some_and(|wrapper| wrapper.closed) {
                if !self.end_wrapper(rest, end) {
                    self.retry_at = (rest.len() * 2).min(MAX_RECORD + 1);
                    return at;
                }
                at = (self.place.offset - start) as usize;
                continue;
            }
            match rest[0] {
                b'\n' => self.place.pass_line_end(),
                b' ' | b'\t' | b'\r' | b',' => self.place.offset += 1,
                b'[' | b']' => {
                    self.decoded.open_arrays += if rest[0] == b'[' { 1 } else { -1 };
                    self.place.offset += 1;
                    self.place.line_start = None;
                    if let Some(wrapper) = &mut self.wrapper {
                        wrapper.closed = self.decoded.open_arrays <= wrapper.arrays;
                    }
                }
                b'{' if self.wrapper.is_none()
                    && self.place.line_start.is_some_and(|start| start >= self.end) =>
                {
                    self.decoded.span.stop(self.place.offset);
                    self.done = true;
                }
                b'{' if S::FAST && self.share.is_none() && self.read_fast(rest, &mut before, sink) => {
                    if input.get((self.place.offset - start) as usize) == Some(&b'\n') {
                        self.place.pass_line_end();
                    }
                }
                b'{' => match self.record(rest, end, sink) {
                    Some(length) => self.place.pass_record(length, newlines(&rest[..length])),
                    // Either the bytes run out or the record is now skipped.
                    None if self.skipping.is_none() => {
                        self.retry_at = (rest.len() * 2).min(MAX_RECORD + 1);
                        return at;
                    }
                    None => {}
                },
                _ if rest.starts_with(BYTE_ORDER_MARK) => self.place.pass(BYTE_ORDER_MARK),
                _ if !end && BYTE_ORDER_MARK.starts_with(rest) => return at,
                _ => self.skip_noise(),
            }
            at = (self.place.offset - start) as usize;
        }
        at
    }

    /// Takes the record at the start of `input` if it fits a known template, or
    /// has plain values.
    fn read_fast<S: Sink>(&mut self, input: &[u8], before: &mut RowBefore, sink: &mut S) -> bool {
        if let Some(Fitted { row, length, newlines }) = self.fast.read(input, before)
            && length <= MAX_RECORD
        {
            sink.fast(&row);
            self.decoded.records += 1;
            self.place.pass_record(length, newlines);
            return true;
        }
        match self.fast.read_any_order(input, self.columns, before) {
            Some(Fitted { row, length, newlines }) if length <= MAX_RECORD => {
                sink.fast(&row);
                self.decoded.records += 1;
                self.fast.learn(&input[..length], self.columns, &mut self.decoded);
                self.place.pass_record(length, newlines);
                true
            }
            _ => false,
        }
    }

    /// Reads the record at the start of `input` and returns its length; `None`
    /// when it is cut, or when it is bad and skipping has started.
    fn record<S: Sink>(&mut self, input: &[u8], end: bool, sink: &mut S) -> Option<usize> {
        let window = &input[..input.len().min(MAX_RECORD)];
        if let Some(around) = wrapper::prefix(window, self.columns) {
            self.reject_lost(&around.lost, window);
            self.open_wrapper();
            return Some(around.length);
        }
        let columns = self.columns;
        let mut fields = Fields::new(columns);
        let found = grammar::object(window, |key, value, span| fields.take(key, value, window, span));
        let length = match found {
            Ok(length) => length,
            Err(fault) => {
                if let Some((reason, detail)) = self.fatal(fault, window.len() < input.len(), end) {
                    self.start_skipping(reason, detail);
                }
                return None;
            }
        };
        let mut fields = fields.opened(window);
        if let Some(Share { kind, rejects }) = self.share {
            match fields.kind() {
                Some(own) if own == kind => fields = fields.of(kind),
                None if rejects => {
                    self.reject_unknown(kind, &input[..length]);
                    return Some(length);
                }
                _ => return Some(length),
            }
        }
        let duplicates = fields.duplicates;
        self.decoded.duplicate_keys += duplicates;
        for key in fields.unknown.drain(..) {
            self.decoded.unknown_field(&key, 1);
        }
        let record = fields.record(self.place.offset);
        match sink.record(&record) {
            Ok(()) => {
                self.decoded.records += 1;
                self.decoded.dates += record.dates();
                if S::FAST && duplicates == 0 && self.share.is_none() {
                    self.fast.learn(&input[..length], columns, &mut self.decoded);
                }
            }
            Err(fault) => self.reject_field(fault, &input[..length]),
        }
        Some(length)
    }

    fn open_wrapper(&mut self) {
        self.wrapper = Some(Wrapper { arrays: self.decoded.open_arrays, closed: false });
        self.decoded.open_arrays += 1;
    }

    /// Passes over what stands behind the array of a wrapper, at the start of `input`;
    /// `false` when it is cut.
    fn end_wrapper(&mut self, input: &[u8], end: bool) -> bool {
        let window = &input[..input.len().min(MAX_RECORD)];
        match wrapper::suffix(window, self.columns) {
            Ok(Around { length, opens, lost }) => {
                self.reject_lost(&lost, window);
                self.place.pass_record(length, newlines(&input[..length]));
                if opens {
                    self.open_wrapper();
                    return true;
                }
            }
            Err(fault) => match self.fatal(fault, window.len() < input.len(), end) {
                Some((reason, detail)) => self.start_skipping(reason, detail),
                None => return false,
            },
        }
        self.wrapper = None;
        true
    }

    /// Skips what it can of `input`, and returns how far.
    fn skip(&mut self, input: &[u8]) -> usize {
        let Some(skipped) = &mut self.skipping else {
            return 0;
        };
        let (length, resumed) = skipped.take(input, self.place.offset);
        self.place.pass(&input[..length]);
        if let Some(resumed) = resumed {
            if self.skipping.as_ref().is_some_and(Skipped::is_seeking) {
                self.decoded.span.begin(self.place.offset);
            }
            self.end_skipping();
            self.place.line_start = resumed.line_start;
        } else if self
            .skipping
            .as_ref()
            .is_some_and(|skipped| skipped.seeks_in_vain(self.place.offset, self.end))
        {
            self.end_skipping();
            self.done = true;
        }
        length
    }
}

mod rejects;
#[cfg(test)]
mod tests;
