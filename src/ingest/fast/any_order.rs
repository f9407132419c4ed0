//! The middle path: a record whose fields are those of its table, once each, in
//! any order and spacing, with plain values. It reads a record exactly as the
//! general decoder would, or leaves it to it.

use super::row::Values;
use super::swar::{double, integer};
use crate::ingest::json::strings::{text_end, word};
use crate::schema::{Column, ColumnType};

/// Reads a record at the start of `input`: its length, and its line ends.
pub(super) fn read(input: &[u8], columns: &[Column], values: &mut Values) -> Option<(usize, u64)> {
    let mut reader = Reader { input, at: 0, newlines: 0 };
    reader.byte(b'{')?;
    let (mut seen, mut hint) = (0u32, 0);
    loop {
        reader.byte(b'"')?;
        let end = text_end(input, reader.at)?;
        let column = position(columns, &input[reader.at..end], hint)?;
        if seen >> column & 1 == 1 {
            return None;
        }
        seen |= 1 << column;
        hint = column + 1;
        reader.at = end + 1;
        reader.byte(b':')?;
        let start = reader.at;
        reader.at = match columns[column].ty {
            ColumnType::String => {
                let start = if *input.get(start)? == b'"' { start + 1 } else { return None };
                values.read_text(input, start, column)? + 1
            }
            ColumnType::Bigint | ColumnType::Int => {
                let (value, end) = integer(input, start)?;
                if columns[column].ty == ColumnType::Int {
                    i32::try_from(value).ok()?;
                }
                values.integers[column] = value;
                end
            }
            ColumnType::Double => {
                let (value, end) = double(input, start)?;
                values.doubles[column] = value;
                end
            }
        };
        reader.blanks();
        match *input.get(reader.at)? {
            b',' => {
                reader.at += 1;
                reader.blanks();
            }
            b'}' if seen.count_ones() as usize == columns.len() => {
                return Some((reader.at + 1, reader.newlines));
            }
            _ => return None,
        }
    }
}

const SPACES: u64 = u64::from_le_bytes([b' '; 8]);

struct Reader<'a> {
    input: &'a [u8],
    at: usize,
    newlines: u64,
}

impl Reader<'_> {
    /// Moves over the byte, with blanks around it.
    #[inline]
    fn byte(&mut self, byte: u8) -> Option<()> {
        self.blanks();
        if *self.input.get(self.at)? != byte {
            return None;
        }
        self.at += 1;
        // Blanks within quotes are no blanks.
        if byte != b'"' {
            self.blanks();
        }
        Some(())
    }

    #[inline]
    fn blanks(&mut self) {
        if self.input.get(self.at).is_some_and(|byte| *byte > b' ') {
            return;
        }
        // However many spaces there are, one step gets past them: a loop would
        // guess wrong at every other place.
        let differs = word(self.input, self.at) ^ SPACES;
        self.at += differs.trailing_zeros() as usize / 8 * usize::from(self.at + 8 <= self.input.len());
        while let Some(byte @ (b' ' | b'\n' | b'\r' | b'\t')) = self.input.get(self.at) {
            self.newlines += u64::from(*byte == b'\n');
            self.at += 1;
        }
    }
}

/// The column of that name in any case; tried first where the last field
/// suggests. Other spellings are left to the general decoder, and to templates.
#[inline]
fn position(columns: &[Column], key: &[u8], hint: usize) -> Option<usize> {
    let is = |column: &Column| column.name.as_bytes().eq_ignore_ascii_case(key);
    match columns.get(hint) {
        Some(column) if is(column) => Some(hint),
        _ => columns.iter().position(is),
    }
}
