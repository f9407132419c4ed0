//! Gets past bad JSON: to where its brackets close, if the text goes on there as it
//! may between records, and at the latest to the next line that starts with `{`. What
//! another range owns ends at such a line only.
//!
//! Each byte is looked at once and nothing is looked at ahead, so the chunks do not
//! matter. No region goes on over a line that starts with `{`, so ranges agree on it.

use super::emails::Emails;
use super::reject::{Reason, Reject, TEXT_BYTES};

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A region that is no row and still grows.
pub(super) struct Skipped {
    line: u64,
    offset: u64,
    /// None for what another range owns.
    reason: Option<Reason>,
    detail: Option<String>,
    text: Vec<u8>,
    emails: Emails,
    /// Where this line starts, while nothing but blanks, commas and byte order
    /// marks is on it.
    line_start: Option<u64>,
    /// How many bytes of such a mark the last bytes were.
    mark: usize,
    /// Until they cannot show the end any more.
    brackets: Option<Brackets>,
}

/// Where reading goes on.
pub(super) struct Resumed {
    /// Where the line starts, if that is at the start of one.
    pub(super) line_start: Option<u64>,
}

/// Finds the end of a bad record by its braces, strings respected. Square brackets
/// do not count: one too many or too few must not hide the end of the record.
#[derive(Default)]
struct Brackets {
    depth: u64,
    string: bool,
    escaped: bool,
    /// Whether a comma stands before the next byte, blanks aside, and no brace is open.
    comma: bool,
    /// Behind the brace that closes the record.
    end: Option<u64>,
}

enum Step {
    On,
    /// The text goes on at this byte as it may between records.
    Ended,
    /// They do not show the end.
    Lost,
}

impl Brackets {
    fn take(&mut self, byte: u8, place: u64) -> Step {
        if self.end.is_some() {
            return match byte {
                b' ' | b'\t' | b'\r' => Step::On,
                b'\n' | b',' | b']' | b'{' => Step::Ended,
                _ => Step::Lost,
            };
        }
        if self.string {
            match byte {
                // No string holds a line end: a quote is missing, or one is too many.
                b'\n' => return Step::Lost,
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.string = false,
                _ => {}
            }
            return Step::On;
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => return Step::On,
            b'{' if self.comma => {
                // What is no object ends before the next one of its array.
                self.end = Some(place);
                return Step::Ended;
            }
            b'{' => self.depth += 1,
            b'}' => {
                self.depth = self.depth.saturating_sub(1);
                self.end = (self.depth == 0).then_some(place + 1);
            }
            b'"' => self.string = true,
            _ => {}
        }
        self.comma = byte == b',' && self.depth == 0;
        Step::On
    }
}

impl Skipped {
    pub(super) fn new(
        line: u64,
        offset: u64,
        reason: Reason,
        detail: Option<String>,
        emails: Emails,
    ) -> Skipped {
        let brackets = Some(Brackets::default());
        Skipped { line, offset, reason: Some(reason), detail, emails, brackets, ..Skipped::seeking() }
    }

    /// The end of what another range owns.
    pub(super) fn seeking() -> Skipped {
        Skipped {
            line: 1,
            offset: 0,
            reason: None,
            detail: None,
            text: Vec::new(),
            emails: Emails::default(),
            line_start: None,
            mark: 0,
            brackets: None,
        }
    }

    /// Whether this is the end of what another range owns.
    pub(super) fn is_seeking(&self) -> bool {
        self.reason.is_none()
    }

    /// Whether no line before `end` can be found any more, now that all bytes
    /// before `offset` were taken: the range has none.
    pub(super) fn seeks_in_vain(&self, offset: u64, end: u64) -> bool {
        self.is_seeking() && offset >= end && self.line_start.is_none_or(|start| start >= end)
    }

    /// Takes bytes of `input`, which starts at `offset`, and returns how many, and
    /// whether reading goes on behind them.
    pub(super) fn take(&mut self, input: &[u8], offset: u64) -> (usize, Option<Resumed>) {
        let (length, resumed) = self.scan(input, offset);
        let wanted = TEXT_BYTES.saturating_sub(self.text.len()).min(length);
        self.text.extend_from_slice(&input[..wanted]);
        if !self.is_seeking() {
            // Blanks behind the end are among these bytes: they change no email.
            self.emails.take(&input[..length]);
        }
        (length, resumed)
    }

    fn scan(&mut self, input: &[u8], offset: u64) -> (usize, Option<Resumed>) {
        let mut at = 0;
        loop {
            if self.line_start.is_none() && self.brackets.is_none() {
                match memchr::memchr(b'\n', &input[at..]) {
                    None => return (input.len(), None),
                    Some(newline) => at += newline,
                }
            }
            let Some(&byte) = input.get(at) else { return (at, None) };
            let place = offset + at as u64;
            if self.starts_line(byte, place) {
                return (at, Some(Resumed { line_start: self.line_start }));
            }
            match self.brackets.as_mut().map(|brackets| brackets.take(byte, place)) {
                Some(Step::Ended) => return (at, Some(Resumed { line_start: None })),
                Some(Step::Lost) => self.brackets = None,
                Some(Step::On) | None => {}
            }
            at += 1;
        }
    }

    /// Whether the byte is the `{` that a line starts with.
    fn starts_line(&mut self, byte: u8, place: u64) -> bool {
        if byte == b'\n' {
            (self.line_start, self.mark) = (Some(place + 1), 0);
            return false;
        }
        if self.line_start.is_none() {
            return false;
        }
        if byte == BYTE_ORDER_MARK[self.mark] {
            self.mark = (self.mark + 1) % BYTE_ORDER_MARK.len();
            return false;
        }
        match byte {
            b'{' if self.mark == 0 => return true,
            b' ' | b'\t' | b'\r' | b',' if self.mark == 0 => {}
            _ => (self.line_start, self.mark) = (None, 0),
        }
        false
    }

    /// The region as a reject, if it is one, and whose it is. All bytes before
    /// `offset` were taken; it ends there unless its brackets close before.
    pub(super) fn reject(mut self, offset: u64) -> Option<(Reject, Emails)> {
        let end = self.brackets.and_then(|brackets| brackets.end).unwrap_or(offset);
        self.text.truncate(usize::try_from(end - self.offset).unwrap_or(usize::MAX));
        let reject = Reject::new(self.offset, self.line, self.reason?, self.detail);
        let reject = Reject { bytes: end - self.offset, text: self.text, ..reject };
        Some((reject, self.emails))
    }
}
