//! A row of the fast path, by column.

use crate::ingest::json::strings::text_end;
use crate::ingest::json::tokens::Scan;
use crate::rows::NULL_DOUBLE;
use crate::spelling::trimmed;

/// The widest table.
const WIDTH: usize = 10;

/// The values of a record that the fast path has read, by column.
pub struct FastRow<'a> {
    input: &'a [u8],
    present: u32,
    values: &'a Values,
}

/// Kept between records, so that nothing is cleared for each.
#[derive(Default)]
pub(in crate::ingest) struct Values {
    pub(in crate::ingest) texts: [(usize, usize); WIDTH],
    /// Columns whose text does not stand in the input as it is, as bits.
    pub(in crate::ingest) decoded: u32,
    pub(in crate::ingest) decoded_texts: [String; WIDTH],
    /// Columns whose text is that of the last row of the same template, as bits.
    pub(in crate::ingest) repeats: u32,
    pub(in crate::ingest) integers: [i64; WIDTH],
    pub(in crate::ingest) doubles: [f64; WIDTH],
}

impl Values {
    /// Reads the string at `start` and gives its end; `None` for one that is empty or may be
    /// blank, which no key is.
    #[inline]
    pub(in crate::ingest) fn read_text(
        &mut self,
        input: &[u8],
        start: usize,
        column: usize,
    ) -> Option<usize> {
        let Some(end) = text_end(input, start) else {
            return self.decode_text(input, start, column);
        };
        self.texts[column] = (start, end);
        (input[start] != b' ').then_some(end)
    }

    /// One with escapes, or beyond ASCII.
    #[cold]
    fn decode_text(&mut self, input: &[u8], start: usize, column: usize) -> Option<usize> {
        let mut scan = Scan { input, at: start };
        let text = scan.string().ok()?.text();
        self.set_text(column, &text);
        (!trimmed(&text).is_empty()).then_some(scan.at - 1)
    }

    pub(in crate::ingest) fn set_text(&mut self, column: usize, text: &str) {
        self.decoded |= 1 << column;
        self.decoded_texts[column].clear();
        self.decoded_texts[column].push_str(text);
    }
}

impl<'a> FastRow<'a> {
    /// A row of the values that were read from `input`, of which these columns, as
    /// bits, are there.
    #[inline]
    pub(in crate::ingest) fn new(input: &'a [u8], present: u32, values: &'a Values) -> FastRow<'a> {
        FastRow { input, present, values }
    }

    /// Whether the record has a value of the column.
    pub fn has(&self, at: usize) -> bool {
        self.present >> at & 1 == 1
    }

    /// The bytes of a text, UTF-8; empty where there is none.
    pub fn text(&self, at: usize) -> &'a [u8] {
        if !self.has(at) {
            return b"";
        }
        if self.values.decoded >> at & 1 == 1 {
            return self.values.decoded_texts[at].as_bytes();
        }
        let (start, end) = self.values.texts[at];
        &self.input[start..end]
    }

    /// Whether the text is known to be that of the row which the same sink was given
    /// just before, by [`Sink::fast`](crate::ingest::Sink::fast): see `RowBefore`.
    #[inline]
    pub fn repeats(&self, at: usize) -> bool {
        self.values.repeats >> at & 1 == 1
    }

    /// A `bigint` or an `int`.
    pub fn integer(&self, at: usize) -> Option<i64> {
        self.has(at).then(|| self.values.integers[at])
    }

    /// A `double`, or [`NULL_DOUBLE`].
    pub fn double(&self, at: usize) -> f64 {
        if self.has(at) { self.values.doubles[at] } else { NULL_DOUBLE }
    }
}
