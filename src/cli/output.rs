//! Writes files, and tells of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use stedi_lakehouse::report::{Input, InputStatus, Report, TableReport};
use stedi_lakehouse::schema::Table;
use stedi_lakehouse::tally::Name;

use super::terminal::shown;
use super::{Failure, special};

/// How many rejects and refused inputs are named, unless all are asked for.
const NAMED: usize = 10;

/// Writes a file whole or not at all, and its folders: beside its place, under a name that nobody else has, and then
/// over what is there. Into a pipe or a device as it is.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error| Failure::io("write", path, &error);
    if let Some(written) = special::write(path, bytes) {
        return written.map_err(failed);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
    }
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| failed(std::io::Error::other(error)))?;
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{:016x}", u64::from_ne_bytes(random)));
    let part = path.with_file_name(name);
    let mut file = fs::File::create_new(&part).map_err(failed)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // The first fault is the one to be told.
        let _ = fs::remove_file(&part);
    }
    written.map_err(failed)
}

/// The counts of tables, for a terminal.
pub fn counts(tables: &BTreeMap<Table, TableReport>) -> String {
    let mut text =
        format!("{:<26}{:>12}{:>12}{:>12}{:>12}\n", "table", "rows in", "filtered", "rejected", "rows out");
    for (table, counts) in tables {
        let _ = write!(
            text,
            "{:<26}{:>12}{:>12}{:>12}{:>12}",
            table.name(),
            counts.rows_in,
            counts.filtered.total(),
            counts.rejected.total(),
            counts.rows_out
        );
        let rules: Vec<String> =
            counts.filtered.by_name().iter().map(|(rule, count)| format!("{rule} {count}")).collect();
        if !rules.is_empty() {
            let _ = write!(text, "   {}", rules.join(", "));
        }
        text.push('\n');
    }
    text
}

/// Whatever needs a person's eye; `all` names every input and every reject that the report lists.
pub fn remarks(report: &Report, all: bool) -> String {
    let mut text = String::new();
    for reason in &report.incomplete {
        let _ = writeln!(text, "INCOMPLETE: {} ({}) {}", reason.code, reason.count, reason.message);
    }
    for warning in &report.warnings {
        let _ = writeln!(text, "warning: {} ({}) {}", warning.code, warning.count, warning.message);
    }
    if all {
        report.inputs.iter().filter_map(used).for_each(|line| text.push_str(&line));
    }
    text.push_str(&unused(&report.inputs, all));
    let rejects: Vec<String> = report
        .rejects
        .iter()
        .map(|reject| {
            let field = reject.field.as_ref().map(|field| format!(" in {field}")).unwrap_or_default();
            let detail = reject.detail.as_ref().map(|detail| format!(", {detail}")).unwrap_or_default();
            format!(
                "rejected: {}:{}: {}{field}{detail} (byte {}, {} bytes)",
                shown(&reject.file),
                reject.line,
                reject.reason.name(),
                reject.offset,
                reject.bytes
            )
        })
        .collect();
    first(&mut text, &rejects, report.rejects_total, all);
    text
}

/// Names the inputs that are not used, and why.
pub fn unused(inputs: &[Input], all: bool) -> String {
    let line = |input: &Input| match &input.status {
        InputStatus::Used { .. } => None,
        InputStatus::Refused { reason, message } => {
            Some(format!("not used: {}: {} ({reason})", shown(&input.name), shown(message)))
        }
        InputStatus::Duplicate { of } => {
            Some(format!("not used: {}: the same bytes as {}", shown(&input.name), shown(of)))
        }
    };
    let (mut text, lines) = (String::new(), inputs.iter().filter_map(line).collect::<Vec<_>>());
    first(&mut text, &lines, lines.len() as u64, all);
    text
}

fn used(input: &Input) -> Option<String> {
    let InputStatus::Used { table, records, rejected, .. } = &input.status else { return None };
    let table = table.table().name();
    Some(format!("used: {}: {records} records of {table}, {rejected} rejected\n", shown(&input.name)))
}

/// Names the inputs that were changed after they were read.
pub fn changed(names: &BTreeSet<String>) -> String {
    let line = |name: &String| {
        format!("warning: {name} was changed after it was read; it has no hash in the report")
    };
    let (mut text, lines) = (String::new(), names.iter().map(line).collect::<Vec<_>>());
    first(&mut text, &lines, lines.len() as u64, false);
    text
}

fn first(text: &mut String, lines: &[String], total: u64, all: bool) {
    let named = if all { lines.len() } else { lines.len().min(NAMED) };
    for line in &lines[..named] {
        text.push_str(line);
        text.push('\n');
    }
    let named = named as u64;
    if total > named {
        let _ = writeln!(text, "… and {} more", total - named);
    }
}
