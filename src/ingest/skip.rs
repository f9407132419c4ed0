//! Gets past bad JSON: to the next line that starts with `{`.

use super::reject::{Reason, Reject, TEXT_BYTES};

/// A region that is no row and still grows.
pub(super) struct Skipped {
    line: u64,
    offset: u64,
    reason: Reason,
    detail: Option<String>,
    text: Vec<u8>,
    /// Only blanks and commas since the last line end.
    at_line_start: bool,
}

impl Skipped {
    pub(super) fn new(line: u64, offset: u64, reason: Reason, detail: Option<String>) -> Skipped {
        Skipped { line, offset, reason, detail, text: Vec::new(), at_line_start: false }
    }

    /// Takes bytes of `input` and returns how many, and whether a line that
    /// starts with `{` is next.
    pub(super) fn take(&mut self, input: &[u8]) -> (usize, bool) {
        let (length, resumed) = self.scan(input);
        let wanted = TEXT_BYTES.saturating_sub(self.text.len()).min(length);
        self.text.extend_from_slice(&input[..wanted]);
        (length, resumed)
    }

    fn scan(&mut self, input: &[u8]) -> (usize, bool) {
        let mut at = 0;
        loop {
            if !self.at_line_start {
                match memchr::memchr(b'\n', &input[at..]) {
                    None => return (input.len(), false),
                    Some(newline) => at += newline + 1,
                }
                self.at_line_start = true;
            }
            match input.get(at) {
                None => return (at, false),
                Some(b'{') => return (at, true),
                Some(b' ' | b'\t' | b'\r' | b'\n' | b',') => at += 1,
                Some(_) => self.at_line_start = false,
            }
        }
    }

    /// The region as a reject that ends before `end`.
    pub(super) fn reject(self, end: u64) -> Reject {
        Reject {
            file: String::new(),
            offset: self.offset,
            line: self.line,
            bytes: end - self.offset,
            field: None,
            reason: self.reason,
            detail: self.detail,
            text: self.text,
        }
    }
}
