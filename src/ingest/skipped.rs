//! Gets past bad JSON, or what another range owns: to the next line that starts
//! with `{`.

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
    /// Of customers.
    emails: Option<Emails>,
    /// Where this line starts, while nothing but blanks, commas and byte order
    /// marks is on it.
    line_start: Option<u64>,
    /// How many bytes of such a mark the last bytes were.
    mark: usize,
}

impl Skipped {
    pub(super) fn new(
        line: u64,
        offset: u64,
        reason: Reason,
        detail: Option<String>,
        emails: Option<Emails>,
    ) -> Skipped {
        let reason = Some(reason);
        Skipped { line, offset, reason, detail, text: Vec::new(), emails, line_start: None, mark: 0 }
    }

    /// The end of what another range owns.
    pub(super) fn seeking() -> Skipped {
        Skipped {
            line: 1,
            offset: 0,
            reason: None,
            detail: None,
            text: Vec::new(),
            emails: None,
            line_start: None,
            mark: 0,
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

    /// Takes bytes of `input`, which starts at `offset`, and returns how many,
    /// and where the line starts that goes on with `{`, if that is next.
    pub(super) fn take(&mut self, input: &[u8], offset: u64) -> (usize, Option<u64>) {
        let (length, resumed) = self.scan(input, offset);
        let wanted = TEXT_BYTES.saturating_sub(self.text.len()).min(length);
        self.text.extend_from_slice(&input[..wanted]);
        if let Some(emails) = &mut self.emails {
            emails.take(&input[..length]);
        }
        (length, resumed)
    }

    fn scan(&mut self, input: &[u8], offset: u64) -> (usize, Option<u64>) {
        let mut at = 0;
        loop {
            if self.line_start.is_none() {
                match memchr::memchr(b'\n', &input[at..]) {
                    None => return (input.len(), None),
                    Some(newline) => at += newline + 1,
                }
                self.line_start = Some(offset + at as u64);
            }
            let Some(&byte) = input.get(at) else { return (at, None) };
            if byte == BYTE_ORDER_MARK[self.mark] {
                self.mark = (self.mark + 1) % BYTE_ORDER_MARK.len();
                at += 1;
                continue;
            }
            if std::mem::take(&mut self.mark) > 0 {
                self.line_start = None;
                continue;
            }
            match byte {
                b'{' => return (at, self.line_start),
                b'\n' => {
                    at += 1;
                    self.line_start = Some(offset + at as u64);
                }
                b' ' | b'\t' | b'\r' | b',' => at += 1,
                _ => self.line_start = None,
            }
        }
    }

    /// The region as a reject that ends before `end`, if it is one, and whose it is.
    pub(super) fn reject(self, end: u64) -> Option<(Reject, Option<Emails>)> {
        let reject = Reject {
            file: String::new(),
            offset: self.offset,
            line: self.line,
            bytes: end - self.offset,
            field: None,
            reason: self.reason?,
            detail: self.detail,
            text: self.text,
        };
        Some((reject, self.emails))
    }
}
