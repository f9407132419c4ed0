//! What is kept of the request for an erasure: its date or the number of a case, by which whoever keeps the evidence
//! finds the request again. Nobody's name belongs in it.

use crate::audit::steers;
use crate::error::{Error, ErrorKind};
use crate::spelling::{composed, trimmed};

/// The most characters. `docs/erasure.schema.json` says the same, and so do the help and the page.
const MOST: usize = 200;
/// Shorter names are parts of many words.
const LEAST_PART: usize = 6;
/// Full-width and small ones too.
const AT_SIGNS: [char; 3] = ['@', '\u{ff20}', '\u{fe6b}'];

/// Reads a reference; none of blanks alone.
///
/// # Errors
/// `BadReference` for one that is too long or no line, or holds an email.
pub(super) fn read(text: &str) -> Result<Option<String>, Error> {
    let text = trimmed(text);
    let problem = if text.chars().count() > MOST {
        "has more than 200 characters"
    } else if text.contains(steers) {
        "has control characters, such as line ends"
    } else if text.contains(AT_SIGNS) || spells_at(text) {
        "has an @, or (at) for it: no email belongs there"
    } else {
        return Ok(Some(text).filter(|text| !text.is_empty()).map(str::to_owned));
    };
    Err(ErrorKind::BadReference { problem }.into())
}

/// Whether a text has `at` in brackets, as people write emails that no program is to find.
fn spells_at(text: &str) -> bool {
    let text = text.to_lowercase();
    text.match_indices("at").any(|(at, word)| {
        text[..at].trim_end().ends_with(['(', '[', '{', '<'])
            && text[at + word.len()..].trim_start().starts_with([')', ']', '}', '>'])
    })
}

/// Whether a text names one of these people or devices, in any case; a short name as a word of its own.
pub(super) fn is_named<'a>(text: &str, mut names: impl Iterator<Item = &'a str>) -> bool {
    let text = composed(text);
    let is_word = |at: usize, length: usize| {
        let around = [text[..at].chars().next_back(), text[at + length..].chars().next()];
        !around.into_iter().flatten().any(char::is_alphanumeric)
    };
    names.any(|name| {
        let name = composed(trimmed(name));
        let mut places =
            text.char_indices().filter(|&(at, _)| text[at..].starts_with(&name)).map(|(at, _)| at);
        !name.is_empty() && places.any(|at| name.len() >= LEAST_PART || is_word(at, name.len()))
    })
}

/// The error of a reference that names somebody who is erased.
pub(super) fn names_somebody() -> Error {
    ErrorKind::BadReference { problem: "names a person or device that is to be erased" }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_short_line_without_an_email() {
        assert_eq!(read(" \u{a0}\n").unwrap(), None);
        assert_eq!(read(" 2026-03-04, n\u{b0} 7\n").unwrap().as_deref(), Some("2026-03-04, n\u{b0} 7"));
        assert!(read(&"\u{e4}".repeat(MOST)).is_ok());
        for (text, why) in [
            ("a".repeat(MOST + 1).as_str(), "200 characters"),
            ("a\nb", "control characters"),
            ("a\u{1b}[2J", "control characters"),
            ("a\u{202e}b", "control characters"),
            ("of ann@example.org", "an @"),
            ("of ann(at)example.org", "an @"),
            ("of ann [ AT ] example.org", "an @"),
            ("of ann\u{ff20}example.org", "an @"),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.code(), "bad_reference");
            assert!(error.to_string().contains(why) && !error.to_string().contains("ann"), "{error}");
        }
        assert!(read("received (at night), what [that] is, 7 at 8").is_ok());
    }

    #[test]
    fn a_short_name_is_found_as_a_word_and_a_long_one_anywhere() {
        let named = |text: &str, name: &str| is_named(text, [name].into_iter());
        for (text, name) in [
            ("case of S-7", "s-7"),
            ("(s-7)", " S-7 "),
            ("1-1-1", "1-1"),
            ("x1-1-1", "1-1"),
            ("aboutSERIAL-12a", "serial-12"),
            ("\u{c4}NN", "\u{e4}nn"),
            ("of JU\u{308}RGEN M", "J\u{fc}rgen M"),
        ] {
            assert!(named(text, name), "{name} in {text}");
        }
        for (text, name) in [("case 17", "7"), ("s-77", "s-7"), ("any", ""), ("", "s-7")] {
            assert!(!named(text, name), "{name} in {text}");
        }
    }
}
