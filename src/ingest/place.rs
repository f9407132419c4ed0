//! Where a decoder stands in its file.

/// The place of the next byte to be consumed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Of the (inflated) file.
    pub(super) offset: u64,
    /// From 1, counted from the first line that is the decoder's own.
    pub(super) line: u64,
    /// Where this line starts, while nothing but blanks and commas is on it: a range
    /// ends at such a line only.
    pub(super) line_start: Option<u64>,
}

impl Place {
    /// The start of a file.
    pub(super) fn start() -> Place {
        Place { offset: 0, line: 1, line_start: Some(0) }
    }

    #[inline]
    pub(super) fn pass_line_end(&mut self) {
        self.line += 1;
        self.offset += 1;
        self.line_start = Some(self.offset);
    }

    /// Moves over bytes, counting their lines.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        self.line += newlines(bytes);
        self.offset += bytes.len() as u64;
    }

    #[inline]
    pub(super) fn pass_record(&mut self, length: usize, newlines: u64) {
        self.offset += length as u64;
        self.line += newlines;
        self.line_start = None;
    }
}

pub(super) fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
