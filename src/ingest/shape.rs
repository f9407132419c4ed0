//! The fast path: a record whose bytes between the values are those of an
//! earlier record needs no parser, only its values read.
//!
//! It reads a record exactly as the general decoder would, or leaves it to it.

use std::ops::Range;

use super::decoded::Decoded;
use super::fields::NULL_DOUBLE;
use super::json::{self, Value};
use super::literal::{Last, Literal};
use super::loose;
use super::plain::{double, integer, number, string_end, text_end};
use super::scan::Scan;
use crate::schema::{Column, ColumnType};

/// The widest table.
const WIDTH: usize = 10;

/// What stands in a place of a shape.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Slot {
    /// A string that is not empty.
    Text(usize),
    /// A number that is kept as text.
    NumberText(usize),
    Bigint(usize),
    Int(usize),
    Double(usize),
    /// A value of an unknown field.
    IgnoredText,
    IgnoredNumber,
}

#[derive(Debug)]
struct Step {
    /// What stands before the value, quotes included.
    literal: Literal,
    slot: Slot,
    /// Of a text.
    last: Last,
}

/// The shape of a record, learned from one.
#[derive(Debug)]
struct Shape {
    steps: Vec<Step>,
    /// What stands behind the last value.
    end: Literal,
    /// Line ends in the literals.
    newlines: u64,
    /// Columns that have a value, as bits.
    present: u32,
    /// Fields that the table does not have.
    unknown: Vec<String>,
    /// How many records it has read.
    hits: u64,
}

/// The values of a record that a shape has read, by column.
pub struct FastRow<'a> {
    input: &'a [u8],
    present: u32,
    values: &'a Values,
}

/// Kept between records, so that nothing is cleared for each.
#[derive(Default)]
pub(super) struct Values {
    texts: [(usize, usize); WIDTH],
    /// Columns whose text does not stand in the input as it is, as bits.
    pub(super) decoded: u32,
    decoded_texts: [String; WIDTH],
    /// Columns whose text is that of the row before, as bits.
    pub(super) again: u32,
    pub(super) integers: [i64; WIDTH],
    pub(super) doubles: [f64; WIDTH],
}

impl Values {
    /// Reads the string at `start` and gives its end; `None` for an empty one.
    #[inline]
    pub(super) fn read_text(&mut self, input: &[u8], start: usize, column: usize) -> Option<usize> {
        let Some(end) = text_end(input, start) else {
            return self.decode_text(input, start, column);
        };
        self.texts[column] = (start, end);
        Some(end)
    }

    /// One with escapes, or beyond ASCII.
    #[cold]
    fn decode_text(&mut self, input: &[u8], start: usize, column: usize) -> Option<usize> {
        let mut scan = Scan { input, at: start };
        let text = scan.string().ok()?.text();
        self.set_text(column, &text);
        (!text.is_empty()).then_some(scan.at - 1)
    }

    fn set_text(&mut self, column: usize, text: &str) {
        self.decoded |= 1 << column;
        self.decoded_texts[column].clear();
        self.decoded_texts[column].push_str(text);
    }
}

impl Slot {
    fn column(self) -> Option<usize> {
        match self {
            Slot::Text(at) | Slot::NumberText(at) | Slot::Bigint(at) | Slot::Int(at) | Slot::Double(at) => {
                Some(at)
            }
            Slot::IgnoredText | Slot::IgnoredNumber => None,
        }
    }
}

fn text_slot(text: &str, known: Option<(usize, ColumnType)>) -> Option<Slot> {
    match known {
        None => Some(Slot::IgnoredText),
        Some((at, ColumnType::String)) => Some(Slot::Text(at)),
        // A number in quotes: the quotes belong to the literals.
        Some(_) if json::is_number(text) => Some(number_slot(known)),
        Some(_) => None,
    }
}

