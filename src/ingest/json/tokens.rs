//! The tokens of JSON. Every method leaves off where it found a fault, and a
//! fault depends on nothing behind it.

use std::borrow::Cow;

use super::strings::skip_plain;

/// Levels of nesting, the record itself being the first.
pub const MAX_DEPTH: usize = 128;

/// Why no object was read. Offsets count from the start of the slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// All bytes are well, but the object does not end here.
    Incomplete,
    /// Not JSON.
    Invalid {
        /// The byte that is wrong.
        at: usize,
        /// What should have been there.
        expected: &'static str,
    },
    /// A string is not UTF-8.
    Utf8 {
        /// The byte that is wrong.
        at: usize,
    },
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep {
        /// The bracket that is too many.
        at: usize,
    },
}

/// What other languages write where JSON has none of it, and how it is named.
const FOREIGN: [(&[u8], &str); 9] = [
    (b"NaN", "a value and not NaN"),
    (b"nan", "a value and not nan"),
    (b"Infinity", "a value and not Infinity"),
    (b"inf", "a value and not inf"),
    (b"None", "a value and not None"),
    (b"True", "a value and not True"),
    (b"False", "a value and not False"),
    (b"undefined", "a value and not undefined"),
    (b"'", "a value in double quotes and not in single ones"),
];

/// Reads tokens from a slice.
pub(crate) struct Scan<'a> {
    pub(crate) input: &'a [u8],
    pub(crate) at: usize,
}

/// A checked string, still escaped.
pub(crate) struct Raw<'a> {
    text: &'a str,
    escaped: bool,
}

impl<'a> Scan<'a> {
    pub(crate) fn at_end(&self) -> bool {
        self.at >= self.input.len()
    }

    pub(crate) fn peek(&self) -> Result<u8, Fault> {
        self.input.get(self.at).copied().ok_or(Fault::Incomplete)
    }

    pub(crate) fn invalid(&self, expected: &'static str) -> Fault {
        Fault::Invalid { at: self.at, expected }
    }

