//! The evidence of a lake for people: one HTML file to be read, printed and kept, from `report.json` and
//! `erasure.json` alone. It has no script, and loads nothing.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::audit::{Json, QUALITY_NOTE, ReportFile, quality_head, quality_rows};
use crate::consent::Rule;
use crate::options::Options;
use crate::schema::Table;
use crate::tally::Name as _;

/// What the file begins with.
pub const MARK: &str = "<!doctype html>\n<!-- evidence by stedi-lakehouse -->\n";

/// The page of a lake, made at this time (RFC 3339).
pub fn evidence_page(report: &ReportFile, erasures: Option<&Json>, time: &str) -> String {
    let json = report.json();
    let mut body = String::new();
    outcome(&mut body, json, time);
    tables(&mut body, json);
    rules(&mut body, report);
    notes(&mut body, json);
    people(&mut body, report);
    quality(&mut body, json.get("quality"));
    for erasure in erasures.into_iter().flat_map(|erasures| erasures.get("erasures").items()) {
        erased(&mut body, erasure);
    }
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

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #fff; --bad: #a40e26; \
--good: #116329; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --paper: #0d1117; \
--bad: #ff8182; --good: #4ac26b; } }
body { background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { margin: 0 auto; max-width: 60rem; padding: 1rem; }
h2 { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
td.number, th.number { font-variant-numeric: tabular-nums; text-align: right; }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.bad { color: var(--bad); font-weight: bold; }
.good { color: var(--good); font-weight: bold; }
@media print {
  :root { --ink: #000; --soft: #333; --line: #999; --paper: #fff; --bad: #000; --good: #000; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .wide { overflow: visible; }
  h2, tr { break-after: avoid; break-inside: avoid; }
}
";

fn outcome(body: &mut String, report: &Json, time: &str) {
    let tool = report.get("tool");
    heading(body, 1, "Evidence of a STEDI lakehouse");
    let commit = tool.get("commit").text().map(|commit| format!(", commit {commit}")).unwrap_or_default();
    soft(
        body,
        &format!(
            "Made on {time} from the report of the lake. The lake was written by {} {}{commit}. This page holds \
             counts, reasons and hashes, and no value of a record.",
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
            list(body, incomplete.iter().map(|reason| counted(reason, "count")));
        }
    }
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
    table(body, &["Table", "#Rows in", "#Rows out", "Left out"], rows);
    soft(
        body,
        "Every row is accounted for: rows in are rows out, rows left out and records rejected together. \
         machine_learning_curated is a join: its rows in are accelerometer readings, its rows out are pairs.",
    );
}

fn rules(body: &mut String, report: &ReportFile) {
    heading(body, 2, "Rules");
    let rows = Options::all().into_iter().filter_map(|option| {
        let value = report.option(option.name);
        let (_, help) = option.values.iter().find(|(name, _)| *name == value)?;
        Some(vec![option.name.replace('_', " "), value.to_owned(), (*help).to_owned()])
    });
    table(body, &["Option", "Choice", "What it does"], rows);
    let withdrawals = report.json().get("options").count_of("withdrawals");
    let unmet = report.json().get("warnings").items().iter();
    let unmet = unmet.filter(|warning| warning.text_of("code") == "withdrawals_unmet");
    let unmet: u64 = unmet.map(|warning| warning.count_of("count")).sum();
    line(
        body,
        "",
        &match withdrawals {
            0 => "No list of withdrawals was given.".to_owned(),
            _ => format!(
                "{withdrawals} withdrawals were left out of all tables; {unmet} of them matched nothing."
            ),
        },
    );
    let from = report.json().get("from");
    if from != &Json::Null {
        let newly = from.get("newly_admitted");
        line(
            body,
            "",
            &format!(
                "The lake goes on from an earlier one, whose readings were admitted anew. Newly admitted: {} people, \
                 {} devices, {} from an earlier date on; what earlier files hold of them is missing.",
                newly.count_of("people"),
                newly.count_of("devices"),
                newly.count_of("earlier_dates")
            ),
        );
    }
}

fn notes(body: &mut String, report: &Json) {
    let warnings = report.get("warnings").items();
    if !warnings.is_empty() {
        heading(body, 2, "Warnings");
        list(body, warnings.iter().map(|warning| counted(warning, "count")));
    }
}

fn people(body: &mut String, report: &ReportFile) {
    heading(body, 2, "People");
    let privacy = report.json().get("privacy");
    let number = |name: &str| privacy.get(name).text().unwrap_or("0").to_owned();
    let rows = [
        ("People in machine_learning_curated", number("owners")),
        ("Distinct subjects", number("subjects")),
        ("Fewest rows of a subject", number("smallest_rows")),
        ("Median rows of a subject", number("median_rows")),
        ("Distinct times", number("timestamps")),
        ("Times of one subject alone", number("timestamps_of_one_subject")),
    ];
    table(body, &["Figure", "#Value"], rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]));
    line(body, "", privacy.text_of("meaning"));
    if report.option("identity") == "pseudonym" {
        let check = report.option("key_check");
        let origin = match report.option("key") {
            "given" => "was given, so that runs with this key give one person one pseudonym",
            _ => "was random: no other run has it, unless it was saved and given to one",
        };
        line(body, "", &format!("The key of the pseudonyms {origin}. Its check value is {check}."));
    }
}

/// Reports of earlier versions do not have it.
fn quality(body: &mut String, quality: &Json) {
    if quality == &Json::Null {
        return;
    }
    heading(body, 2, "Quality of the readings");
    line(body, "", quality.text_of("verdict"));
    table(body, &quality_head(), quality_rows(quality).into_iter());
    soft(body, QUALITY_NOTE);
}

fn erased(body: &mut String, erasure: &Json) {
    heading(body, 2, &format!("Erasure of {}", erasure.text_of("time")));
    let searched = erasure.get("searched");
    let counts: u64 =
        searched.fields().iter().filter(|(name, _)| name != "files").map(|(_, count)| count.count()).sum();
    line(
        body,
        if erasure.count_of("matches_left") == 0 { "good" } else { "bad" },
        &format!(
            "{} of {} entries were found and erased. Afterwards {} places in {} files were searched for these people: \
             {} matches.",
            erasure.count_of("matched"),
            erasure.count_of("asked"),
            counts,
            searched.count_of("files"),
            erasure.count_of("matches_left")
        ),
    );
    let rows = erasure.get("tables").fields().iter().map(|(table, counts)| {
        let number = |name: &str| counts.count_of(name).to_string();
        vec![table.clone(), number("rows_before"), number("rows_after"), number("removed")]
    });
    table(body, &["Table", "#Rows before", "#Rows after", "#Removed"], rows);
    let key = match erasure.text_of("key") {
        "kept" => "Everyone else keeps their pseudonym.",
        "new" => "Everyone else got another pseudonym: nothing made of the lake before can be linked to it.",
        _ => "The lake has no pseudonyms.",
    };
    line(body, "", key);
    let shared = erasure.count_of("shared_serial_numbers");
    if shared > 0 {
        line(
            body,
            "",
            &format!("{shared} devices of erased people stay, since somebody else in the lake has them."),
        );
    }
    if let Some(commitment) = erasure.get("commitment").text() {
        code(body, "Commitment to the list (HMAC-SHA-256 under the key of the pseudonyms)", commitment);
    }
    soft(body, "What the erasure does not reach:");
    list(body, erasure.get("not_reached").items().iter().filter_map(Json::text).map(str::to_owned));
}

fn files(body: &mut String, report: &Json) {
    heading(body, 2, "Files, and how to check them");
    let rows = report.get("outputs").items().iter().map(|output| {
        let text = |name: &str| output.get(name).text().unwrap_or("none").to_owned();
        vec![text("file"), text("rows"), text("bytes"), text("sha256")]
    });
    table(body, &["File", "#Rows", "#Bytes", "SHA-256"], rows);
    line(
        body,
        "",
        "Compare these hashes with those that sha256sum prints. Hold the whole lake against its report, which also has \
         the hashes of its other files and of its inputs:",
    );
    code(body, "Command", "stedi-lakehouse verify LAKE");
}

fn counted(one: &Json, count: &str) -> String {
    format!("{} ({}): {}", one.text_of("code"), one.count_of(count), one.text_of("message"))
}

fn heading(body: &mut String, level: u8, text: &str) {
    let _ = writeln!(body, "<h{level}>{}</h{level}>", escaped(text));
}

fn line(body: &mut String, class: &str, text: &str) {
    let _ = match class {
        "" => writeln!(body, "<p>{}</p>", escaped(text)),
        _ => writeln!(body, "<p class=\"{class}\">{}</p>", escaped(text)),
    };
}

fn soft(body: &mut String, text: &str) {
    line(body, "soft", text);
}

fn code(body: &mut String, what: &str, text: &str) {
    let _ = writeln!(body, "<p>{}: <code>{}</code></p>", escaped(what), escaped(text));
}

fn list(body: &mut String, items: impl Iterator<Item = String>) {
    body.push_str("<ul>\n");
    items.for_each(|item| {
        let _ = writeln!(body, "<li>{}</li>", escaped(&item));
    });
    body.push_str("</ul>\n");
}

/// A column whose heading begins with `#` holds numbers. What is wider than the page can be scrolled by keys.
fn table(body: &mut String, headings: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let class = |at: usize| if headings[at].starts_with('#') { " class=\"number\"" } else { "" };
    let name = escaped(headings[0]);
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
            let cell = match headings[at] {
                "SHA-256" => format!("<code>{}</code>", escaped(cell)),
                _ => escaped(cell),
            };
            let _ = write!(body, "<td{}>{cell}</td>", class(at));
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody>\n</table>\n</div>\n");
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
