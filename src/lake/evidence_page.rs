//! The evidence of a lake for people: one HTML file to be read, printed and kept, from `report.json` and
//! `erasure.json` alone, and what a check of the lake has found if there was one. It has no script, and loads nothing.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::evidence_erased::erased;
use super::evidence_html::{STYLE, code, heading, line, list, moment, plural, soft, table};
use super::evidence_words::setting;
use crate::audit::{Json, QUALITY_NOTE, ReportFile, quality_head, quality_rows};
use crate::consent::Rule;
use crate::options::Options;
use crate::schema::Table;
use crate::tally::Name as _;

/// What the file begins with.
pub const MARK: &str = "<!doctype html>\n<!-- evidence by stedi-lakehouse -->\n";

/// The page of a lake that was not checked for it, made at this time (RFC 3339).
pub fn evidence_page(report: &ReportFile, erasures: Option<&Json>, time: &str) -> String {
    checked_evidence_page(report, erasures, None, time)
}

/// The same of a lake that was checked: with the document of `Verified::json`, and the `time` of the check in it.
pub fn checked_evidence_page(
    report: &ReportFile,
    erasures: Option<&Json>,
    check: Option<&Json>,
    time: &str,
) -> String {
    let json = report.json();
    let erasures: &[Json] = match erasures {
        Some(erasures) => erasures.get("erasures").items(),
        None => &[],
    };
    let mut body = String::new();
    outcome(&mut body, json, time);
    checked(&mut body, check);
    // The last one is what the lake is like now.
    erasures.iter().rev().for_each(|erasure| erased(&mut body, erasure));
    tables(&mut body, json);
    rules(&mut body, report, !erasures.is_empty());
    notes(&mut body, json);
    people(&mut body, report);
    quality(&mut body, json.get("quality"));
    files(&mut body, json);
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "{MARK}<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; \
         form-action 'none'; base-uri 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>Evidence: STEDI lakehouse</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n\
         </body>\n</html>\n"
    )
}

fn outcome(body: &mut String, report: &Json, time: &str) {
    let tool = report.get("tool");
    heading(body, 1, "Evidence of a STEDI lakehouse");
    soft(
        body,
        &format!(
            "Made on {} from the report of the lake. The lake was written by {} {}. This page holds counts, reasons \
             and hashes, and no value of a record.",
            moment(time),
            tool.text_of("name"),
            tool.text_of("version")
        ),
    );
    let incomplete = report.get("incomplete").items();
    match (report.get("outputs").items().is_empty(), incomplete.is_empty()) {
        (true, _) => line(body, "bad", "No table was written."),
        (_, true) => line(body, "good", "Complete: all that the customer files say of consent was read."),
        (_, false) => {
            line(body, "bad", "Incomplete: somebody may have taken consent back in what could not be read.");
            list(body, incomplete.iter().map(counted));
        }
    }
    let known = [("Commit of the program", "commit"), ("SHA-256 of its core (WebAssembly)", "wasm_sha256")];
    for (what, name) in known {
        if let Some(text) = tool.get(name).text() {
            code(body, what, text);
        }
    }
}

/// The places of differences are paths, which can name people: they are counted by kind.
fn checked(body: &mut String, check: Option<&Json>) {
    let Some(check) = check else {
        let no = "For this page the files of the lake were not held against the report. Its end says how to.";
        return soft(body, no);
    };
    let tables = check.get("tables").fields();
    let rows: u64 = tables.iter().map(|(_, table)| table.count_of("rows")).sum();
    let what = format!(
        "Checked on {} against the report: {} by SHA-256, {} with {}.",
        moment(check.text_of("time")),
        plural(check.count_of("files"), "file", "files"),
        plural(tables.len() as u64, "table", "tables"),
        plural(rows, "row", "rows")
    );
    let differences = check.get("differences").items();
    if differences.is_empty() {
        return line(body, "good", &format!("{what} Nothing differs: the lake is what its report says."));
    }
    let all = plural(differences.len() as u64, "difference", "differences");
    line(body, "bad", &format!("{what} {all}: the lake is not what its report says."));
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    differences.iter().for_each(|difference| *kinds.entry(difference.text_of("code")).or_default() += 1);
    list(body, kinds.into_iter().map(|(kind, count)| format!("{kind}: {count}")));
    soft(
        body,
        "The check itself names the places. They are not repeated here, for the name of a file can be a person's.",
    );
}

fn tables(body: &mut String, report: &Json) {
    heading(body, 2, "Rows");
    let rows = Table::ALL.iter().map(|table| {
        let counts = report.get("tables").get(table.name());
        let filtered = counts.get("filtered").fields().iter().map(|(rule, count)| {
            let known = Rule::ALL.iter().find(|known| known.name() == rule);
            format!("{} {}", count.count(), known.map_or(rule.as_str(), |known| known.words()))
        });
        let rejected = counts.get("rejected").fields().iter();
        let rejected = rejected.map(|(reason, count)| format!("{} rejected: {reason}", count.count()));
        let why: Vec<String> = filtered.chain(rejected).collect();
        vec![
            table.name().to_owned(),
            counts.count_of("rows_in").to_string(),
            counts.count_of("rows_out").to_string(),
            why.join("; "),
        ]
    });
    table(body, "Rows of each table", &["Table", "#Rows in", "#Rows out", "Left out"], rows);
    soft(
        body,
        "Every row is accounted for: rows in are rows out, rows left out and records rejected together. \
         machine_learning_curated is a join: its rows in are accelerometer readings, its rows out are pairs.",
    );
}

