//! How names that people spell are compared: emails, serial numbers and the
//! names of fields and columns.

use icu_normalizer::ComposingNormalizerBorrowed;

/// The text without the blanks at its ends: Unicode white space, and characters
/// that nobody sees (zero width, byte order and direction marks), which come
/// along when an entry is copied from a mail or a spreadsheet.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// An email as it is compared: trimmed, in Unicode's default lower case.
pub fn folded(email: &str) -> String {
    trimmed(email).to_lowercase()
}

/// A text as it is searched: in lower case, each letter and its marks as one (NFC), which macOS takes apart in names of
/// files.
pub fn composed(text: &str) -> String {
    let text = text.to_lowercase();
    match text.is_ascii() {
        true => text,
        false => ComposingNormalizerBorrowed::new_nfc().normalize(&text).into_owned(),
    }
}

/// Whether an email is what [`folded`] makes of it; mostly without making that.
pub fn is_folded(email: &str) -> bool {
    match email.is_ascii() {
        true => trimmed(email) == email && !email.bytes().any(|byte| byte.is_ascii_uppercase()),
        false => folded(email) == email,
    }
}

/// The name of a field or a column as it is compared: in lower case, without
/// `_`, `-` and blanks.
pub fn field_name(name: &str) -> String {
    letters(name).collect()
}

/// Whether a name, as people spell it, is that of the column.
pub fn names_column(name: &str, column: &str) -> bool {
    name.eq_ignore_ascii_case(column) || letters(name).eq(column.chars())
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|&c| !matches!(c, '_' | '-') && !is_blank(c)).flat_map(char::to_lowercase)
}

/// `spark/landing_fields.py` has the same list.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_at_the_ends_does_not_count() {
        for text in [" a b ", "\u{a0}a b\u{3000}", "\u{feff}\u{200b}a b\r\n", "\u{202a}a b\u{202c}\u{2069}"] {
            assert_eq!(trimmed(text), "a b", "{text:?}");
        }
        assert_eq!(folded("\u{a0}ÄNN@X.org\u{200b}"), "änn@x.org");
        for email in ["ann@x.org", "\u{e4}nn@x.org", "Ann@x.org", " ann@x.org", "\u{c4}nn", "\u{a0}\u{e4}nn"]
        {
            assert_eq!(is_folded(email), folded(email) == email, "{email:?}");
        }
        // Within it they do.
        assert_ne!(folded("a\u{200b}b"), folded("ab"));
        for text in ["J\u{dc}RGEN@x.org", "ju\u{308}rgen@X.org", "JU\u{308}RGEN@x.org"] {
            assert_eq!(composed(text), "j\u{fc}rgen@x.org", "{text:?}");
        }
    }

    #[test]
    fn names_of_fields_match_in_any_case_and_joined_in_any_way() {
        for name in ["serialNumber", "SERIAL_NUMBER", "serial-number", " Serial\u{a0}Number\u{feff}"] {
            assert_eq!(field_name(name), "serialnumber");
            assert!(names_column(name, "serialnumber"));
            assert!(!names_column(name, "serial"));
        }
    }
}
