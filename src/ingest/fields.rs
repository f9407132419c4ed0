//! The fields of one object, by the columns that they name.

use std::borrow::Cow;
use std::ops::Range;

use super::json::grammar::{self, Value};
use super::json::typed;
use super::json::values::{MAX_COLUMNS, Record, position, same_bigint};
use super::nested::may_hold_record;
use crate::schema::{self, Column, Landing};

/// Pairs of members that make an object the envelope of a change (Debezium, DMS): which
/// of its states holds is not decided here.
const ENVELOPES: [[&str; 2]; 2] = [["before", "after"], ["data", "metadata"]];

/// Whether an object with these members is the envelope of a change.
pub(super) fn is_change<'a>(names: impl Iterator<Item = &'a str> + Clone) -> bool {
    ENVELOPES.iter().any(|pair| pair.iter().all(|member| names.clone().any(|name| name == *member)))
}

/// The kind of record that has these fields: of those whose keys are there the one of
/// which it has most. None if it joins the readings of both sensors.
pub(super) fn kind(has: impl Fn(&str) -> bool) -> Option<Landing> {
    if is_joined(&has) {
        return None;
    }
    let mut best = (0, None);
    for kind in Landing::ALL {
        let columns = kind.columns();
        let fits = columns.iter().all(|column| !column.key || has(column.name));
        let fields = columns.iter().filter(|column| has(column.name)).count();
        if fits && fields > best.0 {
            best = (fields, Some(kind));
        }
    }
    best.1
}

/// Whether a record with these fields joins the readings of both sensors.
pub(super) fn is_joined(has: &impl Fn(&str) -> bool) -> bool {
    schema::JOINED.into_iter().all(has) && schema::PEOPLE.into_iter().any(has)
}

/// The fields of an object, while they come in.
pub(super) struct Fields<'a> {
    columns: &'static [Column],
    values: [Value<'a>; MAX_COLUMNS],
    conflicts: u32,
    /// Known fields that are there again.
    pub(super) duplicates: u64,
    /// Names that no column has.
    pub(super) unknown: Vec<Cow<'a, str>>,
    /// Members among them that are objects or arrays: which, and where their value is.
    nested: Vec<(usize, Range<usize>)>,
    hint: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn new(columns: &'static [Column]) -> Fields<'a> {
        Fields {
            columns,
            values: Default::default(),
            conflicts: 0,
            duplicates: 0,
            unknown: Vec::new(),
            nested: Vec::new(),
            hint: 0,
        }
    }

    /// Takes a field, whose value stands at `span` of `input`.
    #[inline]
    pub(super) fn take(&mut self, key: Cow<'a, str>, value: Value<'a>, input: &'a [u8], span: Range<usize>) {
        let Some(at) = position(self.columns, &key, self.hint) else {
            if value == Value::Nested {
                self.nested.push((self.unknown.len(), span));
            }
            self.unknown.push(key);
            return;
        };
        let value = match value {
            Value::Nested => typed::open(&input[span]).unwrap_or(Value::Nested),
            plain => plain,
        };
        let before = std::mem::replace(&mut self.values[at], value);
        self.hint = at + 1;
        if before != Value::Absent {
            self.duplicates += 1;
            self.has_to_agree(at, &before);
        }
    }

    /// Two values of a column that decides on consent are none if they differ. Gives whether they do.
    fn has_to_agree(&mut self, at: usize, other: &Value) -> bool {
        let conflict = self.columns[at].conflict_is_null && !same_bigint(other, &self.values[at]);
        self.conflicts |= u32::from(conflict) << at;
        conflict
    }

    /// Whether it has a key of a record.
    pub(super) fn has_key(&self) -> bool {
        self.columns.iter().zip(&self.values).any(|(column, value)| column.key && *value != Value::Absent)
    }

    /// The record that stands in one member of an object that is none itself (an export
    /// of DynamoDB: `{"Item": {…}}`); else the object as it is. Fields of a record beside it are
    /// unknown, but what they say of consent has to agree.
    pub(super) fn opened(mut self, input: &'a [u8]) -> Fields<'a> {
        if self.nested.is_empty() || self.has_key() || is_change(self.unknown.iter().map(AsRef::as_ref)) {
            return self;
        }
        let mut found = None;
        for (member, span) in &self.nested {
            let (span, mut fields) = (&input[span.clone()], Fields::new(self.columns));
            let read = grammar::object(span, |key, value, at| fields.take(key, value, span, at));
            if read.is_ok() && fields.kind().is_some() {
                if found.is_some() {
                    return self;
                }
                found = Some((*member, fields));
            } else if may_hold_record(span) {
                // More than one record: it is not known which of them is meant.
                return self;
            }
        }
        let Some((member, mut fields)) = found else { return self };
        self.unknown.remove(member);
        fields.unknown.append(&mut self.unknown);
        for (at, column) in self.columns.iter().enumerate() {
            let beside = &self.values[at];
            if *beside == Value::Absent {
                continue;
            }
            fields.unknown.push(column.name.into());
            if fields.has_to_agree(at, beside) && fields.values[at] == Value::Absent {
                // The record has the field, if only beside it.
                fields.values[at] = Value::Null;
            }
        }
        fields
    }

    /// The kind of record that its fields make it.
    pub(super) fn kind(&self) -> Option<Landing> {
        kind(|name| {
            let at = self.columns.iter().position(|column| column.name == name);
            at.is_some_and(|at| self.values[at] != Value::Absent)
        })
    }

    /// Its fields by the columns of a kind; the others are unknown to it.
    pub(super) fn of(mut self, kind: Landing) -> Fields<'a> {
        let mut fields = Fields { duplicates: self.duplicates, ..Fields::new(kind.columns()) };
        for (at, column) in self.columns.iter().enumerate() {
            let value = std::mem::take(&mut self.values[at]);
            match kind.columns().iter().position(|own| own.name == column.name) {
                Some(own) => {
                    fields.values[own] = value;
                    fields.conflicts |= (self.conflicts >> at & 1) << own;
                }
                None if value != Value::Absent => self.unknown.push(column.name.into()),
                None => {}
            }
        }
        fields.unknown = self.unknown;
        fields
    }

    /// As a record at a byte of its file.
    pub(super) fn record(self, offset: u64) -> Record<'a> {
        Record { columns: self.columns, values: self.values, offset, conflicts: self.conflicts }
    }
}