fn rules(body: &mut String, report: &ReportFile, is_erased: bool) {
    heading(body, 2, "Rules");
    let rows = Options::all().into_iter().filter_map(|option| {
        let value = report.option(option.name);
        let (_, help) = option.values.iter().find(|(name, _)| *name == value)?;
        let (label, words) = setting(option.name, value)?;
        Some(vec![label.to_owned(), words.to_owned(), (*help).to_owned()])
    });
    table(body, "Settings of the run", &["Setting", "Choice", "What it does"], rows);
    let withdrawals = report.json().get("options").count_of("withdrawals");
    let unmet = report.json().get("warnings").items().iter();
    let unmet = unmet.filter(|warning| warning.text_of("code") == "withdrawals_unmet");
    let unmet: u64 = unmet.map(|warning| warning.count_of("count")).sum();
    line(body, "", &withdrawn(withdrawals, unmet, is_erased));
    let from = report.json().get("from");
    if from != &Json::Null {
        let newly = from.get("newly_admitted");
        line(
            body,
            "",
            &format!(
                "The lake goes on from an earlier one, whose readings were admitted anew. Newly admitted: {}, {}, {} \
                 from an earlier date on; what earlier files hold of them is missing.",
                plural(newly.count_of("people"), "person", "people"),
                plural(newly.count_of("devices"), "device", "devices"),
                newly.count_of("earlier_dates")
            ),
        );
    }
}

/// The report counts the lists of a run and of the erasures since, and of the run's alone what matched nothing.
fn withdrawn(all: u64, unmet: u64, is_erased: bool) -> String {
    let entries = plural(all, "entry", "entries");
    match (all, is_erased) {
        (0, _) => "No list of withdrawals was given.".to_owned(),
        (_, true) => format!(
            "The list of withdrawals of the run and those of the erasures since had {entries} together; whom they name \
             is in no table. Of the run's list {} matched nothing; what an erasure found is said above.",
            plural(unmet, "entry", "entries")
        ),
        (1, _) if unmet == 0 => {
            "The list of withdrawals had 1 entry. Whom it names is in no table.".to_owned()
        }
        (1, _) => "The list of withdrawals had 1 entry, which matched nothing.".to_owned(),
        _ if unmet == 0 => format!("The list of withdrawals had {entries}. Whom they name is in no table."),
        _ => format!(
            "The list of withdrawals had {entries}. Whom they name is in no table; {unmet} matched nothing."
        ),
    }
}

fn notes(body: &mut String, report: &Json) {
    let warnings = report.get("warnings").items();
    if !warnings.is_empty() {
        heading(body, 2, "Warnings");
        list(body, warnings.iter().map(counted));
    }
}

fn people(body: &mut String, report: &ReportFile) {
    heading(body, 2, "People");
    let privacy = report.json().get("privacy");
    let number = |name: &str| privacy.get(name).text().unwrap_or("0").to_owned();
    // Reports of earlier versions do not have it.
    let counted = report.json().get("people");
    let counted = [
        ("People with a row in customer_trusted", counted.get("admitted").text()),
        ("People with customer records, but no row in customer_trusted", counted.get("left_out").text()),
    ];
    let counted = counted.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned())));
    let rows = [
        ("People in machine_learning_curated", number("owners")),
        ("Distinct subjects", number("subjects")),
        ("Fewest rows of a subject", number("smallest_rows")),
        ("Median rows of a subject", number("median_rows")),
        ("Distinct times", number("timestamps")),
        ("Times of one subject alone", number("timestamps_of_one_subject")),
    ];
    let rows = counted.chain(rows).map(|(name, value)| vec![name.to_owned(), value]);
    table(body, "People", &["Figure", "#Value"], rows);
    line(body, "", privacy.text_of("meaning"));
    if report.option("identity") == "pseudonym" {
        let origin = match report.option("key") {
            "given" => "was given, so that runs with this key give one person one pseudonym",
            _ => "was random: no other run has it, unless it was saved and given to one",
        };
        line(body, "", &format!("The key of the pseudonyms {origin}."));
        code(body, "Check value of the key", report.option("key_check"));
    }
}

/// Reports of earlier versions do not have it.
fn quality(body: &mut String, quality: &Json) {
    if quality == &Json::Null {
        return;
    }
    heading(body, 2, "Quality of the readings");
    line(body, "", quality.text_of("verdict"));
    table(body, "Quality of the readings", &quality_head(), quality_rows(quality).into_iter());
    soft(body, QUALITY_NOTE);
}

