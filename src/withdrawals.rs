//! Reads lists of withdrawals: one entry a line, or a CSV with a column of emails
//! or of serial numbers.

use crate::schema::{LISTED, LONG_LISTED};
use crate::spelling::{field_name, folded, trimmed};

const DELIMITERS: [char; 3] = [',', ';', '\t'];
/// Quotes and brackets around an address.
const AROUND: [char; 14] = ['"', '\'', '“', '”', '„', '‘', '’', '‚', '«', '»', '(', ')', '[', ']'];
const MAILTO: &str = "mailto:";

/// An email or a serial number; the list does not say which of the two it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Without the blanks at its ends; never empty. Personal data.
    pub text: String,
    /// Line of the list, from 1.
    pub line: u64,
}

/// The entries of a list. If its first line names columns, by commas, semicolons
/// or tabs between them, only those of emails and of serial numbers are read; if
/// not, every field of every line is an entry: what is none matches nothing, and
/// is told of.
pub fn read(list: &str) -> Vec<Entry> {
    let list = list.trim_start_matches('\u{feff}');
    let header = DELIMITERS.iter().find_map(|&delimiter| {
        let (_, names) = records(list, &[delimiter]).find(|(_, fields)| !is_blank(fields))?;
        let wanted: Vec<bool> = names.iter().map(|name| is_listed(name)).collect();
        names.iter().any(|name| is_header(name)).then_some((delimiter, wanted))
    });
    let entries = |(line, fields): (u64, Vec<String>)| {
        // No entry holds a line end: a quote was not closed.
        let texts = fields.iter().flat_map(|field| field.split(['\r', '\n']));
        let entry = |text: &str| Entry { text: text.to_owned(), line };
        texts.flat_map(named).map(entry).collect::<Vec<_>>()
    };
    match header {
        None => records(list, &DELIMITERS).flat_map(entries).collect(),
        Some((delimiter, wanted)) => {
            let rows = records(list, std::slice::from_ref(&delimiter));
            let rows = rows.skip_while(|(_, fields)| is_blank(fields)).skip(1);
            let read = |(line, mut fields): (u64, Vec<String>)| {
                // A row that is too short may hide whom it is about: all of it is told of.
                if wanted.iter().rposition(|&wanted| wanted) < Some(fields.len()) {
                    let columns = fields.iter().zip(wanted.iter().copied().chain(std::iter::repeat(false)));
                    let (kept, others): (Vec<_>, Vec<_>) = columns.partition(|(_, wanted)| *wanted);
                    let text = |(field, _): (&String, bool)| field.clone();
                    let kept: Vec<String> = kept.into_iter().map(text).collect();
                    // So may one whose value stands in another column.
                    if !is_blank(&kept) {
                        let others = others.into_iter().flat_map(|(field, _)| swallowed(field));
                        fields = kept.into_iter().chain(others.map(str::to_owned)).collect();
                    }
                }
                entries((line, fields))
            };
            rows.flat_map(read).collect()
        }
    }
}

/// Whom a text names, as people write it: the addresses in it (`Ann <ann@x.org>`, `mailto:ann@x.org`, or several with
/// blanks, commas or semicolons between them), else all of it, a serial number perhaps; without quotes and blanks
/// around them. None of blanks alone. A text of which it is not clear whom it means stays as it is: it matches nobody
/// then, and is told of.
pub fn named(text: &str) -> Vec<&str> {
    let text = trimmed(trimmed(text).trim_matches('"'));
    addresses(text).unwrap_or_else(|| vec![text])
}

/// The addresses of a text that is nothing but addresses, or names with addresses in angle brackets behind them.
fn addresses(text: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    for part in text.split([',', ';']) {
        if part.contains('<') {
            found.extend(bracketed(part)?);
        } else if part.contains('@') || !text.contains('<') {
            // `ann lee@x.org` may be one wrong address: it must not become somebody else's.
            for word in part.split_whitespace() {
                found.push(address(word)?);
            }
        }
    }
    Some(found)
}

/// The addresses in angle brackets; none if another one stands beside them.
fn bracketed(part: &str) -> Option<Vec<&str>> {
    let (mut found, mut outside, mut rest) = (Vec::new(), Vec::new(), part);
    while let Some((name, after)) = rest.split_once('<') {
        let (inside, behind) = after.split_once('>')?;
        found.push(address(inside)?);
        outside.push(name);
        rest = behind;
    }
    outside.push(rest);
    let mut words = outside.into_iter().flat_map(str::split_whitespace).filter(|word| word.contains('@'));
    let is_found =
        |word: &str| address(word).is_some_and(|word| found.iter().any(|one| folded(one) == folded(word)));
    words.all(is_found).then_some(found)
}

