//! A whole JSON document, to be looked at, completed and written again. Numbers
//! stay as they are written. Small on purpose: derived readers of a report made
//! the page a tenth heavier.

use std::fmt::Write as _;

use crate::error::{Error, ErrorKind};
use crate::ingest::MAX_DEPTH;
use crate::ingest::json::tokens::Scan;

/// A JSON value; fields keep their order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text that is one JSON value.
    ///
    /// # Errors
    /// The line, from 1, up to which it is one.
    pub fn parse(text: &str) -> Result<Json, usize> {
        // A number ends where something else begins; give it an end to see.
        let bytes = format!("{text}\n").into_bytes();
        let mut scan = Scan { input: &bytes, at: 0 };
        let value = value(&mut scan, 0);
        scan.blanks();
        match value {
            Some(value) if scan.at == bytes.len() => Ok(value),
            _ => Err(1 + bytes[..scan.at].iter().filter(|&&byte| byte == b'\n').count()),
        }
    }

    /// A field; null if there is none.
    pub fn get(&self, name: &str) -> &Json {
        self.fields().iter().find(|(field, _)| field == name).map_or(&Json::Null, |(_, value)| value)
    }

    /// A field's text; empty if it has none.
    pub fn text_of(&self, name: &str) -> &str {
        self.get(name).text().unwrap_or_default()
    }

    /// A field's count; 0 if it has none.
    pub fn count_of(&self, name: &str) -> u64 {
        self.get(name).count()
    }

    /// A field to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Json> {
        match self {
            Json::Object(fields) => {
                fields.iter_mut().find(|(field, _)| field == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Sets a field, where it is, or else right behind another one.
    pub fn set(&mut self, name: &str, behind: &str, value: Json) {
        if let Some(field) = self.get_mut(name) {
            *field = value;
        } else if let Json::Object(fields) = self {
            let at = fields.iter().position(|(field, _)| field == behind).map_or(fields.len(), |at| at + 1);
            fields.insert(at, (name.to_owned(), value));
        }
    }

    /// Fields of an object; of anything else none.
    pub fn fields(&self) -> &[(String, Json)] {
        match self {
            Json::Object(fields) => fields,
            _ => &[],
        }
    }

    /// Values of a list; of anything else none.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    /// Values of a list, to be changed.
    pub fn items_mut(&mut self) -> &mut [Json] {
        match self {
            Json::List(items) => items,
            _ => &mut [],
        }
    }

    /// Text of a string or number.
    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) | Json::Number(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number that is not negative; of anything else 0.
    pub fn count(&self) -> u64 {
        match self {
            Json::Number(text) => text.parse().unwrap_or_default(),
            _ => 0,
        }
    }

    /// The document, indented by two.
    pub fn pretty(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, Some(0));
        text
    }

    /// The document in one line, without a blank that is not in a text.
    pub fn line(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, None);
        text
    }

    /// At this depth of what is indented; all in one line without one.
    fn write(&self, text: &mut String, depth: Option<usize>) {
        match self {
            Json::Null => text.push_str("null"),
            Json::Bool(true) => text.push_str("true"),
            Json::Bool(false) => text.push_str("false"),
            Json::Number(number) => text.push_str(number),
            Json::Text(string) => quote(text, string),
            Json::List(items) => {
                let items = items.iter().map(|item| (None, item));
                brackets(text, depth, ['[', ']'], items);
            }
            Json::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| (Some(name.as_str()), value));
                brackets(text, depth, ['{', '}'], fields);
            }
        }
    }
}

fn brackets<'a>(
    text: &mut String,
    depth: Option<usize>,
    [open, close]: [char; 2],
    inner: impl Iterator<Item = (Option<&'a str>, &'a Json)>,
) {
    let line = |text: &mut String, depth: Option<usize>| {
        if let Some(depth) = depth {
            text.push('\n');
            (0..depth).for_each(|_| text.push_str("  "));
        }
    };
    let deeper = depth.map(|depth| depth + 1);
    text.push(open);
    let mut empty = true;
    for (name, value) in inner {
        if !empty {
            text.push(',');
        }
        empty = false;
        line(text, deeper);
        if let Some(name) = name {
            quote(text, name);
            text.push_str(if depth.is_some() { ": " } else { ":" });
        }
        value.write(text, deeper);
    }
    if !empty {
        line(text, depth);
    }
    text.push(close);
}

fn quote(text: &mut String, string: &str) {
    text.push('"');
    for char in string.chars() {
        match char {
            '"' | '\\' => {
                text.push('\\');
                text.push(char);
            }
            _ if !steers(char) => text.push(char),
            control => {
                let _ = write!(text, "\\u{:04x}", control as u32);
            }
        }
    }
    text.push('"');
}

/// A document of this program's own, put together from templates and quoted text.
///
/// # Errors
/// `Document` if it is no JSON after all.
pub fn document(text: &str, expected: &'static str) -> Result<Json, Error> {
    Json::parse(text).map_err(|_| ErrorKind::Document { expected, cause: None }.into())
}

