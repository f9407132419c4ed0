//! A record whose bytes between the values are those of an earlier record needs no
//! parser, only its values read.

use std::ops::Range;

use super::literal::{Last, Literal};
use super::row::Values;
use super::swar::{double, integer, number, string_end};
use crate::ingest::decoded::Decoded;
use crate::ingest::json::grammar::{self, Value};
use crate::ingest::json::strings::text_end;
use crate::ingest::json::values;
use crate::schema::{Column, ColumnType};

/// What stands in a place of a template.
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

/// What a record looks like but for its values, learned from one.
#[derive(Debug)]
pub(super) struct Template {
    steps: Vec<Step>,
    /// What stands behind the last value.
    end: Literal,
    /// Line ends in the literals.
    pub(super) newlines: u64,
    /// Columns that have a value, as bits.
    pub(super) present: u32,
    /// Fields that the table does not have.
    unknown: Vec<String>,
    /// How many records it has read.
    pub(super) hits: u64,
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
        Some(_) if grammar::is_number(text) => Some(number_slot(known)),
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

impl Template {
    /// Learns from the record at the start of `input`, which the general decoder
    /// has accepted. `None` when its values are not of the plain kinds.
    pub(super) fn learn(input: &[u8], columns: &[Column]) -> Option<Template> {
        let mut fields: Vec<(String, Value<'_>, Range<usize>)> = Vec::new();
        let length =
            grammar::object(input, |key, value, span| fields.push((key.into_owned(), value, span))).ok()?;
        let mut template = Template {
            steps: Vec::new(),
            end: Literal::new(b""),
            newlines: 0,
            present: 0,
            unknown: Vec::new(),
            hits: 0,
        };
        let mut literal_from = 0;
        for (key, value, span) in fields {
            let column = values::position(columns, &key, 0);
            match column {
                Some(at) if template.seen(at) => return None,
                Some(at) => template.present |= 1 << at,
                None => template.unknown.push(key),
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
            template.steps.push(Step { literal, slot, last: Last::default() });
            literal_from = span.end;
        }
        template.end = Literal::new(&input[literal_from..length]);
        let literals = template.steps.iter().map(|step| &step.literal).chain([&template.end]);
        template.newlines = literals.map(Literal::newlines).sum();
        template.present =
            template.steps.iter().filter_map(|step| step.slot.column()).map(|at| 1 << at).sum();
        Some(template)
    }

    fn seen(&self, at: usize) -> bool {
        self.present >> at & 1 == 1
    }

    pub(super) fn count_unknown(&self, decoded: &mut Decoded) {
        self.unknown.iter().for_each(|name| decoded.unknown_field(name, self.hits));
    }

    /// Reads a record at the start of `input` and returns its length, if it has
    /// this template to the byte.
    #[inline]
    pub(super) fn read(&mut self, input: &[u8], values: &mut Values) -> Option<usize> {
        let mut at = 0;
        (values.repeats, values.decoded) = (0, 0);
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
                    values.repeats |= 1 << column;
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