/// The address that a text is, without what mail programs and people put around one.
fn address(text: &str) -> Option<&str> {
    let text = trimmed(trimmed(text).trim_matches(AROUND));
    let text = match text.split_at_checked(MAILTO.len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(MAILTO) => rest.split('?').next().unwrap_or(rest),
        _ => text,
    };
    let (local, domain) = text.split_once('@')?;
    let is_one = !local.is_empty() && !domain.is_empty() && !domain.contains('@');
    (is_one && !text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'))).then_some(text)
}

/// Addresses in a field of another column that holds line ends: a quote that nobody closed has
/// taken the lines behind it.
fn swallowed(field: &str) -> impl Iterator<Item = &str> {
    let lines = field.split(['\r', '\n']).skip(1);
    lines.flat_map(|line| line.split(DELIMITERS)).filter(|text| text.contains('@'))
}

/// Whether a field can only be the name of a column of emails or of serial numbers.
fn is_header(name: &str) -> bool {
    let is_one = !name.contains(DELIMITERS);
    let name = field_name(name);
    LISTED.contains(&name.as_str())
        || is_one
            && name.chars().all(char::is_alphabetic)
            && LONG_LISTED.iter().any(|long| name.ends_with(long))
}

/// Whether a column is one of emails or of serial numbers. There may be several: old and
/// new ones, or numbered ones. A number alone makes no header: `serial-4` is an entry.
fn is_listed(name: &str) -> bool {
    is_header(name.trim_end_matches(|char: char| char.is_ascii_digit()))
}

/// The text of a list: UTF-8, or UTF-16 with a byte order mark, as spreadsheets
/// save it.
///
/// # Errors
/// The first byte that is neither.
pub fn decode(bytes: &[u8]) -> Result<String, usize> {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks(2).map(|unit| unit.try_into().map_or(0xd800, read));
        let mut text = String::new();
        for unit in char::decode_utf16(units) {
            text.push(unit.map_err(|_| 2 + 2 * text.encode_utf16().count())?);
        }
        Ok(text)
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => str::from_utf8(bytes).map(str::to_owned).map_err(|error| error.valid_up_to()),
    }
}

fn is_blank(fields: &[String]) -> bool {
    fields.iter().all(|field| trimmed(field).is_empty())
}

/// The lines of a CSV (RFC 4180), as fields, and where each starts.
fn records<'a>(mut rest: &'a str, delimiters: &'a [char]) -> impl Iterator<Item = (u64, Vec<String>)> + 'a {
    let mut line = 1;
    std::iter::from_fn(move || {
        let (start, mut fields) = (line, Vec::new());
        while !rest.is_empty() {
            let (field, after) = field(rest, delimiters);
            line += lines(&rest[..rest.len() - after.len()]);
            fields.push(field);
            rest = after;
            if let Some(next) = rest.strip_prefix(delimiters) {
                rest = next;
                continue;
            }
            line += u64::from(!rest.is_empty());
            rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\r', '\n'])).unwrap_or(rest);
            return Some((start, fields));
        }
        (!fields.is_empty()).then_some((start, fields))
    })
}

/// The field at the start of a text, and what is left: a delimiter, a line end or
/// nothing comes first there.
fn field<'a>(text: &'a str, delimiters: &[char]) -> (String, &'a str) {
    let ends = |c: char| matches!(c, '\r' | '\n') || delimiters.contains(&c);
    let plain = |text: &'a str| text.split_at(text.find(ends).unwrap_or(text.len()));
    let opened = text.trim_start_matches(|c: char| c.is_whitespace() && !ends(c));
    let Some(mut quoted) = opened.strip_prefix('"') else {
        let (field, rest) = plain(text);
        return (field.to_owned(), rest);
    };
    let mut field = String::new();
    // A quote that nothing closes must not swallow the lines behind it.
    while let Some(quote) = quoted.find('"') {
        field.push_str(&quoted[..quote]);
        quoted = &quoted[quote + 1..];
        if !quoted.starts_with('"') {
            let (behind, rest) = plain(quoted);
            field.push_str(behind);
            return (field, rest);
        }
        field.push('"');
        quoted = &quoted[1..];
    }
    let (field, rest) = plain(&opened[1..]);
    (field.to_owned(), rest)
}

