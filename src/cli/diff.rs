//! `stedi-lakehouse diff`

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;
use stedi_lakehouse::Error;
use stedi_lakehouse::audit::{Cause, Changed, Difference, InputFile, difference};
use stedi_lakehouse::report::Report;

use super::Failure;
use super::args::DiffArgs;

pub fn diff(args: &DiffArgs) -> Result<(), Failure> {
    let difference = difference(&report(&args.old)?, &report(&args.new)?);
    if args.json {
        // Plain structs with string keys: this cannot fail.
        println!("{}", serde_json::to_string_pretty(&difference).unwrap_or_default());
    } else {
        print!("{}", told(&difference));
    }
    Ok(())
}

fn report(path: &Path) -> Result<Report, Failure> {
    let usage = |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| usage(&error))?;
    Report::from_json(&text).map_err(|error: Error| usage(&error))
}

/// The difference, for a terminal.
fn told(difference: &Difference) -> String {
    let mut text = String::new();
    for note in &difference.notes {
        let _ = writeln!(text, "note: {}", note.message);
    }
    changes(&mut text, "option", &difference.options);
    let inputs = &difference.inputs;
    let _ = writeln!(
        text,
        "inputs: {} the same, {} added, {} removed, {} changed, {} renamed (by {})",
        inputs.same,
        inputs.added.len(),
        inputs.removed.len(),
        inputs.changed.len(),
        inputs.renamed.len(),
        inputs.compared_by
    );
    files(&mut text, "added", &inputs.added);
    files(&mut text, "removed", &inputs.removed);
    files(&mut text, "changed", &inputs.changed);
    for [old, new] in &inputs.renamed {
        let _ = writeln!(text, "  renamed: {old} is now {new}");
    }
    let _ = writeln!(
        text,
        "{:<26}{:>12}{:>12}{:>12}{:>12}   why",
        "table", "rows before", "gained", "lost", "rows now"
    );
    for (table, change) in &difference.tables {
        let why: Vec<String> = change.causes.iter().map(cause).collect();
        let bytes = match change.same_bytes {
            Some(false) if why.is_empty() => "other rows or another order of the same number",
            _ => "",
        };
        let line = format!(
            "{:<26}{:>12}{:>12}{:>12}{:>12}   {}{bytes}",
            table.name(),
            change.old,
            change.gained,
            change.lost,
            change.new,
            why.join(", ")
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    changes(&mut text, "privacy", &difference.privacy);
    text
}

fn cause(cause: &Cause) -> String {
    let what = match cause.kind {
        "rows_in" => "rows in",
        "pairs" => "pairs beyond one a reading",
        other => cause.name.unwrap_or(other),
    };
    format!("{what} {:+}", cause.change)
}

fn changes(text: &mut String, what: &str, changes: &[Changed]) {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for Changed { name, old, new } in changes {
        let _ = writeln!(text, "{what} {name}: {} → {}", plain(old), plain(new));
    }
}

fn files(text: &mut String, what: &str, files: &[InputFile]) {
    for file in files {
        let _ = writeln!(text, "  {what}: {} ({} bytes, {})", file.name, file.bytes, file.status);
    }
}