fn files(body: &mut String, report: &Json) {
    heading(body, 2, "Files, and how to check them");
    let rows = report.get("outputs").items().iter().map(|output| {
        let text = |name: &str| output.get(name).text().unwrap_or("none").to_owned();
        vec![text("file"), text("rows"), text("bytes"), text("sha256")]
    });
    table(body, "Files", &["File", "#Rows", "#Bytes", "SHA-256"], rows);
    line(
        body,
        "",
        "Compare these hashes with those that sha256sum prints. Hold the whole lake against its report, which also has \
         the hashes of its other files and of its inputs: drop it onto the page of STEDI Lakehouse and choose “Check \
         this lake”, or use the command.",
    );
    code(body, "Command", "stedi-lakehouse verify LAKE");
}

fn counted(one: &Json) -> String {
    format!("{} ({}): {}", one.text_of("code"), one.count_of("count"), one.text_of("message"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page of a lake with this erasure and this check.
    fn page(erasures: &str, check: Option<&str>) -> String {
        let report = r#"{"format": "stedi-lakehouse-report", "version": 2, "options": {"withdrawals": 3},
            "tool": {"name": "stedi-lakehouse", "version": "1", "commit": "0123", "wasm_sha256": "abcd"},
            "inputs": [], "tables": {"customer_trusted": {"rows_in": 81273, "rows_out": 81273}}, "outputs": [],
            "files": []}"#;
        let report = ReportFile::read(report).unwrap();
        let [erasures, check] =
            [Some(erasures), check].map(|text| text.map(|text| Json::parse(text).unwrap()));
        checked_evidence_page(&report, erasures.as_ref(), check.as_ref(), "2026-11-30T19:42:36.123Z")
    }

    #[test]
    fn it_says_which_erasure_and_how_its_list_is_checked_before_all_but_the_outcome() {
        let page = page(
            r#"{"erasures": [{"time": "2026-01-01T00:00:00Z", "asked": 1, "matched": 1, "commitment": null},
                {"time": "2026-02-01T00:00:00Z", "asked": 3, "matched": 2, "commitment": "c0ffee", "key": "kept",
                "tables": {"customer_trusted": {"rows_before": 81275, "rows_after": 81273, "removed": 2,
                "sha256_before": "0a", "sha256_after": "0b"}}, "searched": {"files": 1, "values": 2000},
                "matches_left": 0, "not_reached": ["backups"]}]}"#,
            None,
        );
        let order = [
            "Made on 2026-11-30, 19:42:36 UTC from",
            "SHA-256 of its core (WebAssembly): <code>abcd</code>",
            "were not held against the report",
            "Erasure of 2026-02-01, 00:00:00 UTC",
            "<p class=\"warn\">The list had 3 entries: 2 were found and erased, 1 matched nothing in the lake. \
             Afterwards 2,000 places in 1 file were searched for these people: 0 matches.</p>",
            "<th scope=\"row\">customer_trusted</th><td class=\"number\">81,275</td><td class=\"number\">81,273</td>",
            "<th scope=\"row\">customer_trusted</th><td><code>0a</code></td><td><code>0b</code></td>",
            "<code>c0ffee</code>",
            "openssl dgst -sha256 -hmac &quot;$(cat KEY_FILE)&quot;",
            "<li>the lake as it was before",
            "<li>backups</li>",
            "Erasure of 2026-01-01",
            "<p class=\"good\">The list had 1 entry: it was found and erased.",
            "There is no commitment to the list",
            "<h2>Rows</h2>",
            "<th scope=\"row\">Email addresses</th><td>As they are written</td>",
            "those of the erasures since had 3 entries together",
            "choose “Check this lake”",
        ];
        let mut at = 0;
        for part in order {
            let found = page[at..].find(part);
            assert!(found.is_some(), "{part}: {page}");
            at += found.unwrap();
        }
    }

    #[test]
    fn a_check_is_said_without_a_name_of_a_file() {
        let check = |differences: &str| {
            let text = format!(
                r#"{{"time": "2026-11-30T19:00:00Z", "files": 1, "tables": {{"customer_trusted": {{"rows": 2000}}}},
                    "differences": [{differences}]}}"#
            );
            page("{}", Some(&text))
        };
        assert!(check("").contains(
            "<p class=\"good\">Checked on 2026-11-30, 19:00:00 UTC against the report: 1 file by SHA-256, 1 table with \
             2,000 rows. Nothing differs"
        ));
        let differs = check(r#"{"code": "stray", "place": "customer/trusted/jane-doe.parquet"}"#);
        assert!(differs.contains("<p class=\"bad\">Checked on"), "{differs}");
        assert!(differs.contains("1 difference: the lake is not") && differs.contains("<li>stray: 1</li>"));
        assert!(!differs.contains("jane-doe"));
    }

    #[test]
    fn one_entry_and_several_are_said_as_people_say_them() {
        assert_eq!(
            withdrawn(1, 0, false),
            "The list of withdrawals had 1 entry. Whom it names is in no table."
        );
        assert_eq!(withdrawn(1, 1, false), "The list of withdrawals had 1 entry, which matched nothing.");
        assert!(
            withdrawn(2, 1, false).ends_with("2 entries. Whom they name is in no table; 1 matched nothing.")
        );
        assert_eq!(withdrawn(0, 0, false), "No list of withdrawals was given.");
    }
}
