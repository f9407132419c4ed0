//! What is no row: the rejects of a decoder.

use std::borrow::Cow;
use std::ops::Range;

use super::Decoder;
use crate::ingest::emails::{self, Emails};
use crate::ingest::json::FieldFault;
use crate::ingest::json::tokens::Fault;
use crate::ingest::place::newlines;
use crate::ingest::reject::{Reason, Reject};
use crate::ingest::sink::Sink;
use crate::ingest::skipped::Skipped;
use crate::schema::{Column, ColumnType, Landing};

impl Decoder {
    /// Notes that the file breaks off here because of its compression. What there is of a
    /// record is of this reject.
    pub(in crate::ingest) fn damaged(&mut self, detail: String, sink: &mut impl Sink) {
        let mut tail = std::mem::take(&mut self.tail);
        let used = self.consume(&tail, false, sink);
        tail.drain(..used);
        self.end_skipping();
        let reject =
            Reject::new(self.place.offset, self.place.line, Reason::BadCompression, Some(detail)).of(&tail);
        let mut emails = self.emails().before_loss();
        emails.take(&tail);
        self.place.pass(&tail);
        self.reject(reject, emails);
    }

    pub(super) fn end_skipping(&mut self) {
        let Some(skipped) = self.skipping.take() else {
            return;
        };
        match skipped.reject(self.place.offset) {
            Some((reject, emails)) => self.reject(reject, emails),
            // The lines so far are another range's.
            None => self.place.line = 1,
        }
    }

    /// Rejects the record that stands here, for one of its fields.
    pub(super) fn reject_field(&mut self, FieldFault { field, reason }: FieldFault, record: &[u8]) {
        // A time may be written as a date, but not as any.
        let time = |column: &Column| column.name == field && column.ty == ColumnType::Bigint;
        let is_time = reason == Reason::NotANumber && self.columns.iter().any(time);
        let detail =
            is_time.then(|| "expected milliseconds, or a date as 2023-11-14T22:13:20.100Z".to_owned());
        let reject = Reject {
            field: Some(Cow::Borrowed(field)),
            ..Reject::new(self.place.offset, self.place.line, reason, detail).of(record)
        };
        let mut emails = self.emails();
        emails.take(record);
        self.reject(reject, emails);
    }

    /// The emails of a reject.
    pub(super) fn emails(&self) -> Emails {
        Emails::among(self.share.map_or(self.columns, |share| share.kind.columns()))
    }

    pub(super) fn reject(&mut self, mut reject: Reject, emails: Emails) {
        // What has no fields is of no kind.
        if reject.field.is_none() && self.share.is_some_and(|share| !share.rejects) {
            return;
        }
        reject.file.clone_from(&self.name);
        let of_customer = emails::names_customer(&reject.text);
        self.decoded.reject(reject, if of_customer { emails.of_customer() } else { emails });
    }

    /// The reason to give a record up, if this fault is one.
    pub(super) fn fatal(&self, fault: Fault, too_long: bool, end: bool) -> Option<(Reason, Option<String>)> {
        let at = |at: usize| self.place.offset + at as u64;
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

    pub(super) fn start_skipping(&mut self, reason: Reason, detail: Option<String>) {
        let emails = self.emails();
        self.skipping = Some(Skipped::new(self.place.line, self.place.offset, reason, detail, emails));
    }

    /// Skips what starts here and is no object.
    pub(super) fn skip_noise(&mut self) {
        self.start_skipping(Reason::BadJson, Some(detail("'{'", self.place.offset)));
    }

    /// Rejects values around the records of a wrapper, which starts here, that may hold records.
    pub(super) fn reject_lost(&mut self, lost: &[Range<usize>], wrapper: &[u8]) {
        for span in lost {
            let (before, value) = (&wrapper[..span.start], &wrapper[span.clone()]);
            let offset = self.place.offset + span.start as u64;
            let line = self.place.line + newlines(before);
            let detail = detail("no record beside an array of them", offset);
            let reject = Reject::new(offset, line, Reason::BadJson, Some(detail)).of(value);
            let mut emails = self.emails();
            emails.take(value);
            self.reject(reject, emails);
        }
    }

    /// Rejects a record of a file of several kinds that is of none.
    pub(super) fn reject_unknown(&mut self, kind: Landing, record: &[u8]) {
        let key = kind.columns().iter().find(|column| column.key).map_or("", |column| column.name);
        self.reject_field(FieldFault { field: key, reason: Reason::MissingKey }, record);
    }
}

fn detail(expected: &str, at: u64) -> String {
    format!("expected {expected} at byte {at}")
}
