//! What a page of evidence says of an erasure: who it took, what it did to the files, how its list is checked, and
//! what it does not reach.

use super::evidence_html::{code, heading, line, list, moment, plural, soft, table};
use crate::audit::Json;

/// A section on an erasure, by its part of `erasure.json`.
pub(super) fn erased(body: &mut String, erasure: &Json) {
    heading(body, 2, &format!("Erasure of {}", moment(erasure.text_of("time"))));
    if let Some(reference) = erasure.get("reference").text() {
        code(body, "Reference of the request", reference);
    }
    let [asked, matched, left] = ["asked", "matched", "matches_left"].map(|name| erasure.count_of(name));
    let class = match (left, matched == asked) {
        (0, true) => "good",
        (0, false) => "warn",
        _ => "bad",
    };
    let searched = erasure.get("searched");
    let values: u64 =
        searched.fields().iter().filter(|(name, _)| name != "files").map(|(_, count)| count.count()).sum();
    line(
        body,
        class,
        &format!(
            "{} Afterwards {} in {} were searched for these people: {}.",
            found(asked, matched),
            plural(values, "place", "places"),
            plural(searched.count_of("files"), "file", "files"),
            plural(left, "match", "matches")
        ),
    );
    let tables = erasure.get("tables").fields();
    let rows = tables.iter().map(|(table, counts)| {
        let number = |name: &str| counts.count_of(name).to_string();
        vec![table.clone(), number("rows_before"), number("rows_after"), number("removed")]
    });
    table(body, "Rows before and after", &["Table", "#Rows before", "#Rows after", "#Removed"], rows);
    let rows = tables.iter().map(|(table, counts)| {
        let hash = |name: &str| counts.text_of(name).to_owned();
        vec![table.clone(), hash("sha256_before"), hash("sha256_after")]
    });
    table(body, "Files before and after", &["Table", "SHA-256 before", "SHA-256 after"], rows);
    let key = match erasure.text_of("key") {
        "kept" => "Everyone else keeps their pseudonym.",
        "new" => "Everyone else got another pseudonym: nothing made of the lake before can be linked to it.",
        _ => "The lake has no pseudonyms.",
    };
    line(body, "", key);
    let shared = erasure.count_of("shared_serial_numbers");
    if shared > 0 {
        let stay = match shared {
            1 => "1 device of erased people stays, since somebody else in the lake has it too.".to_owned(),
            _ => format!("{shared} devices of erased people stay, since others in the lake have them too."),
        };
        line(body, "", &stay);
    }
    committed(body, erasure.get("commitment").text());
    soft(body, "What the erasure does not reach:");
    let before = "the lake as it was before, where this one was written beside it, as the page does";
    let others = erasure.get("not_reached").items().iter().filter_map(Json::text);
    list(body, [before].into_iter().chain(others).map(str::to_owned));
}

/// How many entries of a list were found in the lake.
fn found(asked: u64, matched: u64) -> String {
    let entries = plural(asked, "entry", "entries");
    match asked.saturating_sub(matched) {
        0 if asked == 1 => "The list had 1 entry: it was found and erased.".to_owned(),
        0 => format!("The list had {entries}: all were found and erased."),
        rest if rest == asked => format!("The list had {entries}: nothing in the lake matched."),
        rest => format!(
            "The list had {entries}: {matched} {} found and erased, {rest} matched nothing in the lake.",
            if matched == 1 { "was" } else { "were" }
        ),
    }
}

/// By what a list can be shown to be the one that was erased, and how.
fn committed(body: &mut String, commitment: Option<&str>) {
    let Some(commitment) = commitment else {
        let none = "There is no commitment to the list: it takes a key of pseudonyms that somebody has.";
        return line(body, "", none);
    };
    code(body, "Commitment to the list (HMAC-SHA-256 under the key of the pseudonyms)", commitment);
    line(
        body,
        "",
        "Who has the list and the key file can show that this is the list that was erased. The value is of the \
         entries in lower case, without blanks at their ends, each once, sorted by bytes, each with a line feed. Of a \
         list in ASCII, one entry a line, this command prints it:",
    );
    code(
        body,
        "Command",
        "tr 'A-Z' 'a-z' < LIST | LC_ALL=C sort -u | openssl dgst -sha256 -hmac \"$(cat KEY_FILE)\"",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_entry_and_several_are_said_as_people_say_them() {
        assert_eq!(found(1, 1), "The list had 1 entry: it was found and erased.");
        assert_eq!(found(1, 0), "The list had 1 entry: nothing in the lake matched.");
        assert_eq!(found(2, 2), "The list had 2 entries: all were found and erased.");
        let some = "The list had 3 entries: 1 was found and erased, 2 matched nothing in the lake.";
        assert_eq!(found(3, 1), some);
    }

    #[test]
    fn the_reference_of_the_request_is_said_as_it_is() {
        let mut body = String::new();
        erased(&mut body, &Json::parse(r#"{"reference": "<b> 20260304/12345"}"#).unwrap());
        assert!(
            body.contains("<p>Reference of the request: <code>&lt;b&gt; 20260304/12345</code></p>"),
            "{body}"
        );
        body.clear();
        erased(&mut body, &Json::parse("{}").unwrap());
        assert!(!body.contains("Reference"), "{body}");
    }

    #[test]
    fn devices_that_stay_are_counted() {
        for (count, words) in [(1, "1 device of erased people stays"), (2, "2 devices of erased people stay")]
        {
            let erasure = Json::parse(&format!(r#"{{"shared_serial_numbers": {count}}}"#)).unwrap();
            let mut body = String::new();
            erased(&mut body, &erasure);
            assert!(body.contains(words), "{body}");
        }
    }
}
