//! The general decoder: one JSON object at the start of a slice, strictly by
//! RFC 8259. It differs from `serde_json` in three ways: it tells a cut object
//! from a wrong one whatever the chunking, keeps the text of numbers, and
//! allows exactly [`MAX_DEPTH`] levels.

use std::borrow::Cow;

/// Levels of nesting, the record itself being the first.
pub const MAX_DEPTH: usize = 128;

/// A field's value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value<'a> {
    /// The record does not have the field.
    #[default]
    Absent,
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, as written.
    Number(&'a str),
    /// A string, unescaped.
    Text(Cow<'a, str>),
    /// An array or an object, checked and skipped.
    Nested,
}

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

/// Reads the object that starts at the first byte of `input`, calls `field` for
/// each of its fields in order, and returns the object's length in bytes.
///
/// # Errors
/// See [`Fault`]; the same for any longer input unless it is `Incomplete`.
pub fn object<'a>(input: &'a [u8], mut field: impl FnMut(Cow<'a, str>, Value<'a>)) -> Result<usize, Fault> {
    let mut scan = Scan { input, at: 0 };
    scan.expect(b'{', "'{'")?;
    if scan.next_is(b'}')? {
        return Ok(scan.at);
    }
    loop {
        scan.blanks();
        scan.expect(b'"', "a field name in quotes")?;
        let key = scan.string()?.text();
        scan.blanks();
        scan.expect(b':', "':'")?;
        let value = scan.value()?;
        field(key, value);
        scan.blanks();
        match scan.peek()? {
            b',' => scan.at += 1,
            b'}' => {
                scan.at += 1;
                return Ok(scan.at);
            }
            _ => return Err(scan.invalid("',' or '}'")),
        }
    }
}

/// Whether the text is exactly one JSON number.
pub fn is_number(text: &str) -> bool {
    // A number ends where something else begins; give it an end to see.
    let mut bytes = Vec::with_capacity(text.len() + 1);
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(b' ');
    let mut scan = Scan { input: &bytes, at: 0 };
    scan.number().is_ok() && scan.at == text.len()
}

struct Scan<'a> {
    input: &'a [u8],
    at: usize,
}

/// A checked string, still escaped.
struct Raw<'a> {
    text: &'a str,
    escaped: bool,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Result<u8, Fault> {
        self.input.get(self.at).copied().ok_or(Fault::Incomplete)
    }

    fn invalid(&self, expected: &'static str) -> Fault {
        Fault::Invalid { at: self.at, expected }
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), Fault> {
        if self.peek()? != byte {
            return Err(self.invalid(expected));
        }
        self.at += 1;
        Ok(())
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.input.get(self.at) {
            self.at += 1;
        }
    }

    /// Skips blanks, and the byte too if it is next.
    fn next_is(&mut self, byte: u8) -> Result<bool, Fault> {
        self.blanks();
        let found = self.peek()? == byte;
        self.at += usize::from(found);
        Ok(found)
    }

    fn value(&mut self) -> Result<Value<'a>, Fault> {
        self.blanks();
        match self.peek()? {
            b'"' => {
                self.at += 1;
                Ok(Value::Text(self.string()?.text()))
            }
            b'-' | b'0'..=b'9' => self.number().map(Value::Number),
            b'n' => self.word(b"null").map(|()| Value::Null),
            b't' => self.word(b"true").map(|()| Value::Bool),
            b'f' => self.word(b"false").map(|()| Value::Bool),
            b'{' | b'[' => self.nested(2).map(|()| Value::Nested),
            _ => Err(self.invalid("a value")),
        }
    }

    fn word(&mut self, word: &'static [u8]) -> Result<(), Fault> {
        for &byte in word {
            self.expect(byte, "null, true or false")?;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<&'a str, Fault> {
        let start = self.at;
        if self.peek()? == b'-' {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits()?,
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
    fn string(&mut self) -> Result<Raw<'a>, Fault> {
        let start = self.at;
        let mut escaped = false;
        loop {
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

    /// Checks and skips an array or an object that is at the given depth.
    fn nested(&mut self, depth: usize) -> Result<(), Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::TooDeep { at: self.at });
        }
        let (object, close) = match self.peek()? {
            b'{' => (true, b'}'),
            _ => (false, b']'),
        };
        self.at += 1;
        if self.next_is(close)? {
            return Ok(());
        }
        loop {
            self.blanks();
            if object {
                self.expect(b'"', "a field name in quotes")?;
                self.string()?;
                self.blanks();
                self.expect(b':', "':'")?;
                self.blanks();
            }
            match self.peek()? {
                b'{' | b'[' => self.nested(depth + 1)?,
                b'"' => {
                    self.at += 1;
                    self.string()?;
                }
                _ => {
                    self.value()?;
                }
            }
            if self.next_is(close)? {
                return Ok(());
            }
            self.expect(b',', if object { "',' or '}'" } else { "',' or ']'" })?;
        }
    }
}

