//! A JSON document as YAML that people read: one field a line, every text quoted, so that none is taken for
//! something else.
//!
//! By hand: these lines are all that the documents here need, and the page carries them. A serializer quotes only where
//! it must, so that a text's look depends on what is in it, and wants the document as types instead of [`Json`].

use super::json::{Json, quoted, steers};

/// The document in block style; fields that are null are left out.
pub(super) fn yaml(json: &Json) -> String {
    let mut text = String::new();
    write(&mut text, json, 0);
    text
}

/// Writes what stands at this depth, and the end of its last line.
fn write(text: &mut String, json: &Json, depth: usize) {
    match json {
        Json::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| value != &Json::Null);
            for (at, (name, value)) in fields.enumerate() {
                // The first field of an item stands behind the item's dash.
                if at > 0 || !text.ends_with("- ") {
                    text.push_str(&"  ".repeat(depth));
                }
                text.push_str(name);
                text.push(':');
                match value {
                    Json::Object(_) => text.push('\n'),
                    Json::List(items) if !items.is_empty() => text.push('\n'),
                    _ => text.push(' '),
                }
                write(text, value, depth + 1);
            }
        }
        Json::List(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&"  ".repeat(depth));
                text.push_str("- ");
                write(text, item, depth + 1);
            }
        }
        Json::List(_) => text.push_str("[]\n"),
        Json::Text(string) => {
            text.push_str(&scalar(string));
            text.push('\n');
        }
        other => {
            text.push_str(&other.pretty());
            text.push('\n');
        }
    }
}

/// What JSON quotes is quoted YAML too, but for two characters that YAML does not print. A text with double quotes,
/// as SQL has them, is easier to read in single ones.
fn scalar(string: &str) -> String {
    if string.contains('"') && !string.contains(|char| steers(char) || hidden(char)) {
        return format!("'{}'", string.replace('\'', "''"));
    }
    quoted(string).replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff")
}

fn hidden(char: char) -> bool {
    matches!(char, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_on_lines_of_their_own_and_null_is_left_out() {
        let json = r#"{"a": 1, "none": null, "b": {"c": "y"}, "d": [{"e": true, "f": [2]}, "g"], "h": []}"#;
        let expected = "a: 1\nb:\n  c: \"y\"\nd:\n  - e: true\n    f:\n      - 2\n  - \"g\"\nh: []\n";
        assert_eq!(yaml(&Json::parse(json).unwrap()), expected);
    }

    #[test]
    fn no_text_ends_early_or_is_taken_for_something_else() {
        let scalar = |string: &str| super::scalar(string);
        assert_eq!(scalar("null"), "\"null\"");
        assert_eq!(scalar("a: b # c\n- d"), "\"a: b # c\\u000a- d\"");
        assert_eq!(scalar("say \"it's\""), "'say \"it''s\"'");
        assert_eq!(scalar("\"\u{1b}\\"), "\"\\\"\\u001b\\\\\"");
        assert_eq!(scalar("\u{ffff}\""), "\"\\uffff\\\"\"");
    }
}
