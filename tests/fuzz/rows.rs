//! What the decoder makes of a file of any kind, by the fast paths or without.

use std::io::Cursor;

use stedi_lakehouse::ingest::{Archive, Decoded, Decoder, FastRow, FieldFault, InputFile, Record, Sink};
use stedi_lakehouse::rows::NULL_DOUBLE;
use stedi_lakehouse::schema::{Column, ColumnType, Landing};

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Null,
    Text(String),
    Int(i64),
    /// Its bits.
    Double(u64),
}

struct Rows<const FAST: bool> {
    columns: &'static [Column],
    rows: Vec<Vec<Cell>>,
    /// Texts of the fast row before.
    last: Option<Vec<Vec<u8>>>,
    fast: u64,
}

impl<const FAST: bool> Sink for Rows<FAST> {
    const FAST: bool = FAST;

    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        let mut row = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            row.push(match column.ty {
                ColumnType::String => {
                    record.text(at)?.map_or(Cell::Null, |text| Cell::Text(text.into_owned()))
                }
                ColumnType::Bigint => record.bigint(at)?.map_or(Cell::Null, Cell::Int),
                ColumnType::Int => record.int(at)?.map_or(Cell::Null, |value| Cell::Int(value.into())),
                ColumnType::Double => real(record.double(at)?),
            });
        }
        self.rows.push(row);
        Ok(())
    }

    fn fast(&mut self, row: &FastRow<'_>) {
        let columns = self.columns.iter().enumerate();
        self.rows.push(
            columns
                .map(|(at, column)| match column.ty {
                    ColumnType::String if row.text(at).is_empty() => Cell::Null,
                    ColumnType::String => Cell::Text(str::from_utf8(row.text(at)).unwrap().to_owned()),
                    ColumnType::Bigint | ColumnType::Int => row.integer(at).map_or(Cell::Null, Cell::Int),
                    ColumnType::Double => real(row.double(at)),
                })
                .collect(),
        );
        let texts: Vec<Vec<u8>> = (0..self.columns.len())
            .map(|at| match self.columns[at].ty {
                ColumnType::String => row.text(at).to_vec(),
                _ => Vec::new(),
            })
            .collect();
        for at in (0..texts.len()).filter(|&at| row.repeats(at)) {
            let before = self.last.as_ref().map(|last| &last[at]);
            assert_eq!(Some(&texts[at]), before, "said to be that of the fast row before");
        }
        self.last = Some(texts);
        self.fast += 1;
    }
}

fn real(value: f64) -> Cell {
    match value.to_bits() {
        bits if bits == NULL_DOUBLE.to_bits() => Cell::Null,
        bits => Cell::Double(bits),
    }
}

pub struct Read {
    pub rows: Vec<Vec<Cell>>,
    pub decoded: Decoded,
    /// Rows that a fast path has read.
    pub fast: u64,
}

impl<const FAST: bool> Rows<FAST> {
    fn new(columns: &'static [Column]) -> Rows<FAST> {
        Rows { columns, rows: Vec::new(), last: None, fast: 0 }
    }

    /// Each push may come with another sink: nothing may be said of a row before it.
    fn push(&mut self, decoder: &mut Decoder, chunk: &[u8]) {
        self.last = None;
        decoder.push(chunk, self);
    }
}

/// Reads a file in ranges, as several instances would; `None` if they do not tile it.
pub fn decode_ranges(kind: Landing, input: &[u8], borders: &[usize], chunk: usize) -> Option<Read> {
    let columns = kind.columns();
    let starts = [0].iter().chain(borders);
    let ends = borders.iter().map(|&end| end as u64).chain([u64::MAX]);
    let (mut all, mut fast, mut parts) = (Vec::new(), 0, Vec::new());
    for (&start, end) in starts.zip(ends) {
        let mut rows = Rows::<true>::new(columns);
        let mut decoder = Decoder::range("input", columns, start as u64, end);
        for chunk in input[start.saturating_sub(1)..].chunks(chunk) {
            rows.push(&mut decoder, chunk);
            if decoder.is_done() {
                break;
            }
        }
        parts.push(decoder.finish(&mut rows));
        all.extend(rows.rows);
        fast += rows.fast;
    }
    Decoded::joined(parts).map(|decoded| Read { rows: all, decoded, fast })
}

/// Decodes a file as it lies on the disk.
pub fn decode_file(kind: Landing, input: &[u8], chunk: usize) -> Read {
    decode_input(InputFile::new("input", kind), input, chunk)
}

/// Decodes the records of one table in a file of several.
pub fn decode_share(kind: Landing, input: &[u8], chunk: usize) -> Read {
    decode_input(InputFile::share("input", kind, kind == Landing::Customer), input, chunk)
}

/// Decodes the last entry of an archive.
pub fn decode_entry(kind: Landing, input: &[u8], chunk: usize) -> Read {
    let mut archive = Archive::new(Cursor::new(input)).unwrap();
    let entry = archive.packed(archive.entries().len() - 1).unwrap();
    let (start, end) = entry.range();
    decode_input(InputFile::new("input", kind).packed(entry), &input[start as usize..end as usize], chunk)
}

fn decode_input(mut file: InputFile, input: &[u8], chunk: usize) -> Read {
    let mut rows = Rows::<true>::new(file.kind().columns());
    for chunk in input.chunks(chunk.clamp(1, input.len().max(1))) {
        rows.last = None;
        file.push(chunk, &mut rows);
    }
    rows.last = None;
    let decoded = file.finish(&mut rows);
    Read { rows: rows.rows, decoded, fast: rows.fast }
}

pub fn decode<const FAST: bool>(kind: Landing, input: &[u8], chunk: usize) -> Read {
    let columns = kind.columns();
    let mut rows = Rows::<FAST>::new(columns);
    let mut decoder = Decoder::new("input", columns);
    input.chunks(chunk.clamp(1, input.len().max(1))).for_each(|chunk| rows.push(&mut decoder, chunk));
    let decoded = decoder.finish(&mut rows);
    Read { rows: rows.rows, decoded, fast: rows.fast }
}