/// Whether a character moves a terminal's cursor, ends a line or turns the text
/// around it: control characters, and Unicode's marks of direction.
pub fn steers(char: char) -> bool {
    let turns = matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    char.is_control() || turns || matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn value(scan: &mut Scan<'_>, depth: usize) -> Option<Json> {
    if depth > MAX_DEPTH {
        return None;
    }
    scan.blanks();
    match scan.peek().ok()? {
        b'"' => string(scan).map(Json::Text),
        b'-' | b'0'..=b'9' => scan.number().ok().map(|number| Json::Number(number.to_owned())),
        b'n' => scan.word(b"null").ok().map(|()| Json::Null),
        b't' => scan.word(b"true").ok().map(|()| Json::Bool(true)),
        b'f' => scan.word(b"false").ok().map(|()| Json::Bool(false)),
        b'[' => {
            let mut items = Vec::new();
            inner(scan, b']', |scan| {
                items.push(value(scan, depth + 1)?);
                Some(())
            })?;
            Some(Json::List(items))
        }
        b'{' => {
            let mut fields = Vec::new();
            inner(scan, b'}', |scan| {
                let name = string(scan)?;
                scan.blanks();
                scan.expect(b':', "':'").ok()?;
                fields.push((name, value(scan, depth + 1)?));
                Some(())
            })?;
            Some(Json::Object(fields))
        }
        _ => None,
    }
}

fn string(scan: &mut Scan<'_>) -> Option<String> {
    scan.expect(b'"', "a string").ok()?;
    Some(scan.string().ok()?.text().into_owned())
}

/// What stands between two brackets, with commas.
fn inner<'a>(scan: &mut Scan<'a>, close: u8, mut one: impl FnMut(&mut Scan<'a>) -> Option<()>) -> Option<()> {
    scan.at += 1;
    if scan.next_is(close).ok()? {
        return Some(());
    }
    loop {
        scan.blanks();
        one(scan)?;
        if scan.next_is(close).ok()? {
            return Some(());
        }
        scan.expect(b',', "','").ok()?;
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::Text(text)
    }
}

impl From<Option<String>> for Json {
    fn from(text: Option<String>) -> Json {
        text.map_or(Json::Null, Json::Text)
    }
}

/// A string as JSON.
pub fn quoted(string: &str) -> String {
    let mut text = String::new();
    quote(&mut text, string);
    text
}

/// Values as a JSON list's inside.
pub fn listed(values: impl Iterator<Item = String>) -> String {
    values.fold(String::new(), |list, value| if list.is_empty() { value } else { list + "," + &value })
}

/// A JSON text with values, which are JSON themselves, in the place of their
/// names: `$name`. A name that has no value stays, and is no JSON.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut parts = template.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => text.push_str(value),
            None => text.extend(["$", name]),
        }
        text.push_str(rest);
    }
    text
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn document() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            ".{0,9}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::hash_map(".{0,5}", inner, 0..6)
                    .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_reads_and_writes_as_serde_json(value in document()) {
            let text = serde_json::to_string_pretty(&value).unwrap();
            let json = Json::parse(&text).unwrap();
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json.pretty()).unwrap(), value);
            prop_assert_eq!(Json::parse(&json.pretty()).unwrap(), json);
        }

        #[test]
        fn it_refuses_what_serde_json_refuses(text in "[\\[\\]{}\":, a1e.\\-]{0,12}") {
            prop_assert_eq!(Json::parse(&text).is_ok(), serde_json::from_str::<serde_json::Value>(&text).is_ok());
        }
    }

    #[test]
    fn a_fault_has_its_line() {
        assert_eq!(Json::parse("{\n\"a\": 1,\n}"), Err(3));
        assert_eq!(Json::parse("{}{"), Err(1));
        assert!(Json::parse(&"[".repeat(100_000)).is_err(), "no deeper than {MAX_DEPTH}");
    }

    #[test]
    fn templates_are_filled() {
        let values = [("a", "1"), ("list", &*listed(["2".to_owned(), quoted("$a\"")].into_iter()))];
        assert_eq!(fill("{$a: [$list]}$b", &values), "{1: [2,\"$a\\\"\"]}$b");
    }

    #[test]
    fn a_document_that_is_no_json_is_an_error() {
        assert!(super::document("{}", "it").is_ok());
        let error = super::document("{\"a\": }", "the event").unwrap_err();
        assert_eq!(error.code(), "document");
        assert!(error.to_string().contains("the event could not be put together"));
    }

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        let text = "\u{1b}[2J\u{9b}2J\u{202e}\n";
        assert_eq!(quoted(text), r#""\u001b[2J\u009b2J\u202e\u000a""#);
        assert_eq!(Json::parse(&quoted(text)).unwrap().text(), Some(text));
    }

    #[test]
    fn fields_are_set_in_their_place() {
        let mut json = Json::parse(r#"{"a": 1, "c": "x"}"#).unwrap();
        json.set("b", "a", Json::Null);
        json.set("c", "a", Json::Bool(true));
        json.set("d", "nowhere", Json::List(Vec::new()));
        assert_eq!(json.pretty(), "{\n  \"a\": 1,\n  \"b\": null,\n  \"c\": true,\n  \"d\": []\n}");
        assert_eq!((json.get("a").count(), json.get("a").text(), json.get("e")), (1, Some("1"), &Json::Null));
    }
}
