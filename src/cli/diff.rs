//! `stedi-lakehouse diff`

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use stedi_lakehouse::audit::{Json, ReportFile, compare};
use stedi_lakehouse::export::REPORT;

use super::args::DiffArgs;
use super::terminal::shown;
use super::{Failure, terminal};

/// Compares two runs, and gives the exit code.
pub fn diff(args: &DiffArgs) -> Result<u8, Failure> {
    let difference = compare(&report(&args.old)?, &report(&args.new)?)?;
    match args.json {
        true => terminal::print(&format!("{}\n", difference.pretty())),
        false => terminal::print(&told(&difference)),
    }
    Ok(u8::from(args.exit_code && differ(&difference)))
}

/// Whether anything but the builds of the program differs.
fn differ(difference: &Json) -> bool {
    let inputs = difference.get("inputs");
    let changed = |(_, table): &(String, Json)| {
        table.get("old") != table.get("new")
            || !table.get("causes").items().is_empty()
            || table.get("same_bytes") == &Json::Bool(false)
    };
    ["options", "people", "privacy"].iter().any(|part| !difference.get(part).items().is_empty())
        || INPUT_CHANGES.iter().any(|kind| !inputs.get(kind).items().is_empty())
        || difference.get("tables").fields().iter().any(changed)
}

fn report(path: &Path) -> Result<ReportFile, Failure> {
    let path = if path.is_dir() { &path.join(REPORT) } else { path };
    let usage = |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", terminal::path(path)));
    let text = fs::read_to_string(path).map_err(|error| usage(&error))?;
    ReportFile::read(&text).map_err(|error| usage(&error))
}

const INPUT_CHANGES: [&str; 4] = ["added", "removed", "changed", "renamed"];

/// The difference, for a terminal.
fn told(difference: &Json) -> String {
    let mut text = String::new();
    for note in difference.get("notes").items() {
        let _ = writeln!(text, "note: {}", plain(note.get("message")));
    }
    changes(&mut text, "option", difference.get("options"));
    if difference.get("pseudonyms").text() == Some("linked") {
        text.push_str("pseudonyms: linked; both runs had the same key\n");
    }
    let inputs = difference.get("inputs");
    let counts = INPUT_CHANGES.map(|kind| format!("{} {kind}", inputs.get(kind).items().len()));
    let (same, by) = (inputs.get("same").count(), plain(inputs.get("compared_by")));
    let _ = writeln!(text, "inputs: {same} the same, {} (by {by})", counts.join(", "));
    for kind in INPUT_CHANGES {
        for file in inputs.get(kind).items() {
            let _ = match file.items() {
                [old, new] => writeln!(text, "  renamed: {} is now {}", shown(plain(old)), shown(plain(new))),
                _ => writeln!(
                    text,
                    "  {kind}: {} ({})",
                    shown(plain(file.get("name"))),
                    plain(file.get("status"))
                ),
            };
        }
    }
    let line = |cells: [&str; 6]| {
        let [table, old, gained, lost, new, why] = cells;
        format!("{table:<26}{old:>12}{gained:>12}{lost:>12}{new:>12}   {why}").trim_end().to_owned()
    };
    let head = line(["table", "rows before", "gained", "lost", "rows now", "why"]);
    let _ = writeln!(text, "{head}");
    for (table, change) in difference.get("tables").fields() {
        let mut why = change.get("causes").items().iter().map(cause).collect::<Vec<_>>().join(", ");
        if why.is_empty() && change.get("same_bytes") == &Json::Bool(false) {
            why = "as many rows, but not the same".to_owned();
        }
        let [old, gained, lost, new] = ["old", "gained", "lost", "new"].map(|name| plain(change.get(name)));
        let _ = writeln!(text, "{}", line([table, old, gained, lost, new, &why]));
    }
    changes(&mut text, "people", difference.get("people"));
    changes(&mut text, "privacy", difference.get("privacy"));
    text
}

fn cause(cause: &Json) -> String {
    let what = match plain(cause.get("kind")) {
        "rows_in" => "rows in",
        "pairs" => "pairs beyond one a reading",
        "other_files" => "rows of a lake and of other files",
        _ => plain(cause.get("name")),
    };
    let change = plain(cause.get("change"));
    format!("{what} {}{change}", if change.starts_with('-') { "" } else { "+" })
}

fn changes(text: &mut String, what: &str, changes: &Json) {
    for change in changes.items() {
        let [name, old, new] = ["name", "old", "new"].map(|name| plain(change.get(name)));
        let _ = writeln!(text, "{what} {name}: {old} → {new}");
    }
}

fn plain(value: &Json) -> &str {
    value.text().unwrap_or("unknown")
}
