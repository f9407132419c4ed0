//! The general decoder: one JSON object at the start of a slice, strictly by
//! RFC 8259. It differs from `serde_json` in three ways: it knows a cut object
//! from a wrong one whatever the chunking, keeps the text of numbers, and
//! allows exactly [`MAX_DEPTH`] levels.

use std::borrow::Cow;
use std::ops::Range;

use super::tokens::{Fault, MAX_DEPTH, Scan};

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

/// Reads the object that starts at the first byte of `input`, calls `field` for
/// each of its fields in order, with where its value stands, and returns the object's length in bytes.
///
/// # Errors
/// See [`Fault`]; the same for any longer input unless it is `Incomplete`.
pub fn object<'a>(
    input: &'a [u8],
    mut field: impl FnMut(Cow<'a, str>, Value<'a>, Range<usize>),
) -> Result<usize, Fault> {
    let mut scan = Scan { input, at: 0 };
    scan.expect(b'{', "'{'")?;
    if scan.next_is(b'}')? {
        return Ok(scan.at);
    }
    loop {
        scan.blanks();
        scan.name_quote()?;
        let key = scan.string()?.text();
        scan.blanks();
        scan.expect(b':', "':'")?;
        scan.blanks();
        let start = scan.at;
        let value = scan.value()?;
        field(key, value, start..scan.at);
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

impl<'a> Scan<'a> {
    pub(in crate::ingest) fn value(&mut self) -> Result<Value<'a>, Fault> {
        match self.peek()? {
            b'"' => {
                self.at += 1;
                Ok(Value::Text(self.string()?.text()))
            }
            b'-' | b'0'..=b'9' => self.number().map(Value::Number),
            b'n' if self.input.get(self.at + 1) == Some(&b'a') => Err(self.no_value()),
            b'n' => self.word(b"null").map(|()| Value::Null),
            b't' => self.word(b"true").map(|()| Value::Bool),
            b'f' => self.word(b"false").map(|()| Value::Bool),
            b'{' | b'[' => self.nested(2).map(|()| Value::Nested),
            _ => Err(self.no_value()),
        }
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
                self.name_quote()?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(input: &str) -> Result<(usize, Vec<(String, Value<'_>)>), Fault> {
        let mut fields = Vec::new();
        let length = object(input.as_bytes(), |key, value, _| {
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
            assert_eq!(object(&input.as_bytes()[..end], |_, _, _| ()), Err(Fault::Incomplete), "{end}");
        }
        assert_eq!(object(input.as_bytes(), |_, _, _| ()), Ok(input.len()));
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
            match object(input.as_bytes(), |_, _, _| ()) {
                Err(Fault::Invalid { at: found, .. }) => assert_eq!(found, at, "{input}"),
                other => panic!("{input}: {other:?}"),
            }
        }
        assert_eq!(object(b"{\"a\":\"x\xff\"}", |_, _, _| ()), Err(Fault::Utf8 { at: 7 }));
    }

    #[test]
    fn what_other_languages_write_is_named_whatever_follows() {
        for word in ["NaN", "nan", "Infinity", "-Infinity", "None", "True", "False", "undefined", "'x'"] {
            let input = format!("{{\"a\":{word}}}");
            let found = (1..=input.len()).map(|end| object(&input.as_bytes()[..end], |_, _, _| ()));
            let faults: Vec<Fault> =
                found.filter_map(Result::err).filter(|&f| f != Fault::Incomplete).collect();
            let name = if word.starts_with('\'') { "single" } else { word };
            for fault in &faults {
                assert!(
                    matches!(fault, Fault::Invalid { expected, .. } if expected.contains(name)),
                    "{fault:?}"
                );
                assert_eq!(fault, &faults[0]);
            }
            assert!(!faults.is_empty());
        }
        let single = object(b"{'a':1}", |_, _, _| ());
        assert!(matches!(single, Err(Fault::Invalid { at: 1, expected }) if expected.contains("single")));
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
