//! The texts behind the keys that match a column, in bytes that are no row: every string there, at any depth, however
//! broken the JSON around it is, and a number that stands in the place of one.
//!
//! No parser could follow such bytes. So every quote is taken for one that may
//! open a key: a quote too many before it hides no text.

use std::collections::BTreeSet;

use super::json::tokens::Scan;
use crate::spelling::{field_name, trimmed};

/// The longest text of a key that is looked at, escapes included.
pub(super) const LONGEST_KEY: usize = 128;
/// The longest text behind one, likewise; what is longer counts as not read.
pub(super) const LONGEST_TEXT: usize = 64 << 10;

/// The texts of a column, while the bytes of a reject come in, in any chunks.
#[derive(Default)]
pub(super) struct NamedTexts {
    column: &'static str,
    /// Without blanks at their ends.
    pub(super) found: BTreeSet<String>,
    /// Whether one of them surely ends where its text does.
    pub(super) sure: bool,
    /// Whether a key that matches was there.
    pub(super) named: bool,
    /// What stands behind the last quote, if it may still be a key.
    key: Vec<u8>,
    long: bool,
    /// Whether a quote was there at all: the bytes may begin within a key.
    quoted: bool,
    /// Whether the last key that matches had its opening quote.
    whole_key: bool,
    next: Next,
    /// Brackets that are open within the value of a key that matches.
    depth: u32,
    value: Option<Value>,
    /// A value that has ended; what follows says whether it was one.
    ended: Option<String>,
    /// A number that is the value, as it is written so far.
    number: String,
}

/// What has to come next for the last key to have a value.
#[derive(Clone, Copy, Default, PartialEq)]
enum Next {
    /// No key that matches was there.
    #[default]
    Key,
    Colon,
    Value,
}

#[derive(Default)]
struct Value {
    text: Vec<u8>,
    escaped: bool,
}

impl NamedTexts {
    /// Of the column of this name.
    pub(super) fn of(column: &'static str) -> NamedTexts {
        NamedTexts { column, ..NamedTexts::default() }
    }

    /// Takes the next bytes.
    pub(super) fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.is_idle() {
                let quote = memchr::memchr(b'"', bytes).unwrap_or(bytes.len());
                bytes = &bytes[quote..];
            }
            let Some((&byte, rest)) = bytes.split_first() else { return };
            self.byte(byte);
            bytes = rest;
        }
    }

    /// No more bytes follow: a text that has ended has nothing to contradict it,
    /// but within brackets it may have been a key.
    pub(super) fn end(&mut self) {
        if let Some(text) = self.ended.take() {
            self.sure |= self.whole_key && self.depth == 0;
            self.found.insert(text);
        }
        self.end_number();
    }

    fn end_number(&mut self) {
        if !self.number.is_empty() {
            self.found.insert(std::mem::take(&mut self.number));
        }
    }

    /// Whether nothing but a quote matters.
    fn is_idle(&self) -> bool {
        let has_value = self.value.is_some() || self.ended.is_some() || !self.number.is_empty();
        self.long && self.next == Next::Key && self.depth == 0 && !has_value
    }

    fn byte(&mut self, byte: u8) {
        let opens = byte == b'"' && (self.next == Next::Value || self.depth > 0 && self.value.is_none());
        if self.value.is_some() {
            self.within_value(byte);
        } else if !is_blank(byte) {
            self.follow(byte);
            match byte {
                b'{' | b'[' if self.next == Next::Value || self.depth > 0 => {
                    self.depth = self.depth.saturating_add(1);
                }
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        if opens {
            self.follow(byte);
            self.value = Some(Value::default());
        }
        self.within_number(byte);
        self.within_key(byte);
    }

    fn within_number(&mut self, byte: u8) {
        let goes_on = match self.number.is_empty() {
            true => self.next == Next::Value && matches!(byte, b'-' | b'0'..=b'9'),
            false => matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'),
        };
        if !goes_on {
            self.end_number();
        } else if self.number.len() < LONGEST_TEXT {
            self.number.push(char::from(byte));
        }
    }

    /// Any quote ends a key and opens one: none that matches holds a quote.
    fn within_key(&mut self, byte: u8) {
        self.next = match (self.next, byte) {
            (Next::Key | Next::Colon, b'"') if !self.long && self.matches(&self.key) => {
                self.whole_key = self.quoted;
                Next::Colon
            }
            (Next::Colon, b':') => {
                self.named = true;
                Next::Value
            }
            (next, _) if is_blank(byte) => next,
            _ => Next::Key,
        };
        if byte == b'"' {
            self.key.clear();
            self.long = false;
            self.quoted = true;
        } else if self.key.len() < LONGEST_KEY {
            self.key.push(byte);
        } else {
            self.long = true;
        }
    }

    fn within_value(&mut self, byte: u8) {
        let Some(mut value) = self.value.take() else { return };
        match byte {
            _ if value.escaped => value.escaped = false,
            b'\\' => value.escaped = true,
            b'"' => {
                value.text.push(byte);
                let text = Scan { input: &value.text, at: 0 }.string().ok();
                self.ended =
                    text.map(|text| trimmed(&text.text()).to_owned()).filter(|text| !text.is_empty());
                return;
            }
            // No string holds a line end: its quote is missing.
            0..=0x1f => return,
            _ => {}
        }
        if value.text.len() < LONGEST_TEXT {
            value.text.push(byte);
            self.value = Some(value);
        }
    }

    /// Sees by what follows whether a text was a value. One that is followed by
    /// something else may have lost its closing quote: it counts, but not as read.
    fn follow(&mut self, byte: u8) {
        if let Some(text) = self.ended.take() {
            if self.depth > 0 && byte == b':' {
                return;
            }
            self.sure |= self.whole_key && matches!(byte, b',' | b'}' | b']' | b'"');
            self.found.insert(text);
        }
    }

    /// Whether the text of a key, escapes included, is the column's name.
    fn matches(&self, key: &[u8]) -> bool {
        let quoted = [key, b"\""].concat();
        Scan { input: &quoted, at: 0 }.string().is_ok_and(|key| field_name(&key.text()) == self.column)
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