/// How many line ends a text holds: `\n`, `\r\n` or `\r`.
fn lines(text: &str) -> u64 {
    let ends = text.matches(['\r', '\n']).count() - text.matches("\r\n").count();
    ends as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(list: &str) -> Vec<(u64, String)> {
        read(list).into_iter().map(|entry| (entry.line, entry.text)).collect()
    }

    fn expected(entries: &[(u64, &str)]) -> Vec<(u64, String)> {
        entries.iter().map(|&(line, text)| (line, text.to_owned())).collect()
    }

    #[test]
    fn a_plain_list_has_one_entry_a_line() {
        for (list, wanted) in [
            ("\u{feff} a@b.c \r\n\n serial-1", &[(1, "a@b.c"), (3, "serial-1")][..]),
            ("serial-4\nemail2\n", &[(1, "serial-4"), (2, "email2")]),
            ("\u{a0}a@b.c\u{200b}\rb@b.c\r", &[(1, "a@b.c"), (2, "b@b.c")]),
            ("a@b.c, b@b.c;c@b.c", &[(1, "a@b.c"), (1, "b@b.c"), (1, "c@b.c")]),
            ("\"Lee, Ann\" <a@b.c>\nb@b.c c@b.c", &[(1, "a@b.c"), (2, "b@b.c"), (2, "c@b.c")]),
            (" \n\t\n", &[]),
            ("", &[]),
        ] {
            assert_eq!(entries(list), expected(wanted), "{list:?}");
        }
    }

    #[test]
    fn a_csv_gives_its_columns_of_emails_and_serial_numbers() {
        for (list, wanted) in [
            ("email\na@b.c\n", &[(2, "a@b.c")][..]),
            ("\n\u{feff}E-Mail\r\na@b.c\r\n\r\nb@b.c", &[(3, "a@b.c"), (5, "b@b.c")]),
            (
                "name,E_mail Address,since\nAnn,a@b.c,2020\nBen,,2021\nCat",
                &[(2, "a@b.c"), (3, "Ben"), (3, "2021"), (4, "Cat")],
            ),
            ("name,email\nA,a@b.c\nb@b.c,\n,\n", &[(2, "a@b.c"), (3, "b@b.c")]),
            ("email;Seriennummer\na@b.c;s1\n;s2\n", &[(2, "a@b.c"), (3, "s2")]),
            (
                "email,note\na@b.c,\"he said\nb@b.c,\"x\"\n\"c@b.c\",\"two\nlines\"\n",
                &[(2, "a@b.c"), (2, "b@b.c"), (4, "c@b.c")],
            ),
            ("id;Serial-Number;EMAIL\n1;s1;a@b.c\n", &[(2, "s1"), (2, "a@b.c")]),
            ("name\tserialNumber\nAnn, A.\ts1\n", &[(2, "s1")]),
            ("name,email\n\"Ann \"\"A\"\", of\nHere\", \"a@b.c\" \nBen,b@b.c", &[(2, "a@b.c"), (4, "b@b.c")]),
            (
                "email,Email 2,sent\na@b.c,b@b.c,2020\nc@b.c,,2021",
                &[(2, "a@b.c"), (2, "b@b.c"), (3, "c@b.c")],
            ),
            ("old_email;new e-mail;emails sent\na@b.c;b@b.c;3", &[(2, "a@b.c"), (2, "b@b.c")]),
            ("\"email\"\n\"a@b.c\n\"b@b.c\"", &[(2, "a@b.c"), (2, "b@b.c")]),
            ("email\n\"a@b.c\nb@b.c", &[(2, "a@b.c"), (3, "b@b.c")]),
            ("Ann,a@b.c\n", &[(1, "Ann"), (1, "a@b.c")]),
            ("name,email\nAnn,\"a@b.c; B <b@b.c>\"\n", &[(2, "a@b.c"), (2, "b@b.c")]),
        ] {
            assert_eq!(entries(list), expected(wanted), "{list:?}");
        }
    }

    #[test]
    fn an_entry_is_the_address_in_it_where_that_is_clear() {
        for text in [
            "a@b.c",
            "<a@b.c>",
            "Ann Lee <a@b.c>",
            "Lee, Ann < a@b.c > (left)",
            "a@b.c <a@b.c>",
            "mailto:a@b.c",
            "<MailTo:a@b.c?subject=x>",
            " \"a@b.c\"",
            "'a@b.c'",
            "\u{201e}a@b.c\u{201c}",
            "(a@b.c)",
            "a@b.c;",
        ] {
            assert_eq!(named(text), ["a@b.c"], "{text:?}");
        }
        for text in
            ["a@b.c b@b.c", "a@b.c; b@b.c", "<a@b.c>,<b@b.c>", "A <a@b.c> B <b@b.c>", "A <a@b.c>; b@b.c"]
        {
            assert_eq!(named(text), ["a@b.c", "b@b.c"], "{text:?}");
        }
        // Serial numbers, and what may mean somebody else.
        for text in [
            "s-1",
            "a; b",
            "of s 1",
            "Lee, Ann",
            "<s-1>",
            "ann a@b.c",
            "s-1; a@b.c",
            "x@b.c Ann <a@b.c>",
            "a@b@c",
            "@b.c",
            "<a@b.c",
            "an\u{200b}n@b.c",
        ] {
            assert_eq!(named(text), [text], "{text:?}");
        }
        assert!(["", " \u{a0}", "\"\"", ";"].iter().all(|text| named(text).is_empty()));
    }

    #[test]
    fn a_list_from_a_spreadsheet_may_be_utf_16() {
        let text = "email\nä😀@b.c";
        let units: Vec<u16> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        assert_eq!((decode(&little).as_deref(), decode(&big).as_deref()), (Ok(text), Ok(text)));
        assert_eq!(decode(&little[..little.len() - 1]), Err(little.len() - 2));
        assert_eq!(decode(text.as_bytes()).as_deref(), Ok(text));
        assert_eq!(decode(b"a\xe4"), Err(1));
    }
}
