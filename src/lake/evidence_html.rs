//! How a page of evidence is written: every text is escaped, large numbers are grouped, and each row of a table has a
//! head.

use std::fmt::Write as _;

pub(super) const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #fff; --bad: #a40e26; \
--good: #116329; --warn: #7a5200; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --paper: #0d1117; \
--bad: #ff8182; --good: #4ac26b; --warn: #e6bd6a; } }
body { background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { margin: 0 auto; max-width: 60rem; padding: 1rem; }
h2 { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
th[scope=row] { font-weight: normal; }
td.number, th.number { font-variant-numeric: tabular-nums; text-align: right; }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.bad { color: var(--bad); font-weight: bold; }
.good { color: var(--good); font-weight: bold; }
.warn { color: var(--warn); font-weight: bold; }
@media print {
  :root { --ink: #000; --soft: #333; --line: #999; --paper: #fff; --bad: #000; --good: #000; --warn: #000; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .wide { overflow: visible; }
  h2, tr { break-after: avoid; break-inside: avoid; }
}
";

/// Columns that hold names of files and hashes: no digits in them are a number.
const VERBATIM: [&str; 2] = ["File", "SHA-256"];

pub(super) fn heading(body: &mut String, level: u8, text: &str) {
    let _ = writeln!(body, "<h{level}>{}</h{level}>", escaped(text));
}

/// A paragraph, of a class of the style or of none.
pub(super) fn line(body: &mut String, class: &str, text: &str) {
    let text = escaped(&in_words(text));
    let _ = match class {
        "" => writeln!(body, "<p>{text}</p>"),
        _ => writeln!(body, "<p class=\"{class}\">{text}</p>"),
    };
}

pub(super) fn soft(body: &mut String, text: &str) {
    line(body, "soft", text);
}

/// A value that is to be copied or compared, as it is.
pub(super) fn code(body: &mut String, what: &str, text: &str) {
    let _ = writeln!(body, "<p>{}: <code>{}</code></p>", escaped(what), escaped(text));
}

pub(super) fn list(body: &mut String, items: impl Iterator<Item = String>) {
    body.push_str("<ul>\n");
    items.for_each(|item| {
        let _ = writeln!(body, "<li>{}</li>", escaped(&in_words(&item)));
    });
    body.push_str("</ul>\n");
}

/// A column whose heading begins with `#` holds numbers, and the first one names the row. What is wider than the page
/// can be scrolled by keys.
pub(super) fn table(
    body: &mut String,
    name: &str,
    headings: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) {
    let class = |at: usize| if headings[at].starts_with('#') { " class=\"number\"" } else { "" };
    let name = escaped(name);
    let _ = write!(
        body,
        "<div class=\"wide\" role=\"group\" aria-label=\"{name}\" tabindex=\"0\">\n<table>\n<thead><tr>"
    );
    for (at, heading) in headings.iter().enumerate() {
        let _ =
            write!(body, "<th scope=\"col\"{}>{}</th>", class(at), escaped(heading.trim_start_matches('#')));
    }
    body.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        body.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let text = match VERBATIM.iter().any(|verbatim| headings[at].starts_with(*verbatim)) {
                true => escaped(cell),
                false => escaped(&in_words(cell)),
            };
            let cell = match headings[at].starts_with("SHA-256") {
                true => format!("<code>{text}</code>"),
                false => text,
            };
            let _ = match at {
                0 => write!(body, "<th scope=\"row\">{cell}</th>"),
                _ => write!(body, "<td{}>{cell}</td>", class(at)),
            };
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody>\n</table>\n</div>\n");
}

/// So many of something.
pub(super) fn plural(count: u64, one: &str, other: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { other })
}

/// A time of RFC 3339 in UTC as people read it, to the second; another text as it is.
pub(super) fn moment(time: &str) -> String {
    let utc = time.strip_suffix('Z').or_else(|| time.strip_suffix("+00:00"));
    match utc.and_then(|utc| utc.split_once('T')) {
        Some((date, clock)) => format!("{date}, {} UTC", clock.split('.').next().unwrap_or(clock)),
        None => time.to_owned(),
    }
}

/// A sentence with its large numbers grouped: 81273 is 81,273. What is part of a name, a date, a decimal or a grouped
/// number stays, and so does a year that something is before.
fn in_words(text: &str) -> String {
    let joins = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|char: char| char.is_ascii_digit()) {
        let length = rest[start..].find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len() - start);
        let (digits, after) = rest[start..].split_at(length);
        words.push_str(&rest[..start]);
        let mut next = after.chars();
        let ends = match next.next() {
            Some('.' | ',') => !next.next().is_some_and(|char| char.is_ascii_digit()),
            Some(char) => !joins(char),
            None => true,
        };
        let begins = !words.ends_with(|char: char| joins(char) || matches!(char, '.' | ','));
        match digits.len() > 3 && begins && ends && !words.ends_with("before ") {
            true => words.push_str(&grouped(digits)),
            false => words.push_str(digits),
        }
        rest = after;
    }
    words + rest
}

fn grouped(digits: &str) -> String {
    let first = match digits.len() % 3 {
        0 => 3,
        length => length,
    };
    let mut grouped = digits[..first].to_owned();
    let mut rest = &digits[first..];
    while !rest.is_empty() {
        let (group, more) = rest.split_at(3);
        grouped.push(',');
        grouped.push_str(group);
        rest = more;
    }
    grouped
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ if crate::audit::steers(char) => safe.push('\u{fffd}'),
            _ => safe.push(char),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_names_dates_and_decimals_are_not() {
        for (text, words) in [
            ("81273 rows", "81,273 rows"),
            ("999, 1000 and 1234567.", "999, 1,000 and 1,234,567."),
            ("100000", "100,000"),
            (">1000: 2", ">1,000: 2"),
            ("100-1000: 2", "100-1000: 2"),
            ("of 100,000,000,000", "of 100,000,000,000"),
            ("0.219 and 1234.5678", "0.219 and 1234.5678"),
            ("on 2026-11-30, before 1973", "on 2026-11-30, before 1973"),
            ("part-00000, a1234 and 1234b", "part-00000, a1234 and 1234b"),
        ] {
            assert_eq!(in_words(text), words);
        }
    }

    #[test]
    fn a_time_is_said_to_the_second_and_one_is_singular() {
        assert_eq!(moment("2026-11-30T19:42:36.123Z"), "2026-11-30, 19:42:36 UTC");
        assert_eq!(moment("2026-11-30T19:42:36+00:00"), "2026-11-30, 19:42:36 UTC");
        assert_eq!(moment("some day"), "some day");
        assert_eq!([0, 1, 2].map(|count| plural(count, "file", "files")), ["0 files", "1 file", "2 files"]);
    }

    #[test]
    fn hashes_and_files_stay_as_they_are_and_markup_is_text() {
        let mut body = String::new();
        let rows = [["1234", "1234", "12345678"].map(str::to_owned).to_vec()];
        table(&mut body, "<All>", &["File", "#Rows", "SHA-256 before"], rows.into_iter());
        for part in [
            "aria-label=\"&lt;All&gt;\"",
            "<th scope=\"row\">1234</th><td class=\"number\">1,234</td><td><code>12345678</code></td>",
        ] {
            assert!(body.contains(part), "{body}");
        }
    }
}