fn number_slot(known: Option<(usize, ColumnType)>) -> Slot {
    match known {
        None => Slot::IgnoredNumber,
        Some((at, ColumnType::String)) => Slot::NumberText(at),
        Some((at, ColumnType::Bigint)) => Slot::Bigint(at),
        Some((at, ColumnType::Int)) => Slot::Int(at),
        Some((at, ColumnType::Double)) => Slot::Double(at),
    }
}

impl<'a> FastRow<'a> {
    fn has(&self, at: usize) -> bool {
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

    /// Whether the text is known to be that of the fast row before.
    pub fn again(&self, at: usize) -> bool {
        self.values.again >> at & 1 == 1
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

impl Shape {
    /// Learns from the record at the start of `input`, which the general decoder
    /// has accepted. `None` when its values are not of the plain kinds.
    fn learn(input: &[u8], columns: &[Column]) -> Option<Shape> {
        let mut fields: Vec<(String, Value<'_>, Range<usize>)> = Vec::new();
        let length =
            json::object(input, |key, value, span| fields.push((key.into_owned(), value, span))).ok()?;
        let mut shape = Shape {
            steps: Vec::new(),
            end: Literal::new(b""),
            newlines: 0,
            present: 0,
            unknown: Vec::new(),
            hits: 0,
        };
        let mut literal_from = 0;
        for (key, value, span) in fields {
            let column = columns.iter().position(|column| column.name.eq_ignore_ascii_case(&key));
            match column {
                Some(at) if shape.seen(at) => return None,
                Some(at) => shape.present |= 1 << at,
                None => shape.unknown.push(key),
            }
            let known = column.map(|at| (at, columns[at].ty));
            let (span, slot) = match (&value, known) {
                // The literals hold these: another record must have the same.
                (Value::Null, _) | (Value::Bool, None) => continue,
                (Value::Text(text), _) if text.is_empty() => continue,
                (Value::Text(text), _) => (span.start + 1..span.end - 1, text_slot(text, known)?),
                (Value::Number(_), _) => (span, number_slot(known)),
                _ => return None,
            };
            let literal = Literal::new(&input[literal_from..span.start]);
            shape.steps.push(Step { literal, slot, last: Last::default() });
            literal_from = span.end;
        }
        shape.end = Literal::new(&input[literal_from..length]);
        let literals = shape.steps.iter().map(|step| &step.literal).chain([&shape.end]);
        shape.newlines = literals.map(Literal::newlines).sum();
        shape.present = shape.steps.iter().filter_map(|step| step.slot.column()).map(|at| 1 << at).sum();
        Some(shape)
    }

    fn seen(&self, at: usize) -> bool {
        self.present >> at & 1 == 1
    }

    fn tell(&self, decoded: &mut Decoded) {
        self.unknown.iter().for_each(|name| decoded.unknown_field(name, self.hits));
    }

    /// Reads a record at the start of `input` and returns its length, if it has
    /// this shape to the byte.
    #[inline]
    fn read(&mut self, input: &[u8], values: &mut Values) -> Option<usize> {
        let mut at = 0;
        (values.again, values.decoded) = (0, 0);
        for step in &mut self.steps {
            at = step.literal.skip(input, at)?;
            at = match step.slot {
                Slot::Bigint(column) => {
                    let (value, end) = integer(input, at)?;
                    values.integers[column] = value;
                    end
                }
                Slot::Double(column) => {
                    let (value, end) = double(input, at)?;
                    values.doubles[column] = value;
                    end
                }
                Slot::Text(column) if step.last.again(input, at) => {
                    values.again |= 1 << column;
                    let end = at + step.last.length - 1;
                    match &step.last.decoded {
                        None => values.texts[column] = (at, end),
                        Some(text) => values.set_text(column, text),
                    }
                    end
                }
                Slot::Text(column) => {
                    let end = values.read_text(input, at, column)?;
                    let decoded = values.decoded >> column & 1 == 1;
                    step.last.set(&input[at..=end], decoded.then(|| values.decoded_texts[column].as_str()));
                    end
                }
                Slot::Int(column) => {
                    let (value, end) = integer(input, at)?;
                    i32::try_from(value).ok()?;
                    values.integers[column] = value;
                    end
                }
                Slot::NumberText(column) => {
                    let end = at + number(input, at)?.len();
                    values.texts[column] = (at, end);
                    end
                }
                Slot::IgnoredText => text_end(input, at).or_else(|| string_end(input, at))?,
                Slot::IgnoredNumber => at + number(input, at)?.len(),
            };
        }
        self.end.skip(input, at)
    }
}

/// Shapes that are tried on a record before the general decoder.
const SHAPES: usize = 4;

/// What a shape costs to learn, in records that it must read to earn it.
const PRICE: u32 = 16;
/// What may be spent on the first shapes, and saved.
const CREDIT: u32 = 32 * PRICE;

/// The shapes that a file's records have.
pub(super) struct Shapes {
    /// The one that fitted last comes first.
    shapes: Vec<Shape>,
    credit: u32,
    /// Whether the first shape has read the row before.
    in_row: bool,
    values: Values,
}

impl Default for Shapes {
    fn default() -> Shapes {
        Shapes { shapes: Vec::new(), credit: CREDIT, in_row: false, values: Values::default() }
    }
}

/// A record that the fast path has read.
pub(super) struct Fitted<'a> {
    pub(super) row: FastRow<'a>,
    pub(super) length: usize,
    pub(super) newlines: u64,
}

impl Shapes {
    /// Reads the record at the start of `input` if it has a known shape.
    #[inline]
    pub(super) fn read<'a>(&'a mut self, input: &'a [u8]) -> Option<Fitted<'a>> {
        let values = &mut self.values;
        let mut found = None;
        for (at, shape) in self.shapes.iter_mut().enumerate() {
            if let Some(length) = shape.read(input, values) {
                found = Some((at, length));
                break;
            }
        }
        let Some((at, length)) = found else {
            self.in_row = false;
            return None;
        };
        if at > 0 || !self.in_row {
            // Its last text is of an earlier row than the one before.
            self.values.again = 0;
            self.shapes.swap(0, at);
            self.in_row = true;
        }
        let shape = &mut self.shapes[0];
        shape.hits += 1;
        self.credit = (self.credit + 1).min(CREDIT);
        let row = FastRow { input, present: shape.present, values: &self.values };
        Some(Fitted { row, length, newlines: shape.newlines })
    }

    /// Reads the record at the start of `input` if its fields are those of the
    /// table, in whatever order and spacing, with plain values.
    pub(super) fn read_loose<'a>(&'a mut self, input: &'a [u8], columns: &[Column]) -> Option<Fitted<'a>> {
        self.in_row = false;
        (self.values.again, self.values.decoded) = (0, 0);
        let (length, newlines) = loose::read(input, columns, &mut self.values)?;
        let present = (1 << columns.len()) - 1;
        Some(Fitted { row: FastRow { input, present, values: &self.values }, length, newlines })
    }

    /// Learns the shape of an accepted record, unless records have no shape in
    /// common: then learning would cost more than it saves.
    pub(super) fn learn(&mut self, record: &[u8], columns: &[Column], decoded: &mut Decoded) {
        let Some(credit) = self.credit.checked_sub(PRICE) else {
            return;
        };
        self.credit = credit;
        if let Some(shape) = Shape::learn(record, columns) {
            if self.shapes.len() == SHAPES
                && let Some(last) = self.shapes.pop()
            {
                last.tell(decoded);
            }
            self.shapes.insert(0, shape);
        }
    }

    /// Tells what the shapes have read beside their rows.
    pub(super) fn tell(&mut self, decoded: &mut Decoded) {
        self.shapes.drain(..).for_each(|shape| shape.tell(decoded));
    }
}