    pub(crate) fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), Fault> {
        if self.peek()? != byte {
            return Err(self.invalid(expected));
        }
        self.at += 1;
        Ok(())
    }

    /// What starts here is no value. It is named if it is one in other languages.
    pub(crate) fn no_value(&self) -> Fault {
        let rest = self.input.get(self.at..).unwrap_or_default();
        match FOREIGN.iter().find(|(word, _)| word.starts_with(&rest[..rest.len().min(word.len())])) {
            Some((word, _)) if rest.len() < word.len() => Fault::Incomplete,
            Some((_, named)) => self.invalid(named),
            None => self.invalid("a value"),
        }
    }

    /// Moves over the quote that opens a field's name.
    pub(crate) fn name_quote(&mut self) -> Result<(), Fault> {
        let single = self.peek()? == b'\'';
        self.expect(
            b'"',
            if single {
                "a field name in double quotes and not in single ones"
            } else {
                "a field name in quotes"
            },
        )
    }

    pub(crate) fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.input.get(self.at) {
            self.at += 1;
        }
    }

    /// Skips blanks, and the byte too if it is next.
    pub(crate) fn next_is(&mut self, byte: u8) -> Result<bool, Fault> {
        self.blanks();
        let found = self.peek()? == byte;
        self.at += usize::from(found);
        Ok(found)
    }

    pub(crate) fn word(&mut self, word: &'static [u8]) -> Result<(), Fault> {
        for &byte in word {
            self.expect(byte, "null, true or false")?;
        }
        Ok(())
    }

    pub(crate) fn number(&mut self) -> Result<&'a str, Fault> {
        let start = self.at;
        if self.peek()? == b'-' {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits()?,
            b'I' | b'i' => return Err(self.invalid("a number and not -Infinity")),
            _ => return Err(self.invalid("a digit")),
        }
        if self.peek()? == b'.' {
            self.at += 1;
            self.digits()?;
        }
        if let b'e' | b'E' = self.peek()? {
            self.at += 1;
            if let b'+' | b'-' = self.peek()? {
                self.at += 1;
            }
            self.digits()?;
        }
        // Only ASCII was let through.
        Ok(str::from_utf8(&self.input[start..self.at]).unwrap_or_default())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        if !self.peek()?.is_ascii_digit() {
            return Err(self.invalid("a digit"));
        }
        while self.peek()?.is_ascii_digit() {
            self.at += 1;
        }
        Ok(())
    }

    /// Reads to the closing quote; the opening one has been read.
    pub(crate) fn string(&mut self) -> Result<Raw<'a>, Fault> {
        let start = self.at;
        let mut escaped = false;
        loop {
            self.at = skip_plain(self.input, self.at);
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 1;
                    self.escape()?;
                }
                0..=0x1f => return Err(self.invalid("no control character in a string")),
                _ => self.at += 1,
            }
        }
        let text = str::from_utf8(&self.input[start..self.at])
            .map_err(|error| Fault::Utf8 { at: start + error.valid_up_to() })?;
        self.at += 1;
        Ok(Raw { text, escaped })
    }

    /// Checks what follows a backslash; a lone surrogate is no character.
    fn escape(&mut self) -> Result<(), Fault> {
        match self.peek()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.at += 1;
                Ok(())
            }
            b'u' => {
                let start = self.at;
                self.at += 1;
                let lone = Fault::Invalid { at: start, expected: "a pair of surrogates" };
                match self.hex4()? {
                    0xd800..=0xdbff => {
                        if self.peek()? != b'\\' {
                            return Err(lone);
                        }
                        self.at += 1;
                        if self.peek()? != b'u' {
                            return Err(lone);
                        }
                        self.at += 1;
                        if !matches!(self.hex4()?, 0xdc00..=0xdfff) {
                            return Err(lone);
                        }
                        Ok(())
                    }
                    0xdc00..=0xdfff => Err(lone),
                    _ => Ok(()),
                }
            }
            _ => Err(self.invalid("an escape such as \\n or \\u0041")),
        }
    }

    fn hex4(&mut self) -> Result<u32, Fault> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.peek()?)
                .to_digit(16)
                .ok_or_else(|| self.invalid("four hexadecimal digits"))?;
            code = code << 4 | digit;
            self.at += 1;
        }
        Ok(code)
    }
}

impl<'a> Raw<'a> {
    /// Its characters.
    pub(crate) fn text(self) -> Cow<'a, str> {
        if !self.escaped {
            return Cow::Borrowed(self.text);
        }
        let mut out = String::with_capacity(self.text.len());
        let mut rest = self.text;
        while let Some(backslash) = rest.find('\\') {
            out.push_str(&rest[..backslash]);
            let (code, length) = unescape(&rest[backslash + 1..]);
            out.push(code);
            rest = &rest[backslash + 1 + length..];
        }
        out.push_str(rest);
        Cow::Owned(out)
    }
}

/// The character that a checked escape means, and the escape's length.
fn unescape(escape: &str) -> (char, usize) {
    let unit = |at: usize| {
        escape.get(at..at + 4).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0xfffd)
    };
    match escape.as_bytes().first() {
        Some(b'b') => ('\u{8}', 1),
        Some(b'f') => ('\u{c}', 1),
        Some(b'n') => ('\n', 1),
        Some(b'r') => ('\r', 1),
        Some(b't') => ('\t', 1),
        Some(b'u') => match unit(1) {
            high @ 0xd800..=0xdbff => {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (unit(7).wrapping_sub(0xdc00) & 0x3ff);
                (char::from_u32(code).unwrap_or('\u{fffd}'), 11)
            }
            code => (char::from_u32(code).unwrap_or('\u{fffd}'), 5),
        },
        Some(&byte) => (char::from(byte), 1),
        None => ('\u{fffd}', 0),
    }
}