impl<'a> Raw<'a> {
    fn text(self) -> Cow<'a, str> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(input: &str) -> Result<(usize, Vec<(String, Value<'_>)>), Fault> {
        let mut fields = Vec::new();
        let length = object(input.as_bytes(), |key, value| {
            fields.push((key.into_owned(), value));
        })?;
        Ok((length, fields))
    }

    #[test]
    fn reads_every_kind_of_value() {
        let input = r#"{"a":1.50e3,"b":"x\n\u00e9\ud83d\ude00","c":null,"d":true,"e":[1,{"f":[]}],"g":{}} x"#;
        let (length, found) = fields(input).unwrap();
        assert_eq!(length, input.len() - 2);
        let expected = [
            ("a", Value::Number("1.50e3")),
            ("b", Value::Text("x\né😀".into())),
            ("c", Value::Null),
            ("d", Value::Bool),
            ("e", Value::Nested),
            ("g", Value::Nested),
        ];
        for ((key, value), (name, wanted)) in found.iter().zip(&expected) {
            assert_eq!((key.as_str(), value), (*name, wanted));
        }
        assert_eq!(found.len(), expected.len());
    }

    #[test]
    fn every_prefix_is_incomplete() {
        let input = r#"{"a" : -0.5e-7 , "b\"":"\ud83d\ude00é" , "c":[true,[{"d":null}]]}"#;
        for end in 0..input.len() {
            assert_eq!(object(&input.as_bytes()[..end], |_, _| ()), Err(Fault::Incomplete), "{end}");
        }
        assert_eq!(object(input.as_bytes(), |_, _| ()), Ok(input.len()));
    }

    #[test]
    fn faults_say_where() {
        for (input, at) in [
            ("{\"a\":01}", 6),
            ("{\"a\":1,}", 7),
            ("{'a':1}", 1),
            ("{\"a\":tru}", 8),
            ("{\"a\":\"\n\"}", 6),
            ("{\"a\":\"\\x\"}", 7),
            ("{\"a\":\"\\ud800\"}", 7),
            ("{\"a\":[1 2]}", 8),
            ("{\"a\":.5}", 5),
            ("{\"a\":1.}", 7),
            ("{\"a\":NaN}", 5),
        ] {
            match object(input.as_bytes(), |_, _| ()) {
                Err(Fault::Invalid { at: found, .. }) => assert_eq!(found, at, "{input}"),
                other => panic!("{input}: {other:?}"),
            }
        }
        assert_eq!(object(b"{\"a\":\"x\xff\"}", |_, _| ()), Err(Fault::Utf8 { at: 7 }));
    }

    #[test]
    fn depth_is_limited_exactly() {
        let nest = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(fields(&nest(MAX_DEPTH - 1)).is_ok());
        assert_eq!(fields(&nest(MAX_DEPTH)), Err(Fault::TooDeep { at: 5 + MAX_DEPTH - 1 }));
    }

    #[test]
    fn numbers_in_quotes_are_held_to_the_same_grammar() {
        for yes in ["0", "-0", "1.0", "1e9", "1E+9", "-12.5e-3"] {
            assert!(is_number(yes), "{yes}");
        }
        for no in ["", " 1", "1 ", "+1", "01", "1.", ".5", "NaN", "0x1", "1e", "1_000", "--1"] {
            assert!(!is_number(no), "{no}");
        }
    }
}
