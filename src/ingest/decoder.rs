//! The push decoder: any chunks of bytes in, records and rejects out, the same
//! whatever the chunking, and the same whether a file is read in one or in
//! ranges.

use std::borrow::Cow;

use super::decoded::{Decoded, Span};
use super::emails::Emails;
use super::fields::{FieldFault, Record};
use super::reject::{Reason, Reject, TEXT_BYTES};
use super::shape::{FastRow, Shapes};
use super::skip::Skipped;
use crate::schema::Column;

/// The longest record, in bytes.
pub const MAX_RECORD: usize = 64 << 20;

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

/// Decodes a file, or a range of one. Feed it with [`Decoder::push`], then
/// [`Decoder::finish`].
pub struct Decoder {
    name: String,
    pub(super) columns: &'static [Column],
    /// The start of a record that has not ended yet.
    tail: Vec<u8>,
    /// Do not try again with fewer bytes: a long record in short chunks would
    /// be read once for each chunk.
    pub(super) retry_at: usize,
    /// Place of the next byte to be consumed; lines count from the first that
    /// is this decoder's.
    pub(super) offset: u64,
    pub(super) line: u64,
    /// Where this line starts, while nothing but blanks and commas is on it.
    pub(super) line_start: Option<u64>,
    /// The first line at or after this that starts with `{` is not ours.
    pub(super) end: u64,
    pub(super) done: bool,
    pub(super) skipping: Option<Skipped>,
    pub(super) shapes: Shapes,
    pub(super) decoded: Decoded,
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
            tail: Vec::new(),
            retry_at: 0,
            offset: 0,
            line: 1,
            line_start: Some(0),
            end: u64::MAX,
            done: false,
            skipping: None,
            shapes: Shapes::default(),
            decoded,
        }
    }

    /// A decoder for the records from the first line at or after `start` that
    /// starts with `{` up to the first such line at or after `end`. For a start
    /// above 0 the first byte to push is the one before it, for it may be a line
    /// end; push on past `end` until [`Decoder::is_done`].
    pub fn range(name: impl Into<String>, columns: &'static [Column], start: u64, end: u64) -> Decoder {
        let mut decoder = Decoder { end, ..Decoder::new(name, columns) };
        if start > 0 {
            decoder.decoded.span = Span::Empty;
            decoder.offset = start - 1;
            decoder.line_start = None;
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
        self.decoded.bytes += chunk.len() as u64;
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
        self.shapes.tell(&mut self.decoded);
        self.decoded.lines = self.line - 1;
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
        let reject = Reject {
            file: String::new(),
            offset,
            line,
            bytes: 0,
            field: None,
            reason: Reason::BadCompression,
            detail: Some(detail),
            text: Vec::new(),
        };
        self.reject(reject, Emails::wanted(self.columns));
    }

    pub(super) fn end_skipping(&mut self) {
        let Some(skipped) = self.skipping.take() else {
            return;
        };
        match skipped.reject(self.offset) {
            Some((reject, emails)) => self.reject(reject, emails),
            // The lines so far are another range's.
            None => self.line = 1,
        }
    }

    /// Rejects the record that stands here, for one of its fields.
    pub(super) fn reject_field(&mut self, FieldFault { field, reason }: FieldFault, record: &[u8]) {
        let reject = Reject {
            file: String::new(),
            offset: self.offset,
            line: self.line,
            bytes: record.len() as u64,
            field: Some(Cow::Borrowed(field)),
            reason,
            detail: None,
            text: record[..record.len().min(TEXT_BYTES)].to_vec(),
        };
        let mut emails = Emails::wanted(self.columns);
        emails.iter_mut().for_each(|emails| emails.take(record));
        self.reject(reject, emails);
    }

    pub(super) fn reject(&mut self, mut reject: Reject, emails: Option<Emails>) {
        reject.file.clone_from(&self.name);
        self.decoded.reject(reject, emails);
    }
}

pub(super) fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
